"""What a change of divisions is made of: states, changes, events. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import orjson


class EventKind(StrEnum):
    """What happens to a division; words in the table `division_event_kinds`."""

    ESTABLISHED = "established"
    ABOLISHED = "abolished"
    MERGED = "merged"
    SPLIT = "split"
    TRANSFERRED = "transferred"
    RENAMED = "renamed"
    SEAT_MOVED = "seat_moved"
    RECODED = "recoded"
    REPLACED = "replaced"


CONTINUED = "continued"
"""A division that takes part in an event and stays as it is, such as one that takes another in."""


class Below(StrEnum):
    """What becomes of the units below a division whose code ends."""

    NAMED = "named"
    SAME_ENDING = "same-ending"
    KEEP_CODES = "keep-codes"


@dataclass(frozen=True, slots=True)
class DivisionState:
    """A division as the register has it in one span of time.

    Attributes:
        id, version: of its record.
        code, name, level, parent_code, seat, romanization: as recorded; seat (驻地) may be unknown.
        valid_from: the first day; None where it is not known.
        in_region: whether it belongs to the register's own region.
        has_outline: whether the record has a polygon.
    """

    id: int
    version: int
    code: str
    name: str
    level: str
    parent_code: str | None = None
    seat: str | None = None
    romanization: str | None = None
    valid_from: date | None = None
    in_region: bool = True
    has_outline: bool = False


@dataclass(frozen=True, slots=True)
class NewState:
    """What a division is after an event; None stands for "as the division before it"."""

    code: str
    name: str | None = None
    level: str | None = None
    parent_code: str | None = None
    seat: str | None = None
    romanization: str | None = None
    outline: bytes | None = None
    takes_rest: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an event: which division becomes which.

    Attributes:
        old_code: the division before; None for one that is set up from nothing recorded.
        new: the division after; None for one that ends without a successor.
        number: the line's number in the event, from 1.
    """

    old_code: str | None
    new: NewState | None
    number: int


@dataclass(frozen=True, slots=True)
class DivisionEvent:
    """A change of divisions as it was decided.

    A division named as `old_code` ends unless a line says that it stays: a line with the same
    code before and after. Several lines with one old code split it; several with one new code
    merge into it.

    Attributes:
        kind: what the decision is called.
        effective_on: the first day of the new state.
        changes: the lines.
        approved_on, document, authority: the decision; empty where nobody knows them.
        source: where all this was read.
        dated_by: `decision`, or `list` where the day is that of the code list that first shows it.
        derived: whether it was concluded from a difference of code lists.
        below: what becomes of units below that the lines do not name.
        measures: the document of protective measures, where a listed heritage name is changed
            (Order 753, Art 25).
        remark: anything else.
    """

    kind: EventKind
    effective_on: date
    changes: tuple[Change, ...]
    approved_on: date | None = None
    document: str = ""
    authority: str = ""
    source: str = ""
    dated_by: str = "decision"
    derived: bool = False
    below: Below = Below.NAMED
    measures: str = ""
    remark: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of all the event says: the same event sent twice is recognised by it."""
        return hashlib.sha256(
            orjson.dumps(asdict(self), default=_plain, option=orjson.OPT_SORT_KEYS)
        ).hexdigest()

    def successors(self) -> Mapping[str, tuple[Change, ...]]:
        """The lines by their old code."""
        return _grouped((c.old_code, c) for c in self.changes)

    def predecessors(self) -> Mapping[str, tuple[Change, ...]]:
        """The lines by their new code."""
        return _grouped((c.new.code if c.new else None, c) for c in self.changes)


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(type(value).__name__)


def _grouped(pairs: Any) -> dict[str, tuple[Change, ...]]:
    found: dict[str, tuple[Change, ...]] = {}
    for code, change in pairs:
        if code is not None:
            found[code] = (*found.get(code, ()), change)
    return found
