"""Days that another program wrote into a file as something else, wherever they stand."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from sqlalchemy import Connection, Table, func, select, type_coerce
from sqlalchemy.types import NullType

from data.days import Day, readable_day
from data.errors import Fault
from data.tables import metadata

MOST: Final = 1_000
"""So many are named one by one."""
_LONGEST: Final = 40


def wrong_day(table: str, key: str, column: str, stored: object) -> Fault:
    """The fault that a column of days holds something else.

    Args:
        table: its name.
        key: of the row.
        column: its name.
        stored: what the file holds.
    """
    value = repr(stored)[:_LONGEST]
    return Fault(
        code="no-date",
        zh=f"{table} {key}：{column} 为 {value}，应为 2024-05-03 这样的日期；请更正",
        en=f"{table} {key}: {column} is {value}, no date such as 2024-05-03; correct it",
        row=None, column=column, value=value,
    )  # fmt: skip


def wrong_days(connection: Connection) -> list[Fault]:
    """Every day of a file that is none; beyond `MOST` the last fault tells how many more.

    PostgreSQL keeps nothing else in such a column, so that there is none.
    """
    if connection.dialect.name != "sqlite":
        return []
    found = (fault for table in metadata.sorted_tables for fault in _of_table(connection, table))
    named = list(islice(found, MOST))
    more = sum(1 for _ in found)
    if more:
        named.append(
            Fault(
                code="no-date",
                zh=f"另有 {more} 处日期有误；请用 ovoo verify 逐批更正",
                en=f"{more} more dates are wrong; correct those above and ask ovoo verify again",
                row=None,
                column=None,
                value=str(more),
            )
        )
    return named


def _of_table(connection: Connection, table: Table) -> Iterator[Fault]:
    for column in table.c:
        if not isinstance(column.type, Day):
            continue
        stored = type_coerce(column, NullType())
        # Reckoned with, a text that is none gives another one or nothing: 2024-02-30, 2024/05/03.
        # SQLite has a year 0, Python has not.
        reckoned = func.date(stored, "+0 days")
        wrong = reckoned.is_distinct_from(stored) | (func.substr(stored, 1, 4) == "0000")
        rows = connection.execute(
            select(*table.primary_key, stored).where(column.is_not(None), wrong)
        )
        for *keys, value in rows:
            if readable_day(value) is None:
                yield wrong_day(table.name, " ".join(map(str, keys)), column.name, value)
