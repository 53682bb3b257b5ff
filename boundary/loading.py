"""Lines and markers from files into the register."""

from collections.abc import Sequence
from typing import Any

import shapely
from pyproj import Geod

from boundary.tables import line, marker, witness_object
from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.errors import Fault
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
_LEVELS_BY_DIGITS = ((2, "province"), (4, "prefecture"), (6, "county"))
"""The level of a line is that at which the codes of its parties differ (GB/T 2260)."""


def lines_loader() -> Loader:
    """Loads boundary lines with their geometry."""
    return Loader("lines", line, _read_line, _LinesWriter)


def markers_loader() -> Loader:
    """Loads markers with their reference positions and witness objects."""
    return Loader(
        "markers", marker, _read_marker, _MarkersWriter, unique=(("line_code", "marker_no"),)
    )


def _read_line(cells: Cells, system: ReferenceSystem, crs: str | None) -> Record:
    geom = cells.shape(MULTILINESTRING, system, crs)
    length_km = cells.kilometres("length_km")
    return {
        "name": cells.required("name"),
        "code": cells.text("code"),
        "level": _line_level(cells),
        "party_a": cells.text("party_a"),
        "party_b": cells.text("party_b"),
        "party_c": cells.text("party_c"),
        "approving_authority": cells.text("approving_authority"),
        "length_m": round(length_km * 1000, 3)
        if length_km is not None
        else _length_m(geom, system),
        "source": cells.text("source"),
        "geom": geom,
    }


def _line_level(cells: Cells) -> str | None:
    if cells.text("level") is not None:
        return cells.choice("level", "line_levels")
    first, second = (cells.text(party) or "" for party in ("party_a", "party_b"))
    if first.isdigit() and second.isdigit() and first != second:
        for digits, level in _LEVELS_BY_DIGITS:
            if first[:digits] != second[:digits]:
                return level
        return "township"
    cells.fault(
        "missing", "level", "",
        "缺少界线级别，也无法由双方行政区划代码得出；请填写省级、市级、县级或乡级",
        "has no level, and the codes of the parties do not tell it; fill in province, prefecture,"
        " county or township",
    )  # fmt: skip
    return None


def _length_m(wkb: bytes | None, system: ReferenceSystem) -> float | None:
    """Length on the ellipsoid of the store's own datum, metres."""
    if wkb is None:
        return None
    ellipsoid = system.datum.ellipsoid
    geod = Geod(a=ellipsoid.semi_major_m, rf=ellipsoid.inverse_flattening)
    return round(float(geod.geometry_length(shapely.from_wkb(wkb))), 3)


class _LinesWriter:
    """Writes lines."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def write(self, records: Sequence[Record]) -> None:
        """Write the next lines."""
        self._transaction.insert_many(line, records)

    def notes(self) -> Sequence[Fault]:
        """Nothing."""
        return ()


def _read_marker(cells: Cells, system: ReferenceSystem, _crs: str | None) -> Record:
    accuracy_class = cells.text("accuracy_class")
    known = tolerance_class(accuracy_class) if accuracy_class else None
    sigma_m = cells.positive_metres("sigma_m")
    tolerance_m = cells.positive_metres("tolerance_m")
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
        "location": _location(cells),
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


def _location(cells: Cells) -> str | None:
    """The places on each party's side, first to third; a blank one keeps its place."""
    sides = [cells.text(f"location{number}") or "" for number in _TIES]
    return "；".join(sides).rstrip("；") or None


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
    azimuth_deg = cells.degrees(f"tie{number}_azimuth")
    return {
        "ordinal": number,
        "name": name or f"方位物 {number}",
        "azimuth_deg": azimuth_deg,
        "azimuth_kind": _azimuth_kind(cells, number) if azimuth_deg is not None else None,
        "distance_m": distance_m,
    }


def _azimuth_kind(cells: Cells, number: int) -> str | None:
    """What the azimuth is counted from, as the row says, or the name of its column (磁方位角)."""
    stated = cells.text(f"tie{number}_azimuth_kind")
    if stated is not None:
        return _AZIMUTH_WORDS.get(stated.lower(), stated)
    column = cells.columns.column_of(f"tie{number}_azimuth") or ""
    return next((kind for word, kind in _AZIMUTH_WORDS.items() if word in column.lower()), None)


class _MarkersWriter:
    """Writes markers with their witness objects."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def write(self, records: Sequence[Record]) -> None:
        """Write the next markers."""
        rows = [dict(record) for record in records]
        ties = [row.pop("ties") for row in rows]
        ids = self._transaction.insert_many(marker, rows)
        self._transaction.insert_many(
            witness_object,
            (
                tie | {"marker_id": identity}
                for identity, group in zip(ids, ties, strict=True)
                for tie in group
            ),
        )

    def notes(self) -> Sequence[Fault]:
        """Nothing."""
        return ()
