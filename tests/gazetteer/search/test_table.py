"""Every row of search.md, on both stores."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.store import Store
from gazetteer.search import SearchRequest, search

TABLE = Path(__file__).parent / "search.md"


@dataclass(frozen=True)
class Expected:
    query: str
    name: str
    form: str
    way: str
    division: str


def expected_rows() -> list[Expected]:
    found = []
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        cells = re.split(r" ?\| ?", line.strip())[1:-1] if line.startswith("| ") else []
        if len(cells) == 5 and not cells[0].startswith("query"):
            query = cells[0][1:-1] if cells[0].startswith("`") else cells[0]
            found.append(Expected(query, *(cell.strip() for cell in cells[1:])))
    return found


ROWS = expected_rows()


def test_the_table_holds_at_least_150_queries() -> None:
    assert len(ROWS) >= 150
    assert len({row.query for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.query)
def test_search_finds_what_the_table_says(filled: Store, row: Expected) -> None:
    page = search(filled, SearchRequest(row.query, limit=3))
    steered = page.steered[1] if page.steered else ""
    assert steered == row.division
    if row.name == "—":
        assert page.results == ()
        return
    first = page.results[0]
    form = first.matched if first.matched != first.name else ""
    assert (first.name, form, str(first.way)) == (row.name, row.form, row.way)
