"""What a device takes along of a round: its markers in the order of the tour, and the words."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from boundary.authority import names_of
from boundary.rounds.keeping import lines_of, markers_of_round, parties_of_round, read_round
from boundary.rows import plain
from boundary.tables import inspection, marker, witness_object
from data.geometry import point_xy
from data.reference import methods, terms

_ROUND: Final = ("id", "name", "number", "kind", "state", "due_on", "begins_on", "ends_on", "plan")
_SHOWN: Final = (
    *("id", "version", "marker_no", "line_code", "line_name", "kind", "faces", "material"),
    *("location", "position_description", "remark", "tolerance_m", "condition", "verdict"),
    *("inspected_on", "status", "status_open"),
)
_TIE: Final = ("ordinal", "name", "azimuth_deg", "azimuth_kind", "distance_m")
_CHUNK: Final = 500


def take_along(
    connection: Connection, exact: Connection, round_id: int, crs: str, now: datetime
) -> dict[str, Any]:
    """A round with all that is needed beside its markers.

    Args:
        connection: of the store as the reader sees it.
        exact: of the store without what the reader would see blurred: a position that is not
            there is left out, for a blurred one would mislead who stands beside a marker.
        round_id: the round.
        crs: the store's reference system, that of the positions.
        now: the moment, in UTC.

    Returns:
        `round`, `lines`, `parties`, `crs`, `taken_at`, `conditions`, `methods`, `marker_types`,
        `materials`, and `markers`: each with `stop` (its place in the tour, from 1; None where it
        is not in it), `lon`, `lat` (degrees of the store's system; None where not told), `ties` and
        `seen_by` (the parties whose inspection of this round is committed). Those of the tour come
        first, in its order.

    Raises:
        NotFound: there is no round of that id.
    """
    record = read_round(connection, round_id)
    lines = lines_of(connection, round_id)
    ids = [one["id"] for one in markers_of_round(connection, lines)]
    parties = parties_of_round(lines)
    names = names_of(connection, parties)
    return {
        "round": {name: record[name] for name in _ROUND},
        "lines": [{name: one[name] for name in ("id", "code", "name", "section")} for one in lines],
        "parties": [{"code": code, "name": names.get(code, code)} for code in parties],
        "crs": crs,
        "taken_at": now.isoformat(timespec="seconds"),
        "conditions": [_term(one) for one in terms("conditions")],
        "methods": [_term(one) for one in methods()],
        "marker_types": [_term(one) for one in terms("marker_types")],
        "materials": [_term(one) for one in terms("materials")],
        "markers": _markers(connection, exact, record, ids),
    }


def _term(one: Any) -> dict[str, str]:
    return {"code": one.code, "zh": one.zh, "en": one.en}


def _markers(
    connection: Connection, exact: Connection, record: Mapping[str, Any], ids: Sequence[int]
) -> list[dict[str, Any]]:
    order = {key: place for place, key in enumerate(ids)}
    tour = [int(text) for text in (record["route"] or "").split("|") if text]
    stops = {key: place for place, key in enumerate((k for k in tour if k in order), start=1)}
    ties, places = defaultdict(list), {}
    seen = _seen_by(connection, record["id"])
    rows = []
    for start in range(0, len(ids), _CHUNK):
        batch = ids[start : start + _CHUNK]
        columns = select(*(marker.c[name] for name in _SHOWN)).where(marker.c.id.in_(batch))
        rows += [plain(row) for row in connection.execute(columns).mappings()]
        for row in exact.execute(select(marker.c.id, marker.c.geom).where(marker.c.id.in_(batch))):
            if row.geom is not None:
                places[row.id] = point_xy(row.geom)
        near = select(witness_object).where(witness_object.c.marker_id.in_(batch))
        for tie in connection.execute(near.order_by(witness_object.c.ordinal)).mappings():
            ties[tie["marker_id"]].append({name: tie[name] for name in _TIE})
    rows.sort(key=lambda row: (stops.get(row["id"], len(ids) + 1), order[row["id"]]))
    return [
        row
        | dict(zip(("lon", "lat"), places.get(row["id"], (None, None)), strict=True))
        | {"stop": stops.get(row["id"]), "ties": ties[row["id"]], "seen_by": seen[row["id"]]}
        for row in rows
    ]


def _seen_by(connection: Connection, round_id: int) -> defaultdict[int, list[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = connection.execute(
        select(inspection.c.marker_id, inspection.c.side)
        .where(inspection.c.round_id == round_id, inspection.c.side.is_not(None))
        .distinct()
        .order_by(inspection.c.side)
    )
    for row in rows:
        found[row.marker_id].append(row.side)
    return found
