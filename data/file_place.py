"""Whether an open file store is still where it was opened, with the log that belongs to it.

A program that has a file open goes on with it when it is moved, replaced or deleted. What it writes
then goes with what nobody will open again: the write-ahead log above all, which looks like
something left over and holds what was written last.
"""

import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from data.errors import StoreMoved

Files = tuple[tuple[int, int] | None, ...]
"""Device and number of the file and of its write-ahead log; None for what is not there."""

_KEY: Final = "ovoo_files"
_BRING_IN: Final = "PRAGMA wal_checkpoint(FULL)"


def _files(path: Path) -> Files:
    return tuple(map(_number, (path, path.with_name(f"{path.name}-wal"))))


def _is(opened: Files, there: Files) -> bool:
    """Whether they are the same; a new file has no log before its first write."""
    return opened[0] == there[0] and opened[1] in {None, there[1]}


def _number(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


class FilePlaces:
    """The files that the connections of one engine have opened.

    Args:
        path: of the store.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._open: dict[int, Files] = {}

    def about_to_open(self, driver: sqlite3.Connection) -> None:
        """Look before a connection reads anything: it would begin a log beside the others' own.

        Raises:
            StoreMoved: what the other connections have open is not what is there.
        """
        there = _files(self._path)
        if not all(_is(opened, there) for opened in self._open.values()):
            driver.close()
            raise _moved(self._path)

    def opened(self, driver: sqlite3.Connection, record: Any) -> None:
        """Remember what a connection has open."""
        record.info[_KEY] = self._open[id(driver)] = _files(self._path)

    def closed(self, driver: sqlite3.Connection, _record: Any) -> None:
        """Forget a connection."""
        self._open.pop(id(driver), None)


def require_in_place(connection: Connection, path: Path) -> None:
    """Ask that a connection has the files open that are there; before it begins, and at its end.

    Where the log alone was deleted, what is in it is brought into the file first: everything that
    was acknowledged is kept. A log that another program has begun since is left alone.

    Raises:
        StoreMoved: it has others open.
    """
    opened, there = connection.connection.info[_KEY], _files(path)
    if _is(opened, there):
        return
    driver: Any = connection.connection.driver_connection
    if there == (opened[0], None) and not driver.in_transaction:
        driver.execute(_BRING_IN).fetchall()
    raise _moved(path)


def _moved(path: Path) -> StoreMoved:
    return StoreMoved(
        f"{path} or its write-ahead log ({path.name}-wal) was moved, replaced or deleted while it"
        " was open: nothing more is written; put back what belongs there and start the program"
        " anew",
        f"{path} 或其预写日志（{path.name}-wal）在使用中被移动、替换或删除：不再写入；"
        "请放回原文件后重新启动程序",
    )
