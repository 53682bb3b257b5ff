"""Prepared text straight to the driver, for the few reads that every request makes.

SQLAlchemy's own way costs more than the query where that is a look-up by key. Only fixed text with
bound values comes here; everything else goes through SQLAlchemy.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

_NAME = re.compile(r"(?<!:):([a-z_0-9]+)")


def fetch(connection: Connection, sql: str, values: Mapping[str, Any]) -> Sequence[Any]:
    """Every row of a statement whose values stand as `:name`, as plain tuples."""
    text = sql if connection.dialect.name == "sqlite" else _for_psycopg(sql)
    cursor = connection.connection.cursor()
    try:
        cursor.execute(text, values)
        rows: Sequence[Any] = cursor.fetchall()
    finally:
        cursor.close()
    return rows


@cache
def _for_psycopg(sql: str) -> str:
    return _NAME.sub(r"%(\1)s", sql.replace("%", "%%"))
