"""The third floor's measures, and the lines that a change of divisions concerns."""

from datetime import date
from typing import Any

import pytest

from boundary import lines_touched
from boundary.repair_tables import repair_order
from boundary.round_tables import joint_round, round_line
from data.store import Store
from gazetteer import CodeChanges
from gazetteer.measures import Scope, measure, measure_overdue

ORDERS = (
    # state, due, worked, party
    ("closed", date(2024, 2, 29), date(2024, 2, 29), "990101"),
    ("done", date(2024, 2, 29), date(2024, 3, 1), "990101"),
    ("open", date(2024, 3, 31), None, "990102"),
    ("cancelled", date(2024, 3, 31), None, "990102"),
    ("assigned", date(2024, 12, 31), None, "990201"),
    ("closed", date(2021, 1, 31), date(2021, 1, 1), "990201"),
)


@pytest.fixture
def ordered(filled: Store) -> Store:
    """The drawn region with six repair orders."""
    with filled.write("tests", "orders") as transaction:
        for state, due, worked, party in ORDERS:
            transaction.insert(
                repair_order,
                {"marker_id": 1, "marker_no": "9901001Q", "reason": "damaged", "severity": 2}
                | {"state": state, "due_on": due, "worked_on": worked, "managing_party": party},
            )
    return filled


@pytest.mark.parametrize(
    ("scope", "part", "whole"),
    [
        (Scope(date(2024, 6, 1)), 2, 4),
        (Scope(date(2024, 6, 1), since=date(2024, 1, 1)), 1, 3),
        (Scope(date(2024, 2, 29), since=date(2024, 1, 1)), 1, 2),
        (Scope(date(2024, 2, 28), since=date(2024, 1, 1)), 0, 0),
        (Scope(date(2025, 1, 1)), 2, 5),
        (Scope(date(2024, 6, 1), within="990100"), 1, 3),
        (Scope(date(2024, 6, 1), within="990102"), 0, 1),
    ],
)
def test_repairs_are_in_time_by_the_agreed_day(
    ordered: Store, scope: Scope, part: int, whole: int
) -> None:
    with ordered.read() as connection:
        found = measure(connection, "marker_repairs_in_time", scope)
    assert (found.part, found.whole) == (part, whole)


def test_lines_are_inspected_by_the_day_of_their_round(filled: Store) -> None:
    with filled.write("tests", "rounds") as transaction:
        for kind, state, due, done in (
            ("regular", "filed", date(2024, 2, 29), date(2024, 2, 29)),
            ("regular", "field", date(2024, 3, 31), None),
            ("regular", "cancelled", date(2024, 3, 31), None),
            ("special", "filed", date(2024, 3, 31), date(2024, 3, 1)),
        ):
            identity = transaction.insert(
                joint_round,
                {"name": "联检", "kind": kind, "state": state, "due_on": due, "completed_on": done},
            )
            transaction.insert(round_line, {"round_id": identity, "line_id": 1})

    def parts(day: date, **more: Any) -> tuple[int, int | None]:
        with filled.read() as connection:
            found = measure(connection, "joint_inspections_in_time", Scope(day, **more))
        return found.part, found.whole

    assert parts(date(2024, 6, 1)) == (1, 2)
    assert parts(date(2024, 6, 1), since=date(2024, 3, 1)) == (0, 1)
    assert parts(date(2024, 2, 29)) == (1, 1)
    assert parts(date(2024, 6, 1), within="990100") == (1, 2)
    assert parts(date(2024, 6, 1), within="990200") == (0, 0)


def test_overdue_repairs_stand_on_the_dashboard(ordered: Store) -> None:
    def overdue(day: date) -> Any:
        with ordered.read() as connection:
            listed = measure_overdue(connection, Scope(day))
        return {one.measure.name: one.found.part for one in listed}["repairs_overdue"]

    assert overdue(date(2024, 3, 31)) == 0
    assert overdue(date(2024, 4, 1)) == 1
    assert overdue(date(2025, 1, 1)) == 2


def test_lines_are_found_by_the_codes_that_change(filled: Store) -> None:
    with filled.read() as connection:
        found = lines_touched(connection, CodeChanges({"990102": ("990181",)}, ("990101",)))
        nothing = lines_touched(connection, CodeChanges({"990201": ()}))
        none = lines_touched(connection, CodeChanges({}))
    assert [(one["name"], one["parties"]) for one in found] == [
        ("东西线", {"990101": ["990101"], "990102": ["990181"]})
    ]
    assert (nothing, none) == ([], [])
