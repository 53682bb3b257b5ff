"""How a GeoPackage file is reached: its connections, what they keep at hand, how they begin.

The counterpart of `data.servers`; `data.store` opens either.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event

from data import geopackage
from data.file_place import FilePlaces
from data.filters import functions as filter_functions

BUSY_TIMEOUT_S = 30
WRITING: Final = "ovoo_writing"
"""The execution option of a connection that takes the write lock as it begins: until when it tries,
by the monotonic clock."""
_LOOK_EVERY_S, _AFTER_YOU_S = 0.001, 0.002
_RESULT: Final = 0xFF
"""The bits of SQLite's extended codes that say what kind of error it was."""
READING_CACHE = "PRAGMA cache_size = -8000"
WRITING_CACHE = "PRAGMA cache_size = -160000"
"""A load keeps its index pages at hand."""
SERVING_CACHE = "PRAGMA cache_size = -16000"
"""The same in a process that serves: whoever it serves beside must not pay for one large write."""
LONG_READING = "PRAGMA cache_size = -4000"
_UNMAPPED = "PRAGMA mmap_size = 0"
"""Memory maps of 256 MB make a page a twentieth faster, and a worker larger by what it has read."""
_PAGE_SIZE = "PRAGMA page_size = 8192"
"""Of a new file; a file keeps its own. A page of a map then lies on a dozen pages of the file
instead of two dozen."""
_PRAGMAS = (
    _PAGE_SIZE,
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    _UNMAPPED,
    READING_CACHE,
)


def make(path: Path) -> Engine:
    """An engine on a file; nothing is opened yet.

    Only where there is no file yet may one be made: where a store was moved away, an empty file in
    its place would hide that.
    """
    mode = "rw" if path.exists() else "rwc"
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"
    places = FilePlaces(path)
    engine = create_engine(
        f"sqlite:///{path}",
        creator=lambda: sqlite3.connect(
            address, uri=True, timeout=BUSY_TIMEOUT_S, check_same_thread=False
        ),
        pool_size=16,
        pool_use_lifo=True,  # the connection used last has its pages at hand
    )
    event.listen(engine, "connect", partial(_prepare, places))
    event.listen(engine, "close", places.closed)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(places: FilePlaces, connection: sqlite3.Connection, record: Any) -> None:
    """Set up one SQLite connection: functions for triggers, write-ahead log, our own BEGIN."""
    places.about_to_open(connection)
    connection.isolation_level = None
    geopackage.register_functions(connection)
    filter_functions.register(connection)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    places.opened(connection, record)


def _begin(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if driver.in_transaction:
        return
    if is_writing(connection):
        _begin_to_write(connection, driver)
    else:
        connection.exec_driver_sql("BEGIN")


def _begin_to_write(connection: Connection, driver: sqlite3.Connection) -> None:
    """Take the write lock as soon as it is free.

    SQLite itself looks for it ever more rarely, up to ten times a second: the lock would lie idle
    while many wait, and who has waited longest would be the least likely to get it.
    """
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < connection.get_execution_options()[WRITING]:
            try:
                driver.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & _RESULT != sqlite3.SQLITE_BUSY:
                    break
            else:
                return
            time.sleep(_LOOK_EVERY_S)
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # for the last time, and to tell the error
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_S * 1000:.0f}")


class Turns:
    """The turns of one process's writers: one of them at a time looks for the write lock."""

    def __init__(self) -> None:
        self._lock = Lock()

    @contextmanager
    def taken(self) -> Iterator[float]:
        """Wait for a turn; until when the lock may be looked for, by the monotonic clock.

        Whose turn does not come in time looks for the lock once, and is told that it is taken.
        """
        until = time.monotonic() + BUSY_TIMEOUT_S
        held = self._lock.acquire(blocking=False)
        if not held and (held := self._lock.acquire(timeout=BUSY_TIMEOUT_S)):
            # This process has just written: one that has looked for the lock meanwhile goes first.
            time.sleep(_AFTER_YOU_S)
        try:
            yield until
        finally:
            if held:
                self._lock.release()


def is_writing(connection: Connection) -> bool:
    """Whether a connection writes, of either kind of store: what it reads may be undone."""
    return bool(connection.get_execution_options().get(WRITING, False))
