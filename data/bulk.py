"""Many rows into a table at once, by the fastest door each store has."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, insert

_COPY_FROM = 50
"""Below this many rows a plain insert is as fast as COPY."""


def copy_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same keys; COPY on PostgreSQL, executemany on SQLite."""
    if not rows:
        return
    if len(rows) < _COPY_FROM:
        connection.execute(insert(table), list(rows))
        return
    names = list(rows[0])
    values = list(
        zip(*(_column(connection, table, name, rows) for name in names), strict=True),
    )
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", values)
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
    kind = table.c[name].type.dialect_impl(connection.dialect)
    process = kind.bind_processor(connection.dialect)
    if process is None:
        return values
    return [None if value is None else process(value) for value in values]
