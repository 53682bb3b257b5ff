"""Experts: who may be asked, what they said, and that nobody else learns who they are."""

from dataclasses import replace
from datetime import date

import naming_cases as cases
import pytest
from naming_cases import APPROVER, EDITOR, ELSEWHERE, STRANGER, TODAY, VIEWER, accepted, version

from data.actors import Actor
from data.errors import Conflict, Forbidden, InvalidValue, NotFound
from data.store import Store
from gazetteer import approvals
from gazetteer.approvals import Expert, Opinion
from gazetteer.errors import ExpertUnfit, WrongStep

ONE = Expert(
    name="（专家甲）",
    fields=["历史", "mongolian"],
    division_code="990101",
    title="研究员",
    organisation="某研究所",
    contact="某电话",
    account="expert-a",
)
PERSONAL = ("（专家甲）", "研究员", "某研究所", "某电话", "expert-a")


def enter(store: Store, one: Expert = ONE) -> int:
    return approvals.save_expert(store, one, APPROVER)


def invite(store: Store, identity: int, expert: int) -> None:
    seen = version(store, identity)
    approvals.invite(store, identity, seen, expert, APPROVER, TODAY)


def answer(
    store: Store, identity: int, expert: int, opinion: Opinion, by: Actor = APPROVER
) -> None:
    seen = version(store, identity)
    approvals.give_opinion(store, identity, seen, expert, opinion, by, TODAY)


def test_an_expert_is_asked_and_votes(filled: Store) -> None:
    identity, expert = accepted(filled), enter(filled)
    invite(filled, identity, expert)
    answer(filled, identity, expert, Opinion("answered", "for", "名称得当"), Actor("expert-a"))
    with filled.read() as connection:
        shown = approvals.show_case(connection, identity, APPROVER, TODAY)
    assert shown["votes"] == {
        "for": 1, "against": 0, "abstain": 0, "open": 0, "declined": 0, "conflict": 0,
    }  # fmt: skip
    (opinion,) = shown["opinions"]
    assert (opinion["name"], opinion["vote"], opinion["opinion"]) == (
        "（专家甲）",
        "for",
        "名称得当",
    )


def test_a_vote_counts_by_whichever_word_it_was_given(filled: Store) -> None:
    identity, expert = accepted(filled), enter(filled)
    invite(filled, identity, expert)
    answer(filled, identity, expert, Opinion("answered", "不同意", "与现有名称相近"))
    with filled.read() as connection:
        votes = approvals.show_case(connection, identity, APPROVER, TODAY)["votes"]
    assert (votes["for"], votes["against"]) == (0, 1)


@pytest.mark.parametrize("who", [VIEWER, cases.actor("s", cases.Role.SURVEYOR, "990101")])
def test_nothing_personal_is_told_to_others(filled: Store, who: Actor) -> None:
    identity, expert = accepted(filled), enter(filled)
    invite(filled, identity, expert)
    answer(filled, identity, expert, Opinion("answered", "against", "与现有名称相近"))
    with filled.read() as connection:
        told = [
            str(approvals.show_case(connection, identity, who, TODAY)),
            str(approvals.read_expert(connection, expert, who)),
            str(approvals.list_experts(connection, who)),
        ]
        paper = approvals.write_document(connection, identity, "opinions", who)
        named = approvals.write_document(connection, identity, "opinions", APPROVER)
    for text in told:
        assert not any(word in text for word in PERSONAL), text
    assert "与现有名称相近" in told[0]
    assert paper.content != named.content


def test_a_stranger_sees_the_fields_of_the_pool_alone(filled: Store) -> None:
    expert, identity = enter(filled), accepted(filled)
    with filled.read() as connection:
        found = approvals.read_expert(connection, expert, STRANGER)
        with pytest.raises(Forbidden):
            approvals.show_case(connection, identity, STRANGER, TODAY)
    assert found["fields_zh"] == "历史、蒙古语言文化"
    assert not any(word in str(found) for word in PERSONAL)


@pytest.mark.parametrize(
    "changes",
    [
        {"retired": True},
        {"available_to": date(2026, 3, 19)},
        {"available_from": date(2026, 3, 21)},
        {"conflicts": ["990101"]},
        {"conflicts": ["9901"]},
        {"conflicts": ["990100"]},
        {"conflicts": ["东旗人民政府"]},
        {"organisation": "东旗民政部门"},  # the applicant
        {"account": "editor"},  # who applied
    ],
)
def test_an_unfit_expert_is_not_asked(filled: Store, changes: dict[str, object]) -> None:
    identity = accepted(filled)
    expert = enter(filled, replace(ONE, **changes))  # type: ignore[arg-type]
    with pytest.raises(ExpertUnfit):
        invite(filled, identity, expert)
    with filled.read() as connection:
        assert approvals.show_case(connection, identity, APPROVER, TODAY)["opinions"] == []


def test_an_expert_is_asked_once_and_only_under_review(filled: Store) -> None:
    expert = enter(filled)
    early = cases.applied(filled)
    with pytest.raises(WrongStep):
        invite(filled, early, expert)
    identity = accepted(filled)
    with pytest.raises(NotFound, match="invite them first"):
        answer(filled, identity, expert, Opinion("answered", "for", "好"))
    invite(filled, identity, expert)
    with pytest.raises(ExpertUnfit, match="already"):
        invite(filled, identity, expert)
    answer(filled, identity, expert, Opinion("conflict"))
    with filled.read() as connection:
        votes = approvals.show_case(connection, identity, APPROVER, TODAY)["votes"]
    assert (votes["conflict"], votes["open"]) == (1, 0)


@pytest.mark.parametrize(
    "opinion",
    [
        Opinion("answered", "maybe", "x"),
        Opinion("answered", "for", " "),
        Opinion("asleep"),
        Opinion("conflict", "for"),
    ],
)
def test_an_opinion_has_a_vote_and_reasons(filled: Store, opinion: Opinion) -> None:
    identity, expert = accepted(filled), enter(filled)
    invite(filled, identity, expert)
    with pytest.raises(InvalidValue):
        answer(filled, identity, expert, opinion)
    with pytest.raises(NotFound, match="paper"):
        answer(filled, identity, expert, Opinion("answered", "for", "好", paper_id=77))


def test_only_the_expert_or_an_officer_answers(filled: Store) -> None:
    identity, expert = accepted(filled), enter(filled)
    invite(filled, identity, expert)
    for who in (Actor("expert-b"), VIEWER, ELSEWHERE):
        with pytest.raises(Forbidden):
            answer(filled, identity, expert, Opinion("answered", "for", "好"), who)


def test_the_pool_is_kept_by_its_managers(filled: Store) -> None:
    expert = enter(filled)
    with pytest.raises(Forbidden):
        approvals.save_expert(filled, ONE, ELSEWHERE)
    with pytest.raises(Forbidden):
        approvals.save_expert(filled, replace(ONE, division_code=""), EDITOR)
    moved = replace(ONE, division_code="990202")
    with pytest.raises(Forbidden):
        approvals.save_expert(filled, moved, ELSEWHERE, expert, 1)
    approvals.save_expert(filled, replace(ONE, retired=True), EDITOR, expert, 1)
    with pytest.raises(Conflict):
        approvals.save_expert(filled, ONE, EDITOR, expert, 1)
    with filled.read() as connection:
        assert approvals.read_expert(connection, expert, EDITOR)["retired"]
        assert approvals.list_experts(connection, EDITOR, available_on=TODAY) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"fields": []}, "fields"),
        ({"fields": ["炼金术"]}, "fields"),
        ({"division_code": "1"}, "division"),
        ({"available_from": date(2026, 2, 1), "available_to": date(2026, 1, 1)}, "available_to"),
    ],
)
def test_a_bad_entry_is_named(filled: Store, changes: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        enter(filled, replace(ONE, **changes))  # type: ignore[arg-type]
    assert caught.value.field == field


def test_experts_are_listed_by_field_division_and_day(filled: Store) -> None:
    first = enter(filled)
    second = enter(filled, replace(ONE, fields=["law"], available_to=date(2026, 1, 1)))
    with filled.read() as connection:

        def ids(**asked: object) -> list[int]:
            found = approvals.list_experts(connection, EDITOR, **asked)  # type: ignore[arg-type]
            return [one["id"] for one in found]

        assert ids() == [first, second]
        assert ids(field="法律") == [second]
        assert ids(available_on=TODAY) == [first]
        assert ids(division="990102") == []
        assert ids(after=first) == [second]
