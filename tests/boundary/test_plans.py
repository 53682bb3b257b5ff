"""Every query of the pages of lines and markers runs on an index, on both stores."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from plans import scanned
from sqlalchemy import Connection, text

from boundary.conflicts import conflict_of, list_conflicts
from boundary.lines import LinesQuery, line_page, list_lines
from boundary.marker_tables import marker_line
from boundary.markers import history_of, line_results, marker_sheet, photos_of
from boundary.status.keeping import status_of
from boundary.summary import verdicts_by_year
from boundary.tables import inspection, line, marker, submission, witness_object
from data.store import Store
from data.stored_files import keep_file

QUESTIONS: dict[str, Callable[[Connection], Any]] = {
    "line page": lambda c: line_page(c, 1, "EPSG:4490", date(2026, 1, 1)),
    "lines": lambda c: list_lines(c, LinesQuery()),
    "lines of a party": lambda c: list_lines(c, LinesQuery(party="990101")),
    "lines by name": lambda c: list_lines(c, LinesQuery(name="9901")),
    "lines by level": lambda c: list_lines(c, LinesQuery(level="county")),
    "lines by state": lambda c: list_lines(c, LinesQuery(state="disputed")),
    "sheet": lambda c: marker_sheet(c, 1, "EPSG:4490"),
    "results": lambda c: line_results(c, "9901", "EPSG:4490"),
    "history": lambda c: history_of(c, 1),
    "photographs": lambda c: photos_of(c, 1),
    "status": lambda c: status_of(c, 1),
    "conflicts": list_conflicts,
    "conflict": lambda c: conflict_of(c, 1),
}


@pytest.fixture
def crowded(filled: Store) -> Store:
    """Enough records that an index has a reason."""
    with filled.write("tests", "crowd") as transaction:
        transaction.insert_many(
            line,
            (
                {"name": f"线{n}", "code": f"{2000 + n}", "level": "county", "state": "agreed"}
                | {"party_a": f"98{n:04d}", "party_b": f"97{n:04d}"}
                for n in range(500)
            ),
        )
        ids = transaction.insert_many(
            marker,
            ({"marker_no": f"{n}", "line_code": f"{2000 + n % 500}"} for n in range(2_000)),
        )
        transaction.insert_many(
            marker_line, ({"marker_id": one, "line_code": f"{one % 700}"} for one in ids)
        )
        transaction.insert_many(
            witness_object, ({"marker_id": one, "ordinal": 1, "name": "树"} for one in ids)
        )
    with filled.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return filled


def test_no_page_walks_a_whole_table(crowded: Store) -> None:
    for title, ask in QUESTIONS.items():
        found = scanned(crowded, ask)
        assert found == [], f"{title}: {found[0] if found else ''}"


def test_verdicts_of_years_are_counted_on_an_index(crowded: Store) -> None:
    with crowded.write("tests", "inspections") as transaction:
        identity = transaction.insert(
            submission,
            {
                "sha256": keep_file(transaction, b"x"),
                "file_name": "a.csv",
                "sent_by": "x",
                "state": "committed",
            }
            | {"received_at": "2026-05-03"},
        )
        transaction.insert_many(
            inspection,
            (
                {"submission_id": identity, "row": n, "marker_id": 1 + n % 5, "marker_no": "x"}
                | {"observed_on": date(2015 + n % 11, 5, 1 + n % 28), "raw": "{}"}
                | {"verdict": ("in_place", "displaced")[n % 7 == 0]}
                for n in range(3_000)
            ),
        )
    with crowded.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    assert scanned(crowded, verdicts_by_year) == []
    with crowded.read() as connection:
        found = verdicts_by_year(connection)
    assert list(found) == list(range(2015, 2026))
    assert sum(sum(one.values()) for one in found.values()) == 3_000
