"""Problems that the public reports: kept apart, handled by the right people, erased at the end."""

from datetime import date

import pytest
from sqlalchemy import select

from data import Actor, Conflict, Forbidden, Grant, InvalidValue, NotFound, Role, Store
from data.tables import journal
from gazetteer import lexicon_of
from gazetteer.errors import WrongStep
from gazetteer.problem_reports import (
    Handling,
    NewReport,
    QueueQuery,
    handle,
    list_reports,
    problem_reporter,
    read_report,
    report,
    track,
)

TODAY = date(2026, 5, 3)
CONTACT = "张某 139 0000 0000"
UPPER = Actor("upper", frozenset({Grant(Role.EDITOR, "990100")}))
LOWER = Actor("lower", frozenset({Grant(Role.APPROVER, "990200")}))
SURVEYOR = Actor("s", frozenset({Grant(Role.SURVEYOR)}))
ROOT = Actor.operator("operator")


def hand_in(store: Store, **more: object) -> tuple[str, int]:
    given = {"kind": "sign_wrong", "told": "标志拼写有误", "contact": CONTACT, **more}
    code = report(store, NewReport(**given), TODAY)  # type: ignore[arg-type]
    with store.read() as connection:
        page, _ = list_reports(connection, QueueQuery(), ROOT, lexicon_of(store, connection))
    return code, page[-1]["id"]


def seen_by(store: Store, actor: Actor) -> list[int]:
    with store.read() as connection:
        page, _ = list_reports(connection, QueueQuery(), actor, lexicon_of(store, connection))
    return [one["id"] for one in page]


def contact_of(store: Store, identity: int) -> str | None:
    with store.read() as connection:
        found = read_report(connection, identity, ROOT)["contact"]
    return found if found is None else str(found)


def test_a_report_goes_to_the_people_of_its_division(filled: Store) -> None:
    _, identity = hand_in(filled, lon=111.25, lat=41.25)
    assert seen_by(filled, UPPER) == [identity]
    assert seen_by(filled, LOWER) == []
    with filled.read() as connection, pytest.raises(Forbidden):
        read_report(connection, identity, LOWER)


def test_a_report_of_nowhere_goes_to_whoever_holds_the_role_everywhere(filled: Store) -> None:
    _, identity = hand_in(filled)
    assert seen_by(filled, UPPER) == []
    assert seen_by(filled, Actor("all", frozenset({Grant(Role.EDITOR)}))) == [identity]


def test_whoever_handles_none_is_refused(filled: Store) -> None:
    with pytest.raises(Forbidden):
        seen_by(filled, SURVEYOR)


def test_the_contact_is_in_no_journal_and_goes_at_the_end(filled: Store) -> None:
    _, identity = hand_in(filled, lon=111.25, lat=41.25)
    assert contact_of(filled, identity) == CONTACT
    handle(filled, identity, 1, Handling("in_work"), UPPER, TODAY)
    assert contact_of(filled, identity) == CONTACT
    handle(filled, identity, 2, Handling("settled", "标志已更换"), UPPER, TODAY)
    assert contact_of(filled, identity) is None
    with filled.read() as connection:
        assert connection.execute(select(problem_reporter)).all() == []
        told = [row.after or "" for row in connection.execute(select(journal.c.after))]
    assert not [text for text in told if CONTACT in text]


def test_who_has_the_code_reads_the_answer_and_no_more(filled: Store) -> None:
    code, identity = hand_in(filled)
    handle(filled, identity, 1, Handling("dismissed", "已由他人反映", "重复"), ROOT, TODAY)
    with filled.read() as connection:
        told = track(connection, code.lower().replace("-", " "))
    assert told == {
        "kind": "sign_wrong",
        "received_on": TODAY,
        "state": "dismissed",
        "answer": "已由他人反映",
        "closed_on": TODAY,
    }


def test_a_wrong_code_finds_nothing(filled: Store) -> None:
    hand_in(filled)
    with filled.read() as connection, pytest.raises(NotFound):
        track(connection, "AAAA-BBBB-CCCC-DDDD")


def test_codes_differ_and_are_not_kept(filled: Store) -> None:
    codes = {hand_in(filled)[0] for _ in range(5)}
    assert len(codes) == 5
    with filled.read() as connection:
        kept = " ".join(row.after or "" for row in connection.execute(select(journal.c.after)))
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_a_closed_report_is_not_opened_again_and_wants_an_answer(filled: Store) -> None:
    _, identity = hand_in(filled)
    with pytest.raises(InvalidValue):
        handle(filled, identity, 1, Handling("settled"), ROOT, TODAY)
    handle(filled, identity, 1, Handling("settled", "好"), ROOT, TODAY)
    with pytest.raises(WrongStep):
        handle(filled, identity, 2, Handling("in_work"), ROOT, TODAY)


def test_two_who_handle_at_once_are_told(filled: Store) -> None:
    _, identity = hand_in(filled)
    handle(filled, identity, 1, Handling("in_work"), ROOT, TODAY)
    with pytest.raises(Conflict):
        handle(filled, identity, 1, Handling("in_work"), ROOT, TODAY)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "nothing"},
        {"told": "  "},
        {"told": "长" * 4001},
        {"about": "accounts/1"},
        {"about": "markers/1; x"},
        {"lon": 111.0},
        {"lon": 500.0, "lat": 40.0},
        {"contact": "x" * 401},
    ],
)
def test_what_cannot_be_taken_is_refused(filled: Store, wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidValue):
        hand_in(filled, **wrong)
