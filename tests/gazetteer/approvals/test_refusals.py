"""What is refused, with a sentence, and nothing half-done."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import naming_cases as cases
import pytest
from naming_cases import (
    APPROVER,
    DECIDED,
    EDITOR,
    ELSEWHERE,
    NUMBER,
    OTHER_APPROVER,
    STREET,
    TODAY,
    UPPER,
    VIEWER,
    accepted,
    applied,
    approved,
    case,
    version,
)  # fmt: skip
from sqlalchemy import func, select

from data.errors import Conflict, FaultsFound, Forbidden, InvalidValue, NotFound
from data.store import Store
from data.tables import journal
from gazetteer import approvals
from gazetteer.approvals import Act, Decision
from gazetteer.approvals.tables import approval
from gazetteer.errors import MissingPaper, NameRefused, NoAuthority, OwnCase, WrongStep
from gazetteer.tables import division, place

APPROVAL = Decision(True, DECIDED, NUMBER, answers=cases.ANSWERS)


def entries(store: Store) -> int:
    with store.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(journal)) or 0)


def refused(
    store: Store, error: type[Exception], run: Callable[[], object], match: str | None = None
) -> str:
    """What is said; and nothing at all was written."""
    before = entries(store)
    with pytest.raises(error, match=match) as caught:
        run()
    assert entries(store) == before
    zh = str(getattr(caught.value, "zh", ""))
    assert any("\u4e00" <= letter <= "\u9fff" for letter in zh), zh
    return zh


def decide(
    store: Store, identity: int, decision: Decision = APPROVAL, by: cases.Actor = APPROVER
) -> None:
    approvals.decide(store, identity, version(store, identity), decision, by, TODAY)


def test_two_officers_decide_one_case(filled: Store) -> None:
    identity = accepted(filled)
    seen = version(filled, identity)
    approvals.decide(filled, identity, seen, APPROVAL, APPROVER, TODAY)
    refusal = Decision(False, DECIDED, note="名称不当")
    refused(
        filled,
        Conflict,
        lambda: approvals.decide(filled, identity, seen, refusal, OTHER_APPROVER, TODAY),
        "read it again",
    )
    assert case(filled, identity)["state"] == "approved"


def test_two_officers_at_once(filled: Store) -> None:
    identity = accepted(filled)
    seen = version(filled, identity)
    outcomes: list[str] = []

    def act(decision: Decision, by: object) -> None:
        try:
            approvals.decide(filled, identity, seen, decision, by, TODAY)  # type: ignore[arg-type]
        except Conflict:
            outcomes.append("conflict")
        else:
            outcomes.append("decided")

    refusal = Decision(False, DECIDED, note="名称不当")
    threads = [
        threading.Thread(target=act, args=pair)
        for pair in ((APPROVAL, APPROVER), (refusal, OTHER_APPROVER))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "decided"]
    with filled.read() as connection:
        found = connection.scalar(select(func.count()).where(place.c.name == "丁香路"))
    assert found == (1 if case(filled, identity)["state"] == "approved" else 0)


def test_an_approval_dated_before_the_application(filled: Store) -> None:
    identity = accepted(filled)
    early = replace(APPROVAL, decided_on=date(2026, 2, 28))
    said = refused(filled, InvalidValue, lambda: decide(filled, identity, early), "decided_on")
    assert "2026-02-28" in said
    late = replace(APPROVAL, decided_on=date(2026, 3, 21))
    refused(filled, InvalidValue, lambda: decide(filled, identity, late), "after today")


def test_a_class_without_an_authority(filled: Store) -> None:
    asked = replace(STREET, name_class="memorial", name="丁香纪念馆")
    refused(filled, NoAuthority, lambda: applied(filled, asked), "approval_authorities")


def test_a_division_that_no_longer_exists(filled: Store) -> None:
    with filled.write("tests", "end a banner") as transaction:
        identity = transaction.connection.scalar(
            select(division.c.id).where(division.c.code == "990102")
        )
        transaction.update(division, identity, 1, {"valid_to": date(2025, 1, 1)})
    said = refused(
        filled, InvalidValue, lambda: cases.approvals.apply(
            filled, replace(STREET, division="990102"), cases.NATION, TODAY
        ), "ended on 2025-01-01",
    )  # fmt: skip
    assert "撤销" in said
    refused(
        filled, InvalidValue,
        lambda: approvals.apply(filled, replace(STREET, division="999999"), cases.NATION, TODAY),
        "no division",
    )  # fmt: skip


def test_a_division_that_ends_while_the_case_is_in_hand(filled: Store) -> None:
    identity = accepted(filled)
    with filled.write("tests", "end a banner") as transaction:
        row = transaction.connection.scalar(
            select(division.c.id).where(division.c.code == "990101")
        )
        transaction.update(division, row, 1, {"valid_to": date(2026, 3, 4)})
    refused(filled, Conflict, lambda: decide(filled, identity), "return application")


def test_nobody_approves_their_own_application(filled: Store) -> None:
    both = cases.Actor(
        "both",
        frozenset({cases.Grant(cases.Role.EDITOR), cases.Grant(cases.Role.APPROVER)}),
    )
    identity = approvals.apply(filled, STREET, both, TODAY)
    refused(filled, OwnCase, lambda: approvals.accept(filled, identity, 1, "", both, TODAY))
    approvals.accept(filled, identity, 1, "", APPROVER, TODAY)
    refused(filled, OwnCase, lambda: decide(filled, identity, by=both), "somebody else")
    decide(filled, identity)
    # whoever corrected it applied for it all the same
    other = applied(filled, replace(STREET, name="别路"))
    approvals.amend(filled, other, 1, {"name": "别样路"}, both, TODAY)
    refused(filled, OwnCase, lambda: approvals.accept(filled, other, 2, "", both, TODAY))


def test_nobody_takes_their_own_filing(filled: Store) -> None:
    identity = approved(filled)
    approvals.file(filled, identity, version(filled, identity), Act(DECIDED), UPPER, TODAY)
    refused(
        filled, OwnCase, lambda: approvals.accept_filing(
            filled, identity, version(filled, identity), Act(DECIDED), UPPER, TODAY
        ),
    )  # fmt: skip


@pytest.mark.parametrize("who", [EDITOR, VIEWER, ELSEWHERE, cases.STRANGER])
def test_only_an_approver_of_the_place_decides(filled: Store, who: cases.Actor) -> None:
    identity = accepted(filled)
    said = refused(filled, Forbidden, lambda: decide(filled, identity, by=who))
    assert "990101" in said


def test_the_filing_is_taken_above(filled: Store) -> None:
    identity = approved(filled)
    approvals.file(filled, identity, version(filled, identity), Act(DECIDED), APPROVER, TODAY)
    refused(
        filled, Forbidden, lambda: approvals.accept_filing(
            filled, identity, version(filled, identity), Act(DECIDED), OTHER_APPROVER, TODAY
        ), "990100",
    )  # fmt: skip


def test_a_city_decides_about_the_streets_of_its_districts(filled: Store) -> None:
    with filled.write("tests", "a district") as transaction:
        transaction.insert(
            division,
            {"code": "990103", "name": "中区", "level": "county", "parent_code": "990100"},
        )
    identity = approvals.apply(filled, replace(STREET, division="990103"), cases.NATION, TODAY)
    district = cases.actor("district", cases.Role.APPROVER, "990103")
    refused(
        filled, Forbidden, lambda: approvals.accept(filled, identity, 1, "", district, TODAY),
        "990100",
    )  # fmt: skip
    approvals.accept(filled, identity, 1, "", UPPER, TODAY)


def test_a_name_that_a_rule_forbids(filled: Store) -> None:
    cases.street(filled, "丁香路")
    identity = accepted(filled)
    said = refused(filled, NameRefused, lambda: decide(filled, identity), "same name")
    assert "重名" in said


def test_a_listed_heritage_name_is_not_renamed_without_measures(filled: Store) -> None:
    old = cases.street(filled, heritage=True)
    identity = accepted(filled, cases.renaming(old))
    said = refused(filled, NameRefused, lambda: decide(filled, identity), "protective measures")
    assert "保护措施" in said
    approvals.add_paper(filled, identity, "measures", cases.PDF, "措施.pdf", "", EDITOR)
    refused(filled, MissingPaper, lambda: decide(filled, identity), "rename-heritage")
    answers = cases.ANSWERS | {"rename-heritage": "措施见附件"}
    decide(filled, identity, replace(APPROVAL, answers=answers))
    assert case(filled, identity)["state"] == "approved"


def test_divisions_want_their_papers(filled: Store) -> None:
    asked = replace(STREET, name_class="division-township", name="丁香镇")
    identity = applied(filled, asked)
    region = cases.actor("region", cases.Role.APPROVER, "990000")
    said = refused(
        filled, MissingPaper, lambda: approvals.accept(filled, identity, 1, "", region, TODAY)
    )
    assert all(word in said for word in ("风险评估报告", "专家论证报告", "征求社会公众意见报告"))


def test_all_that_an_application_lacks_is_told_at_once(filled: Store) -> None:
    bare = replace(STREET, reasons="", position="", extent="", lon=200.0)
    with pytest.raises(FaultsFound) as caught:
        applied(filled, bare)
    assert {f.column for f in caught.value.faults} == {"reasons", "position", "extent", "lon"}


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"kind": "renaming"}, "place_id"),
        ({"kind": "naming", "place_id": 1}, "place_id"),
        ({"kind": "renaming", "place_id": 1}, "class"),  # the place is a village
        ({"lat": None}, "lon"),
        ({"measures": {"length_m": -1}}, "measures.length_m"),
        ({"measures": {"length_m": float("nan")}}, "measures.length_m"),
        ({"measures": {"length_m": float("inf")}}, "measures.length_m"),
    ],
)
def test_what_does_not_fit_is_named(filled: Store, changes: dict[str, object], column: str) -> None:
    with pytest.raises(FaultsFound) as caught:
        applied(filled, replace(STREET, **changes))  # type: ignore[arg-type]
    assert column in {f.column for f in caught.value.faults}


def test_unknown_words_and_places(filled: Store) -> None:
    refused(filled, InvalidValue, lambda: applied(filled, replace(STREET, kind="x")), "kind")
    refused(filled, InvalidValue, lambda: applied(filled, replace(STREET, name_class="x")))
    refused(filled, NotFound, lambda: applied(filled, cases.renaming(9999)))
    refused(filled, NotFound, lambda: approvals.accept(filled, 9999, 1, "", APPROVER, TODAY))
    future = replace(STREET, applied_on=date(2026, 3, 21))
    refused(filled, InvalidValue, lambda: applied(filled, future), "after today")


def test_one_place_has_one_case_in_hand(filled: Store) -> None:
    old = cases.street(filled)
    applied(filled, cases.renaming(old))
    refused(filled, FaultsFound, lambda: applied(filled, cases.ending(old)))


@pytest.mark.parametrize("written", ["{}", " {}", "{}\u3000"])
def test_a_renaming_names_another_name(filled: Store, written: str) -> None:
    old = cases.street(filled)
    with filled.read() as connection:
        present = connection.scalar(select(place.c.name).where(place.c.id == old))
    same = replace(cases.renaming(old), name=written.format(present))
    with pytest.raises(FaultsFound) as caught:
        applied(filled, same)
    assert [fault.column for fault in caught.value.faults] == ["name"]


def test_a_place_renamed_meanwhile(filled: Store) -> None:
    old = cases.street(filled)
    identity = accepted(filled, cases.renaming(old))
    with filled.write("tests", "rename it") as transaction:
        transaction.update(place, old, 1, {"name": "别街"})
    refused(filled, Conflict, lambda: decide(filled, identity), "别街")


def test_an_approval_needs_number_and_romanization(filled: Store) -> None:
    identity = accepted(filled, replace(STREET, romanization=""))
    unnumbered = replace(APPROVAL, number=" ")
    refused(filled, InvalidValue, lambda: decide(filled, identity, unnumbered), "number")
    refused(filled, InvalidValue, lambda: decide(filled, identity), "romanization")
    decide(filled, identity, replace(APPROVAL, romanization="Dīngxiāng Lù"))
    assert case(filled, identity)["romanization"] == "Dīngxiāng Lù"


def test_steps_out_of_turn(filled: Store) -> None:
    identity = applied(filled)
    refused(filled, WrongStep, lambda: decide(filled, identity), "not open")
    act = Act(DECIDED, medium="x")
    for step in (approvals.file, approvals.announce):
        refused(filled, WrongStep, lambda s=step: s(filled, identity, 1, act, APPROVER, TODAY))  # type: ignore[misc]
    approvals.withdraw(filled, identity, 1, "", EDITOR, TODAY)
    refused(filled, WrongStep, lambda: approvals.accept(filled, identity, 2, "", APPROVER, TODAY))
    refused(
        filled, WrongStep,
        lambda: approvals.add_paper(filled, identity, "map", cases.PDF, "a.pdf", "", EDITOR),
    )  # fmt: skip


def test_returns_and_refusals_say_why(filled: Store) -> None:
    identity = accepted(filled)
    seen = version(filled, identity)
    refused(
        filled,
        InvalidValue,
        lambda: approvals.give_back(filled, identity, seen, " ", APPROVER, TODAY),
    )
    refused(filled, InvalidValue, lambda: decide(filled, identity, Decision(False, DECIDED)))
    decide(filled, identity, Decision(False, DECIDED, note="名称不当"))
    assert case(filled, identity)["state"] == "refused"
    with filled.read() as connection:
        assert not connection.scalar(select(place.c.id).where(place.c.name == "丁香路"))


def test_days_after_the_approval(filled: Store) -> None:
    identity = approved(filled)
    seen = version(filled, identity)
    early = Act(date(2026, 3, 4), medium="x")
    for step in (approvals.file, approvals.announce):
        refused(
            filled, InvalidValue, lambda s=step: s(filled, identity, seen, early, APPROVER, TODAY)
        )  # type: ignore[misc]
    refused(
        filled, InvalidValue,
        lambda: approvals.announce(filled, identity, seen, Act(DECIDED), APPROVER, TODAY), "medium",
    )  # fmt: skip
    refused(
        filled, WrongStep,
        lambda: approvals.remind(filled, identity, seen, Act(TODAY), UPPER, TODAY), "overdue",
    )  # fmt: skip
    later = date(2026, 3, 21)
    bad = Act(later, deadline=later)
    refused(
        filled, InvalidValue,
        lambda: approvals.remind(filled, identity, seen, bad, UPPER, later), "deadline",
    )  # fmt: skip
    good = Act(later, deadline=date(2026, 4, 1))
    approvals.remind(filled, identity, seen, good, UPPER, later)


def test_papers_of_unknown_kind_or_from_strangers(filled: Store) -> None:
    identity = applied(filled)
    add = approvals.add_paper
    refused(
        filled, InvalidValue,
        lambda: add(filled, identity, "x", cases.PDF, "a.pdf", "", EDITOR), "kind",
    )  # fmt: skip
    refused(filled, Forbidden, lambda: add(filled, identity, "map", cases.PDF, "a", "", ELSEWHERE))
    refused(filled, NotFound, lambda: add(filled, 999, "map", cases.PDF, "a", "", EDITOR))
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(approval)) == 1
        with pytest.raises(NotFound):
            approvals.read_paper(connection, identity, 1)
