"""The register of markers as the assessment needs it."""

from collections import defaultdict

from sqlalchemy import Connection, select

from boundary.assessment import RegisteredMarker, WitnessObject
from boundary.tables import marker, witness_object
from data.boxes import read_extent
from data.coordinates import Region
from data.geometry import point_xy
from gazetteer.tables import division

_COLUMNS = (
    "id",
    "marker_no",
    "geom",
    "line_code",
    "line_name",
    "kind",
    "sigma_m",
    "tolerance_m",
    "tolerance_source",
    "accuracy_class",
    "surveyed_on",
    "height_m",
    "height_datum",
    "synthetic",
)
_MARGIN_DEG = 0.5


def read_register(connection: Connection) -> list[RegisteredMarker]:
    """Every marker in force, with its witness objects, in order of id."""
    witnesses = _read_witnesses(connection)
    statement = (
        select(*(marker.c[name] for name in _COLUMNS))
        .where(marker.c.valid_to.is_(None), marker.c.geom.is_not(None))
        .order_by(marker.c.id)
    )
    return [
        RegisteredMarker(
            row.marker_no,
            *point_xy(row.geom),
            marker_id=row.id,
            line_code=row.line_code or "",
            line_name=row.line_name or "",
            kind=row.kind or "",
            sigma_m=row.sigma_m,
            tolerance_m=row.tolerance_m,
            tolerance_source=row.tolerance_source or "",
            accuracy_class=row.accuracy_class or "",
            surveyed_on=row.surveyed_on,
            height_m=row.height_m,
            height_datum=row.height_datum or "",
            witness=tuple(witnesses.get(row.id, ())),
            synthetic=row.synthetic,
        )
        for row in connection.execute(statement)
    ]


def _read_witnesses(connection: Connection) -> dict[int, list[WitnessObject]]:
    found: dict[int, list[WitnessObject]] = defaultdict(list)
    statement = select(witness_object).order_by(
        witness_object.c.marker_id, witness_object.c.ordinal
    )
    for row in connection.execute(statement):
        found[row.marker_id].append(
            WitnessObject(row.name, row.distance_m, row.azimuth_deg, row.azimuth_kind or "grid")
        )
    return found


def read_region(connection: Connection) -> Region | None:
    """Where positions of this register can be, degrees; None where the store has no divisions."""
    extent = read_extent(connection, division)
    if extent is None:
        return None
    return Region(
        extent.min_x - _MARGIN_DEG,
        extent.min_y - _MARGIN_DEG,
        extent.max_x + _MARGIN_DEG,
        extent.max_y + _MARGIN_DEG,
    )
