"""What a dashboard shows of lines and markers at a glance."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, func, select

from boundary.repair_tables import repair_order
from boundary.rounds.reading import CalendarLine, calendar
from boundary.tables import inspection, line, marker

NEVER: Final = "never"
"""The verdict of a marker that nobody has inspected."""
_WEIGHTS: Final = {"displaced": 5, "suspect": 3, "resubmit": 1, "cannot_tell": 1}
_OVERDUE = 5
_WAITING: Final = ("open", "assigned")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is known of one line in force.

    Attributes:
        id, code, name, level, parties: the line; parties are division codes.
        length_m: as registered; None where not stated.
        verdicts: how many of its own markers show what; `never` for those nobody has inspected.
        due: the days on which it is to be inspected, within the years asked; empty where unknown.
        overdue: whether the first of them has passed.
    """

    id: int
    code: str
    name: str
    level: str
    parties: tuple[str, ...]
    length_m: float | None
    verdicts: Mapping[str, int]
    due: tuple[date, ...]
    overdue: bool

    @property
    def markers(self) -> int:
        """How many markers it has."""
        return sum(self.verdicts.values())

    @property
    def risk(self) -> int:
        """Points that order lines by what is wrong with them; 0 where nothing is known to be.

        A displaced marker counts 5, a suspect one 3, one whose report is to be made again or
        tells nothing 1, an overdue inspection 5. An order of work, not a measure of danger.
        """
        points = sum(weight * self.verdicts.get(word, 0) for word, weight in _WEIGHTS.items())
        return points + _OVERDUE * self.overdue


def line_facts(connection: Connection, today: date, years: int) -> list[LineFacts]:
    """Every line in force with its markers' verdicts and its days, in order of code and id.

    Args:
        connection: a reading connection.
        today: the calendar day in China.
        years: how far ahead days are told.
    """
    counted = _verdicts(connection)
    days = {one.line_id: one for one in calendar(connection, today, years)}
    columns = (
        "id",
        "code",
        "name",
        "section",
        "level",
        "party_a",
        "party_b",
        "party_c",
        "length_m",
    )
    statement = (
        select(*(line.c[name] for name in columns))
        .where(line.c.valid_to.is_(None))
        .order_by(line.c.code, line.c.id)
    )
    return [_facts(row, counted, days[row.id]) for row in connection.execute(statement)]


def _facts(row: Any, counted: Mapping[str, Counter[str]], days: CalendarLine) -> LineFacts:
    return LineFacts(
        id=row.id,
        code=row.code or "",
        name=" ".join(filter(None, (row.name, row.section))),
        level=row.level,
        parties=tuple(filter(None, (row.party_a, row.party_b, row.party_c))),
        length_m=row.length_m,
        verdicts=counted.get(row.code or "", Counter()),
        due=days.due,
        overdue=days.overdue,
    )


def _verdicts(connection: Connection) -> dict[str, Counter[str]]:
    """How many markers in force of each line show what, by the line's code."""
    statement = (
        select(marker.c.line_code, marker.c.verdict, func.count())
        .where(marker.c.valid_to.is_(None), marker.c.line_code.is_not(None))
        .group_by(marker.c.line_code, marker.c.verdict)
    )
    found: dict[str, Counter[str]] = {}
    for code, verdict, count in connection.execute(statement):
        found.setdefault(code, Counter())[verdict or NEVER] += count
    return found


def verdicts_by_year(connection: Connection) -> dict[int, dict[str, int]]:
    """How many inspections of each year came to what, as far as the reader sees them."""
    statement = select(inspection.c.observed_on, inspection.c.verdict, func.count()).group_by(
        inspection.c.observed_on, inspection.c.verdict
    )
    found: dict[int, dict[str, int]] = {}
    for day, verdict, count in connection.execute(statement):
        if day is not None:
            year = found.setdefault(day.year, {})
            year[verdict] = year.get(verdict, 0) + count
    return dict(sorted(found.items()))


def count_in_force(connection: Connection) -> tuple[int, int]:
    """How many lines and how many markers are in force."""
    counts = [
        connection.scalar(select(func.count()).select_from(table).where(table.c.valid_to.is_(None)))
        for table in (line, marker)
    ]
    return counts[0] or 0, counts[1] or 0


def repairs_waiting(connection: Connection, today: date) -> tuple[int, int]:
    """How many orders wait for work, and how many of them past their day."""
    waiting = repair_order.c.state.in_(_WAITING)
    late = waiting & (repair_order.c.due_on < today)
    counts = [
        connection.scalar(select(func.count()).select_from(repair_order).where(condition)) or 0
        for condition in (waiting, late)
    ]
    return counts[0], counts[1]
