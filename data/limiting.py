"""A limit on what one question may cost: filters and orders can ask for whole layers."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Connection

from data.errors import InvalidValue, TooCostly
from data.hot import own_cursor

LIMIT_S = 5.0
_STEPS = 50_000
"""SQLite looks at the clock once in so many steps of its machine."""


def limited(connection: Connection, limit_s: float = LIMIT_S) -> AbstractContextManager[None]:
    """Stop what is read inside after a while.

    Raises:
        TooCostly: it took longer.
        InvalidValue: a filter's arithmetic leaves the range of numbers.
    """
    watch = _watch_sqlite if connection.dialect.name == "sqlite" else _watch_postgres
    return watch(connection, limit_s)


@contextmanager
def _watch_sqlite(connection: Connection, limit_s: float) -> Iterator[None]:
    driver: Any = connection.connection.driver_connection
    ends_at = time.monotonic() + limit_s
    driver.set_progress_handler(lambda: time.monotonic() > ends_at, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise TooCostly(limit_s) from error
        raise
    finally:
        driver.set_progress_handler(None, 0)


@contextmanager
def _watch_postgres(connection: Connection, limit_s: float) -> Iterator[None]:
    import psycopg

    own_cursor(connection).execute(f"SET LOCAL statement_timeout = {int(limit_s * 1000)}")
    try:
        yield
    except psycopg.errors.QueryCanceled as error:
        raise TooCostly(limit_s) from error
    except psycopg.DataError as error:
        raise InvalidValue(
            "filter", str(error).split("\n", 1)[0], "its arithmetic stays in the range of numbers",
            "ask with smaller numbers", "筛选条件中的运算超出数值范围；请使用较小的数值",
        ) from error  # fmt: skip
