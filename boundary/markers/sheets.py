"""A marker's sheet (界桩登记表) and a line's table of markers (界桩成果表) as values.

Both have the fields that `data/reference/fields.csv` names for markers, so that what is given out
can be loaded again, by Chinese names and by the short codes of the census databases.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, select

from boundary.lines.reading import markers_of_line
from boundary.marker_tables import marker_line, marker_signatory
from boundary.markers.versions import read_marker
from boundary.rows import plain
from boundary.tables import marker, witness_object
from data.coordinates import ReferenceSystem, gauss_kruger_forward
from data.formats import Field, fields_of
from data.geometry import point_xy
from data.reference import find_grid, find_term

RESULT_FIELDS = (
    *("marker_no", "kind", "faces", "line_code", "line_name", "lon", "lat", "x_north", "y_east"),
    *("crs", "height_m", "height_datum", "sheet_no", "location1", "location2", "location3"),
    "remark",
)
"""The columns of a line's table of markers (界桩成果表)."""
_ZONE_WIDTH_DEG = 3
_PREFIX_M = 1_000_000
_TERMS = {
    "kind": "marker_types",
    "faces": "marker_faces",
    "material": "materials",
    "level": "line_levels",
}
_AZIMUTHS = {"grid": "坐标方位角", "magnetic": "磁方位角", "true": "真方位角"}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One marker: its record, every field of its sheet as text, and all its witness objects.

    A sheet has places for three witness objects; a marker may have more.
    """

    record: Mapping[str, Any]
    values: Mapping[str, str]
    ties: Sequence[Mapping[str, Any]] = ()


def sheet_fields(names: Iterable[str] | None = None) -> list[Field]:
    """The fields of a sheet, or those of these names, in this order."""
    known = {field.name: field for field in fields_of("markers")}
    return list(known.values()) if names is None else [known[name] for name in names]


def heading(field: Field, *, codes: bool = False) -> str:
    """What stands over a field: its usual Chinese name, or its short code where it has one."""
    return field.short_code if codes and field.short_code else field.zh[0]


def sheet_columns() -> list[tuple[str, str, str]]:
    """Each field of a sheet: its name, its usual Chinese name, its short code."""
    return [(field.name, field.zh[0], field.short_code) for field in sheet_fields()]


def marker_sheet(connection: Connection, marker_id: int, crs: str) -> SheetRow:
    """The sheet of one marker.

    Args:
        connection: a reading connection.
        marker_id: the marker.
        crs: the store's reference system.

    Raises:
        NotFound: there is no marker of that id.
    """
    return sheet_rows(connection, [read_marker(connection, marker_id)], crs)[0]


def line_results(connection: Connection, line_code: str | None, crs: str) -> list[SheetRow]:
    """The markers of a line in the order of their numbers, with every field of their sheets."""
    columns = tuple(column.name for column in marker.c)
    return sheet_rows(connection, markers_of_line(connection, line_code, columns), crs)


def sheet_rows(
    connection: Connection, records: Sequence[Mapping[str, Any]], crs: str
) -> list[SheetRow]:
    """The sheets of some markers, in their order."""
    ids = [record["id"] for record in records]
    ties = _grouped(connection, witness_object, ids)
    signed = _grouped(connection, marker_signatory, ids)
    lines = _grouped(connection, marker_line, ids)
    system = ReferenceSystem.parse(crs)
    rows = []
    for record in records:
        identity = record["id"]
        values = _own(record) | _position(record, system, crs)
        for tie in ties[identity]:
            values |= _tie(tie)
        for one in signed[identity]:
            values |= {f"{name}_{one['party']}": _text(one[name]) for name in _SIGNED}
        values["other_lines"] = "；".join(one["line_code"] for one in lines[identity])
        whole = {field.name: values.get(field.name, "") for field in sheet_fields()}
        rows.append(SheetRow(record, whole, tuple(ties[identity])))
    return rows


_SIGNED = ("technician", "official", "signed_on")


def _grouped(
    connection: Connection, table: Table, ids: Sequence[int]
) -> dict[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    statement = select(table).where(table.c.marker_id.in_(ids)).order_by(table.c.id)
    for row in connection.execute(statement).mappings():
        found[row["marker_id"]].append(plain(row))
    return found


def _own(record: Mapping[str, Any]) -> dict[str, str]:
    known = {field.name for field in sheet_fields()}
    values = {name: _text(value) for name, value in record.items() if name in known}
    for name, table in _TERMS.items():
        term = find_term(table, values[name]) if values[name] else None
        values[name] = term.zh if term else values[name]
    values["smart"] = "物联网" if record["smart"] else "非物联网"
    sides = (record["location"] or "").split("；")
    return values | {f"location{n}": text for n, text in enumerate(sides, start=1)}


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _position(record: Mapping[str, Any], system: ReferenceSystem, crs: str) -> dict[str, str]:
    """Degrees, and X (north) and Y (east, with the zone's number) in the marker's own 3° zone."""
    if record["geom"] is None:
        return {}
    lon, lat = point_xy(record["geom"])
    named = "CGCS2000" if system.datum.code == "cgcs2000" else crs
    values = {"lon": f"{lon:.9f}", "lat": f"{lat:.9f}", "crs": named}
    grid = find_grid(
        system.datum.code, _ZONE_WIDTH_DEG, round(lon / _ZONE_WIDTH_DEG), prefixed=True
    )
    if grid is None:
        return values
    east_m, north_m = gauss_kruger_forward(
        lon, lat, grid.central_meridian_deg, system.datum.ellipsoid
    )
    return values | {
        "x_north": f"{float(north_m):.3f}",
        "y_east": f"{float(east_m) + grid.zone * _PREFIX_M:.3f}",
    }


def _tie(row: Mapping[str, Any]) -> dict[str, str]:
    prefix = f"tie{row['ordinal']}"
    return {
        f"{prefix}_name": row["name"],
        f"{prefix}_azimuth": _text(row["azimuth_deg"]),
        f"{prefix}_azimuth_kind": _AZIMUTHS.get(row["azimuth_kind"] or "", ""),
        f"{prefix}_distance": _text(row["distance_m"]),
    }
