"""Running prepared text straight on the driver: the hottest reads of the program.

The SQL is the same for both stores but for the marks of its parameters.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection


def run(
    connection: Connection, sql: str, values: Sequence[Any], *, prepared: bool = False
) -> list[tuple[Any, ...]]:
    """The rows of a statement with `?` for each value; inside the connection's transaction.

    `sql` holds no `%` and no `?` but the marks. `prepared` lets a server keep its plan, where that
    is the same for all values (`data.servers`).
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        found = driver.execute(sql, values)
    else:
        found = driver.execute(sql.replace("?", "%s"), values, prepare=prepared or None)
    rows: list[tuple[Any, ...]] = found.fetchall()
    return rows


def stream(connection: Connection, sql: str, values: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The same of a file, row by row as asked for; who has enough leaves the rest unread."""
    driver: Any = connection.connection.driver_connection
    return iter(driver.execute(sql, values))
