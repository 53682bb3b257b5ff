"""From the application to the standard name, and what the register says then."""

from dataclasses import replace
from datetime import date
from typing import Any

import naming_cases as cases
import pytest
from naming_cases import (
    APPROVER,
    DECIDED,
    EDITOR,
    OTHER_APPROVER,
    TODAY,
    UPPER,
    applied,
    approved,
    case,
    filed,
    version,
)  # fmt: skip
from sqlalchemy import select

from data import journal
from data.store import Store
from gazetteer import approvals
from gazetteer.approvals import Act, Decision
from gazetteer.errors import MissingPaper
from gazetteer.search import SearchRequest, search
from gazetteer.tables import place, place_name


def names(store: Store, place_id: int) -> dict[str, tuple[Any, ...]]:
    columns = ("kind", "status", "valid_from", "valid_to", "successor_id")
    with store.read() as connection:
        rows = connection.execute(
            select(place_name).where(place_name.c.place_id == place_id)
        ).mappings()
        return {row["text"]: tuple(row[c] for c in columns) for row in rows}


def read_place(store: Store, place_id: int) -> Any:
    with store.read() as connection:
        return connection.execute(select(place).where(place.c.id == place_id)).one()


def test_a_new_name_is_standard_from_the_day_of_its_approval(filled: Store) -> None:
    identity = approved(filled)
    row = read_place(filled, int(str(case(filled, identity)["place_id"])))
    assert (row.name, row.status, row.valid_from) == ("丁香路", "standard", DECIDED)
    assert (row.romanization, row.romanization_mark) == ("Dīngxiāng Lù", "approved")
    assert row.category_code == "2351"
    assert row.source == f"东旗人民政府 {cases.NUMBER}"
    assert names(filled, row.id) == {
        "丁香路": ("standard", "standard", DECIDED, None, None),
        "Dīngxiāng Lù": ("standard", "standard", DECIDED, None, None),
    }


def test_the_search_index_follows(filled: Store) -> None:
    assert not search(filled, SearchRequest("丁香路")).results
    approved(filled)
    (found,) = search(filled, SearchRequest("dingxianglu")).results
    assert (found.name, found.status) == ("丁香路", "standard")


def test_a_former_name_stays_ended_with_its_successor(filled: Store) -> None:
    old = cases.street(filled)
    identity = approved(filled, cases.renaming(old))
    row = read_place(filled, old)
    assert (row.name, row.romanization, row.version) == ("丁香路", "Dīngxiāng Lù", 2)
    found = names(filled, old)
    with filled.read() as connection:
        successor = connection.scalar(
            select(place_name.c.id).where(
                place_name.c.place_id == old, place_name.c.text == "丁香路"
            )
        )
    ended = ("former", "former", date(1990, 1, 1), DECIDED, successor)
    assert found["旧街"] == found["Jiù Jiē"] == ended
    assert found["丁香路"] == ("standard", "standard", DECIDED, None, None)
    # The case says nothing about the Mongolian form, nor about the by-name.
    assert found["ᠬᠠᠭᠤᠴᠢᠨ ᠵᠡᠭᠡᠯᠢ"][1] == found["老街"][1] == "standard"
    assert case(filled, identity)["former_name"] == "旧街"
    results = search(filled, SearchRequest("旧街")).results
    assert [(r.name, r.kind) for r in results] == [("丁香路", "former")]
    then = search(filled, SearchRequest("旧街", as_of=date(2020, 1, 1))).results
    assert then[0].matched == "旧街"


def test_another_mongolian_form_ends_the_one_before(filled: Store) -> None:
    old = cases.street(filled)
    approved(filled, replace(cases.renaming(old), name_mong="ᠯᠢᠰᠢ ᠵᠠᠮ"))
    found = names(filled, old)
    assert found["ᠬᠠᠭᠤᠴᠢᠨ ᠵᠡᠭᠡᠯᠢ"][0] == "former"
    assert found["ᠯᠢᠰᠢ ᠵᠠᠮ"][0] == "standard"


def test_an_ended_name_ends_with_date_and_successor(filled: Store) -> None:
    old, new = cases.street(filled), cases.street(filled, "新街")
    approved(filled, cases.ending(old, new))
    row = read_place(filled, old)
    assert (row.status, row.valid_to) == ("former", DECIDED)
    found = names(filled, old)
    with filled.read() as connection:
        successor = connection.scalar(select(place_name.c.id).where(place_name.c.text == "新街"))
    assert found["旧街"] == ("former", "former", date(1990, 1, 1), DECIDED, successor)
    assert found["老街"] == ("alias", "former", date(1990, 1, 1), DECIDED, None)
    assert read_place(filled, new).status == "standard"


def test_a_place_without_listed_names_keeps_its_former_name_too(filled: Store) -> None:
    with filled.write("tests", "bare") as transaction:
        bare = transaction.insert(
            place,
            {"name": "光街", "status": "standard", "category_code": "2351"}
            | {"division_code": "990101"},
        )
    approved(filled, cases.renaming(bare))
    assert names(filled, bare)["光街"][:2] == ("former", "former")


def test_the_name_of_a_division_changes_by_its_own_event(filled: Store) -> None:
    asked = replace(cases.STREET, name_class="division-township", name="丁香镇")
    identity = applied(filled, asked)
    region = cases.actor("region", cases.Role.APPROVER, "990000")
    for kind in ("risk-assessment", "expert-report", "public-opinion"):
        approvals.add_paper(filled, identity, kind, cases.PDF, "a.pdf", "", EDITOR)
    approvals.accept(filled, identity, version(filled, identity), "", region, TODAY)
    decision = Decision(True, DECIDED, cases.NUMBER)
    approvals.decide(filled, identity, version(filled, identity), decision, region, TODAY)
    assert case(filled, identity)["place_id"] is None


def test_filing_and_announcement_on_the_clock_of_the_approval(filled: Store) -> None:
    identity = approved(filled)
    found = case(filled, identity)
    assert (found["filing_state"], found["announcement_state"]) == ("due", "due")
    assert found["due_on"] == date(2026, 3, 20)
    act = Act(date(2026, 3, 18), medium="东旗人民政府网站")
    approvals.announce(filled, identity, version(filled, identity), act, APPROVER, TODAY)
    assert case(filled, identity)["state"] == "approved"
    act = Act(date(2026, 3, 19), "东政备〔2026〕1号")
    approvals.file(filled, identity, version(filled, identity), act, APPROVER, TODAY)
    assert case(filled, identity)["due_on"] is None
    act = Act(TODAY)
    approvals.accept_filing(filled, identity, version(filled, identity), act, UPPER, TODAY)
    found = case(filled, identity)
    assert (found["state"], found["filing_state"], found["due_on"]) == ("closed", "filed", None)


def test_a_department_announces_within_fifteen_days_of_the_filing(filled: Store) -> None:
    asked = replace(cases.STREET, name_class="residential", name="丁香花园")
    identity = approved(filled, asked)
    found = case(filled, identity)
    assert (found["filing_state"], found["announcement_state"]) == ("due", "waiting")
    assert found["filing_body"] == "东旗地名主管部门"
    act = Act(date(2026, 3, 15))
    approvals.file(filled, identity, version(filled, identity), act, APPROVER, TODAY)
    act = Act(date(2026, 3, 18))
    approvals.accept_filing(filled, identity, version(filled, identity), act, OTHER_APPROVER, TODAY)
    found = case(filled, identity)
    assert (found["announcement_state"], found["due_on"]) == ("due", date(2026, 4, 2))
    act = Act(date(2026, 3, 19), medium="国家地名信息库")
    approvals.announce(filled, identity, version(filled, identity), act, EDITOR, TODAY)
    assert case(filled, identity)["state"] == "closed"


def test_a_returned_filing_runs_on_its_first_clock(filled: Store) -> None:
    identity = approved(filled)
    act = Act(date(2026, 3, 10), "1号")
    approvals.file(filled, identity, version(filled, identity), act, APPROVER, TODAY)
    act = Act(date(2026, 3, 12), note="缺少申请书")
    approvals.return_filing(filled, identity, version(filled, identity), act, UPPER, TODAY)
    found = case(filled, identity)
    assert (found["filing_state"], found["filing_sent_on"]) == ("returned", None)
    assert found["due_on"] == date(2026, 3, 20)
    act = Act(date(2026, 3, 14))
    approvals.file(filled, identity, version(filled, identity), act, APPROVER, TODAY)
    found = case(filled, identity)
    assert (found["filing_state"], found["filing_no"]) == ("sent", "1号")


def test_an_application_is_returned_corrected_and_withdrawn(filled: Store) -> None:
    identity = applied(filled)
    approvals.give_back(filled, identity, 1, "请补充示意图", APPROVER, TODAY)
    changes = {"name": "紫丁香路", "position": "东起一号路"}
    approvals.amend(filled, identity, version(filled, identity), changes, EDITOR, TODAY)
    found = case(filled, identity)
    assert (found["state"], found["name"], found["pinyin"]) == (
        "applied",
        "紫丁香路",
        "zidingxianglu",
    )
    assert found["reasons"] == cases.STREET.reasons
    approvals.withdraw(filled, identity, version(filled, identity), "方案变更", EDITOR, TODAY)
    assert case(filled, identity)["state"] == "withdrawn"


def test_every_step_is_remembered_and_journalled(filled: Store) -> None:
    identity = filed(filled)
    with filled.read() as connection:
        shown = approvals.show_case(connection, identity, APPROVER, TODAY)
        head = journal.verify(connection)
        reasons = set(connection.scalars(select(journal.journal.c.reason)))
    steps = [(step["step"], step["taken_by"]) for step in shown["steps"]]
    assert steps == [
        ("submit", "editor"), ("accept", "approver"), ("approve", "approver"),
        ("file", "approver"), ("accept-filing", "upper"),
    ]  # fmt: skip
    assert head.sequence > 0
    assert f"approve application {identity}" in reasons


def test_the_rule_check_stays_with_the_case(filled: Store) -> None:
    identity = applied(filled, replace(cases.STREET, name="昭君路"))
    with filled.read() as connection:
        shown = approvals.show_case(connection, identity, APPROVER, TODAY)
    assert [f["code"] for f in shown["check"]["findings"]] == ["person-name"]
    assert shown["checked_at"]


def test_two_applications_for_one_name_know_of_each_other(filled: Store) -> None:
    first = applied(filled)
    second = applied(filled)
    with filled.read() as connection:
        shown = approvals.show_case(connection, second, APPROVER, TODAY)
    (finding,) = shown["check"]["findings"]
    assert (finding["code"], finding["other"]["id"]) == ("same-name-pending", first)


@pytest.mark.parametrize("answer", ["", "同一道路的两段"])
def test_what_the_rules_ask_must_be_answered(filled: Store, answer: str) -> None:
    applied(filled)
    identity = cases.accepted(filled)
    answers = cases.ANSWERS | {"same-name-pending": answer}
    decision = Decision(True, DECIDED, cases.NUMBER, answers=answers)
    seen = version(filled, identity)
    if answer:
        approvals.decide(filled, identity, seen, decision, APPROVER, TODAY)
        assert case(filled, identity)["state"] == "approved"
        return
    with pytest.raises(MissingPaper, match="same-name-pending"):
        approvals.decide(filled, identity, seen, decision, APPROVER, TODAY)
