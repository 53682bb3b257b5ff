"""Dates, times and intervals of a filter."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from data.filters.limits import refuse
from data.filters.nodes import Kind, Literal, Queryable, Span

_ENDS = 2
OPEN = ".."


def read_moment(said: Mapping[str, Any]) -> Literal:
    """A `{"date": …}` or `{"timestamp": …}`; times are brought to UTC with microseconds.

    Raises:
        InvalidValue: the calendar or the clock has no such moment.

    >>> read_moment({"timestamp": "2024-05-03T07:00:00+08:00"}).value
    '2024-05-02T23:00:00.000000Z'
    """
    kind = Kind.DATE if "date" in said else Kind.TIME
    return _moment(said["date" if kind == Kind.DATE else "timestamp"], kind)


def _moment(text: Any, kind: Kind) -> Literal:
    try:
        if kind == Kind.DATE:
            return Literal(date.fromisoformat(text).isoformat(), kind)
        return Literal(_utc(datetime.fromisoformat(text)), kind)
    except (ValueError, TypeError, OverflowError):
        raise refuse(
            text,
            "it is a day or a time of the calendar (RFC 3339)",
            "give DATE('2024-05-03') or TIMESTAMP('2024-05-03T07:00:00Z')",
        ) from None


def _utc(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def read_span(ends: Any, instant: Callable[[Any], Queryable | Literal]) -> Span:
    """An interval of two ends, each a moment, a property or `..`.

    Args:
        ends: the two ends of the document.
        instant: reads an end that is not a bare text.

    Raises:
        InvalidValue: there are not two ends, or the first lies after the last.
    """
    if not isinstance(ends, Sequence) or isinstance(ends, str) or len(ends) != _ENDS:
        raise refuse(ends, "an interval has two ends", "give INTERVAL('2020-01-01', '..')")
    start, end = (_end(part, instant) for part in ends)
    fixed = isinstance(start, Literal) and isinstance(end, Literal)
    if fixed and lifted(start) > lifted(end):  # type: ignore[arg-type]
        raise refuse(ends, "an interval's first end is not after its last", "swap the ends")
    return Span(start, end)


def _end(said: Any, instant: Callable[[Any], Queryable | Literal]) -> Queryable | Literal | None:
    if said == OPEN:
        return None
    if isinstance(said, str):
        return _moment(said, Kind.TIME if "T" in said or "t" in said else Kind.DATE)
    return instant(said)


def lifted(moment: Literal) -> str:
    """A day as the time it begins, for comparing it with times."""
    return f"{moment.value}{BEGINS}" if moment.kind == Kind.DATE else str(moment.value)


BEGINS = "T00:00:00.000000Z"
"""What a day lacks to be a time."""
