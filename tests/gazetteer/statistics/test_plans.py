"""Counts are read from the tallies, never from the names; events and codes by their indexes."""

from collections.abc import Callable
from typing import Any

import pytest
from division_events import RENAME
from sqlalchemy import Connection, event, text

from data.actors import Actor
from data.deadlines import today
from data.store import Store
from gazetteer.divisions import (
    EventsQuery,
    apply_event,
    find_code,
    list_events,
    parse_event,
    preview_event,
)
from gazetteer.identifiers import look_up
from gazetteer.statistics import Question, ask, summarize
from gazetteer.tables import place

ASKED: dict[str, Callable[[Connection], Any]] = {
    "counts": lambda c: ask(c, Question.parse("division,class,status,heritage")),
    "a township's counts": lambda c: ask(c, Question(("division",), "township", within="990101")),
    "the dashboard": lambda c: summarize(c, None, today()),
    "events": lambda c: list_events(c, EventsQuery(code="990101"), today()),
    "a code": lambda c: find_code(c, "990101"),
    "any identifier": lambda c: look_up(c, "99010100022200000001"),
}


@pytest.fixture
def crowded(filled: Store) -> Store:
    """Enough places that reading them all would be seen."""
    with filled.write("tests", "crowd") as transaction:
        transaction.insert_many(
            place,
            [
                {"name": f"敖包{n}", "status": "standard", "division_code": f"{990101 + n % 99}"}
                | {"place_code": f"99010100022200{n:06d}"}
                for n in range(2000)
            ],
        )
    asked = parse_event(RENAME)
    with filled.read() as connection:
        basis = preview_event(connection, asked, today()).basis
    apply_event(filled, Actor.operator("tests"), asked, basis, today())
    with filled.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return filled


@pytest.mark.parametrize("title", ASKED)
def test_no_question_walks_through_the_names(crowded: Store, title: str) -> None:
    sent: list[tuple[str, Any]] = []

    def remember(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        sent.append((statement, values))

    with crowded.read() as connection:
        event.listen(connection.engine, "before_cursor_execute", remember)
        try:
            ASKED[title](connection)
        finally:
            event.remove(connection.engine, "before_cursor_execute", remember)
        assert sent
        explain = "EXPLAIN QUERY PLAN " if crowded.embedded else "EXPLAIN "
        for statement, values in sent:
            cursor = connection.connection.cursor()
            cursor.execute(explain + statement, values)
            plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
            cursor.close()
            for table in ("place", "place_name", "place_fact"):
                assert f"SCAN {table}\n" not in f"{plan}\n", statement
                assert f"Seq Scan on {table} " not in plan, statement
