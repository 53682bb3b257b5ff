"""How a GeoPackage file is reached: its connections, what they keep at hand, how they begin.

The counterpart of `data.servers`; `data.store` opens either.
"""

import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event

from data import geopackage
from data.filters import functions as filter_functions

BUSY_TIMEOUT_S = 30
WRITING: Final = "ovoo_writing"
"""The execution option of a connection that takes the write lock as it begins."""
READING_CACHE = "PRAGMA cache_size = -8000"
WRITING_CACHE = "PRAGMA cache_size = -160000"
"""A load keeps its index pages at hand; a server's many readers must stay small."""
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
    """An engine on a file; nothing is opened yet."""
    engine = create_engine(
        f"sqlite:///{path}",
        connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False},
        pool_size=16,
        pool_use_lifo=True,  # the connection used last has its pages at hand
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    """Set up one SQLite connection: functions for triggers, write-ahead log, our own BEGIN."""
    connection.isolation_level = None
    geopackage.register_functions(connection)
    filter_functions.register(connection)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if driver.in_transaction:
        return
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing(connection) else "BEGIN")


def is_writing(connection: Connection) -> bool:
    """Whether a connection writes, of either kind of store: what it reads may be undone."""
    return bool(connection.get_execution_options().get(WRITING, False))
