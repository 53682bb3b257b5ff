"""Lines and markers from files into the register."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from pyproj import Geod

from boundary.tables import line, marker, witness_object
from data.cells import Cells
from data.coordinates import ReferenceSystem, parse_angle
from data.errors import InvalidValue
from data.geometry import MULTILINESTRING
from data.loading import Loader, Record
from data.reference import find_term, tolerance_class
from data.transaction import Transaction

_TIES = (1, 2, 3)
_AZIMUTH_WORDS = {
    "grid": "grid", "坐标方位角": "grid", "坐标": "grid",
    "magnetic": "magnetic", "磁方位角": "magnetic", "磁": "magnetic",
    "true": "true", "真方位角": "true", "真": "true",
}  # fmt: skip


def lines_loader() -> Loader:
    """Loads boundary lines with their geometry."""
    return Loader("lines", _read_line, _write_lines)


def markers_loader() -> Loader:
    """Loads markers with their reference positions and witness objects."""
    return Loader("markers", _read_marker, _write_markers, unique=("line_code", "marker_no"))


def _read_line(cells: Cells, system: ReferenceSystem, crs: str | None) -> Record:
    geom = cells.shape(MULTILINESTRING, system, crs)
    length_km = cells.number("length_km")
    return {
        "name": cells.required("name"),
        "code": cells.text("code"),
        "level": cells.choice("level", "line_levels") or "county",
        "party_a": cells.text("party_a"),
        "party_b": cells.text("party_b"),
        "party_c": cells.text("party_c"),
        "approving_authority": cells.text("approving_authority"),
        "length_m": length_km * 1000 if length_km is not None else _length_m(geom, system),
        "source": cells.text("source"),
        "geom": geom,
    }


def _length_m(wkb: bytes | None, system: ReferenceSystem) -> float | None:
    """Length on the ellipsoid of the store's own datum, metres."""
    if wkb is None:
        return None
    ellipsoid = system.datum.ellipsoid
    geod = Geod(a=ellipsoid.semi_major_m, rf=ellipsoid.inverse_flattening)
    return round(float(geod.geometry_length(shapely.from_wkb(wkb))), 3)


def _write_lines(transaction: Transaction, records: Sequence[Record]) -> None:
    transaction.insert_many(line, records)


def _read_marker(cells: Cells, system: ReferenceSystem, _crs: str | None) -> Record:
    accuracy_class = cells.text("accuracy_class")
    known = tolerance_class(accuracy_class) if accuracy_class else None
    sigma_m, tolerance_m = cells.metres("sigma_m"), cells.metres("tolerance_m")
    return {
        "marker_no": cells.required("marker_no"),
        "marker_code": cells.text("marker_code"),
        "line_code": cells.text("line_code"),
        "line_name": cells.text("line_name"),
        "level": cells.choice("level", "line_levels"),
        "kind": _word(cells, "kind", "marker_types"),
        "faces": _faces(cells),
        "material": _word(cells, "material", "materials"),
        "accuracy_class": accuracy_class,
        "sigma_m": sigma_m if sigma_m is not None else known and known.sigma_m,
        "tolerance_m": tolerance_m if tolerance_m is not None else known and known.tolerance_m,
        "tolerance_source": cells.text("tolerance_source") or (known.source if known else None),
        "survey_method": cells.text("survey_method"),
        "surveyed_on": cells.day("surveyed_on"),
        "coordinate_text": _coordinate_text(cells),
        "crs_text": cells.text("crs"),
        "height_m": cells.metres("height_m"),
        "height_datum": cells.text("height_datum"),
        "managing_party": cells.text("managing_party"),
        "location": "；".join(filter(None, (cells.text(f"location{n}") for n in _TIES))) or None,
        "position_description": cells.text("position_description"),
        "remark": cells.text("remark"),
        "geom": _reference_position(cells, system),
        "ties": [tie for n in _TIES if (tie := _read_tie(cells, n))],
    }


def _reference_position(cells: Cells, system: ReferenceSystem) -> bytes | None:
    before = len(cells.faults)
    found = cells.position(system, exact=True)
    if found is None and len(cells.faults) == before:
        cells.fault(
            "missing", "lon", "", "界桩缺少坐标；请填写经纬度或纵横坐标",
            "a marker needs its position; fill in longitude and latitude, or X and Y",
        )  # fmt: skip
    return found


def _coordinate_text(cells: Cells) -> str | None:
    """The coordinates as they were typed, longitude or X first."""
    pairs = (("lon", "lat"), ("x_north", "y_east"))
    typed = [cells.text(field) or "" for pair in pairs for field in pair]
    return ", ".join(filter(None, typed)) or None


def _word(cells: Cells, field: str, table: str) -> str | None:
    """The code of a known word; an unknown word is kept as it is, for registers have their own."""
    word = cells.text(field)
    term = find_term(table, word) if word else None
    return term.code if term else word


def _faces(cells: Cells) -> int | None:
    word = cells.text("faces")
    if word is None:
        return None
    term = find_term("marker_faces", word)
    return int(term.code) if term and term.code.isdigit() else cells.whole("faces")


def _read_tie(cells: Cells, number: int) -> dict[str, Any] | None:
    name = cells.text(f"tie{number}_name")
    azimuth = cells.text(f"tie{number}_azimuth")
    distance_m = cells.metres(f"tie{number}_distance")
    if name is None and azimuth is None and distance_m is None:
        return None
    kind = cells.text(f"tie{number}_azimuth_kind") or "grid"
    return {
        "ordinal": number,
        "name": name or f"方位物 {number}",
        "azimuth_deg": _azimuth_deg(cells, f"tie{number}_azimuth"),
        "azimuth_kind": _AZIMUTH_WORDS.get(kind, kind),
        "distance_m": distance_m,
    }


def _azimuth_deg(cells: Cells, field: str) -> float | None:
    text = cells.text(field)
    if text is None:
        return None
    try:
        degrees = parse_angle(field, text).value_deg
    except InvalidValue as error:
        cells.fault("invalid-value", field, text, error.zh, error.message)
        return None
    return float(np.mod(degrees, 360.0))


def _write_markers(transaction: Transaction, records: Sequence[Record]) -> None:
    markers = [
        {field: value for field, value in record.items() if field != "ties"} for record in records
    ]
    ids = transaction.insert_many(marker, markers)
    transaction.insert_many(
        witness_object,
        (
            tie | {"marker_id": identity}
            for identity, record in zip(ids, records, strict=True)
            for tie in record["ties"]
        ),
    )
