"""Reports that contradict each other: side by side, and decided by a person."""

from datetime import date

import pytest
from sqlalchemy import select
from visits import HEADER, LON_OF_TWO_METRES, as_csv, rows

from boundary import (
    AGAIN,
    HOLDS,
    NotLawful,
    Settlement,
    commit,
    conflict_of,
    list_conflicts,
    receive,
    settle,
    status_of,
)
from boundary.repair_tables import repair_order
from boundary.tables import marker
from data.actors import Actor, Grant, Role
from data.errors import Conflict, Forbidden, InvalidValue, NotFound
from data.store import Store
from data.tables import journal

TODAY = date(2026, 11, 23)
JUDGE = Actor("审核员", frozenset({Grant(Role.APPROVER, "990100")}))
SIDE_HEADER = [*HEADER, "检查方"]


def send(
    store: Store, table: list[list[str]], name: str, sender: str, header: list[str] | None = None
) -> None:
    commit(
        store, receive(store, as_csv(table, header), name, f"{sender} (127.0.0.1)"), "入库", TODAY
    )


def visit(day: str, surveyor: str, condition: str = "完好", *more: str) -> list[str]:
    """The cells of the third marker, where it should be."""
    found = rows()[2]
    return [*found[:5], day, condition, surveyor, f"S{day}", *more]


def damaged_or_not(store: Store) -> dict[str, int]:
    """Marker 3, sound to one surveyor and damaged to another within one occasion; their reports."""
    send(store, [visit("2026-05-03", "甲")], "a.csv", "甲")
    send(store, [visit("2026-05-10", "乙", "损坏")], "b.csv", "乙")
    with store.read() as connection:
        found = conflict_of(connection, 3)
    return {one["surveyor"]: one["id"] for one in found["reports"]}


def decided(
    reports: dict[str, int], holds: str | None, agreed_by: tuple[str, ...] = ()
) -> Settlement:
    outcome = AGAIN if holds is None else HOLDS
    chosen = None if holds is None else reports[holds]
    return Settlement(outcome, "现场照片", list(reports.values()), chosen, agreed_by)


def state(store: Store, marker_id: int = 3) -> tuple[str, bool, str]:
    with store.read() as connection:
        row = connection.execute(select(marker).where(marker.c.id == marker_id)).one()
        found = status_of(connection, marker_id)
    assert row.status == found.state
    return found.state, found.open, row.status_rules or ""


def test_both_reports_stand_side_by_side(filled: Store) -> None:
    damaged_or_not(filled)
    with filled.read() as connection:
        found = conflict_of(connection, 3)
        assert [one["id"] for one in list_conflicts(connection)] == [3]
        assert list_conflicts(connection, after=3) == []
    assert (found["state"], found["open_sides"], found["rules"]) == (
        "conflicting", ["condition"], ["S6"],
    )  # fmt: skip
    told = [(one["surveyor"], one["condition"], one["sent_by"]) for one in found["reports"]]
    assert told == [("乙", "damaged", "乙"), ("甲", "intact", "甲")]
    assert found["reports"][0]["file_name"] == "b.csv"


@pytest.mark.parametrize(("holds", "after"), [("甲", "sound"), ("乙", "damaged")])
def test_a_person_decides_which_holds_and_the_status_follows(
    filled: Store, holds: str, after: str
) -> None:
    reports = damaged_or_not(filled)
    assert state(filled) == ("conflicting", True, "S6")
    settle(filled, JUDGE, 3, decided(reports, holds), TODAY)
    assert state(filled) == (after, False, "S8")
    with filled.read() as connection:
        found = conflict_of(connection, 3)
        orders = connection.scalars(select(repair_order.c.reason)).all()
        entry = connection.execute(
            select(journal.c.actor, journal.c.after).where(
                journal.c.table_name == "conflict_decision"
            )
        ).one()
        evidence = status_of(connection, 3).evidence
        assert list_conflicts(connection) == []
    assert (entry.actor, "现场照片" in entry.after) == ("审核员", True)
    (kept,) = found["decisions"]
    assert (kept["outcome"], kept["report"], kept["reason"]) == (
        "holds",
        reports[holds],
        "现场照片",
    )
    assert sorted(kept["compared"]) == sorted(reports.values())
    assert list(orders) == (["damaged"] if after == "damaged" else [])
    assert [(one.kind, one.counts, one.rule) for one in evidence] == [
        ("report", False, "S8"), ("report", False, "S8"), ("settlement", True, ""),
    ]  # fmt: skip


def test_to_go_again_settles_nothing_and_a_later_visit_counts(filled: Store) -> None:
    reports = damaged_or_not(filled)
    settle(filled, JUDGE, 3, decided(reports, None), TODAY)
    assert state(filled) == ("conflicting", True, "S6")
    settle(filled, JUDGE, 3, decided(reports, "甲"), TODAY)
    assert state(filled)[0] == "sound"
    send(filled, [visit("2026-06-20", "丙", "损坏")], "c.csv", "丙")
    assert state(filled)[0] == "damaged"


def test_the_side_that_is_not_open_stays_as_it_was(filled: Store) -> None:
    send(filled, rows(LON_OF_TWO_METRES), "a.csv", "甲")
    later = [[*row[:5], "2026-05-20", row[6], "乙", "S2"] for row in rows()]
    send(filled, later, "b.csv", "乙")
    with filled.read() as connection:
        found = conflict_of(connection, 2)
    assert found["open_sides"] == ["position"]
    reports = {one["surveyor"]: one["id"] for one in found["reports"]}
    settle(filled, JUDGE, 2, decided(reports, "巡查一组"), TODAY)
    assert state(filled, 2)[0] == "displaced"
    with filled.read() as connection:
        assert status_of(connection, 2).condition == "intact"


def test_reports_of_two_parties_take_the_agreement_of_both(filled: Store) -> None:
    send(filled, [visit("2026-05-03", "甲", "完好", "990101")], "a.csv", "甲", SIDE_HEADER)
    send(filled, [visit("2026-05-10", "乙", "损坏", "990102")], "b.csv", "乙", SIDE_HEADER)
    with filled.read() as connection:
        found = conflict_of(connection, 3)
    assert {one["code"]: one["name"] for one in found["parties"]} == {
        "990101": "东旗", "990102": "西旗",
    }  # fmt: skip
    reports = {one["surveyor"]: one["id"] for one in found["reports"]}
    for agreed in ((), ("张",), ("张", "张")):
        with pytest.raises(NotLawful):
            settle(filled, JUDGE, 3, decided(reports, "乙", agreed), TODAY)
    settle(filled, JUDGE, 3, decided(reports, None), TODAY)
    settle(filled, JUDGE, 3, decided(reports, "乙", ("张", "李")), TODAY)
    assert state(filled)[0] == "damaged"


@pytest.mark.parametrize(
    "actor",
    [
        Actor("甲", frozenset({Grant(Role.APPROVER, None)})),
        Actor("外人", frozenset({Grant(Role.APPROVER, "990200")})),
        Actor("编辑", frozenset({Grant(Role.EDITOR, None)})),
    ],
)
def test_nobody_decides_elsewhere_or_about_ones_own(filled: Store, actor: Actor) -> None:
    reports = damaged_or_not(filled)
    with pytest.raises(Forbidden):
        settle(filled, actor, 3, decided(reports, "甲"), TODAY)
    assert state(filled)[0] == "conflicting"


def test_what_is_no_decision_is_refused(filled: Store) -> None:
    reports = damaged_or_not(filled)
    seen = list(reports.values())
    first = reports["甲"]
    for wrong in (
        Settlement(HOLDS, " ", seen, first),
        Settlement("maybe", "x", seen, first),
        Settlement(HOLDS, "x", seen),
        Settlement(HOLDS, "x", seen, 999),
        Settlement(AGAIN, "x", seen, first),
    ):
        with pytest.raises(InvalidValue):
            settle(filled, JUDGE, 3, wrong, TODAY)
    with pytest.raises(Conflict, match="other reports"):
        settle(filled, JUDGE, 3, Settlement(HOLDS, "x", seen[:1], first), TODAY)
    with pytest.raises(Conflict, match="do not contradict"):
        settle(filled, JUDGE, 1, Settlement(AGAIN, "x", []), TODAY)
    with pytest.raises(NotFound):
        settle(filled, JUDGE, 999, Settlement(AGAIN, "x", []), TODAY)
