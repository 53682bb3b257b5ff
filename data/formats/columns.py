"""Which column of a file is which field of a record."""

import re
import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from data.coordinates import ReferenceSystem
from data.errors import Fault, FaultsFound, InvalidValue
from data.formats.column_faults import (
    duplicates,
    missing_fault,
    no_such,
    several_of_name,
    two_fields,
    unknown_crs,
    unread,
)
from data.formats.fields import Field, fields_of, fold_name
from data.formats.table import Row, Table

_POSITIONS = (("lon", "lat"), ("x_north", "y_east"), ("position",))
_POSITION_FIELDS = frozenset(name for way in _POSITIONS for name in way)
_DEGREE_DECIMALS, _METRE_DECIMALS = 9, 4
_LABELLED = {"kml", "kmz", "gpx"}
_MARKED, _LABEL, _NUMBER = {"markers", "inspections"}, "name", "marker_no"
_WKB_POINT_TYPES = {1, 1001, 2001, 3001}
_WKB_POINT_MIN = 21
UNREAD = "-"
"""What a person says of a column that is not to be read."""
_BY_PLACE = re.compile("#([1-9][0-9]{0,4})")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """The columns of one file, matched to the fields of one record.

    `fields` gives each field found the index of its column. `faults` are what keeps the file
    from being read (a required field missing, two columns for one field, an unknown or a doubtful
    override);
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
        or `y_east` and `x_north` (metres) if the file's reference system is projected. `crs`
        is then the file's own; beside position columns it fills only what is left blank.
        """
        found = {name: row.cells[index] for name, index in self.fields.items()}
        point = _point(row.geometry) if self._point_fields and row.geometry else None
        if self._point_fields and point:
            decimals = _DEGREE_DECIMALS if self._point_fields[0] == "lon" else _METRE_DECIMALS
            texts = (_exact_text(number, decimals) for number in point)
            found |= dict(zip(self._point_fields, texts, strict=True))
            found["crs"] = self._crs or ""
        elif self._crs and not found.get("crs"):
            found["crs"] = self._crs
        return found


def parse_override(text: str) -> tuple[str, str]:
    """`COLUMN=FIELD` as (column, field); the last equals sign divides.

    A field of `-` leaves the column unread; `#3` is the third column, whatever it is called.

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


def parse_overrides(texts: Iterable[str]) -> dict[str, str]:
    """What several texts `COLUMN=FIELD` say together: column → field.

    Raises:
        InvalidValue: one has another shape, or two name one column.
    """
    return one_each(map(parse_override, texts))


def one_each(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Column → field of pairs that name each column once.

    Raises:
        InvalidValue: two name one column, of which only one could hold.

    >>> one_each([("桩号", "marker_no"), ("B", "lat")])
    {'桩号': 'marker_no', 'B': 'lat'}
    """
    found: dict[str, str] = {}
    for column, name in pairs:
        if column in found:
            said = f"{column}={found[column]}, {column}={name}"
            raise InvalidValue(
                "map", said, f"the column {column!r} is named twice", "name each column once",
                f"列“{column}”重复指定（{said}）；每列请只指定一次",
            )  # fmt: skip
        found[column] = name
    return found


def map_table(record: str, table: Table, overrides: Mapping[str, str] | None = None) -> ColumnMap:
    """`map_columns` for an open table, with its geometry, reference system and labels."""
    return map_columns(
        record,
        table.columns,
        overrides,
        has_geometry=table.has_geometry,
        crs=table.crs,
        labelled=table.format in _LABELLED,
    )


def map_columns(
    record: str,
    columns: Sequence[str],
    overrides: Mapping[str, str] | None = None,
    *,
    has_geometry: bool = False,
    crs: str | None = None,
    labelled: bool = False,
) -> ColumnMap:
    """Match the columns of a file to the fields of a record.

    Args:
        record: one of `RECORDS`; `InvalidValue` otherwise.
        columns: the file's column names, in order.
        overrides: the file's column → field, said by a person; it outranks every spelling. A
            column is named as it is, or by its place (`#3`); the field `-` leaves it unread.
        has_geometry: whether rows bring a geometry, which then serves as the position.
        crs: reference system of that geometry ("EPSG:n", "OGC:CRS84" or WKT).
        labelled: whether the column `name` is what is written beside each position, as on a GPS;
            of a marker that is its number, where no other column is.
    """
    known = fields_of(record)
    forced, faults = _forced(known, columns, overrides or {})
    candidates = _candidates(known, columns, forced)
    if labelled and _LABEL in columns and list(columns).index(_LABEL) not in forced:
        _label(record, columns, candidates)
    faults += duplicates(columns, candidates)
    placed = any(set(way) <= candidates.keys() for way in _POSITIONS)
    if has_geometry and not placed:
        # Half a position beside a geometry is not one: the geometry is.
        for name in _POSITION_FIELDS:
            candidates.pop(name, None)
    faults += _missing(known, columns, candidates, placed=placed or has_geometry)
    points = None
    if has_geometry and not placed:
        points = _point_fields(crs)
        faults += [] if points else [unknown_crs(crs or "")]
    return ColumnMap(
        record=record,
        columns=tuple(columns),
        fields={name: indexes[0] for name, indexes in candidates.items()},
        faults=tuple(faults),
        notes=unread(columns, {index for indexes in candidates.values() for index in indexes}),
        _point_fields=points,
        _crs=crs if any(item.name == "crs" for item in known) else None,
    )


def _label(record: str, columns: Sequence[str], candidates: dict[str, list[int]]) -> None:
    """Let the labels be the markers' numbers, where these have no column."""
    if record in _MARKED and _NUMBER not in candidates:
        at = list(columns).index(_LABEL)
        if not any(at in indexes for indexes in candidates.values()):
            candidates[_NUMBER] = [at]


def _missing(
    known: tuple[Field, ...],
    columns: Sequence[str],
    found: Collection[str],
    *,
    placed: bool,
) -> list[Fault]:
    """Faults for required fields, for groups of which nothing is there, and for half a pair."""
    faults = [
        missing_fault((item,), columns)
        for item in known
        if item.required == "yes" and item.name not in found
    ]
    halves = {
        name
        for pair in _POSITIONS
        if not placed and 0 < sum(name in found for name in pair) < len(pair)
        for name in pair
        if name not in found
    }
    faults += [missing_fault((item,), columns) for item in known if item.name in halves]
    for group in sorted({item.required for item in known} - {"yes", "no"}):
        members = tuple(item for item in known if item.required == group)
        if not placed and not any(item.name in found for item in members):
            faults.append(missing_fault(members, columns))
    return faults


def _forced(
    known: tuple[Field, ...], columns: Sequence[str], overrides: Mapping[str, str]
) -> tuple[dict[int, str], list[Fault]]:
    forced: dict[int, str] = {}
    faults: list[Fault] = []
    names = [item.name for item in known]
    for column, name in overrides.items():
        index = _place_of(column, columns)
        if name not in names and name != UNREAD:
            faults.append(no_such("field", name, names, column))
        elif index is None:
            faults.append(no_such("column", column, list(columns), column))
        elif column in columns and columns.count(column) > 1:
            faults.append(several_of_name(columns, column, name))
        elif forced.setdefault(index, name) != name:
            faults.append(two_fields(columns, index, forced[index], name))
    return forced, faults


def _place_of(column: str, columns: Sequence[str]) -> int | None:
    """The index of a column named as it is or by its place (`#1` is the first)."""
    if column in columns:
        return list(columns).index(column)
    placed = _BY_PLACE.fullmatch(column)
    index = int(placed[1]) - 1 if placed else len(columns)
    return index if index < len(columns) else None


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
        if name is not None and name != UNREAD:
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


def _point_fields(crs: str | None) -> tuple[str, str] | None:
    """The fields for the first and second coordinate of a point; None of an unknown system."""
    if crs is None or crs in {"OGC:CRS84", "EPSG:4326", "EPSG:4490"}:
        return "lon", "lat"
    try:
        return ("y_east", "x_north") if ReferenceSystem.parse(crs).is_plane else ("lon", "lat")
    except InvalidValue:
        return None


def _exact_text(number: float, decimals: int) -> str:
    """A geometry's number, which states no digits, written so that no rounding is read into it.

    >>> _exact_text(112.0, 9), _exact_text(41.2345678901, 9)
    ('112.000000000', '41.2345678901')
    """
    whole, point, fraction = repr(number).partition(".")
    if not point or not fraction.isdigit():
        return repr(number)
    return f"{whole}.{fraction.ljust(decimals, '0')}"


def _point(wkb: bytes) -> tuple[float, float] | None:
    """The x and y of a WKB point, None for every other geometry."""
    if len(wkb) < _WKB_POINT_MIN:
        return None
    order = "<" if wkb[0] else ">"
    if struct.unpack_from(f"{order}I", wkb, 1)[0] not in _WKB_POINT_TYPES:
        return None
    x, y = struct.unpack_from(f"{order}dd", wkb, 5)
    return x, y
