"""A feature of the Linked Places Format as a place."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
import shapely

from data.errors import InvalidValue
from data.formats.cells import BLANKS, unfit
from data.reference import categories, lpf_types
from gazetteer.exchange.lpf.terms import COLUMNS, FLAGS, KEPT, MADE, OURS, TEXTS
from gazetteer.exchange.records import NameRow
from gazetteer.name_rows import language_of

_LARGEST_LON, _LARGEST_LAT = 180.0, 90.0
_UNVERIFIED = "unverified"
_MONTH_CHARS, _YEAR_CHARS = 7, 4


@dataclass(frozen=True, slots=True)
class LinkedPlace:
    """What a feature says of a place.

    Attributes:
        columns: columns of a place by name; dates as ISO 8601 text.
        position: longitude, latitude in degrees; None where the feature has none.
        names: its names.
        extras: fields that no column holds.
    """

    columns: Mapping[str, Any]
    position: tuple[float, float] | None
    names: tuple[NameRow, ...]
    extras: Mapping[str, str] = field(default_factory=dict)


def is_ours(feature: Mapping[str, Any]) -> bool:
    """Whether a feature was made by this program."""
    properties = feature.get("properties")
    return isinstance(properties, dict) and f"{OURS}status" in properties


def read_place(feature: Mapping[str, Any]) -> LinkedPlace:
    """Read what a feature says of a place; what else it holds is not looked at.

    Raises:
        InvalidValue: it has no title and no toponym, a member is of another kind than the format
            has it, a position is out of range, or a text holds a character that no text may hold.
    """
    properties = _mapping("properties", feature.get("properties"))
    ours = is_ours(feature)
    columns = _columns(feature, properties, ours=ours)
    names = _names(feature, columns, ours=ours)
    title = member_text("title", properties.get("title")) or (names[0].text if names else None)
    if title is None:
        raise InvalidValue(
            "title", None, "a place needs a title or a toponym", "add one",
            "地点缺少 title 或 toponym；请补充",
        )  # fmt: skip
    columns["name"] = title
    if not names and not ours:
        status = columns["status"]
        names = (NameRow(title, language_of(title), "standard", status),)
    return LinkedPlace(columns, _position(feature.get("geometry")), names, _own_extras(properties))


def _columns(
    feature: Mapping[str, Any], properties: Mapping[str, Any], *, ours: bool
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in COLUMNS:
        value = properties.get(f"{OURS}{name}")
        found[name] = bool(value) if name in FLAGS else member_text(name, value)
    found |= _descriptions(feature, ours=ours)
    if ours:
        return found
    found["status"] = _UNVERIFIED
    found["source_id"] = member_text("@id", feature.get("@id"))
    found["category_code"] = _category(feature)
    start, end = _span(feature.get("when"))
    return found | {"valid_from": start, "valid_to": end}


def _descriptions(feature: Mapping[str, Any], *, ours: bool) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(TEXTS)
    for item in _mappings("descriptions", feature.get("descriptions")):
        kind = text_kind(item, ours=ours)
        if kind is not None and found[kind] is None:
            found[kind] = member_text("descriptions", item.get("value"))
    return found


def text_kind(description: Mapping[str, Any], *, ours: bool) -> str | None:
    """Which column a description is; of a foreign feature the first is the description."""
    kind = description.get(f"{OURS}kind") if ours else "description"
    return kind if kind in TEXTS else None


def _names(
    feature: Mapping[str, Any], columns: Mapping[str, Any], *, ours: bool
) -> tuple[NameRow, ...]:
    title = member_text("title", _mapping("properties", feature.get("properties")).get("title"))
    rows = (
        name_row(item, title, None if ours else columns["status"])
        for item in _mappings("names", feature.get("names"))
    )
    return tuple(row for row in rows if row is not None)


def name_row(item: Mapping[str, Any], title: str | None, status: str | None) -> NameRow | None:
    """A member of `names` as a name; None where it has no toponym of its own.

    Args:
        item: the member.
        title: the feature's title; a name that is the same is the standard one.
        status: what a name without a status of its own has.
    """
    toponym = member_text("toponym", item.get("toponym"))
    if toponym is None or item.get(MADE):
        return None
    start, end = _span(item.get("when"))
    return NameRow(
        toponym,
        member_text("lang", item.get("lang")) or language_of(toponym),
        member_text("kind", item.get(f"{OURS}kind"))
        or ("standard" if toponym == title else "variant"),
        member_text("status", item.get(f"{OURS}status")) or status,
        start,
        end,
        _citation(item),
    )


def _citation(name: Mapping[str, Any]) -> str | None:
    labels = [
        member_text("citations", item.get("label"))
        for item in _mappings("citations", name.get("citations"))
        if not item.get(MADE)
    ]
    return next((label for label in labels if label), None)


def _category(feature: Mapping[str, Any]) -> str | None:
    """The category that a label or a verified AAT term names, if it is one."""
    for item in _mappings("types", feature.get("types")):
        labels = {str(item.get("label", "")).lower()}
        labels |= {
            str(one.get("label", "")).lower()
            for one in _mappings("sourceLabels", item.get("sourceLabels"))
        }
        named = [c.code for c in categories() if {c.name, c.name_en.lower()} & labels]
        term = str(item.get("identifier", "")).rpartition(":")[2].rpartition("/")[2]
        named += [row.code for row in lpf_types() if row.aat and row.aat == term]
        if len(set(named)) == 1:
            return named[0]
    return None


def _span(when: Any) -> tuple[str | None, str | None]:
    """The first and the last day that a `when` gives outright; other limits stay in the feature."""
    for span in _mappings("timespans", _mapping("when", when).get("timespans")):
        return _day(span.get("start")), _day(span.get("end"))
    return None, None


def _day(end: Any) -> str | None:
    text = str(_mapping("timespans", end).get("in") or "")
    if len(text) in {_YEAR_CHARS, _MONTH_CHARS}:
        text = f"{text}-01-01" if len(text) == _YEAR_CHARS else f"{text}-01"
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _own_extras(properties: Mapping[str, Any]) -> dict[str, str]:
    given = _mapping("ovoo:extras", properties.get(f"{OURS}extras"))
    found = {str(key): member_text(str(key), value) for key, value in given.items()}
    return {key: text for key, text in found.items() if text is not None and key != KEPT}


def _position(geometry: Any) -> tuple[float, float] | None:
    """The point of a geometry: itself, the first point of several, or one inside its shape."""
    given = _mapping("geometry", geometry)
    parts = given.get("geometries") if given.get("type") == "GeometryCollection" else [given]
    shapes = [shape for part in _mappings("geometries", parts) if (shape := _shape(part))]
    for shape in shapes:
        if shape.geom_type in {"Point", "MultiPoint"}:
            first = shape if shape.geom_type == "Point" else shape.geoms[0]
            return _checked(first.x, first.y)
    if not shapes:
        return None
    inside = shapes[0].representative_point()
    return _checked(inside.x, inside.y)


def _shape(part: Mapping[str, Any]) -> Any:
    try:
        if part.get("coordinates"):
            plain = {"type": part.get("type"), "coordinates": part["coordinates"]}
            found = shapely.from_geojson(orjson.dumps(plain))
        elif text := part.get("geowkt") or part.get("geo_wkt"):
            found = shapely.from_wkt(str(text))
        else:
            return None
    except (shapely.errors.GEOSException, TypeError, ValueError) as error:
        raise InvalidValue(
            "geometry", part.get("type"), "it is no geometry of GeoJSON or WKT", "mend it",
            "几何无法读取；请更正",
        ) from error  # fmt: skip
    return None if found is None or found.is_empty else found


def _checked(lon: float, lat: float) -> tuple[float, float]:
    finite = math.isfinite(lon) and math.isfinite(lat)
    if not finite or abs(lon) > _LARGEST_LON or abs(lat) > _LARGEST_LAT:
        raise InvalidValue(
            "geometry", (lon, lat), "longitude is within ±180 and latitude within ±90 degrees",
            "give longitude, then latitude",
            f"经度应在 ±180 度内、纬度在 ±90 度内，实为 {lon}, {lat}；请按“经度, 纬度”填写",
        )  # fmt: skip
    return lon, lat


def member_text(name: str, value: Any) -> str | None:
    """A member's text without blanks at its ends; None where it is empty."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _kind(name, value, "text")
    text = str(value).strip(BLANKS)
    if found := unfit(text):
        shown = f"U+{ord(found):04X}"
        raise InvalidValue(
            name, shown, "no text may hold that character", "type it again without it",
            f"{name} 含有不可用的字符 {shown}；请删除后重新填写",
        )  # fmt: skip
    return text or None


def _mapping(name: str, value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise _kind(name, value, "an object")
    return value


def _mappings(name: str, value: Any) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise _kind(name, value, "a list")
    return [_mapping(name, item) for item in value]


def _kind(name: str, value: Any, wanted: str) -> InvalidValue:
    return InvalidValue(
        name, value, f"in the Linked Places Format it is {wanted}", "mend the feature",
        f"Linked Places 格式中 {name} 的类型有误；请更正",
    )  # fmt: skip
