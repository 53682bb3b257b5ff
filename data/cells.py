"""One row of a file read field by field, with every fault collected instead of the first raised."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import TypeVar

import shapely
from shapely import MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from data import cell_values
from data.cell_positions import POSITION_FIELDS, point_of, system_named
from data.coordinates import ReferenceSystem, parse_angle, parse_metres
from data.errors import Fault, InvalidValue, NotComparable
from data.formats import ColumnMap, Row
from data.geometry import MULTILINESTRING, MULTIPOLYGON, POINT, off_the_earth, to_wkb
from data.reproject import wkb_in

T = TypeVar("T")

_UNSTATED = "OGC:CRS84"
"""What a GeoJSON's positions are in: RFC 7946 lets it state nothing else."""
_FULL_TURN_DEG, _HALF_TURN_DEG = 360.0, 180.0


class Cells:
    """The cells of one row by field.

    What cannot be read is added to `faults`; what the sender should know of the whole file, to
    `notes`.

    Args:
        row: a row of a table.
        columns: which column holds which field.
        crs: the reference system that a person stated for a file which cannot.
    """

    __slots__ = ("cells", "columns", "crs", "faults", "notes", "row")

    def __init__(self, row: Row, columns: ColumnMap, crs: str | None = None) -> None:
        self.row = row
        self.columns = columns
        self.crs = crs
        self.cells: Mapping[str, str] = columns.cells(row)
        self.faults: list[Fault] = list(row.faults)
        self.notes: list[Fault] = []

    def text(self, field: str) -> str | None:
        """The text of a field; None where it is blank."""
        return self.cells.get(field) or None

    def required(self, field: str) -> str:
        """The text of a field that must be there."""
        found = self.text(field)
        if found is None:
            self.fault(
                "missing", field, "", f"缺少{self._name(field)}；请补填", "is empty; fill it in"
            )
        return found or ""

    def metres(self, field: str) -> float | None:
        """A length in metres."""
        return self._read(field, parse_metres)

    def kilometres(self, field: str) -> float | None:
        """A length in kilometres."""
        return self._read(field, cell_values.parse_kilometres)

    def positive_metres(self, field: str) -> float | None:
        """A length in metres above zero, as of an accuracy or a tolerance."""
        found = self.metres(field)
        if found is not None and found <= 0:
            self.fault(
                "invalid-value", field, self.cells[field],
                "应大于 0；请更正", "must be above zero; correct it",
            )  # fmt: skip
            return None
        return found

    def degrees(self, field: str) -> float | None:
        """An angle in degrees from 0 up to 360."""
        found = self._read(field, parse_angle)
        return None if found is None else found.value_deg % _FULL_TURN_DEG

    def whole(self, field: str) -> int | None:
        """A whole number."""
        return self._read(field, cell_values.parse_whole)

    def day(self, field: str) -> date | None:
        """A date; a bare year is its first day."""
        return self._read(field, cell_values.parse_day)

    def flag(self, field: str) -> bool:
        """Yes or no; blank is no."""
        return bool(self._read(field, cell_values.parse_flag))

    def choice(self, field: str, table: str) -> str | None:
        """The code of a word of a code table."""
        return self._read(field, partial(cell_values.parse_word, table=table))

    def position(self, store: ReferenceSystem, *, exact: bool) -> bytes | None:
        """The point of the row as WKB in the store's system; None where no coordinate is given.

        Args:
            store: the store's reference system.
            exact: refuse another datum; otherwise WGS 84 is taken as it stands, which for the
                site of a name (not of a marker) differs by less than the name's own extent.
        """
        cells = self.cells
        given = {name: cells[name] for name in POSITION_FIELDS if cells.get(name)}
        if not given:
            return None
        field = next(iter(given))
        stated = cells.get("crs", "")
        if stated == _UNSTATED and self.crs:
            stated = self.crs
        try:
            point = point_of(given, system_named(stated) if stated else store, store, exact=exact)
        except InvalidValue as error:
            known = error.field if error.field in cells else field
            self.fault(
                "invalid-value", known, cells.get(known, ""), error.clauses_zh, _clauses(error)
            )
        except NotComparable as error:
            self._not_comparable("crs" if self.columns.column_of("crs") else field, stated, error)
        else:
            if point.as_stated:
                self._note_datum(stated, store)
            return point.wkb
        return None

    def shape(self, kind: str, store: ReferenceSystem, file_crs: str | None) -> bytes | None:
        """The row's geometry as WKB of `kind` in the store's system."""
        wkb = self.row.geometry
        if wkb is None:
            self.fault(
                "missing", "geometry", "", "缺少图形；请在 GIS 软件中补画或导出带图形的文件",
                "has no geometry; draw it, or export the file with its geometry",
            )  # fmt: skip
            return None
        if file_crs == _UNSTATED and self.crs:
            file_crs = self.crs
        try:
            shape = wkb_in(wkb, file_crs, store)
        except (InvalidValue, NotComparable) as error:
            self._not_comparable("geometry", file_crs or "", error)
            return None
        if far := off_the_earth(shape):
            self.fault(
                "off-the-earth", "geometry", f"{far[0]}, {far[1]}",
                f"图形的位置 {far[0]}, {far[1]} 超出经度 ±180、纬度 ±90；请检查坐标系和坐标轴顺序",
                f"has the position {far[0]}, {far[1]}, outside longitudes of ±180 and latitudes of"
                " ±90; check its system and the order of its axes",
            )  # fmt: skip
            return None
        found = _as_kind(shape, kind)
        if found is None:
            said = shape.geom_type
            self.fault(
                "geometry-kind", "geometry", said,
                f"图形应为 {kind}，实为 {said}；请选择正确的图层",
                f"is {said}, not {kind}; choose the layer that holds them",
            )  # fmt: skip
            return None
        if kind == MULTIPOLYGON and not shapely.is_valid(found):
            self._invalid(found)
            return None
        return to_wkb(found)

    def _invalid(self, shape: BaseGeometry) -> None:
        where = shapely.is_valid_reason(shape)
        self.fault(
            "bad-geometry", "geometry", where,
            f"多边形无效（{where}）；请在 GIS 软件中修复后重新导出",
            f"is not a valid polygon ({where}); mend it in a GIS and export it again",
        )  # fmt: skip

    def fault(self, code: str, field: str, value: str, zh: str, en: str) -> None:
        """Add a fault of a field, named as the file names its column."""
        self.faults.append(Fault(code, self.row.number, self._name(field), value, zh, en))

    def note(self, code: str, field: str, value: str, zh: str, en: str) -> None:
        """Add a note of the whole file; the same note is told once."""
        self.notes.append(Fault(code, None, self._name(field), value, zh, en))

    def _name(self, field: str) -> str:
        return self.columns.column_of(field) or field

    def _read(self, field: str, parse: Callable[[str, str], T]) -> T | None:
        text = self.cells.get(field)
        if not text:
            return None
        try:
            return parse(field, text)
        except InvalidValue as error:
            self.fault("invalid-value", field, text, error.clauses_zh, _clauses(error))
            return None

    def _not_comparable(self, field: str, stated: str, error: InvalidValue | NotComparable) -> None:
        self.fault(
            "not-comparable", field, stated,
            f"{error.zh}；请先用批准的转换参数换算坐标，或用 --crs 注明文件的坐标系",
            f"{error.message}; convert the positions with the approved parameters first,"
            " or state the file's system with --crs",
        )  # fmt: skip

    def _note_datum(self, stated: str, store: ReferenceSystem) -> None:
        self.note(
            "datum-set-aside", "crs", stated,
            f"坐标注明为 {stated}，按 {store.datum.zh} 原值采用（地名位置可以，界桩不可以）",
            f"positions stated in {stated} are taken as {store.datum.en} as they stand, which is"
            " good enough for names and never done for markers",
        )  # fmt: skip


def _clauses(error: InvalidValue) -> str:
    return f"{error.rule}; {error.way_out}"


def _as_kind(shape: BaseGeometry, kind: str) -> BaseGeometry | None:
    if kind == POINT:
        return shape if shape.geom_type == "Point" else None
    single = {MULTIPOLYGON: "Polygon", MULTILINESTRING: "LineString"}[kind]
    if shape.geom_type == single:
        return _multi(shape)
    return shape if shape.geom_type == f"Multi{single}" else None


def _multi(shape: BaseGeometry) -> BaseGeometry:
    if isinstance(shape, Polygon):
        return MultiPolygon([shape])
    return MultiLineString([shape.coords])
