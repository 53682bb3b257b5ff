"""Writing what a division event did to lines: one transaction, linked to the event, or nothing."""

from collections.abc import Mapping
from typing import Any

import shapely
from pyproj import Geod
from sqlalchemy import Connection, select

from boundary.authority import require
from boundary.change_tables import line_change
from boundary.changes.reading import Previewed, event_lines
from boundary.changes.values import (
    DIVIDED,
    ENDS,
    OTHER_LINE,
    PARTIES,
    LineEffect,
    Piece,
)
from boundary.lines.keeping import read_line
from boundary.tables import line, marker
from data.actors import Actor, Role
from data.coordinates import ReferenceSystem
from data.errors import Conflict, Fault, FaultsFound
from data.geometry import to_wkb
from data.store import Store
from data.transaction import Transaction

SPLIT = "|"
_ROLES = (Role.APPROVER, Role.ADMINISTRATOR)
_KEPT = (
    *("name", "name_source", "section", "approving_authority", "approved_on", "state"),
    *("state_source", "licence", "synthetic"),
)
_COMPUTED, _UNDETERMINED = "computed", "undetermined"


def apply_lines(store: Store, actor: Actor, event_id: int, basis: str) -> list[int]:
    """Write what an applied division event does to lines; the ids of the lines that begin.

    A line whose parties merge ends and stays readable; one whose parties or level change goes on
    as the same record; one that is divided ends, and its pieces begin. Lines that are drafted from
    outlines begin as undetermined, until they are surveyed. Reference positions and printed numbers
    of markers stay; a marker that comes to another line is linked to that.

    Args:
        store: the store.
        actor: an approver of a party of each line.
        event_id: the division event, already applied.
        basis: from the preview that the actor saw.

    Raises:
        NotFound: there is no such event.
        Conflict: it was written already, or the register is not what the preview saw.
        FaultsFound: for some line it cannot be told who its parties are; nothing was written.
        Forbidden: the actor is no approver of a party of one of the lines.
    """
    with store.write(actor.name, f"lines after division event {event_id}") as transaction:
        connection = transaction.connection
        _refuse_twice(connection, event_id)
        seen = event_lines(connection, event_id)
        _check(seen, basis)
        geod = _geod(store.crs)
        begun: list[int] = []
        for effect in seen.changes.effects:
            codes = effect.line.parties if effect.line else effect.parties
            require(connection, actor, _ROLES, codes, "change this line after its divisions")
            begun += _write(transaction, event_id, effect, seen, geod)
        return begun


def _refuse_twice(connection: Connection, event_id: int) -> None:
    written = select(line_change.c.id).where(line_change.c.event_id == event_id).limit(1)
    if connection.scalar(written) is not None:
        raise Conflict(
            f"the lines after division event {event_id} were written already",
            f"第 {event_id} 号变更事件的界线变更已登记",
        )


def _check(seen: Previewed, basis: str) -> None:
    undecided = seen.changes.undecided
    if undecided:
        raise FaultsFound(
            [Fault("invalid-value", None, f"line {key}", "", zh, en) for key, zh, en in undecided]
        )
    if basis != seen.basis:
        raise Conflict(
            "the register has changed since the preview; preview the lines again",
            "预览之后登记内容已变化；请重新预览界线变更",
        )


def _geod(crs: str) -> Geod:
    ellipsoid = ReferenceSystem.parse(crs).datum.ellipsoid
    return Geod(a=ellipsoid.semi_major_m, rf=ellipsoid.inverse_flattening)


def _write(
    transaction: Transaction, event_id: int, effect: LineEffect, seen: Previewed, geod: Geod
) -> list[int]:
    day = seen.changes.steps.effective_on
    old = effect.line
    note: dict[str, Any] = {"event_id": event_id, "kind": effect.kind, "effective_on": day}
    if old is not None:
        note |= {
            "line_id": old.id,
            "parties_before": SPLIT.join(old.parties),
            "level_before": old.level,
        }
    if effect.kind == PARTIES and old is not None:
        sides = dict(
            zip(("party_a", "party_b", "party_c"), (*effect.parties, None, None), strict=False)
        )
        transaction.update(line, old.id, old.version, {**sides, "level": effect.level})
        after = {"parties_after": SPLIT.join(effect.parties), "level_after": effect.level}
        transaction.insert(line_change, note | after)
    elif effect.kind in {ENDS, DIVIDED} and old is not None:
        transaction.update(line, old.id, old.version, {"valid_to": day})
    if effect.kind == ENDS:
        transaction.insert(line_change, note)
    begun = [_begin(transaction, effect, piece, seen, geod, event_id) for piece in effect.pieces]
    for identity, piece in zip(begun, effect.pieces, strict=True):
        after = {"parties_after": SPLIT.join(piece.parties), "level_after": piece.level}
        transaction.insert(line_change, note | after | {"successor_id": identity})
    for one in effect.markers:
        if one.kind == OTHER_LINE:
            values = {"line_code": one.line_code}
            transaction.update(marker, one.marker.id, one.marker.version, values)
    return begun


def _begin(
    transaction: Transaction,
    effect: LineEffect,
    piece: Piece,
    seen: Previewed,
    geod: Geod,
    event_id: int,
) -> int:
    """Insert a piece of a line, or a drafted line."""
    day = seen.changes.steps.effective_on
    shape = shapely.MultiLineString(
        [part for part in shapely.get_parts(piece.shape) if isinstance(part, shapely.LineString)]
    )
    values: dict[str, Any] = {
        "code": piece.code or None,
        "level": piece.level,
        "party_a": piece.parties[0],
        "party_b": piece.parties[1],
        "valid_from": day,
        "length_m": round(float(geod.geometry_length(shape)), 3),
        "length_basis": _COMPUTED,
        "geom": to_wkb(shape),
    }
    if effect.line is not None:
        record = read_line(transaction.connection, effect.line.id)
        kept = {name: record[name] for name in _KEPT}
        source = f"cut from line {effect.line.id} after division event {event_id}"
        return transaction.insert(line, kept | values | {"source": source})
    return transaction.insert(line, values | _drafted(piece, seen.names, event_id))


def _drafted(piece: Piece, names: Mapping[str, str], event_id: int) -> dict[str, Any]:
    one, other = (names.get(code, code) for code in piece.parties)
    return {
        "name": f"{one}-{other}线",
        "state": _UNDETERMINED,
        "state_source": f"division event {event_id}",
        "source": f"drafted from outlines after division event {event_id}; to be surveyed (勘定)",
    }
