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
    processors = [table.c[name].type.dialect_impl(connection.dialect) for name in names]
    convert = [kind.bind_processor(connection.dialect) for kind in processors]
    values = [
        tuple(
            row[name] if process is None or row[name] is None else process(row[name])
            for name, process in zip(names, convert, strict=True)
        )
        for row in rows
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) VALUES ({marks})", values)
        return
    driver = connection.connection.cursor()
    with driver.copy(f"COPY {table.name} ({columns}) FROM STDIN") as copy:
        for row_values in values:
            copy.write_row(row_values)
