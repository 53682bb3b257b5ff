"""Measures by name (评估指标的测量): each floor fills in its own, readers ask for any.

A measure tells a number of the register in a scope: a day, a period, a division. One that needs
what is recorded on an upper floor is filled from there; until then it answers that it is not
measured, and why.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from data.errors import NotFound


@dataclass(frozen=True, slots=True)
class Scope:
    """What is measured.

    Attributes:
        as_of: the day on which the register is looked at.
        since: the first day of the period, for what happens in time; None is from the beginning.
        within: code of a division; None is the whole register.
    """

    as_of: date
    since: date | None = None
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure found.

    Attributes:
        part, whole: how many of how many; `whole` is None for a plain number.
        zh, en: what was counted, or why nothing could be.
        known: whether it could be measured.
    """

    part: int
    whole: int | None
    zh: str
    en: str
    known: bool = True

    @classmethod
    def unknown(cls, zh: str, en: str) -> "Measured":
        """Not measured, with the reason."""
        return cls(0, None, zh, en, known=False)

    @property
    def value(self) -> float | None:
        """The share of 1, or the number; None where it is not known or there is nothing."""
        if not self.known:
            return None
        if self.whole is None:
            return float(self.part)
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Attributes:
        name: by which indicators ask for it.
        zh, en: what it is.
        run: measures it.
        overdue: whether it counts clocks that have run out, as the dashboard shows them.
    """

    name: str
    zh: str
    en: str
    run: Callable[[Connection, Scope], Measured]
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many clocks of one kind have run out."""

    measure: Measure
    found: Measured

    def as_json(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "name": self.measure.name,
            "zh": self.measure.zh,
            "en": self.measure.en,
            "count": self.found.part if self.found.known else None,
        }


_measures: dict[str, Measure] = {}


def register_measure(measure: Measure) -> None:
    """Make a measure known; one of the same name is replaced."""
    _measures[measure.name] = measure


def measure(connection: Connection, name: str, scope: Scope) -> Measured:
    """Measure by name.

    Raises:
        NotFound: nobody has filled in a measure of that name.
    """
    found = _measures.get(name)
    if found is None:
        raise NotFound(f"there is no measure {name}", f"没有名为“{name}”的测量方法")
    return found.run(connection, scope)


def measure_overdue(connection: Connection, scope: Scope) -> Sequence[Overdue]:
    """Every measure of clocks that have run out, by name."""
    return [
        Overdue(one, one.run(connection, scope))
        for _, one in sorted(_measures.items())
        if one.overdue
    ]
