"""The register's divisions, read from a store for an event."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from gazetteer.divisions.codes import significant
from gazetteer.divisions.register import Ended, Register
from gazetteer.divisions.tables import division_event_line
from gazetteer.divisions.values import DivisionEvent, DivisionState
from gazetteer.tables import division, place

_OWN_CATEGORY = "21"
"""Category codes of divisions as places begin with it (GB/T 18521)."""
_AT_ONCE, _LONGEST = 100, 12


def read_register(connection: Connection, event: DivisionEvent | None = None) -> Register:
    """Every division in force and every code that ended.

    Args:
        connection: of a store.
        event: the names that lie in its divisions, and below, are counted.
    """
    rows = connection.execute(
        select(
            *(column for column in division.c if column.name != "geom"),
            division.c.geom.is_not(None).label("has_outline"),
        ).order_by(division.c.id)
    ).all()
    current = {row.code: state_of(row) for row in rows if row.valid_to is None}
    ended = _ended(connection, [row for row in rows if row.valid_to and row.code not in current])
    if event is None:
        return Register(current, ended)
    olds = [change.old_code for change in event.changes if change.old_code]
    names = _names(connection, olds)
    return Register(current, ended, names, _own_places(connection, current, olds))


def read_current(connection: Connection) -> Register:
    """The divisions in force alone, for names and parents."""
    rows = connection.execute(
        select(
            *(column for column in division.c if column.name != "geom"),
            division.c.geom.is_not(None).label("has_outline"),
        ).where(division.c.valid_to.is_(None))
    )
    return Register({row.code: state_of(row) for row in rows})


def state_of(row: Any) -> DivisionState:
    """A division's row as a value."""
    return DivisionState(
        row.id,
        row.version,
        row.code,
        row.name,
        row.level,
        row.parent_code,
        row.seat,
        row.romanization,
        row.valid_from,
        row.in_region,
        bool(row.has_outline),
    )


def _ended(connection: Connection, rows: Iterable[Any]) -> Mapping[str, Ended]:
    newest: dict[str, Any] = {}
    for row in rows:
        if row.code not in newest or newest[row.code].valid_to < row.valid_to:
            newest[row.code] = row
    if not newest:
        return {}
    heirs: dict[str, list[str]] = {}
    lines = connection.execute(
        select(division_event_line.c.old_code, division_event_line.c.new_code).where(
            division_event_line.c.old_code.is_not(None), division_event_line.c.new_code.is_not(None)
        )
    )
    for old, new in lines:
        if old != new:
            heirs.setdefault(old, []).append(new)
    return {
        code: Ended(code, row.name, row.valid_to, tuple(dict.fromkeys(heirs.get(code, ()))))
        for code, row in newest.items()
    }


def _names(connection: Connection, codes: Sequence[str]) -> dict[str, int]:
    """How many places are recorded in each of these codes, or in a finer one."""
    code = place.c.division_code
    found: dict[str, int] = {}
    for start in range(0, len(codes), _AT_ONCE):
        ranges = [
            code.between(one, significant(one).ljust(_LONGEST, "9"))
            for one in codes[start : start + _AT_ONCE]
        ]
        statement = select(code, func.count()).where(or_(*ranges)).group_by(code)
        found |= {row[0]: row[1] for row in connection.execute(statement)}
    return found


def _own_places(
    connection: Connection, current: Mapping[str, DivisionState], codes: Sequence[str]
) -> dict[str, bool]:
    """Which of these divisions are recorded as places too, and whether as heritage."""
    found: dict[str, bool] = {}
    for start in range(0, len(codes), _AT_ONCE):
        wanted = {c: current[c].name for c in codes[start : start + _AT_ONCE] if c in current}
        rows = connection.execute(
            select(place.c.division_code, place.c.name, place.c.category_code, place.c.heritage)
            .where(place.c.name.in_(set(wanted.values())))
            .where(place.c.division_code.in_(list(wanted)), in_force())
        )
        for row in rows:
            if row.name == wanted[row.division_code] and is_own(row.category_code):
                found[row.division_code] = found.get(row.division_code, False) or row.heritage
    return found


def in_force() -> ColumnElement[bool]:
    """The condition that a place has not ended."""
    return place.c.valid_to.is_(None) & (place.c.status != "former")


def is_own(category_code: str | None) -> bool:
    """Whether a place of that category may be a division itself."""
    return (category_code or "").startswith(_OWN_CATEGORY)
