"""One row of a file read field by field, with every fault collected instead of the first raised."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from shapely import MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from data.coordinates import Position, ReferenceSystem, parse_metres
from data.errors import Fault, InvalidValue, NotComparable
from data.formats import ColumnMap, Row
from data.geometry import MULTILINESTRING, MULTIPOLYGON, POINT, point_wkb, to_wkb
from data.reference import find_term
from data.reproject import wkb_in

T = TypeVar("T")

_YES = frozenset({"是", "有", "yes", "y", "true", "t", "1", "已列入", "列入"})
_NO = frozenset({"否", "无", "没有", "no", "n", "false", "f", "0", "未列入", ""})
_DATE = re.compile(r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?)?)?\s*[年月]?")
_POSITION_FIELDS = ("lon", "lat", "x_north", "y_east")


class Cells:
    """The cells of one row by field; what cannot be read is added to `faults`.

    Args:
        row: a row of a table.
        columns: which column holds which field.
    """

    def __init__(self, row: Row, columns: ColumnMap) -> None:
        self.row = row
        self.columns = columns
        self.cells: Mapping[str, str] = columns.cells(row)
        self.faults: list[Fault] = list(row.faults)

    def text(self, field: str) -> str | None:
        """The text of a field; None where it is blank."""
        return self.cells.get(field, "") or None

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
        return self._read(field, lambda text: parse_metres(field, text))

    def number(self, field: str) -> float | None:
        """A number."""
        return self._read(field, lambda text: _number(field, text))

    def whole(self, field: str) -> int | None:
        """A whole number."""
        found = self.number(field)
        return None if found is None else int(found)

    def day(self, field: str) -> date | None:
        """A date; a bare year is its first day."""
        return self._read(field, lambda text: _day(field, text))

    def flag(self, field: str) -> bool:
        """Yes or no; blank is no."""
        return bool(self._read(field, lambda text: _flag(field, text)))

    def choice(self, field: str, table: str) -> str | None:
        """The code of a word of a code table."""
        return self._read(field, lambda text: _code(field, text, table))

    def position(self, store: ReferenceSystem, *, exact: bool) -> bytes | None:
        """The point of the row as WKB in the store's system; None where no coordinate is given.

        Args:
            store: the store's reference system.
            exact: refuse another datum; otherwise WGS 84 is taken as it stands, which for the
                site of a name (not of a marker) differs by less than the name's own extent.
        """
        given = {name: self.cells[name] for name in _POSITION_FIELDS if self.cells.get(name)}
        if not given:
            return None
        field = next(iter(given))
        try:
            stated = self.cells.get("crs", "")
            system = ReferenceSystem.parse(stated) if stated else store
            found = Position.parse(
                lon=given.get("lon"),
                lat=given.get("lat"),
                x_north=given.get("x_north"),
                y_east=given.get("y_east"),
                system=system,
            )
            if not exact and system.datum.code == "wgs84":
                return point_wkb(found.lon, found.lat)
            lon, lat, _ = found.lonlat_in(store)
        except InvalidValue as error:
            known = error.field if error.field in self.cells else field
            self.fault("invalid-value", known, self.cells[known], error.zh, error.message)
        except NotComparable as error:
            self.fault("not-comparable", field, given[field], error.zh, error.message)
        else:
            return point_wkb(lon, lat)
        return None

    def shape(self, kind: str, store: ReferenceSystem, file_crs: str | None) -> bytes | None:
        """The row's geometry as WKB of `kind` in the store's system."""
        wkb = self.row.geometry
        if wkb is None:
            self.fault("missing", "geometry", "", "缺少图形", "has no geometry")
            return None
        try:
            shape = wkb_in(wkb, file_crs, store)
        except (InvalidValue, NotComparable) as error:
            self.fault("not-comparable", "geometry", file_crs or "", error.zh, error.message)
            return None
        found = _as_kind(shape, kind)
        if found is None:
            said = shape.geom_type
            self.fault(
                "geometry-kind", "geometry", said, f"图形应为 {kind}", f"is {said}, not {kind}"
            )
            return None
        return to_wkb(found)

    def fault(self, code: str, field: str, value: str, zh: str, en: str) -> None:
        """Add a fault of a field, named as the file names its column."""
        column = self.columns.column_of(field) or field
        self.faults.append(Fault(code, self.row.number, column, value, zh, en))

    def _name(self, field: str) -> str:
        return self.columns.column_of(field) or field

    def _read(self, field: str, parse: Callable[[str], T]) -> T | None:
        text = self.text(field)
        if text is None:
            return None
        try:
            return parse(text)
        except InvalidValue as error:
            self.fault("invalid-value", field, text, error.zh, f"{error.rule}; {error.way_out}")
            return None


def _number(field: str, text: str) -> float:
    try:
        found = float(text.replace(",", "").replace("，", ""))
    except ValueError:
        found = float("nan")
    if abs(found) < float("inf"):
        return found
    raise InvalidValue(
        field, text, "not a number", "give digits such as 12.5", f"“{text}”不是数字；请填写如 12.5"
    )


def _day(field: str, text: str) -> date:
    match = _DATE.fullmatch(text.strip().split("T")[0])
    if match is None and re.fullmatch(r"\d{8}", text):
        match = _DATE.fullmatch(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    try:
        if match is not None:
            return date(*(int(part or 1) for part in match.groups()))
    except ValueError:
        pass
    raise InvalidValue(
        field,
        text,
        "not a date",
        "give a date such as 2024-05-03",
        f"“{text}”不是日期；请填写如 2024-05-03",
    )


def _flag(field: str, text: str) -> bool:
    word = text.strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise InvalidValue(
        field,
        text,
        "neither yes nor no",
        "give 是 or 否",
        f"“{text}”不是“是”或“否”；请改为其中之一",
    )


def _code(field: str, text: str, table: str) -> str:
    term = find_term(table, text)
    if term is None:
        raise InvalidValue(
            field, text, f"not a word of the table {table}", "use one of its words",
            f"“{text}”不在代码表 {table} 中；请使用表中的词",
        )  # fmt: skip
    return term.code


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
