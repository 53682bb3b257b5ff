"""Prepared text straight to the driver, for what every request, or every write, does.

SQLAlchemy's own way costs more than the query where that is a look-up by key. Only fixed text with
bound values comes here; everything else goes through SQLAlchemy. Who writes a file holds its lock
meanwhile, and all other writers wait.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

VIEWED = "ovoo_viewed"
"""In `info` of a file's connection that finds a reader's views before the tables."""
_CURSOR = "ovoo_hot_cursor"
_NAME = re.compile(r"(?<!:):([a-z_0-9]+)")


def fetch(
    connection: Connection,
    sql: str,
    values: Mapping[str, Any] | Sequence[Any],
    *,
    prepared: bool = False,
) -> Sequence[Any]:
    """Every row of a statement whose values stand as `:name`, in a file also as `?`.

    `prepared` lets a server keep its plan, where that is the same for all values
    (`data.servers`).
    """
    cursor = own_cursor(connection)
    if connection.dialect.name == "sqlite":
        cursor.execute(sql, values)
    else:
        # As text, bytes would come twice as long: two hexadecimal digits for each.
        cursor.execute(_for_psycopg(sql), values, prepare=prepared or None, binary=True)
    rows: Sequence[Any] = cursor.fetchall()
    return rows


def execute(connection: Connection, sql: str, values: Mapping[str, Any]) -> None:
    """Run a statement that answers nothing, its values as for `fetch`."""
    text = sql if connection.dialect.name == "sqlite" else _for_psycopg(sql)
    own_cursor(connection).execute(text, values)


def own_cursor(connection: Connection) -> Any:
    """The one cursor that a driver's connection keeps for prepared text.

    Making a cursor costs as much as a look-up by key; its last result is always read to the end.
    """
    pooled = connection.connection
    known = pooled.info.get(_CURSOR)
    if known is None:
        known = pooled.info[_CURSOR] = pooled.cursor()
    return known


def finds_views(connection: Connection) -> bool:
    """Whether a file's connection finds a reader's views, of which some are two tables in one."""
    return VIEWED in connection.connection.info


@cache
def _for_psycopg(sql: str) -> str:
    return _NAME.sub(r"%(\1)s", sql.replace("%", "%%"))
