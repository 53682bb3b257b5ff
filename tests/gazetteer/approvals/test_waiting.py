"""Whose desk a case lies on, however many lie before it."""

from datetime import date, timedelta
from typing import Any

import pytest
from naming_cases import (
    APPROVER,
    EDITOR,
    ELSEWHERE,
    OTHER_APPROVER,
    STRANGER,
    TODAY,
    VIEWER,
    applied,
    approved,
)
from plans import scanned
from sqlalchemy import select, text

from data.actors import Actor, Role
from data.store import Store
from gazetteer import approvals
from gazetteer.approvals.tables import approval, approval_step

MANY = 450


def waiting(store: Store, actor: Actor, limit: int = 20) -> tuple[list[dict[str, Any]], bool]:
    with store.read() as connection:
        return approvals.list_waiting(connection, actor, limit)


def crowd(store: Store, *, due: bool) -> list[int]:
    """Many cases of another banner before those that follow; and two of the own behind them."""
    first = applied(store)
    with store.write("tests", "many cases") as transaction:
        row = dict(
            transaction.connection.execute(select(approval).where(approval.c.id == first))
            .mappings()
            .one()
        )
        own = {name: value for name, value in row.items() if name not in {"id", "version"}}
        other = own | dict.fromkeys(
            ("division_code", "approving_code", "filing_code", "announcing_code"), "990202"
        )
        day = date(2026, 1, 1)
        ids = [
            *transaction.insert_many(
                approval,
                (
                    other | {"due_on": day + timedelta(days=n % 30) if due else None}
                    for n in range(MANY)
                ),
            ),
            *transaction.insert_many(
                approval,
                (own | {"due_on": date(2027, 1, n) if due else None} for n in (9, 3)),
            ),
        ]
        transaction.update(approval, first, 1, {"due_on": None})
    return ids


@pytest.mark.parametrize("due", [True, False])
def test_cases_of_others_before_hide_none(filled: Store, *, due: bool) -> None:
    ids = crowd(filled, due=due)
    found, more = waiting(filled, APPROVER)
    wanted = [ids[-1], ids[-2], 1] if due else [1, ids[-2], ids[-1]]
    assert [one["id"] for one in found] == wanted
    assert not more
    assert {step["step"] for one in found for step in one["steps"]} >= {"accept"}
    others, more = waiting(filled, ELSEWHERE)
    assert len(others) == 20
    assert more
    if due:
        assert [one["due_on"] for one in others] == sorted(one["due_on"] for one in others)
    everyone, _ = waiting(filled, ELSEWHERE, 1000)
    assert sorted(one["id"] for one in everyone) == ids[:-2]


def test_who_may_take_nothing_has_an_empty_desk(filled: Store) -> None:
    applied(filled)
    for actor in (STRANGER, VIEWER):
        assert waiting(filled, actor) == ([], False)


def test_each_case_lies_there_once_with_all_its_steps(filled: Store) -> None:
    identity = approved(filled)
    with filled.write("tests", "no clock") as transaction:
        version = transaction.connection.scalar(
            select(approval.c.version).where(approval.c.id == identity)
        )
        values = {"due_on": None, "filing_state": "due", "announcement_state": "due"}
        transaction.update(approval, identity, version, values)
    (only,) = waiting(filled, EDITOR)[0]
    assert {one["step"] for one in only["steps"]} == {"file", "announce"}
    assert only["steps"][0]["roles"] == [str(Role.EDITOR), str(Role.APPROVER)]


def test_nobody_waits_for_what_is_done(filled: Store) -> None:
    identity = approved(filled)
    with filled.write("tests", "done") as transaction:
        version = transaction.connection.scalar(
            select(approval.c.version).where(approval.c.id == identity)
        )
        values = {"due_on": None, "filing_state": "filed", "announcement_state": "announced"}
        transaction.update(approval, identity, version, values)
    assert waiting(filled, OTHER_APPROVER) == ([], False)


def test_the_desk_is_read_by_indexes(filled: Store) -> None:
    ids = crowd(filled, due=False)
    with filled.write("tests", "steps") as transaction:
        step = {"step": "submit", "state": "applied", "taken_by": "editor", "taken_on": TODAY}
        rows = ({"approval_id": one, "at": "2026-03-01T00:00:00Z"} | step for one in ids)
        transaction.insert_many(approval_step, rows)
    with filled.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    found = scanned(filled, lambda connection: approvals.list_waiting(connection, APPROVER))
    assert [one for one in found if "approval" in one] == []
