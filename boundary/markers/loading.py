"""Markers from files into the register: 界桩登记表, 界桩成果表, GIS layers."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from boundary.marker_tables import marker_line, marker_signatory
from boundary.markers.numbers import MarkerNumber
from boundary.tables import marker, witness_object
from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.errors import Fault
from data.loading import Loader, Record
from data.reference import find_term, tolerance_class
from data.transaction import Transaction

_TIES = (1, 2, 3)
_PARTIES = ("a", "b", "c")
_CHILDREN = ("ties", "signatories", "other_lines")
_SMART_WORDS = {"物联网": True, "智能": True, "智能界桩": True, "非物联网": False, "普通": False}
_SEVERAL = re.compile(r"[;；,，、|\s]+")
_MOST_NOTES = 20
_AZIMUTH_WORDS = {
    "grid": "grid", "坐标方位角": "grid", "坐标": "grid",
    "magnetic": "magnetic", "磁方位角": "magnetic", "磁": "magnetic",
    "true": "true", "真方位角": "true", "真": "true",
}  # fmt: skip


def markers_loader() -> Loader:
    """Loads markers with their reference positions and witness objects."""
    return Loader(
        "markers", marker, _read_marker, _MarkersWriter, unique=(("line_code", "marker_no"),)
    )


def _read_marker(cells: Cells, system: ReferenceSystem, _crs: str | None) -> Record:
    marker_no = cells.required("marker_no")
    number = MarkerNumber.parse(marker_no)
    sequence = cells.whole("sequence")
    kind = _word(cells, "kind", "marker_types")
    accuracy_class = cells.text("accuracy_class")
    known = tolerance_class(accuracy_class) if accuracy_class else None
    sigma_m = cells.positive_metres("sigma_m")
    tolerance_m = cells.positive_metres("tolerance_m")
    return {
        "marker_no": marker_no,
        "marker_code": cells.text("marker_code"),
        "marker_name": cells.text("marker_name"),
        "spatial_id": cells.text("spatial_id"),
        "line_code": cells.text("line_code"),
        "line_name": cells.text("line_name"),
        "level": cells.choice("level", "line_levels"),
        "sequence": sequence if sequence is not None else number and number.sequence,
        "kind": kind if kind is not None else (number and number.letter) or None,
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
        "sheet_no": cells.text("sheet_no"),
        "smart": _smart(cells),
        **{f"party_{party}": cells.text(f"party_{party}") for party in _PARTIES},
        "managing_party": cells.text("managing_party"),
        "custody": cells.flag("custody"),
        "custody_unit": cells.text("custody_unit"),
        "registered_on": cells.day("registered_on"),
        "change_history": cells.text("change_history"),
        "location": _location(cells),
        "position_description": cells.text("position_description"),
        "remark": cells.text("remark"),
        "geom": _reference_position(cells, system),
        "ties": [tie for n in _TIES if (tie := _read_tie(cells, n))],
        "signatories": [one for party in _PARTIES if (one := _read_signatory(cells, party))],
        "other_lines": [code for code in _SEVERAL.split(cells.text("other_lines") or "") if code],
    }


def _smart(cells: Cells) -> bool:
    word = cells.text("smart")
    return _SMART_WORDS[word] if word in _SMART_WORDS else cells.flag("smart")


def _read_signatory(cells: Cells, party: str) -> dict[str, Any] | None:
    values = {
        "technician": cells.text(f"technician_{party}"),
        "official": cells.text(f"official_{party}"),
        "signed_on": cells.day(f"signed_on_{party}"),
    }
    return {"party": party, **values} if any(values.values()) else None


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
    """Writes markers with their witness objects, signatories and further lines."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._ended = _numbers_of_ended(transaction)
        self._reused: list[str] = []

    def write(self, records: Sequence[Record]) -> None:
        """Write the next markers."""
        rows = [dict(record) for record in records]
        ties, signatories, lines = ([row.pop(name) for row in rows] for name in _CHILDREN)
        ids = self._transaction.insert_many(marker, rows)
        met = [[{"line_code": code} for code in codes] for codes in lines]
        for table, groups in (
            (witness_object, ties),
            (marker_signatory, signatories),
            (marker_line, met),
        ):
            self._transaction.insert_many(
                table,
                (
                    one | {"marker_id": identity}
                    for identity, group in zip(ids, groups, strict=True)
                    for one in group
                ),
            )
        self._reused += [
            row["marker_no"] for row in rows if (row["line_code"], row["marker_no"]) in self._ended
        ]

    def notes(self) -> Sequence[Fault]:
        """Numbers that an ended marker of the same line bore before."""
        if not self._reused:
            return ()
        shown = "、".join(self._reused[:_MOST_NOTES])
        return (
            Fault(
                "number-reused", None, "marker_no", str(len(self._reused)),
                f"有 {len(self._reused)} 个编号曾用于同一界线上已终止的界桩：{shown}；请核对",
                f"{len(self._reused)} numbers were borne before by markers of the same line that"
                f" have ended: {shown}; make sure that this is meant",
            ),
        )  # fmt: skip


def _numbers_of_ended(transaction: Transaction) -> frozenset[tuple[str | None, str]]:
    statement = select(marker.c.line_code, marker.c.marker_no).where(marker.c.valid_to.is_not(None))
    return frozenset(tuple(row) for row in transaction.connection.execute(statement))
