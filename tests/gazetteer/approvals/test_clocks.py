"""Fifteen days, counted: over ends of years, leap days, and on the right clock."""

from datetime import UTC, date, datetime

import pytest

from data.deadlines import day_in_china
from gazetteer.approvals import Clock, ClockState, clock_rules

FILING = clock_rules()["filing"]
S = ClockState


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2026, 3, 1), date(2026, 3, 16)),
        (date(2026, 3, 20), date(2026, 4, 4)),
        (date(2025, 12, 17), date(2026, 1, 1)),
        (date(2025, 12, 31), date(2026, 1, 15)),
        (date(2024, 2, 14), date(2024, 2, 29)),
        (date(2024, 2, 15), date(2024, 3, 1)),
        (date(2024, 2, 29), date(2024, 3, 15)),
        (date(2023, 2, 14), date(2023, 3, 1)),
        (date(2100, 2, 14), date(2100, 3, 1)),  # no leap year
        (date(2000, 2, 14), date(2000, 2, 29)),
    ],
)
def test_fifteen_calendar_days_after_the_first(start: date, due: date) -> None:
    for rule in clock_rules().values():
        assert rule.days == 15
        assert rule.due_on(start) == due


@pytest.mark.parametrize(
    ("today", "state", "left"),
    [
        (date(2025, 12, 20), S.RUNNING, 12),
        (date(2025, 12, 26), S.RUNNING, 6),
        (date(2025, 12, 27), S.SOON, 5),
        (date(2026, 1, 1), S.SOON, 0),
        (date(2026, 1, 2), S.OVERDUE, -1),
        (date(2026, 3, 1), S.OVERDUE, -59),
    ],
)
def test_a_clock_over_the_end_of_a_year(today: date, state: ClockState, left: int) -> None:
    clock = Clock(FILING, date(2025, 12, 17), None)
    assert (clock.state_on(today), clock.days_left(today)) == (state, left)


def test_reminders_come_on_their_days_and_when_it_is_late() -> None:
    clock = Clock(FILING, date(2024, 2, 15), None)
    days = [date(2024, 2, d) for d in range(15, 30)] + [date(2024, 3, d) for d in (1, 2, 3)]
    reminded = [day for day in days if clock.reminds_on(day)]
    assert reminded == [
        date(2024, 2, 25), date(2024, 2, 29), date(2024, 3, 2), date(2024, 3, 3),
    ]  # fmt: skip


def test_what_is_done_is_done_in_time_or_late() -> None:
    start = date(2026, 3, 1)
    assert Clock(FILING, start, date(2026, 3, 16)).state_on(date(2026, 5, 1)) is S.DONE
    late = Clock(FILING, start, date(2026, 3, 17))
    assert late.state_on(date(2026, 5, 1)) is S.DONE_LATE
    assert late.days_left(date(2026, 5, 1)) is None
    assert not late.reminds_on(date(2026, 5, 1))


def test_a_clock_waits_for_its_start() -> None:
    clock = Clock(clock_rules()["announcement-of-filing"], None, None)
    assert clock.due_on is None
    assert clock.state_on(date(2026, 1, 1)) is S.WAITING
    assert clock.as_json(date(2026, 1, 1))["due_on"] is None


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC), date(2025, 12, 31)),
        (datetime(2025, 12, 31, 16, 0, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2024, 2, 28, 16, 0, tzinfo=UTC), date(2024, 2, 29)),
        (datetime(2024, 2, 29, 16, 0, tzinfo=UTC), date(2024, 3, 1)),
    ],
)
def test_the_day_is_that_of_china(moment: datetime, day: date) -> None:
    assert day_in_china(moment) == day
