"""Past changes from a file of editions: the table, and one code through time."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from files import write_csv

from data.errors import FaultsFound, InvalidFile, NotFound
from data.reference import division_history, load_table
from gazetteer.divisions.concluding import history_table, read_editions, spans_of

EDITIONS = [
    {"revision": "200012", "code": "990100", "name": "上盟"},
    {"revision": "200012", "code": "990121", "name": "东旗"},
    {"revision": "200012", "code": "990122", "name": "西县"},
    {"revision": "200112", "code": "990100", "name": "上盟"},
    {"revision": "200112", "code": "990181", "name": "西市"},
    {"revision": "200112", "code": "990121", "name": "东敖包旗"},
    {"revision": "200212", "code": "990100", "name": "上盟"},
    {"revision": "200212", "code": "990181", "name": "西市"},
]


def written(folder: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    return write_csv(folder / "editions.csv", list(rows[0]), [list(row.values()) for row in rows])


def test_the_table_is_read_as_the_codes_tables_are(tmp_path: Path) -> None:
    history = read_editions(written(tmp_path, EDITIONS))
    (tmp_path / "division_history.csv").write_text(history_table(history), encoding="utf-8")
    rows = load_table("division_history", tmp_path)
    assert [(row["list"], row["kind"], row["old_code"], row["new_code"]) for row in rows] == [
        ("200112", "renamed", "990121", "990121"),
        ("200112", "replaced", "990122", "990181"),
        ("200212", "abolished", "990121", ""),
    ]


def test_a_code_is_followed_through_the_editions(tmp_path: Path) -> None:
    history = read_editions(written(tmp_path, EDITIONS))
    (span,) = spans_of(history, "990122")
    told = span.as_json()
    assert (span.first, span.last, span.name, told["how"]) == (
        *("200012", "200012", "西县"),
        "same-specific-part",
    )
    assert told["successor"] == {"code": "990181", "name": "西市"}
    names = [(one.first, one.last, one.name) for one in spans_of(history, "990121")]
    assert names == [("200012", "200012", "东旗"), ("200112", "200112", "东敖包旗")]
    assert spans_of(history, "990121")[0].as_json()["successor"] is None
    with pytest.raises(NotFound, match="990199"):
        spans_of(history, "990199")


def test_wrong_cells_are_told_all_at_once(tmp_path: Path) -> None:
    rows = [*EDITIONS, {"revision": "2001", "code": "99", "name": ""}]
    with pytest.raises(FaultsFound) as found:
        read_editions(written(tmp_path, rows))
    assert [(one.row, one.column) for one in found.value.faults] == [
        *((10, "revision"), (10, "code"), (10, "name"))
    ]
    with pytest.raises(InvalidFile, match="revision"):
        read_editions(written(tmp_path, [{"code": "990100", "name": "上盟"}]))


@pytest.mark.shared
def test_the_regions_own_table_is_what_its_editions_give(shared: Path) -> None:
    path = shared / "data" / "divisions" / "im_gb2260_revisions.csv"
    made = list(csv.DictReader(history_table(read_editions(path)).splitlines()))
    wanted = {(one.list, one.kind, one.old_code, one.new_code) for one in division_history()}
    assert {(r["list"], r["kind"], r["old_code"], r["new_code"]) for r in made} == wanted
