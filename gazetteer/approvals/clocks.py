"""The legal clocks of a case (备案、公告期限): calendar days in China's time. Pure.

Filing runs 15 days from the approval (L753 Art 13). The announcement runs 15 days from the
approval where a government or the place-name authority approved, and from the filing where
another department did (Art 14). The day on which a clock starts does not count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from data.deadlines import add_days
from data.errors import InvalidValue
from data.reference import load_table
from data.reference.tables import kept


class ClockState(StrEnum):
    """How a clock stands on a day."""

    WAITING = "waiting"
    RUNNING = "running"
    SOON = "soon"
    OVERDUE = "overdue"
    DONE = "done"
    DONE_LATE = "done-late"


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How long a step may take: `days` calendar days from `start`, `approval` or `filing`.

    `remind_days` are the days before the last one on which somebody is reminded.
    """

    code: str
    zh: str
    en: str
    start: str
    days: int
    remind_days: tuple[int, ...]
    article: str
    source: str

    def due_on(self, started_on: date) -> date:
        """The last day of a clock that starts on a day."""
        return add_days(started_on, self.days)


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock of one case; a clock that waits has not started, and is due on no day.

    >>> clock = Clock(clock_rule("filing"), date(2024, 2, 20), None)
    >>> clock.due_on, clock.state_on(date(2024, 3, 6)), clock.state_on(date(2024, 3, 7))
    (datetime.date(2024, 3, 6), <ClockState.SOON: 'soon'>, <ClockState.OVERDUE: 'overdue'>)
    """

    rule: ClockRule
    started_on: date | None
    done_on: date | None

    @property
    def due_on(self) -> date | None:
        """The last day, None while it waits."""
        return self.rule.due_on(self.started_on) if self.started_on else None

    def days_left(self, today: date) -> int | None:
        """Whole days until the last one, negative after it; None while it waits or is done."""
        if self.due_on is None or self.done_on is not None:
            return None
        return (self.due_on - today).days

    def state_on(self, today: date) -> ClockState:
        """How the clock stands on a day."""
        if self.due_on is None:
            return ClockState.WAITING
        if self.done_on is not None:
            return ClockState.DONE_LATE if self.done_on > self.due_on else ClockState.DONE
        left = (self.due_on - today).days
        if left < 0:
            return ClockState.OVERDUE
        near = left <= max(self.rule.remind_days, default=-1)
        return ClockState.SOON if near else ClockState.RUNNING

    def reminds_on(self, today: date) -> bool:
        """Whether somebody is to be reminded on this very day, or it is overdue."""
        left = self.days_left(today)
        return left is not None and (left in self.rule.remind_days or left < 0)

    def as_json(self, today: date) -> dict[str, Any]:
        """The clock as it is sent."""
        return {
            "clock": self.rule.code,
            "zh": self.rule.zh,
            "en": self.rule.en,
            "article": self.rule.article,
            "started_on": self.started_on,
            "due_on": self.due_on,
            "done_on": self.done_on,
            "state": str(self.state_on(today)),
            "days_left": self.days_left(today),
            "remind_today": self.reminds_on(today),
        }


@kept
def clock_rules(folder: Path | None = None) -> Mapping[str, ClockRule]:
    """Every clock of the table `approval_clocks` by its code."""
    return {
        row["code"]: ClockRule(
            row["code"],
            row["zh"],
            row["en"],
            row["start"],
            int(row["days"]),
            tuple(int(day) for day in row["remind_days"].split("|") if day),
            row["article"],
            row["source"],
        )
        for row in load_table("approval_clocks", folder)
    }


def clock_rule(code: str) -> ClockRule:
    """The rule of a clock.

    Raises:
        InvalidValue: the table has none of that code.
    """
    found = clock_rules().get(code)
    if found is None:
        known = ", ".join(clock_rules())
        raise InvalidValue(
            "clock", code, "the table approval_clocks has no such clock", f"give one of {known}",
            f"期限表中没有“{code}”；可用：{known}",
        )  # fmt: skip
    return found
