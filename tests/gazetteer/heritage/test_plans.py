"""Every query of the protection lists runs on an index, on both stores."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from plans import scanned
from sqlalchemy import Connection, text

from data.geometry import point_wkb
from data.store import Store
from data.stored_files import keep_file
from gazetteer import heritage
from gazetteer.heritage import EntryQuery
from gazetteer.heritage.tables import heritage as table
from gazetteer.heritage.tables import heritage_evidence, heritage_inspection, heritage_picture
from gazetteer.search import Lexicon, lexicon_of
from gazetteer.tables import place

COUNT = 2_000
DAY = date(2026, 1, 1)

QUESTIONS: dict[str, Callable[[Connection, Lexicon], Any]] = {
    "the list": lambda c, x: heritage.list_entries(c, EntryQuery(), x),
    "its second page": lambda c, x: heritage.list_entries(c, EntryQuery(after=100), x),
    "of a level": lambda c, x: heritage.list_entries(c, EntryQuery(level="region"), x),
    "of a category": lambda c, x: heritage.list_entries(c, EntryQuery(category="town"), x),
    "of a batch": lambda c, x: heritage.list_entries(c, EntryQuery(batch="第7批"), x),
    "of a division": lambda c, x: heritage.list_entries(c, EntryQuery(division="990101"), x),
    "of a league": lambda c, x: heritage.list_entries(c, EntryQuery(division="990100"), x),
    "candidates": lambda c, x: heritage.list_entries(c, EntryQuery(state="candidate"), x),
    "one entry": lambda c, x: heritage.show_entry(c, 5, x, DAY),
    "first pictures": lambda c, _x: heritage.first_pictures(c, [1, 2, 3]),
    "pictures of places": lambda c, _x: heritage.pictures_of_places(c, [1, 2, 3]),
    "coverage": heritage.coverage,
    "coverage of a league": lambda c, x: heritage.coverage(c, x, "990100"),
}


@pytest.fixture
def crowded(filled: Store) -> Store:
    """Enough entries that an index has a reason."""
    with filled.write("tests", "crowd") as transaction:
        ids = transaction.insert_many(
            place,
            (
                {"name": f"镇{n}", "division_code": f"99010{1 + n % 2}", "status": "standard"}
                | {"geom": point_wkb(111.5, 41.5)}
                for n in range(COUNT)
            ),
        )
        entries = transaction.insert_many(
            table,
            (
                {"place_id": one, "name": f"镇{n}", "division_code": f"99010{1 + n % 2}"}
                | {"list_level": "region" if n % 50 == 0 else "county", "batch": f"第{n % 40}批"}
                | {"category": "town" if n % 50 == 1 else "street", "first_record": "志"}
                | {"state": "candidate" if n % 20 == 0 else "listed", "first_record_source": "志"}
                | {"geom": point_wkb(111.5, 41.5)}
                for n, one in enumerate(ids)
            ),
        )
        transaction.insert_many(
            heritage_evidence,
            (
                {"heritage_id": one, "criterion": "name", "since_year": 980, "evidence": "x"}
                | {"source": "y"}
                for one in entries
            ),
        )
        transaction.insert_many(
            heritage_inspection,
            (
                {"heritage_id": one, "inspected_on": DAY, "condition": "good", "inspected_by": "z"}
                for one in entries
            ),
        )
        picture = keep_file(transaction, b"a picture")
        transaction.insert_many(
            heritage_picture,
            (
                {"heritage_id": one, "title": "t", "sha256": picture, "public_sha256": picture}
                | {"added_by": "z", "added_at": "2026-01-01T00:00:00Z"}
                for one in entries
            ),
        )
    with filled.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return filled


def test_no_list_walks_a_whole_table(crowded: Store) -> None:
    with crowded.read() as connection:
        lexicon = lexicon_of(crowded, connection)
    walked = {
        name: found
        for name, run in QUESTIONS.items()
        if (found := scanned(crowded, lambda c, run=run: run(c, lexicon)))  # type: ignore[misc]
    }
    assert walked == {}
