"""The region's past: every edition of the code list is reproduced from events."""

import re
from datetime import date
from pathlib import Path

import past_divisions
import pytest
from sqlalchemy import func, select

from data.errors import InvalidValue
from data.reference import DivisionChange, division_history, divisions
from data.store import Store
from gazetteer.divisions.derivation import derive_changes
from gazetteer.divisions.history import divisions_on, find_code
from gazetteer.divisions.loading import load_past
from gazetteer.divisions.past import first_states, past_events, replay
from gazetteer.divisions.tables import division_event
from gazetteer.succession import CodeHistory
from gazetteer.tables import division

DOCUMENT = Path(__file__).resolve().parents[3] / "docs/divisions.md"


def rows_under(heading: str) -> list[tuple[str, ...]]:
    """The rows of the first table under a heading of the document."""
    text = DOCUMENT.read_text(encoding="utf-8").split(f"### {heading}\n", 1)[1]
    lines = re.findall(r"^\|(.*)\|$", text.split("\n#", 1)[0], flags=re.MULTILINE)
    return [tuple(cell.strip() for cell in line.split("|")) for line in lines[2:]]


def today() -> dict[str, str]:
    return {row.code: row.name for row in divisions()}


def test_the_events_lead_from_the_first_divisions_to_todays() -> None:
    *_, (_event, _plan, register) = replay(first_states(today()), past_events())
    assert {code: one.name for code, one in register.current.items()} == today()


@pytest.mark.shared
def test_every_edition_is_reproduced_but_for_what_the_document_lists(shared: Path) -> None:
    editions = past_divisions.read(shared, "im_gb2260_revisions.csv")
    assert len(past_divisions.editions(editions)) == 82
    assert past_divisions.spans(editions) == rows_under("Editions that differ")


@pytest.mark.shared
def test_the_list_of_changes_is_what_the_document_says(shared: Path) -> None:
    changes = past_divisions.read(shared, "im_division_changes_1981_2016.csv")
    found = past_divisions.compare(changes)
    told = {kind: int(number) for kind, number in rows_under("The list of 153 changes")}
    assert {kind: len(rows) for kind, rows in found.items()} == told
    assert {row["year"] for row in found[past_divisions.UNSEEN]} == {"1981", "1982"}


@pytest.mark.shared
def test_the_code_table_is_what_the_editions_and_stated_changes_give(shared: Path) -> None:
    def key(one: DivisionChange) -> tuple[str, ...]:
        return one.list, one.event, one.kind, one.old_code, one.old_name, one.new_code, one.new_name

    editions = past_divisions.read(shared, "im_gb2260_revisions.csv")
    made = derive_changes(CodeHistory.of(editions))
    assert sorted(map(key, made)) == sorted(map(key, division_history()))


def test_a_difference_of_lists_is_concluded_and_said_to_be() -> None:
    rows = [
        {"revision": "200012", "code": "990100", "name": "上盟"},
        {"revision": "200012", "code": "990121", "name": "东旗"},
        {"revision": "200012", "code": "990122", "name": "西县"},
        {"revision": "200112", "code": "990100", "name": "上盟"},
        {"revision": "200112", "code": "990181", "name": "西市"},
        {"revision": "200112", "code": "990121", "name": "东敖包旗"},
        {"revision": "200112", "code": "990123", "name": "新旗"},
    ]
    made = derive_changes(CodeHistory.of(rows, ()))
    assert [(one.kind, one.old_code, one.new_code, one.derived) for one in made] == [
        ("renamed", "990121", "990121", True),
        ("replaced", "990122", "990181", True),
        ("established", "", "990123", True),
    ]


def fill(store: Store) -> None:
    with store.write("tests", "today's divisions") as transaction:
        transaction.insert_many(
            division,
            (
                {"code": row.code, "name": row.name, "level": row.level, "in_region": True}
                | {"parent_code": row.parent_code or None, "source": row.source}
                for row in divisions()
            ),
        )


def test_the_past_is_written_beside_todays_divisions_once(store: Store) -> None:
    fill(store)
    with store.write("tests", "the past") as transaction:
        loaded = load_past(transaction)
    with store.write("tests", "the past again") as transaction:
        again = load_past(transaction)
    assert (loaded.events, loaded.states) == (len(past_events()), 83)
    assert (again.events, again.states, again.begun) == (0, 0, 0)
    with store.read() as connection:
        found = find_code(connection, "152321")
        assert [name for _, name in found.successors] == ["科尔沁区"]
        assert [state["name"] for state in found.states] == ["通辽县"]
        older = find_code(connection, "150602")
        assert list(older.predecessors) == [("152701", "东胜市"), ("152721", "东胜县")]
        then = {row["code"]: row["name"] for row in divisions_on(connection, date(1980, 12, 1))}
        now = {row["code"]: row["name"] for row in divisions_on(connection, date(2020, 1, 1))}
        count = connection.scalar(select(func.count()).select_from(division_event))
    assert then == {code: one.name for code, one in first_states(today()).items()}
    assert now == today()
    assert count == 28


@pytest.mark.shared
def test_a_store_answers_for_every_edition(store: Store, shared: Path) -> None:
    fill(store)
    with store.write("tests", "the past") as transaction:
        load_past(transaction)
    editions = past_divisions.read(shared, "im_gb2260_revisions.csv")
    known = past_divisions.differences(editions)
    with store.read() as connection:
        for edition, listed in past_divisions.editions(editions).items():
            day = date(int(edition[:4]), int(edition[4:]), 1)
            made = {row["code"]: row["name"] for row in divisions_on(connection, day)}
            more = {(code, name) for code, name in listed.items() if made.get(code) != name}
            less = {(code, name) for code, name in made.items() if listed.get(code) != name}
            assert more | less == {(code, name) for _, code, name in known[edition]}


def test_another_regions_store_is_left_alone(filled: Store) -> None:
    with (
        pytest.raises(InvalidValue, match="none of the divisions"),
        filled.write("tests", "the past") as transaction,
    ):
        load_past(transaction)
