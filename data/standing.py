"""Whether the service can do its work: what it finds, said as it is.

Each check is cheap enough to be asked every few seconds. The journal is proved a stretch at a
time: each look proves its newest entries and the next stretch of the older ones, so that the whole
chain is gone through again and again.
"""

import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, exc

from data import servers
from data.errors import BrokenChain, OvooError
from data.file_place import require_in_place
from data.journal import Head, head_at, prove_stretch, read_head
from data.store import Store

_STRETCH = 2_000
_NEWEST = 50


@dataclass(frozen=True, slots=True)
class StoreFinding:
    """What one check found.

    Attributes:
        name: `store`, `writable`, `disk`, `journal`, `replica`.
        ok: whether the service can do its work.
        said, said_zh: what was found, for those who run it, in English and in Chinese.
        value: a number for the metrics, where there is one: bytes free, entries, seconds.
    """

    name: str
    ok: bool
    said: str
    said_zh: str
    value: float | None = None


_WRITABLE = StoreFinding("writable", True, "writable", "可写")
_SERVER_READ_ONLY = StoreFinding("writable", False, "the server is read-only", "数据库服务器只读")
_FILE_READ_ONLY = StoreFinding(
    "writable", False, "file or folder is read-only", "数据库文件或所在文件夹只读"
)


@dataclass(frozen=True, slots=True)
class WatchLimits:
    """From when on a finding is a fault.

    Attributes:
        free_bytes: so much of the disk must be free.
        lag_s: a replica may be so far behind, seconds.
    """

    free_bytes: int = 500_000_000
    lag_s: float = 30.0


class StoreWatch:
    """The checks of one open store."""

    def __init__(self, store: Store, limits: WatchLimits) -> None:
        self._store, self._limits = store, limits
        self._proved = Head()
        self._broken: tuple[str, str] | None = None
        self._lock = threading.Lock()

    def run(self) -> list[StoreFinding]:
        """Every finding; where the store cannot be read, nothing more can be said of it."""
        found = [*self._disk()]
        try:
            with self._store.read_current() as connection:
                if self._store.path is not None:
                    require_in_place(connection, self._store.path)
                found.append(StoreFinding("store", ok=True, said="readable", said_zh="可读"))
                found.append(self._journal(connection))
            found.append(self._writable())
            found.extend(self._replica())
        except (exc.DBAPIError, OvooError) as error:
            cause = error.orig if isinstance(error, exc.DBAPIError) else error
            said = str(cause).split("\n", 1)[0]
            zh = error.zh if isinstance(error, OvooError) else f"数据库读取失败：{said}"
            found.append(StoreFinding("store", ok=False, said=said, said_zh=zh))
        return found

    def _disk(self) -> Iterator[StoreFinding]:
        path = self._store.path
        if path is None:
            return
        free = shutil.disk_usage(path.parent).free
        ok = free >= self._limits.free_bytes
        left, needed = free // 1_000_000, self._limits.free_bytes // 1_000_000
        said = f"{left} MB free, {needed} MB needed"
        yield StoreFinding("disk", ok, said, f"剩余 {left} MB，至少需要 {needed} MB", free)

    def _journal(self, connection: Connection) -> StoreFinding:
        head = read_head(connection)
        with self._lock:
            try:
                if not self._broken:
                    self._prove(connection, head)
            except BrokenChain as error:
                self._broken = (error.message, error.zh)
        if self._broken:
            return StoreFinding("journal", False, *self._broken, head.sequence)
        said, zh = f"{head.sequence} entries", f"共 {head.sequence} 条，链完整"
        return StoreFinding("journal", True, said, zh, head.sequence)

    def _prove(self, connection: Connection, head: Head) -> None:
        newest = max(head.sequence - _NEWEST, 0)
        start = head_at(connection, newest)
        if prove_stretch(connection, start, _NEWEST) != head:
            raise BrokenChain(
                head.sequence, "the store remembers another last entry", "库中记下的末条与此不同"
            )
        if self._proved.sequence >= head.sequence:
            self._proved = Head()
        self._proved = prove_stretch(connection, self._proved, _STRETCH)

    def _writable(self) -> StoreFinding:
        """Whether writes are taken; that somebody else has the lock now is no hindrance."""
        path = self._store.path
        if path is None:
            with self._store.engine.connect() as connection:
                ok = not servers.in_recovery(connection)
            return _WRITABLE if ok else _SERVER_READ_ONLY
        for place in (path, path.parent):
            if not os.access(place, os.W_OK):
                return _FILE_READ_ONLY
        return _WRITABLE

    def _replica(self) -> Iterator[StoreFinding]:
        if not self._store.replicated:
            return
        with self._store.read_current() as primary, self._store.read_replica() as replica:
            lag_s = servers.behind_s(primary, replica)
        ok = lag_s <= self._limits.lag_s
        said, zh = f"{lag_s:.1f} s behind the primary", f"落后主库 {lag_s:.1f} 秒"
        yield StoreFinding("replica", ok, said, zh, lag_s)
