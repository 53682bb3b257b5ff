"""Reading lines: the list, and one line's page with all that belongs to it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import shapely
from pyproj import Geod
from sqlalchemy import Connection, Table, select, union

from boundary.authority import names_of
from boundary.documents import documents_of
from boundary.line_tables import line_finding, line_section, safe_boundary
from boundary.lines.checks import (
    LineFinding,
    count_findings,
    count_markers,
    length_findings,
    party_findings,
)
from boundary.lines.course import CourseSection, Station, draft_course
from boundary.lines.keeping import parties_of, read_line
from boundary.marker_tables import marker_line
from boundary.rows import plain
from boundary.tables import line, marker
from data.coordinates import Ellipsoid, ReferenceSystem
from data.geometry import point_xy
from gazetteer.tables import division

MOST_LINES = 1_000
_LIST = (
    *("id", "code", "name", "section", "level", "state", "party_a", "party_b", "party_c"),
    *("approving_authority", "approved_on", "length_m", "length_basis", "valid_from", "valid_to"),
    "version",
)
_MARKER = (
    *("id", "marker_no", "sequence", "kind", "faces", "material", "smart", "managing_party"),
    *("status", "status_open", "condition", "verdict", "inspected_on", "geom"),
)
_HIDDEN = frozenset({"geom", "line_id"})
AGREED, COMPUTED = "agreed", "computed"


@dataclass(frozen=True, slots=True)
class LinesQuery:
    """Which lines are asked for; None asks for all.

    Attributes:
        level: their level.
        state: their state.
        party: a division code on any of their sides.
        name: their name or code, whole.
        after: the id that the page begins after.
        limit: the most lines.
    """

    level: str | None = None
    state: str | None = None
    party: str | None = None
    name: str | None = None
    after: int = 0
    limit: int = 100


def list_lines(connection: Connection, query: LinesQuery) -> list[dict[str, Any]]:
    """Lines in force, in order of id; one more than the limit where there are more."""
    statement = (
        select(*(line.c[name] for name in _LIST))
        .where(line.c.valid_to.is_(None), line.c.id > query.after, *_conditions(query))
        .order_by(line.c.id)
        .limit(min(query.limit, MOST_LINES) + 1)
    )
    return [plain(row) for row in connection.execute(statement).mappings()]


def _conditions(query: LinesQuery) -> list[Any]:
    found: list[Any] = []
    if query.level is not None:
        found.append(line.c.level == query.level)
    if query.state is not None:
        found.append(line.c.state == query.state)
    if query.party is not None:
        # A union of three look-ups, each on its own index.
        sides = (line.c.party_a, line.c.party_b, line.c.party_c)
        found.append(
            line.c.id.in_(union(*(select(line.c.id).where(side == query.party) for side in sides)))
        )
    if query.name is not None:
        both = (line.c.name, line.c.code)
        found.append(
            line.c.id.in_(union(*(select(line.c.id).where(one == query.name) for one in both)))
        )
    return found


def markers_of_line(
    connection: Connection, line_code: str | None, columns: Sequence[str] = _MARKER
) -> list[dict[str, Any]]:
    """The markers in force that stand on a line, its own and those where others meet it.

    In the order of their numbers. `columns` must have `marker_no` and `sequence`.
    """
    if not line_code:
        return []
    own = select(marker.c.id).where(marker.c.line_code == line_code)
    meeting = select(marker_line.c.marker_id).where(marker_line.c.line_code == line_code)
    statement = select(*(marker.c[name] for name in columns)).where(
        marker.c.valid_to.is_(None), marker.c.id.in_(union(own, meeting))
    )
    rows = [plain(row) for row in connection.execute(statement).mappings()]
    return sorted(
        rows, key=lambda row: (row["sequence"] is None, row["sequence"], row["marker_no"])
    )


def line_page(connection: Connection, line_id: int, crs: str, today: date) -> dict[str, Any]:
    """All that belongs to one line.

    Args:
        connection: a reading connection.
        line_id: the line.
        crs: the store's reference system.
        today: the day on which agreements are or are not in force.

    Raises:
        NotFound: there is no line of that id.
    """
    record = read_line(connection, line_id)
    markers = markers_of_line(connection, record["code"])
    names = names_of(connection, parties_of(record))
    sections = _rows(connection, line_section, line_section.c.line_id == line_id, "ordinal")
    agreements = _rows(connection, safe_boundary, safe_boundary.c.line_id == line_id, "signed_on")
    papers = documents_of(connection, "safe_boundary", [row["id"] for row in agreements])
    lengths = _lengths(record, ReferenceSystem.parse(crs).datum.ellipsoid)
    kinds = [one["kind"] for one in markers]
    checks = [*count_findings(record, kinds), *length_findings(**lengths)]
    return {
        "line": plain(record, _HIDDEN),
        "parties": [{"code": code, "name": names.get(code, code)} for code in parties_of(record)],
        "lengths": lengths,
        "segments": _by_kind(sections),
        "sections": sections,
        "marker_counts": count_markers(kinds),
        "markers": [_shown_marker(one) for one in markers],
        "documents": documents_of(connection, "line", [line_id]),
        "safe_boundaries": [
            row
            | {"in_force": _in_force(row, today)}
            | {"documents": [one for one in papers if one["owner_id"] == row["id"]]}
            for row in agreements
        ],
        "findings": _rows(connection, line_finding, line_finding.c.line_id == line_id, "found_on"),
        "checks": [one.as_json() for one in checks],
    }


def _rows(connection: Connection, table: Table, condition: Any, order: str) -> list[dict[str, Any]]:
    statement = select(table).where(condition).order_by(table.c[order], table.c.id)
    return [plain(row, _HIDDEN) for row in connection.execute(statement).mappings()]


def _lengths(record: Mapping[str, Any], ellipsoid: Ellipsoid) -> dict[str, Any]:
    """The length as agreed, None where nobody stated it, and as the geometry has it, in metres."""
    geod = Geod(a=ellipsoid.semi_major_m, rf=ellipsoid.inverse_flattening)
    shape = shapely.from_wkb(record["geom"]) if record["geom"] else None
    computed_m = 0.0 if shape is None else round(float(geod.geometry_length(shape)), 3)
    agreed = record["length_m"] if record["length_basis"] == AGREED else None
    return {"agreed_m": agreed, "computed_m": computed_m}


def _by_kind(sections: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How many sections are defined by what, in what state, and how long they are together."""
    found: dict[tuple[str, str], list[float | None]] = defaultdict(list)
    for section in sections:
        found[section["kind"], section["state"]].append(section["length_m"])
    return [
        {
            "kind": kind,
            "state": state,
            "count": len(lengths),
            "length_m": None if None in lengths else sum(length or 0.0 for length in lengths),
        }
        for (kind, state), lengths in found.items()
    ]


def _in_force(row: Mapping[str, Any], today: date) -> bool:
    begins = row["valid_from"] or row["signed_on"]
    return (
        bool(begins) and begins <= today and (row["valid_to"] is None or row["valid_to"] >= today)
    )


def _shown_marker(row: Mapping[str, Any]) -> dict[str, Any]:
    position = point_xy(row["geom"]) if row["geom"] else (None, None)
    return plain(row, _HIDDEN) | dict(zip(("lon", "lat"), position, strict=True))


def drafted_course(connection: Connection, line_id: int, crs: str) -> tuple[CourseSection, ...]:
    """A line's sections as its geometry and markers have them, for a course description.

    Raises:
        NotFound: there is no line of that id.
    """
    record = read_line(connection, line_id)
    if not record["geom"]:
        return ()
    stations = [
        Station(one["marker_no"], *point_xy(one["geom"]))
        for one in markers_of_line(connection, record["code"])
        if one["geom"]
    ]
    ellipsoid = ReferenceSystem.parse(crs).datum.ellipsoid
    return draft_course(shapely.from_wkb(record["geom"]), stations, ellipsoid)


def apart_findings(
    connection: Connection, record: Mapping[str, Any], crs: str
) -> list[LineFinding]:
    """Parties of a line whose outline in the register stays away from it."""
    if not record["geom"]:
        return []
    codes = parties_of(record)
    statement = select(division.c.code, division.c.name, division.c.geom).where(
        division.c.code.in_(codes), division.c.valid_to.is_(None), division.c.geom.is_not(None)
    )
    rows = connection.execute(statement).all()
    ellipsoid = ReferenceSystem.parse(crs).datum.ellipsoid
    return party_findings(
        shapely.from_wkb(record["geom"]),
        {row.code: shapely.from_wkb(row.geom) for row in rows},
        {row.code: row.name for row in rows},
        Geod(a=ellipsoid.semi_major_m, rf=ellipsoid.inverse_flattening),
    )
