"""The census sheet of a place (地名登记表): a record as the cells of its fields.

What the sheet has no field for (names in other languages, their dates and sources; fields of other
formats) goes as JSON into one column of our own, `more`, so that a sheet comes back whole.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson

from data.cell_values import parse_day
from data.errors import InvalidValue
from data.formats.writing import Attribute
from data.reference import SheetField, category, place_sheet, terms
from gazetteer.exchange.records import NAME_FIELDS, NameRow, PlaceRecord
from gazetteer.name_rows import JOINED_BY, OTHER_NAMES, names_of
from gazetteer.names import is_language

MORE = "more"
_MORE_ZH = "附加内容"
_AS_LOADED = "as-loaded"
_DATES = ("valid_from", "valid_to")
_POSITIONS = {"lon", "lat", "crs"}
_RENAMED = {"id": "source_id"}
_FLAGS = {False: "否", True: "是"}


def sheet_attributes(*, placed: bool) -> tuple[Attribute, ...]:
    """The columns in the sheet's order, by their official names, then `more`.

    Args:
        placed: whether positions are columns; a GIS format has them as geometries.
    """
    wanted = [field for field in place_sheet() if placed or field.code not in _POSITIONS]
    found = [
        Attribute(field.zh, _kind(field), field.zh, field.code, field.short_code or field.code)
        for field in wanted
    ]
    return (*found, Attribute(_MORE_ZH, "text", _MORE_ZH, MORE, MORE))


def _kind(field: SheetField) -> str:
    return "number" if field.code in {"lon", "lat"} else "text"


def sheet_values(
    record: PlaceRecord, *, placed: bool, whole: bool, crs: str, path: str
) -> tuple[Any, ...]:
    """A record's cells, in the order of `sheet_attributes`.

    Args:
        record: the place.
        placed: see `sheet_attributes`.
        whole: also the fields that are not open to everybody.
        crs: the system of positions.
        path: the names of the divisions that hold the place, where the record does not say it.
    """
    cells = {
        field.code: sheet_cell(record, field.code) if whole or field.open else None
        for field in place_sheet()
        if placed or field.code not in _POSITIONS
    }
    if placed and record.position:
        cells["lon"], cells["lat"], cells["crs"] = *record.position, crs
    cells["division_name"] = cells["division_name"] or path or None
    return (*cells.values(), _more(record, cells))


def sheet_cell(record: PlaceRecord, field: str) -> Any:
    """One field of the sheet as its cell shows it; positions are given beside."""
    made = _MADE.get(field)
    if made is not None:
        return made(record, field)
    column = _RENAMED.get(field, field)
    return record.text(column) if column in record.columns else record.beside(field)


def _day(record: PlaceRecord, field: str) -> str | None:
    """A date as it was entered, such as a year alone, while it still is that date."""
    kept, typed = record.text(field), record.beside(field)
    if typed is None or kept is None:
        return kept
    try:
        return typed if parse_day(field, typed).isoformat() == kept else kept
    except InvalidValue:
        return kept


def _joined(record: PlaceRecord, field: str) -> str | None:
    kind = dict(OTHER_NAMES)[field]
    if field == "name_mong":
        said = {record.text("name"), record.text("romanization")}
        written = (name.text for name in record.names if _is_minority(name))
        found = [text for text in written if text not in said][:1]
    else:
        found = [name.text for name in record.names if name.kind == kind]
    return JOINED_BY.join(found) or None


def _is_minority(name: NameRow) -> bool:
    return name.kind in {"standard", "local"} and not is_language(name.language, "zh")


def _category(record: PlaceRecord, field: str) -> str | None:
    """A known category by its code and name; one that the table does not know as it was written."""
    written = record.text("category_code")
    known = category(written) if written else None
    if known is not None:
        return known.code5 if field == "category_code" else known.name
    is_code = bool(written) and str(written).isdigit()
    return written if is_code == (field == "category_code") else None


def _status(record: PlaceRecord, field: str) -> str | None:
    status = record.text(field)
    return next((term.zh for term in terms("name_statuses") if term.code == status), status)


def _flag(record: PlaceRecord, field: str) -> str:
    return _FLAGS[bool(record.columns.get(field))]


_MADE: Mapping[str, Callable[[PlaceRecord, str], str | None]] = {
    **dict.fromkeys(_DATES, _day),
    **dict.fromkeys((name for name, _ in OTHER_NAMES), _joined),
    **dict.fromkeys(("category_name", "category_code"), _category),
    **dict.fromkeys(("heritage", "synthetic"), _flag),
    **dict.fromkeys(_POSITIONS, lambda _record, _field: None),
    "status": _status,
}
"""Cells that are no column's or extra's text as it stands."""


def _more(record: PlaceRecord, cells: Mapping[str, Any]) -> str | None:
    """What the cells do not say, as JSON; None where they say everything."""
    found: dict[str, Any] = {}
    if not _says_names(record, cells):
        found["names"] = [
            {key: value for key in NAME_FIELDS if (value := getattr(name, key)) is not None}
            for name in record.names
        ]
    sheet = {field.code for field in place_sheet()}
    beside = {field: text for field, text in (record.extras or {}).items() if field not in sheet}
    if beside:
        found["extras"] = beside
    mark = record.text("romanization_mark")
    if mark != (_AS_LOADED if record.text("romanization") else None):
        found["romanization_mark"] = mark
    return orjson.dumps(found).decode() if found else None


def _says_names(record: PlaceRecord, cells: Mapping[str, Any]) -> bool:
    others = {field: cells[field] for field, _ in OTHER_NAMES}
    made = [
        NameRow(row["text"], row["language"], row["kind"], row["status"], source=row["source"])
        for row in names_of(0, record.columns, others)
    ]
    return list(record.names) == made


def names_of_more(items: Sequence[Any]) -> list[NameRow]:
    """The names that `more` lists.

    Raises:
        InvalidValue: one of them is no name.
    """
    found = []
    for item in items:
        if not isinstance(item, dict) or not item.keys() <= set(NAME_FIELDS):
            raise _no_name(item)
        texts = {key: value for key, value in item.items() if isinstance(value, str) and value}
        if texts != item or not {"text", "language", "kind"} <= texts.keys():
            raise _no_name(item)
        found.append(NameRow(**texts))
    return found


def _no_name(item: Any) -> InvalidValue:
    return InvalidValue(
        MORE, item, "a name has text, language and kind", "leave the column as it was exported",
        "附加内容中的名称应有 text、language、kind；请保留导出时的原样",
    )  # fmt: skip
