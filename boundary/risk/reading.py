"""The risk of every line, from what the store has on record: a few questions for all lines."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import orjson
from pyproj import Geod
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, func, select

from boundary.line_tables import line_finding, line_section
from boundary.repair_tables import repair_order
from boundary.repairs.orders import UNFINISHED
from boundary.risk.scoring import GRADES, LineRisk, factors, grade_of, index_of
from boundary.round_tables import joint_round, round_line
from boundary.rounds.reading import calendar
from boundary.tables import line, line_rendered, marker
from data.collection import geometry_of
from data.coordinates import GRS80
from data.errors import InvalidValue
from data.geometry import geojson_text
from gazetteer.divisions.codes import significant

_DISPUTE, _SPECIAL, _OPEN = "dispute", "special", "open"
_DISPUTED, _UNDETERMINED = "disputed", "undetermined"
_FULL_SEVERITY: Final = 5.0
_AT_ONCE: Final = 1_000
_EVENT_DAYS: Final = 5 * 365
_GEOD = Geod(a=GRS80.semi_major_m, rf=GRS80.inverse_flattening)


@dataclass(frozen=True, slots=True)
class RiskQuery:
    """Which lines are asked for; None asks for all.

    Attributes:
        within: a division: lines with a party in it.
        level: their level.
        grade: high, medium or low: at least so high.
    """

    within: str | None = None
    level: str | None = None
    grade: str | None = None


def line_risks(connection: Connection, query: RiskQuery, today: date) -> list[LineRisk]:
    """The risk of lines in force, the highest first.

    Args:
        connection: a reading connection.
        query: which lines.
        today: the day that rounds and events are counted to.

    Raises:
        InvalidValue: there is no such grade.
    """
    return chosen_risks(all_risks(connection, today), query)


def chosen_risks(found: Sequence[LineRisk], query: RiskQuery) -> list[LineRisk]:
    """Those of the lines that are asked for, in their order.

    Raises:
        InvalidValue: there is no such grade.
    """
    if query.grade is not None and query.grade not in GRADES:
        raise InvalidValue(
            "grade", query.grade, "it is high, medium or low", "give one of them",
            "grade 应为 high、medium 或 low",
        )  # fmt: skip
    grades = list(GRADES)
    least = grades.index(query.grade) if query.grade else len(grades)
    return [one for one in found if grades.index(one.grade) <= least and _asked(one, query)]


def all_risks(connection: Connection, today: date) -> list[LineRisk]:
    """The risk of every line in force, the highest first."""
    values = _values(connection, today)
    known = factors()
    found = []
    columns = (line.c.id, line.c.code, line.c.name, line.c.section, line.c.level)
    parties = (line.c.party_a, line.c.party_b, line.c.party_c)
    for row in connection.execute(select(*columns, *parties).where(line.c.valid_to.is_(None))):
        sides = tuple(code for code in row[5:8] if code)
        index, parts = index_of(values[row.id], known)
        name = " ".join(filter(None, (row.name, row.section)))
        found.append(
            LineRisk(
                row.id, row.code or "", name, row.level, sides, index, grade_of(index),
                {one.code: round(values[row.id].get(one.code, 0.0), 3) for one in known},
                parts,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (-one.index, one.line_id))


def _asked(one: LineRisk, query: RiskQuery) -> bool:
    if query.level is not None and one.level != query.level:
        return False
    if query.within is None:
        return True
    digits = significant(query.within)
    return any(code.startswith(digits) for code in one.parties)


def _values(connection: Connection, today: date) -> Mapping[int, dict[str, float]]:
    """The value of each factor, by line."""
    found: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for entry in calendar(connection, today, 1):
        if entry.overdue:
            found[entry.line_id]["overdue_round"] = float((today - entry.due[0]).days)
    _states(connection, found)
    _findings(connection, found)
    _markers(connection, found)
    events = (
        select(round_line.c.line_id, func.count())
        .join(joint_round, joint_round.c.id == round_line.c.round_id)
        .where(
            joint_round.c.kind == _SPECIAL,
            joint_round.c.due_on >= date.fromordinal(today.toordinal() - _EVENT_DAYS),
        )
        .group_by(round_line.c.line_id)
    )
    for line_id, count in connection.execute(events):
        found[line_id]["events"] += float(count)
    return found


def _states(connection: Connection, found: dict[int, dict[str, float]]) -> None:
    """Disputes, and the share of undetermined sections by length, by number where none is known."""
    states = select(line.c.id, line.c.state).where(
        line.c.valid_to.is_(None), line.c.state.in_((_DISPUTED, _UNDETERMINED))
    )
    for line_id, state in connection.execute(states):
        if state == _DISPUTED:
            found[line_id]["disputes"] += 1.0
        else:
            found[line_id]["undetermined"] = 1.0
    sections: dict[int, list[tuple[str, float | None]]] = defaultdict(list)
    rows = select(line_section.c.line_id, line_section.c.state, line_section.c.length_m)
    for line_id, state, length_m in connection.execute(rows):
        sections[line_id].append((state, length_m))
    for line_id, own in sections.items():
        measured = all(length for _, length in own)
        weights = [(state, (length or 0.0) if measured else 1.0) for state, length in own]
        whole = sum(weight for _, weight in weights)
        open_part = sum(weight for state, weight in weights if state == _UNDETERMINED)
        found[line_id]["undetermined"] = open_part / whole if whole else 0.0


def _findings(connection: Connection, found: dict[int, dict[str, float]]) -> None:
    open_findings = (
        select(line_finding.c.line_id, line_finding.c.kind, func.count())
        .where(line_finding.c.state == _OPEN)
        .group_by(line_finding.c.line_id, line_finding.c.kind)
    )
    for line_id, kind, count in connection.execute(open_findings):
        found[line_id]["disputes" if kind == _DISPUTE else "events"] += float(count)


def _markers(connection: Connection, found: dict[int, dict[str, float]]) -> None:
    """Repairs that are not finished, and kilometres of line for each marker."""
    by_code: dict[str, list[tuple[int, float]]] = defaultdict(list)
    statement = select(line.c.id, line.c.code, line.c.length_m).where(line.c.valid_to.is_(None))
    unmeasured = []
    for line_id, code, length_m in connection.execute(statement):
        if length_m is None:
            unmeasured.append(line_id)
        by_code[code or ""].append((line_id, length_m or 0.0))
    lengths = _lengths(connection, unmeasured)
    standing = (
        select(marker.c.line_code, func.count())
        .where(marker.c.valid_to.is_(None))
        .group_by(marker.c.line_code)
    )
    counts = {code: int(count) for code, count in connection.execute(standing)}
    for code, lines in by_code.items():
        for line_id, length_m in lines:
            kilometres = (length_m or lengths.get(line_id, 0.0)) / 1000.0
            found[line_id]["sparse_markers"] = kilometres / max(
                counts.get(code, 0) if code else 0, 1
            )
    for code, severity in _open_repairs(connection).items():
        for line_id, _ in by_code.get(code, ()):
            found[line_id]["open_repairs"] = severity / _FULL_SEVERITY


def _open_repairs(connection: Connection) -> Mapping[str, float]:
    """The severities of unfinished repairs together, by the code of the marker's line.

    The few markers are looked up afterwards: a join would ask each order twice whether it is seen.
    """
    orders = (
        select(repair_order.c.marker_id, func.sum(repair_order.c.severity))
        .where(repair_order.c.state.in_(UNFINISHED))
        .group_by(repair_order.c.marker_id)
    )
    severities = {key: float(severity) for key, severity in connection.execute(orders)}
    ids = sorted(severities)
    found: dict[str, float] = defaultdict(float)
    for start in range(0, len(ids), _AT_ONCE):
        part = marker.c.id.in_(ids[start : start + _AT_ONCE])
        for key, code in connection.execute(select(marker.c.id, marker.c.line_code).where(part)):
            if code:
                found[code] += severities[key]
    return found


def _lengths(connection: Connection, line_ids: list[int]) -> dict[int, float]:
    """Geodesic lengths of lines of which none is recorded."""
    import shapely

    rows = connection.execute(select(line.c.id, line.c.geom).where(line.c.id.in_(line_ids)))
    return {
        row.id: float(_GEOD.geometry_length(shapely.from_wkb(row.geom))) for row in rows if row.geom
    }


def line_shapes(connection: Connection, found: Iterable[LineRisk]) -> dict[int, BaseGeometry]:
    """The shapes of lines by id, degrees."""
    import shapely

    ids = [one.line_id for one in found]
    rows = connection.execute(select(line.c.id, line.c.geom).where(line.c.id.in_(ids)))
    return {row.id: shapely.from_wkb(row.geom) for row in rows if row.geom}


def risk_features(connection: Connection, found: Iterable[LineRisk]) -> bytes:
    """The lines with their risk as a GeoJSON FeatureCollection."""
    risks = {one.line_id: one for one in found}
    shapes = _drawn(connection, list(risks))
    features = [
        b'{"type":"Feature","id":%d,"geometry":%b,"properties":%b}'
        % (key, shapes.get(key, b"null"), orjson.dumps(one.as_json()))
        for key, one in risks.items()
    ]
    return b'{"type":"FeatureCollection","features":[' + b",".join(features) + b"]}"


def _drawn(connection: Connection, line_ids: list[int]) -> dict[int, bytes]:
    """The geometries of lines as they are kept rendered, or, of one that waits, from itself."""
    kept = select(line_rendered.c.id, line_rendered.c.json).where(line_rendered.c.id.in_(line_ids))
    found = {key: geometry_of(bytes(text)) for key, text in connection.execute(kept)}
    waiting = [key for key in line_ids if key not in found]
    own = select(line.c.id, line.c.geom).where(line.c.id.in_(waiting))
    return found | {key: geojson_text(wkb).encode() for key, wkb in connection.execute(own)}
