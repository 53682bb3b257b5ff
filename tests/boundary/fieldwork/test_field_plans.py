"""What a device takes along and what the office looks at are read on indexes, on both stores."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from plans import scanned
from sqlalchemy import Connection, text

from boundary import rounds
from boundary.field_tables import field_visit
from boundary.fieldwork import take_along, visits_of_round
from boundary.tables import marker, submission, witness_object
from data import Actor, Store
from data.stored_files import keep_file

NOW = datetime(2026, 11, 26, tzinfo=UTC)
MANY = 2_000


@pytest.fixture
def crowded(filled: Store) -> Store:
    """A round, and enough markers and visits of no round that an index has a reason."""
    rounds.plan_round(filled, Actor.operator("operator"), [1], {"number": 1})
    with filled.write("tests", "crowd") as transaction:
        ids = transaction.insert_many(
            marker, ({"marker_no": f"{n}", "line_code": f"{2000 + n % 500}"} for n in range(MANY))
        )
        transaction.insert_many(
            witness_object, ({"marker_id": one, "ordinal": 1, "name": "树"} for one in ids)
        )
        files = [
            transaction.insert(
                submission,
                {"sha256": keep_file(transaction, f"{n}".encode()), "file_name": "a.csv"}
                | {"sent_by": "x", "state": "preview", "received_at": "2026-05-03"},
            )
            for n in range(300)
        ]
        transaction.insert_many(
            field_visit,
            (
                {"client_id": f"{n}", "content_sha256": "x", "account": "x", "marker_id": one}
                | {"submission_id": files[n % len(files)], "received_at": "2026-05-03"}
                for n, one in enumerate(ids)
            ),
        )
    with filled.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return filled


QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "take along": lambda c: take_along(c, c, 1, "EPSG:4490", NOW),
    "visits": lambda c: visits_of_round(c, 1),
}


@pytest.mark.parametrize("title", QUESTIONS)
def test_no_question_walks_a_whole_table(crowded: Store, title: str) -> None:
    assert scanned(crowded, QUESTIONS[title]) == []
