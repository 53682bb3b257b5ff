"""Lists of cases: who sees what, pages by key, clocks in order, every query on an index."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import naming_cases as cases
import pytest
from naming_cases import APPLIED, APPROVER, ELSEWHERE, STRANGER, TODAY, UPPER
from sqlalchemy import Connection, event, text

from data.errors import Forbidden, InvalidValue
from data.store import Store
from gazetteer import approvals
from gazetteer.approvals import CaseQuery
from gazetteer.approvals.cases import next_due
from gazetteer.approvals.tables import approval
from gazetteer.search import lexicon_of

COUNT = 3000
STATES = ("applied", "accepted", "approved", "closed")


def rows() -> list[dict[str, Any]]:
    made = []
    for n in range(COUNT):
        state = STATES[n % 4]
        decided = APPLIED - timedelta(days=n % 40) if state in {"approved", "closed"} else None
        row: dict[str, Any] = {
            "kind": ("naming", "renaming")[n % 2],
            "name_class": ("street", "residential")[n % 3 == 0],
            "category_code": "2351",
            "name": f"丁香{n}路",
            "division_code": ("990101", "990102", "990201", "990202")[n % 4 if n % 5 else 0],
            "applicant": "甲",
            "reasons": "乙",
            "authority": "street",
            "approving_body": "东旗人民政府",
            "announcing_body": "丙",
            "filing_clock": "filing",
            "announcement_clock": "announcement-of-approval",
            "state": state,
            "filing_state": "due" if state == "approved" else None,
            "announcement_state": "due" if state == "approved" else None,
            "applied_on": APPLIED,
            "decided_on": decided,
            "filed_on": None,
            "filing_sent_on": None,
            "announced_on": None,
            "synthetic": True,
        }
        row["due_on"] = next_due(row) if state == "approved" else None
        made.append(row)
    return made


@pytest.fixture
def crowded(filled: Store) -> Store:
    with filled.write("tests", "crowd") as transaction:
        transaction.insert_many(approval, rows())
    with filled.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return filled


def page(store: Store, query: CaseQuery, who: cases.Actor = APPROVER) -> approvals.CasePage:
    with store.read() as connection:
        return approvals.list_cases(connection, query, who, lexicon_of(store, connection), TODAY)


def test_pages_by_key_are_the_whole(crowded: Store) -> None:
    seen: list[int] = []
    before = 0
    while True:
        found = page(crowded, CaseQuery(state="approved", limit=100, before=before), UPPER)
        seen += [case["id"] for case in found.cases]
        if found.next_before is None:
            break
        before = found.next_before
    assert seen == sorted(set(seen), reverse=True)
    with crowded.read() as connection:
        wanted = connection.execute(
            text(
                "SELECT count(*) FROM approval WHERE state = 'approved'"
                " AND division_code IN ('990101', '990102')"
            )
        ).scalar()
    assert len(seen) == wanted


def test_everyone_sees_their_own_divisions(crowded: Store) -> None:
    everything = CaseQuery(limit=200)
    assert {c["division_code"] for c in page(crowded, everything).cases} == {"990101"}
    codes = {c["division_code"] for c in page(crowded, everything, UPPER).cases}
    assert codes == {"990101", "990102"}
    assert {c["division_code"] for c in page(crowded, everything, ELSEWHERE).cases} == {"990202"}
    with pytest.raises(Forbidden):
        page(crowded, everything, STRANGER)
    asked = CaseQuery(division="990202")
    assert page(crowded, asked, UPPER).cases == ()


def test_filters(crowded: Store) -> None:
    for query, key, value in (
        (CaseQuery(state="审查中"), "state", "accepted"),
        (CaseQuery(kind="更名"), "kind", "renaming"),
        (CaseQuery(name_class="residential"), "name_class", "residential"),
        (CaseQuery(division="东旗"), "division_code", "990101"),
        (CaseQuery(name="丁香20路"), "name", "丁香20路"),
    ):
        found = page(crowded, query, UPPER).cases
        assert found
        assert {case[key] for case in found} == {value}
    late = page(crowded, CaseQuery(overdue=True, limit=200), UPPER).cases
    assert late
    assert all(case["due_on"] < TODAY for case in late)
    others = page(crowded, CaseQuery(overdue=False, limit=200), UPPER).cases
    assert all(case["due_on"] is None or case["due_on"] >= TODAY for case in others)


@pytest.mark.parametrize(
    "query",
    [CaseQuery(state="x"), CaseQuery(kind="x"), CaseQuery(name_class="x"), CaseQuery(division="x")],
)
def test_a_filter_that_names_nothing_is_refused(filled: Store, query: CaseQuery) -> None:
    with pytest.raises(InvalidValue):
        page(filled, query)


def test_clocks_come_in_the_order_of_their_last_days(crowded: Store) -> None:
    found: list[dict[str, Any]] = []
    after: tuple[date, int] | None = None
    with crowded.read() as connection:
        lexicon = lexicon_of(crowded, connection)
        while True:
            part, after = approvals.list_clocks(
                connection, UPPER, lexicon, TODAY, after=after, limit=77
            )
            found += part
            if after is None:
                break
        soon, _ = approvals.list_clocks(connection, UPPER, lexicon, TODAY, state="soon", limit=200)
        with pytest.raises(InvalidValue):
            approvals.list_clocks(connection, UPPER, lexicon, TODAY, state="done")
    due = [one["due_on"] for one in found]
    assert due == sorted(due)
    assert len({one["id"] for one in found}) * 2 == len(found)  # filing and announcement of each
    assert {one["state"] for one in soon} <= {"soon"}


QUERIES = {
    "newest": CaseQuery(),
    "next page": CaseQuery(before=1500),
    "state": CaseQuery(state="applied"),
    "class": CaseQuery(name_class="residential"),
    "division": CaseQuery(division="990202"),
    "name": CaseQuery(name="丁香7路"),
    "overdue": CaseQuery(overdue=True),
    "state and division": CaseQuery(state="accepted", division="990102"),
}


def plans(store: Store, connection: Connection, run: Any) -> list[str]:
    sent: list[tuple[str, Any]] = []

    def remember(_c: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        sent.append((statement, values))

    event.listen(connection.engine, "before_cursor_execute", remember)
    try:
        run()
    finally:
        event.remove(connection.engine, "before_cursor_execute", remember)
    assert any("FROM approval" in statement for statement, _ in sent)
    explain = "EXPLAIN QUERY PLAN " if store.embedded else "EXPLAIN "
    found = []
    for statement, values in sent:
        if "FROM approval" in statement:
            cursor = connection.connection.cursor()
            cursor.execute(explain + statement, values)
            found.append("\n".join(str(row[-1]) for row in cursor.fetchall()))
            cursor.close()
    return found


def test_every_list_runs_on_an_index(crowded: Store) -> None:
    with crowded.read() as connection:
        lexicon = lexicon_of(crowded, connection)
        for title, query in QUERIES.items():
            for plan in plans(
                crowded, connection,
                lambda q=query: approvals.list_cases(connection, q, UPPER, lexicon, TODAY),
            ):  # fmt: skip
                assert _on_an_index(crowded, plan), f"{title}:\n{plan}"
        for plan in plans(
            crowded, connection,
            lambda: approvals.list_clocks(connection, UPPER, lexicon, TODAY, state="overdue"),
        ):  # fmt: skip
            assert _on_an_index(crowded, plan), plan


def _on_an_index(store: Store, plan: str) -> bool:
    if store.embedded:
        # A walk by id that the limit cuts short has no sorting in it.
        walk = re.search(r"SCAN approval(?! USING)", plan)
        return walk is None or "TEMP B-TREE" not in plan
    return "Seq Scan on approval" not in plan


def test_a_case_of_the_last_page_is_the_first(crowded: Store) -> None:
    found = page(crowded, replace(CaseQuery(limit=1), before=5), UPPER)
    assert found.next_before == found.cases[0]["id"]
