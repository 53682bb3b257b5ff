"""What a database says when it cannot do its work, as this program's own errors."""

import sqlite3

from sqlalchemy import Engine, exc

from data.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreUnreachable,
)

_FILE: tuple[tuple[str, type[StoreError]], ...] = (
    ("SQLITE_FULL", StoreFull),
    ("SQLITE_READONLY", StoreReadOnly),
    ("SQLITE_CANTOPEN", StoreUnreachable),
    ("SQLITE_IOERR", StoreUnreachable),
    ("SQLITE_CORRUPT", StoreDamaged),
    ("SQLITE_NOTADB", StoreDamaged),
    ("SQLITE_BUSY", StoreBusy),
    ("SQLITE_LOCKED", StoreBusy),
)
"""Beginnings of SQLite's names for what went wrong."""

_SERVER: tuple[tuple[str, type[StoreError]], ...] = (
    ("53100", StoreFull),  # disk_full
    ("25006", StoreReadOnly),  # read_only_sql_transaction: a primary that has become a replica
    ("55P03", StoreBusy),  # lock_not_available
    ("XX001", StoreDamaged),  # data_corrupted
    ("XX002", StoreDamaged),  # index_corrupted
    ("57014", StoreUnreachable),  # query_canceled: by the time limit of reads
    ("57P", StoreUnreachable),  # admin_shutdown, crash_shutdown, cannot_connect_now
    ("53", StoreUnreachable),  # too_many_connections, out_of_memory
    ("58", StoreUnreachable),  # io_error
    ("08", StoreUnreachable),  # connection_exception
    ("40001", StoreBusy),  # serialization_failure: also a replica's conflict with recovery
    ("40P01", StoreBusy),  # deadlock_detected
)
"""Beginnings of PostgreSQL's SQLSTATE (its appendix A)."""

_SENTENCES: dict[type[StoreError], tuple[str, str]] = {
    StoreFull: (
        "the disk of {url} is full: nothing was written; make room and try again",
        "{url} 所在磁盘已满：未写入任何内容；请清理空间后重试",
    ),
    StoreReadOnly: (
        "{url} cannot be written to: its file, folder or server is read-only",
        "{url} 不可写入：文件、目录或服务器为只读",
    ),
    StoreBusy: (
        "another program is writing to {url}; close it or try again later",
        "另一程序正在写入 {url}；请关闭该程序或稍后再试",
    ),
    StoreDamaged: (
        "{url} is damaged ({cause}): stop writing and restore a backup",
        "{url} 已损坏（{cause}）：请停止写入并恢复备份",
    ),
    StoreUnreachable: (
        "{url} does not answer ({cause}); try again soon",
        "{url} 无法访问（{cause}）；请稍后再试",
    ),
}
_UNCERTAIN = (
    "the connection to {url} was lost while the write was being kept: it may be there or not; look"
    " before you repeat it, or repeat it with the same Idempotency-Key"
)
_UNCERTAIN_ZH = (
    "提交时与 {url} 的连接中断：内容可能已写入，也可能未写入；请先查看再重试，"
    "或以相同的 Idempotency-Key 重试"
)


def told(error: Exception, url: str) -> StoreError | None:
    """The error to raise instead; None where it is the program's own fault.

    Args:
        error: of SQLAlchemy or of a driver.
        url: the store's address, without a password.
    """
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    kind = _kind(cause)
    if kind is None:
        return None
    english, chinese = _SENTENCES[kind]
    said = str(cause).strip().split("\n", 1)[0]
    return kind(english.format(url=url, cause=said), chinese.format(url=url, cause=said))


def uncertain(url: str) -> StoreUnreachable:
    """The error where nobody can know whether a write was kept."""
    return StoreUnreachable(_UNCERTAIN.format(url=url), _UNCERTAIN_ZH.format(url=url))


def _kind(cause: object) -> type[StoreError] | None:
    if name := getattr(cause, "sqlite_errorname", None):
        return next((kind for start, kind in _FILE if name.startswith(start)), None)
    if isinstance(cause, sqlite3.Error):
        # Python's own: a text that is no UTF-8, which another program has written.
        return StoreDamaged if "decode" in str(cause) else None
    state = getattr(cause, "sqlstate", None)
    if state is None:
        # The driver itself: the server is gone, or was never there.
        return StoreUnreachable if type(cause).__name__ == "OperationalError" else None
    return next((kind for start, kind in _SERVER if state.startswith(start)), None)


def faults_of(engine: Engine) -> tuple[type[Exception], ...]:
    """What the driver of an engine may raise, also past SQLAlchemy."""
    if engine.dialect.name == "sqlite":
        return (exc.DBAPIError, sqlite3.Error)
    import psycopg

    return (exc.DBAPIError, psycopg.Error)
