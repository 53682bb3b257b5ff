"""Which column of a file is which field of a record."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from data.errors import Fault, FaultsFound, InvalidValue
from data.formats.cells import column_letters
from data.formats.fields import Field, fields_of, fold_name
from data.formats.table import Row, Table

_PAIRS = (("lon", "lat"), ("x_north", "y_east"))
_POSITION_FIELDS = frozenset({"lon", "lat", "x_north", "y_east", "position"})
_WKB_POINT_TYPES = {1, 1001, 2001, 3001}
_WKB_POINT_MIN = 21
_LIKENESS = 0.5
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The columns of one file, matched to the fields of one record.

    `fields` gives each field found the index of its column. `faults` are what keeps the file
    from being read (a required field missing, two columns for one field, an unknown override);
    `notes` are what may interest its sender (columns that are not read).
    """

    record: str
    columns: tuple[str, ...]
    fields: Mapping[str, int]
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()
    _point_fields: tuple[str, str] | None = field(default=None, repr=False)
    _crs: str | None = field(default=None, repr=False)

    def check(self) -> None:
        """Raise `FaultsFound` with all of `faults`, if there are any."""
        if self.faults:
            raise FaultsFound(self.faults)

    def column_of(self, name: str) -> str | None:
        """The file's own name of the column for a field, None where it has none."""
        index = self.fields.get(name)
        return None if index is None else self.columns[index]

    def cells(self, row: Row) -> dict[str, str]:
        """Field → the raw text of its cell, "" where it is blank.

        Where the file has no position columns, a point fills `lon` and `lat` (decimal degrees),
        or `y_east` and `x_north` (metres) if the file's reference system is projected, and
        `crs` is the file's own.
        """
        found = {name: row.cells[index] for name, index in self.fields.items()}
        if self._point_fields is not None and row.geometry is not None:
            point = _point(row.geometry)
            if point is not None:
                found |= dict(zip(self._point_fields, map(repr, point), strict=True))
                found["crs"] = self._crs or found.get("crs", "")
        return found


def parse_override(text: str) -> tuple[str, str]:
    """`COLUMN=FIELD` as (column, field); the last equals sign divides.

    >>> parse_override("桩号 = marker_no")
    ('桩号', 'marker_no')
    """
    column, equals, name = text.rpartition("=")
    if not equals or not column.strip() or not name.strip():
        raise InvalidValue(
            "map",
            text,
            "it has the shape COLUMN=FIELD",
            "write the file's column, an equals sign and the field, as in 桩号=marker_no",
            f"“{text}”应写成“列名=字段”，例如 桩号=marker_no",
        )
    return column.strip(), name.strip()


def map_table(record: str, table: Table, overrides: Mapping[str, str] | None = None) -> ColumnMap:
    """`map_columns` for an open table, with its geometry and reference system."""
    return map_columns(
        record, table.columns, overrides, has_geometry=table.has_geometry, crs=table.crs
    )


def map_columns(
    record: str,
    columns: Sequence[str],
    overrides: Mapping[str, str] | None = None,
    *,
    has_geometry: bool = False,
    crs: str | None = None,
) -> ColumnMap:
    """Match the columns of a file to the fields of a record.

    Args:
        record: one of `RECORDS`; `InvalidValue` otherwise.
        columns: the file's column names, in order.
        overrides: the file's column → field, said by a person; it outranks every spelling.
        has_geometry: whether rows bring a geometry, which then serves as the position.
        crs: reference system of that geometry ("EPSG:n", "OGC:CRS84" or WKT).
    """
    known = fields_of(record)
    forced, faults = _forced(known, columns, overrides or {})
    candidates = _candidates(known, columns, forced)
    fields = {name: indexes[0] for name, indexes in candidates.items()}
    faults += _duplicates(columns, candidates)
    own_position = _POSITION_FIELDS.intersection(fields)
    faults += _missing(known, columns, fields, has_geometry=has_geometry and not own_position)
    point = _point_fields(crs) if has_geometry and not own_position else None
    notes = _unread(columns, {index for indexes in candidates.values() for index in indexes})
    return ColumnMap(record, tuple(columns), fields, tuple(faults), notes, point, crs)


def _forced(
    known: tuple[Field, ...], columns: Sequence[str], overrides: Mapping[str, str]
) -> tuple[dict[int, str], list[Fault]]:
    forced: dict[int, str] = {}
    faults: list[Fault] = []
    names = [item.name for item in known]
    for column, name in overrides.items():
        if name not in names:
            faults.append(_no_such("field", name, names, column))
        elif column not in columns:
            faults.append(_no_such("column", column, list(columns), column))
        else:
            forced[list(columns).index(column)] = name
    return forced, faults


def _no_such(what: str, name: str, known: list[str], column: str) -> Fault:
    near = get_close_matches(name, known, 1, _LIKENESS)
    shown = near or [item for item in known if item][:_SHOWN]
    zh_what = {"field": "字段", "column": "列"}[what]
    return Fault(
        f"unknown-{what}",
        None,
        column,
        name,
        f"没有名为“{name}”的{zh_what}；可用：{'、'.join(shown)}",
        f"there is no {what} {name!r}; there is {', '.join(shown)}",
    )


def _candidates(
    known: tuple[Field, ...], columns: Sequence[str], forced: Mapping[int, str]
) -> dict[str, list[int]]:
    """Field → the columns that claim it, in the order of the file."""
    exact, folded = _spellings(known)
    settled = set(forced.values())
    claims: dict[str, list[int]] = {}
    for index, column in enumerate(columns):
        name = forced.get(index)
        if name is None:
            name = exact.get(column) or next(
                (folded[form] for form in fold_name(column) if form in folded), None
            )
            if name in settled:
                continue
        if name is not None:
            claims.setdefault(name, []).append(index)
    return claims


def _spellings(known: tuple[Field, ...]) -> tuple[dict[str, str], dict[str, str]]:
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for item in known:
        for spelling in item.spellings:
            exact.setdefault(spelling, item.name)
            folded.setdefault(fold_name(spelling)[0], item.name)
    return exact, folded


def _duplicates(columns: Sequence[str], candidates: Mapping[str, list[int]]) -> list[Fault]:
    faults = []
    for name, indexes in candidates.items():
        if len(indexes) > 1:
            shown = [f"{columns[index]} ({column_letters(index + 1)})" for index in indexes]
            faults.append(
                Fault(
                    "duplicate-column",
                    None,
                    columns[indexes[1]],
                    " | ".join(shown),
                    f"{'、'.join(shown)} 都对应字段 {name}；请删去一列，或用“列名={name}”指定其一",
                    f"{' and '.join(shown)} are both {name}; delete one, or choose one with"
                    f" COLUMN={name}",
                )
            )
    return faults


def _missing(
    known: tuple[Field, ...],
    columns: Sequence[str],
    fields: Mapping[str, int],
    *,
    has_geometry: bool,
) -> list[Fault]:
    faults = [
        _missing_fault((item,), columns)
        for item in known
        if item.required == "yes" and item.name not in fields
    ]
    faults += [
        _half_pair(known, pair, fields, columns)
        for pair in _PAIRS
        if len(set(pair) & fields.keys()) == 1
    ]
    groups = {item.required for item in known} - {"yes", "no"}
    for group in sorted(groups):
        members = tuple(item for item in known if item.required == group)
        if not has_geometry and not any(item.name in fields for item in members):
            faults.append(_missing_fault(members, columns))
    return faults


def _half_pair(
    known: tuple[Field, ...],
    pair: tuple[str, str],
    fields: Mapping[str, int],
    columns: Sequence[str],
) -> Fault:
    absent = next(name for name in pair if name not in fields)
    return _missing_fault(tuple(item for item in known if item.name == absent), columns)


def _missing_fault(wanted: tuple[Field, ...], columns: Sequence[str]) -> Fault:
    names = " / ".join(item.name for item in wanted)
    usual = " / ".join(item.spellings[0] for item in wanted)
    filled = [column for column in columns if column]
    found = ", ".join(filled[:_SHOWN]) + (" …" if len(filled) > _SHOWN else "")
    near = _nearest(wanted, filled)
    out_zh, out_en = (
        "请补上该列，或用“列名=字段”指定",
        "add the column, or name it with COLUMN=FIELD",
    )
    if near:
        column, spelling, name = near
        out_zh = f"“{column}”列是否就是“{spelling}”？若是，请用“{column}={name}”指定"
        out_en = f"is column {column!r} meant as {spelling}? Then say {column}={name}"
    return Fault(
        "missing-column",
        None,
        None,
        found,
        f"缺少 {usual} 列（字段 {names}）；文件中的列有：{found}；{out_zh}",
        f"no column for {names} (usually {usual}); the file has {found}; {out_en}",
    )


def _nearest(wanted: tuple[Field, ...], columns: list[str]) -> tuple[str, str, str] | None:
    """The file's column most like a spelling: (column, spelling, field)."""
    best: tuple[int, str, str, str] | None = None
    for item in wanted:
        folded = {fold_name(spelling)[0]: spelling for spelling in item.spellings}
        for column in columns:
            for form in fold_name(column):
                near = get_close_matches(form, folded, 1, _LIKENESS)
                if near and (best is None or len(near[0]) > best[0]):
                    best = (len(near[0]), column, folded[near[0]], item.name)
    return best[1:] if best else None


def _unread(columns: Sequence[str], read: set[int]) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            "unread-column",
            None,
            column,
            column,
            "未识别为任何字段，不读取；如需读取请用“列名=字段”指定",
            "it is no known field and is not read; name it with COLUMN=FIELD if it should be",
        )
        for index, column in enumerate(columns)
        if column and index not in read
    )


def _point_fields(crs: str | None) -> tuple[str, str]:
    """The fields for the first and second coordinate of a point in this system."""
    if crs is None or crs in {"OGC:CRS84", "EPSG:4326", "EPSG:4490"}:
        return "lon", "lat"
    from pyproj import CRS

    return ("y_east", "x_north") if CRS.from_user_input(crs).is_projected else ("lon", "lat")


def _point(wkb: bytes) -> tuple[float, float] | None:
    """The x and y of a WKB point, None for every other geometry."""
    if len(wkb) < _WKB_POINT_MIN:
        return None
    order = "<" if wkb[0] else ">"
    if struct.unpack_from(f"{order}I", wkb, 1)[0] not in _WKB_POINT_TYPES:
        return None
    x, y = struct.unpack_from(f"{order}dd", wkb, 5)
    return x, y
