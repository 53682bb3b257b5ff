"""What a row says of a place beyond its columns: explicit names, extras, a whole linked feature."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import orjson

from data.cell_values import parse_word
from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.errors import InvalidValue
from data.geometry import point_wkb
from data.reference import place_sheet
from gazetteer.exchange.lpf import parse
from gazetteer.exchange.records import NameRow
from gazetteer.exchange.sheet import MORE, names_of_more
from gazetteer.names import parse_language

LPF = "lpf"
_BESIDE = ("province_name", "city_name")
_DATES = ("valid_from", "valid_to")
_ISO_DATE_CHARS = 10
_LARGEST_LON, _LARGEST_LAT = 180.0, 90.0
_ONE_POINT = {"type": "MultiPoint"}

Extras = dict[str, str]


def extras_of(cells: Cells) -> Extras:
    """Fields that no column holds, as they were entered."""
    fields = [field.code for field in place_sheet() if field.home == "extra"]
    found = {name: text for name in (*fields, *_BESIDE) if (text := cells.text(name))}
    for name in _DATES:
        # A year alone is kept as its first day; that only the year is known must not be lost.
        text = cells.text(name)
        if text is not None and len(text) != _ISO_DATE_CHARS:
            found[name] = text
    points = {"gdm": _several_points(cells), "pdm": _filled(cells.text("pdm"))}
    return found | {name: text for name, text in points.items() if text is not None}


def _filled(text: str | None) -> str | None:
    return None if text in {None, "null"} else text


def _several_points(cells: Cells) -> str | None:
    """A `gdm` that says more than the one point that is the record's position."""
    text = _filled(cells.text("gdm"))
    if text is None:
        return None
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    match given:
        case {"type": "MultiPoint", "coordinates": [[_, _]]} if len(given) == len(_ONE_POINT) + 1:
            return None
    return text


def public_point(cells: Cells) -> bytes | None:
    """The first point of a `gdm`, where a table has it as text and no position of its own."""
    text = _filled(cells.text("gdm"))
    if text is None:
        return None
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError:
        given = None
    match given:
        case {
            "type": "MultiPoint",
            "coordinates": [[int() | float() as x, int() | float() as y], *_],
        } | {"type": "Point", "coordinates": [int() | float() as x, int() | float() as y]} if (
            abs(x) <= _LARGEST_LON and abs(y) <= _LARGEST_LAT
        ):
            return point_wkb(float(x), float(y))
    cells.fault(
        "invalid-value", "gdm", text[:80],
        "应为 GeoJSON 的 MultiPoint，经度在 ±180 度内、纬度在 ±90 度内；请更正",
        "it is a GeoJSON MultiPoint, longitude within ±180 and latitude within ±90 degrees;"
        " correct it",
    )  # fmt: skip
    return None


def more_of(cells: Cells) -> Mapping[str, Any]:
    """What an exported sheet's last column says: names, extras, the mark of a romanization."""
    text = cells.text(MORE)
    if text is None:
        return {}
    try:
        found = orjson.loads(text)
        if not isinstance(found, dict):
            raise _not_ours(text)
        extras = found.get("extras", {})
        if not isinstance(extras, dict) or not all(isinstance(x, str) for x in extras.values()):
            raise _not_ours(text)
        mark = found.get("romanization_mark")
        if not isinstance(mark, str | None):
            raise _not_ours(text)
        names = [_row(name) for name in names_of_more(found["names"])] if "names" in found else None
    except orjson.JSONDecodeError:
        _tell(cells, MORE, text, _not_ours(text))
        return {}
    except InvalidValue as error:
        _tell(cells, MORE, text, error)
        return {}
    marked = {"romanization_mark": mark} if "romanization_mark" in found else {}
    return {"extras": extras, "names": names, **marked}


def _not_ours(text: str) -> InvalidValue:
    return InvalidValue(
        MORE, text, "it is the JSON that an export wrote", "leave the column as it was, or blank",
        "附加内容应为导出时写入的 JSON；请保留原样或留空",
    )  # fmt: skip


def linked_place(cells: Cells, text: str, store: ReferenceSystem) -> dict[str, Any] | None:
    """The record of a feature of the Linked Places Format; None where it cannot be read.

    Its positions are CRS84 and are taken as they stand, as those of every name.
    """
    try:
        place = parse(_json(text))
        columns = dict(place.columns)
        for name in _DATES:
            columns[name] = _day(name, columns[name])
        columns["status"] = parse_word("status", columns["status"] or "", "name_statuses")
        names = [_row(name) for name in place.names]
    except InvalidValue as error:
        _tell(cells, error.field, str(error.value)[:80], error)
        return None
    if place.position is not None and store.datum.code != "wgs84":
        cells.note(
            "datum-set-aside", "geometry", "OGC:CRS84",
            f"坐标按 {store.datum.zh} 原值采用（地名位置可以，界桩不可以）",
            f"positions are taken as {store.datum.en} as they stand, which is good enough for"
            " names",
        )  # fmt: skip
    return columns | {
        "geom": point_wkb(*place.position) if place.position else None,
        "names": names,
        "extras": dict(place.extras),
        "division_name": None,
    }


def _json(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise InvalidValue(
            LPF, text[:80], "a feature of the Linked Places Format is JSON",
            "give one whole feature, or leave the column empty",
            "应为 JSON 格式的 LPF 要素；请填写完整的要素，或留空",
        ) from None  # fmt: skip


def _row(name: NameRow) -> dict[str, Any]:
    """A name as a row: its language a tag of BCP 47, its kind and status by their codes."""
    values = asdict(name)
    values["language"] = parse_language(name.language)
    values["kind"] = parse_word("kind", name.kind, "name_kinds")
    if name.status is not None:
        values["status"] = parse_word("status", name.status, "name_statuses")
    return values | {field: _day(field, values[field]) for field in _DATES}


def _day(field: str, text: Any) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise InvalidValue(
            field, text, "not a date", "give a date such as 2024-05-03",
            f"“{text}”不是日期；请填写如 2024-05-03",
        ) from None  # fmt: skip


def _tell(cells: Cells, field: str, value: str, error: InvalidValue) -> None:
    cells.fault("invalid-value", field, value, error.zh, f"{error.rule}; {error.way_out}")
