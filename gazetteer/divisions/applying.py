"""Preview an event, and apply it: one transaction, with its history, or nothing."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from sqlalchemy import Connection, select

from data.actors import Actor, Role
from data.errors import Conflict, FaultsFound
from data.store import Store
from data.transaction import Transaction
from gazetteer.divisions.checking import checked_plan
from gazetteer.divisions.outlines import outlines_after
from gazetteer.divisions.own_names import rename_own_places
from gazetteer.divisions.plan import NameMove, Plan
from gazetteer.divisions.reading import read_register
from gazetteer.divisions.records import event_row, line_rows, state_row
from gazetteer.divisions.register import Register
from gazetteer.divisions.tables import division_event, division_event_line
from gazetteer.divisions.values import DivisionEvent, DivisionState
from gazetteer.tables import division, place


@dataclass(frozen=True, slots=True)
class Preview:
    """What an event would do.

    Attributes:
        plan: every effect, fault and note.
        basis: a hash over the event and all that it stands on; `apply_event` wants it back.
    """

    plan: Plan
    basis: str


def preview_event(connection: Connection, event: DivisionEvent, today: date) -> Preview:
    """What an event would do to a store as it now is; nothing is written.

    Args:
        connection: a reading connection.
        event: the event.
        today: the calendar day in China.
    """
    register = read_register(connection, event)
    plan = checked_plan(event, register, today)
    return Preview(plan, _basis(plan))


def apply_event(store: Store, actor: Actor, event: DivisionEvent, basis: str, today: date) -> int:
    """Apply an event in one transaction; returns its id.

    The divisions' rows end and begin, names go where the event says, the places of the divisions
    themselves are renamed with their old name kept, and the event is kept with every line.

    Args:
        store: the register.
        actor: who applies it: an approver of every division that is named.
        event: the event.
        basis: from the preview that the actor saw.
        today: the calendar day in China.

    Raises:
        Forbidden: the actor is no approver of one of the divisions.
        Conflict: the event was applied already, or the register is not what the preview saw.
        FaultsFound: the event cannot be applied; nothing was written.
    """
    with store.write(actor.name, _reason(event)) as transaction:
        connection = transaction.connection
        register = read_register(connection, event)
        require_approver(actor, event, register)
        refuse_twice(connection, event)
        plan = checked_plan(event, register, today)
        if plan.faults:
            raise FaultsFound(plan.faults)
        if basis != _basis(plan):
            raise Conflict(
                "the register has changed since the preview; preview the event again",
                "预览之后登记内容已变化；请重新预览",
            )
        return write_plan(transaction, plan)


def require_approver(actor: Actor, event: DivisionEvent, register: Register) -> None:
    """Refuse an event to whom it does not belong to apply."""
    for change in event.changes:
        below = change.old_code or (change.new.parent_code if change.new else None)
        actor.require([Role.APPROVER], register.path(below), "apply a change of divisions")


def refuse_twice(connection: Connection, event: DivisionEvent) -> None:
    """Refuse an event that was applied already, to the second of two people who send it."""
    found = connection.scalar(
        select(division_event.c.id).where(division_event.c.digest == event.digest)
    )
    if found is not None:
        raise Conflict(
            f"this event was applied already, as event {found}",
            f"该变更已登记为第 {found} 号事件",
        )


def _reason(event: DivisionEvent) -> str:
    codes = "、".join(dict.fromkeys(c.old_code for c in event.changes if c.old_code))
    return f"division event {event.kind} {event.effective_on} {event.document} {codes}"[:500]


def _basis(plan: Plan) -> str:
    stand = [
        plan.event.digest,
        *(f"{line.old.id}:{line.old.version}" for line in plan.lines if line.old),
        *(f"{move.old_code}>{move.rest_code}:{move.count}" for move in plan.name_moves),
        *(f"{fault.code}:{fault.value}" for fault in plan.faults),
    ]
    return hashlib.sha256("\n".join(stand).encode()).hexdigest()


def write_plan(transaction: Transaction, plan: Plan) -> int:
    """Write a plan without faults; returns the event's id."""
    connection = transaction.connection
    day = plan.event.effective_on
    before = _rows(connection, [state.id for state in plan.ended])
    merged = _rows(connection, [line.old.id for line in plan.lines if line.old])
    shapes = outlines_after(plan, {row["code"]: row["geom"] for row in merged.values()})
    for state in plan.ended:
        transaction.update(division, state.id, state.version, {"valid_to": day})
    ids = _begin(transaction, plan, before, shapes)
    event_id = transaction.insert(division_event, event_row(plan))
    transaction.insert_many(division_event_line, line_rows(plan, event_id, ids))
    for move in plan.name_moves:
        _move_names(transaction, move, shapes)
    for line in plan.lines:
        if line.old and line.new and line.old.code in plan.own_names:
            rename_own_places(transaction, line.old, line.new, day)
    return event_id


def _rows(connection: Connection, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    rows = connection.execute(select(division).where(division.c.id.in_(ids))).mappings()
    return {row["id"]: {str(name): value for name, value in row.items()} for row in rows}


def _begin(
    transaction: Transaction,
    plan: Plan,
    before: Mapping[int, Mapping[str, Any]],
    shapes: Mapping[str, bytes | None],
) -> dict[str, int]:
    """Insert the rows that begin; their ids by code."""
    predecessors: dict[str, DivisionState] = {}
    for line in plan.lines:
        if line.new and line.old:
            predecessors.setdefault(line.new.code, line.old)
    rows = []
    for code, state in plan.begun.items():
        old = predecessors.get(code)
        kept = before.get(old.id, {}) if old else {}
        rows.append(state_row(state, plan.event, kept) | {"geom": shapes[code]})
    return dict(zip(plan.begun, transaction.insert_many(division, rows), strict=True))


def _move_names(
    transaction: Transaction, move: NameMove, shapes: Mapping[str, bytes | None]
) -> None:
    """Give every name of a code its new one: by outline where there are any, else the rest's."""
    rows = transaction.connection.execute(
        select(place.c.id, place.c.geom)
        .where(place.c.division_code == move.old_code)
        .order_by(place.c.id)
    ).all()
    left = {row.id: row.geom for row in rows}
    for code in move.by_outline:
        outline = shapes[code]
        if outline is not None:
            inside = _inside(outline, left)
            transaction.change_many(place, inside, {"division_code": code})
            for one in inside:
                del left[one]
    if move.rest_code != move.old_code:
        transaction.change_many(place, list(left), {"division_code": move.rest_code})


def _inside(outline: bytes, points: Mapping[int, bytes | None]) -> list[int]:
    known = [one for one, geom in points.items() if geom is not None]
    area = shapely.from_wkb(outline)
    shapely.prepare(area)
    covered = shapely.covers(area, shapely.from_wkb([points[one] for one in known]))
    return [one for one, inside in zip(known, covered.tolist(), strict=True) if inside]
