"""A filter as values: what CQL2 (OGC 21-065r2) says, with the kind of every part known."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an expression yields."""

    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    TIME = "time"
    GEOMETRY = "geometry"


TEMPORAL = frozenset({Kind.DATE, Kind.TIME})


@dataclass(frozen=True, slots=True)
class Queryable:
    """A property that a filter may name.

    Attributes:
        name: its name in filters.
        column: the column it stands for.
        kind: what it holds. A `TIME` column holds text such as 2024-05-03T07:00:00.000000Z.
    """

    name: str
    column: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Literal:
    """A value: text, a number, yes or no, a date (yyyy-mm-dd) or a time in UTC, as stored."""

    value: str | float | bool
    kind: Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry in the store's system as WKB, and its box (west, south, east, north)."""

    wkb: bytes
    bounds: tuple[float, float, float, float]
    kind: Kind = Kind.GEOMETRY


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator or function with its operands."""

    op: str
    args: tuple["Node", ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time; None is open. An instant has the same expression at both ends."""

    start: "Instant | None"
    end: "Instant | None"


def equality(queryable: Queryable, value: object) -> "Operation":
    """The condition that a property has a value, as its own parameter asks for it."""
    plain = value if isinstance(value, str | int | float | bool) else str(value)
    return Operation("=", (queryable, Literal(plain, queryable.kind)), Kind.FLAG)


def joined(parts: "Sequence[Scalar | None]") -> "Scalar | None":
    """All conditions as one; None where there is none."""
    known = [part for part in parts if part is not None]
    if len(known) > 1:
        return Operation("and", tuple(known), Kind.FLAG)
    return known[0] if known else None


Instant = Queryable | Literal
Scalar = Queryable | Literal | Operation
Node = Scalar | Shape | Span
