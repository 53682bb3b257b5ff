"""Read the plans of every statement that a function sends, on either store."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event

from data.store import Store


def scanned(store: Store, run: Callable[[Connection], Any]) -> list[str]:
    """Statements of `run` that walk a whole table, each with its plan.

    PostgreSQL is told to do without such walks, so that one shows only where no index serves.
    """
    sent: list[tuple[str, Any]] = []

    def remember(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        sent.append((statement, values))

    found = []
    with store.read() as connection:
        if not store.embedded:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        event.listen(connection.engine, "before_cursor_execute", remember)
        try:
            run(connection)
        finally:
            event.remove(connection.engine, "before_cursor_execute", remember)
        explain = "EXPLAIN QUERY PLAN " if store.embedded else "EXPLAIN "
        for statement, values in sent:
            if not statement.lstrip().upper().startswith("SELECT"):
                continue
            cursor = connection.connection.cursor()
            cursor.execute(explain + statement, values)
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
            cursor.close()
            walks = (
                re.findall(r"SCAN (\w+)\b(?! USING| VIRTUAL)", plan)
                if store.embedded
                else (re.findall(r"Seq Scan on (\w+)", plan))
            )
            if [walk for walk in walks if walk != "CONSTANT"]:
                found.append(f"{statement}\n{plan}")
    assert sent
    return found
