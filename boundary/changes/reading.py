"""A change of divisions and the lines it concerns, read from the store; nothing is written."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, or_, select

from boundary.authority import names_of
from boundary.changes.deriving import derive_changes
from boundary.changes.values import (
    DivisionSteps,
    LineChanges,
    OldLine,
    OldMarker,
    Successor,
)
from boundary.lines.keeping import parties_of
from boundary.marker_tables import marker_line
from boundary.rows import plain
from boundary.tables import line, marker
from data.errors import NotFound
from data.geometry import point_xy
from gazetteer.divisions.applying import preview_event
from gazetteer.divisions.outlines import outlines_after
from gazetteer.divisions.tables import division_event, division_event_line
from gazetteer.divisions.values import DivisionEvent
from gazetteer.tables import division


@dataclass(frozen=True, slots=True)
class Step:
    """One division before and after, with codes, parents, names and outlines; None where none."""

    old_code: str | None
    old_parent: str | None
    old_shape: BaseGeometry | None
    new_code: str | None
    new_parent: str | None
    new_name: str
    new_shape: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class Previewed:
    """What a change would do to lines; `basis` is wanted back by whoever applies it."""

    changes: LineChanges
    names: Mapping[str, str]
    basis: str

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        found = self.changes
        return {
            "effective_on": found.steps.effective_on,
            "document": found.steps.document,
            "basis": self.basis,
            "lines": [one.as_json(self.names) for one in found.effects],
            "surveys": [{"zh": zh, "en": en} for zh, en in found.surveys],
            "undecided": [{"line_id": key, "zh": zh, "en": en} for key, zh, en in found.undecided],
        }


def preview_lines(connection: Connection, event: DivisionEvent, today: date) -> Previewed:
    """What an event that is not applied yet would do to lines.

    Args:
        connection: a reading connection.
        event: the event.
        today: the calendar day in China.
    """
    plan = preview_event(connection, event, today).plan
    ids = [one.old.id for one in plan.lines if one.old]
    before = _outlines(connection, ids)
    codes = {one.old.id: one.old.code for one in plan.lines if one.old}
    by_code = {codes[key]: row["geom"] for key, row in before.items()}
    after = outlines_after(plan, by_code)
    steps = [
        Step(
            one.old.code if one.old else None,
            one.old.parent_code if one.old else None,
            _shape(by_code.get(one.old.code)) if one.old else None,
            one.new.code if one.new else None,
            one.new.parent_code if one.new else None,
            one.new.name if one.new else "",
            _after_shape(one.new.code, after, by_code) if one.new else None,
        )
        for one in plan.lines
    ]
    return _previewed(connection, event.effective_on, event.document, steps)


def _after_shape(
    code: str, after: Mapping[str, bytes | None], before: Mapping[str, bytes | None]
) -> BaseGeometry | None:
    return _shape(after[code] if code in after else before.get(code))


def event_lines(connection: Connection, event_id: int) -> Previewed:
    """What an event that was applied does to lines, as far as that is not written yet.

    Raises:
        NotFound: there is no event of that id.
    """
    event = connection.execute(
        select(division_event).where(division_event.c.id == event_id)
    ).one_or_none()
    if event is None:
        raise NotFound(f"there is no division event {event_id}", f"没有第 {event_id} 号变更事件")
    rows = connection.execute(
        select(division_event_line)
        .where(division_event_line.c.event_id == event_id)
        .order_by(division_event_line.c.id)
    ).all()
    known = _outlines(connection, [key for row in rows for key in (row.old_id, row.new_id) if key])
    nothing: Mapping[str, Any] = {"parent_code": None, "geom": None}
    steps = [
        Step(
            row.old_code, known.get(row.old_id, nothing)["parent_code"],
            _shape(known.get(row.old_id, nothing)["geom"]),
            row.new_code, known.get(row.new_id, nothing)["parent_code"], row.new_name or "",
            _shape(known.get(row.new_id, nothing)["geom"]),
        )
        for row in rows
    ]  # fmt: skip
    return _previewed(connection, event.effective_on, event.document or "", steps)


def _outlines(connection: Connection, ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
    columns = (division.c.id, division.c.parent_code, division.c.geom)
    rows = connection.execute(select(*columns).where(division.c.id.in_(ids))).mappings()
    return {row["id"]: plain(row) for row in rows}


def _shape(wkb: bytes | None) -> BaseGeometry | None:
    return None if wkb is None else shapely.from_wkb(wkb)


def _previewed(
    connection: Connection, effective_on: date, document: str, rows: Sequence[Step]
) -> Previewed:
    successors = steps_of(rows)
    for code, after in _of_parents(connection, rows, set(successors)).items():
        successors[code] = after
    steps = DivisionSteps(effective_on, document, successors)
    lines = _old_lines(connection, successors)
    codes = {code for one in lines for code in one.parties}
    after_codes = {one.code for after in successors.values() for one in after}
    names = names_of(connection, codes | after_codes)
    names |= {one.code: one.name for after in successors.values() for one in after if one.name}
    found = derive_changes(steps, lines, names)
    return Previewed(found, names, _basis(found))


def steps_of(rows: Iterable[Step]) -> dict[str, tuple[Successor, ...]]:
    """What becomes of each code, from the lines of an event.

    >>> merged = Step("990101", None, None, "990102", None, "西旗", None)
    >>> {code: [one.code for one in after] for code, after in steps_of([merged]).items()}
    {'990101': ['990102']}
    """
    found: dict[str, dict[str, Successor]] = defaultdict(dict)
    for row in rows:
        if row.old_code is None:
            continue
        after = found[row.old_code]
        if row.new_code is not None:
            after[row.new_code] = Successor(row.new_code, row.new_name, row.new_shape)
    return {code: tuple(after.values()) for code, after in found.items()}


def _of_parents(
    connection: Connection, rows: Sequence[Step], named: set[str]
) -> dict[str, tuple[Successor, ...]]:
    """Divisions from which units below go to others, such as townships to another county."""
    moved: dict[str, list[Step]] = defaultdict(list)
    for row in rows:
        old, new = row.old_parent, row.new_parent
        if old and new and old != new and old not in named and new not in named:
            moved[old].append(row)
    if not moved:
        return {}
    wanted = set(moved) | {row.new_parent for steps in moved.values() for row in steps}
    statement = select(division.c.code, division.c.name, division.c.geom).where(
        division.c.code.in_(wanted), division.c.valid_to.is_(None)
    )
    known = {row.code: row for row in connection.execute(statement)}
    return {code: _divided(code, steps, known) for code, steps in moved.items() if code in known}


def _divided(code: str, steps: Sequence[Step], known: Mapping[str, Any]) -> tuple[Successor, ...]:
    """A division less what leaves it, and the parts that leave under the divisions they go to."""
    parts = [row.new_shape or row.old_shape for row in steps]
    own = _shape(known[code].geom)
    gone = None if None in parts else shapely.union_all([p for p in parts if p is not None])
    rest = None if own is None or gone is None else shapely.difference(own, gone)
    by_parent: dict[str, list[BaseGeometry | None]] = defaultdict(list)
    for row, part in zip(steps, parts, strict=True):
        by_parent[row.new_parent or ""].append(part)
    taken = [
        Successor(
            parent, known[parent].name if parent in known else "",
            None if None in shapes else shapely.union_all([s for s in shapes if s is not None]),
        )
        for parent, shapes in by_parent.items()
    ]  # fmt: skip
    return (Successor(code, known[code].name, rest), *taken)


def _old_lines(connection: Connection, codes: Iterable[str]) -> list[OldLine]:
    wanted = list(codes)
    parties = (line.c.party_a, line.c.party_b, line.c.party_c)
    rows = [
        plain(row)
        for row in connection.execute(
            select(line)
            .where(line.c.valid_to.is_(None), or_(*(party.in_(wanted) for party in parties)))
            .order_by(line.c.id)
        ).mappings()
        if row["geom"]
    ]
    markers = _markers(connection, [row["code"] for row in rows if row["code"]])
    return [
        OldLine(
            row["id"], row["version"], row["code"] or "",
            " ".join(filter(None, (row["name"], row["section"]))), row["level"],
            tuple(parties_of(row)), shapely.from_wkb(row["geom"]),
            tuple(markers.get(row["code"] or "", ())),
        )
        for row in rows
    ]  # fmt: skip


def _markers(connection: Connection, codes: Sequence[str]) -> dict[str, list[OldMarker]]:
    if not codes:
        return {}
    meeting = select(marker_line.c.marker_id).where(marker_line.c.line_code.in_(codes))
    columns = ("id", "version", "marker_no", "faces", "line_code", "geom", "sequence")
    statement = select(*(marker.c[name] for name in columns)).where(
        marker.c.valid_to.is_(None),
        or_(marker.c.line_code.in_(codes), marker.c.id.in_(meeting)),
    )
    rows = connection.execute(statement.order_by(marker.c.sequence, marker.c.id)).all()
    others: dict[int, list[str]] = defaultdict(list)
    linked = select(marker_line.c.marker_id, marker_line.c.line_code).where(
        marker_line.c.marker_id.in_([row.id for row in rows])
    )
    for key, code in connection.execute(linked):
        others[key].append(code)
    found: dict[str, list[OldMarker]] = defaultdict(list)
    for row in rows:
        if row.geom is not None:
            lines = tuple(dict.fromkeys(filter(None, (row.line_code, *others[row.id]))))
            lon, lat = point_xy(row.geom)
            one = OldMarker(row.id, row.version, row.marker_no, lon, lat, row.faces, lines)
            for code in lines:
                found[code].append(one)
    return found


def _basis(found: LineChanges) -> str:
    stand = [
        found.steps.effective_on.isoformat(),
        found.steps.document,
        *(f"{e.kind}:{e.line.id}:{e.line.version}" for e in found.effects if e.line),
        *(
            f"{m.marker.id}:{m.marker.version}:{m.kind}:{m.line_code}"
            for e in found.effects
            for m in e.markers
        ),
        *(f"{'|'.join(p.parties)}:{p.shape.wkt}" for e in found.effects for p in e.pieces),
    ]
    return hashlib.sha256("\n".join(stand).encode()).hexdigest()
