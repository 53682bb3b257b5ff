"""Rows into a table, few or many, by the fastest door each store has."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table

_COPY_FROM = 50
"""Below this many rows a plain insert is as fast as COPY."""
_Process = Callable[[Any], Any] | None


def copy_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same keys; COPY for many on PostgreSQL.

    Columns that the rows do not have are left to the database; SQLAlchemy's own way, which would
    ask the table for them, takes twenty times as long for one row.
    """
    if not rows:
        return
    names = list(rows[0])
    values = list(
        zip(*(_column(connection, table, name, rows) for name in names), strict=True),
    )
    columns = ", ".join(f'"{name}"' for name in names)
    embedded = connection.dialect.name == "sqlite"
    if embedded or len(rows) < _COPY_FROM:
        marks = ", ".join(["?" if embedded else "%s"] * len(names))
        sql = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"
        connection.exec_driver_sql(sql, values if len(values) > 1 else values[0])
        return
    driver = connection.connection.cursor()
    with driver.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row_values in values:
            copy.write_row(row_values)


def _column(
    connection: Connection, table: Table, name: str, rows: Sequence[Mapping[str, Any]]
) -> list[Any]:
    """One column's values as the driver takes them; column by column is faster than row by row."""
    values = [row[name] for row in rows]
    process = _process(connection, table, name)
    if process is None:
        return values
    return [None if value is None else process(value) for value in values]


def _process(connection: Connection, table: Table, name: str) -> _Process:
    kind = table.c[name].type.dialect_impl(connection.dialect)
    process: _Process = kind.bind_processor(connection.dialect)
    return process
