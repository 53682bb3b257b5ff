"""GeoJSON (RFC 7946), newline-delimited GeoJSON and GeoJSON text sequences (RFC 8142)."""

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from data.errors import Fault, FileTooLarge, InvalidFile
from data.formats.cells import value_text, without_unfit
from data.formats.encodings import open_text
from data.formats.fields import fields_of, fold_name
from data.formats.geometries import BadGeometryError, to_wkb
from data.formats.json_stream import JsonText
from data.formats.reading import RawRow, Reading, Request, note
from data.formats.sniffing import unknown

_EPSG_NAME = re.compile(r"(?:urn:ogc:def:crs:)?EPSG:(?::|[\d.]*:)?(\d{4,6})", re.IGNORECASE)
_CRS84 = "OGC:CRS84"
_CRS84_NAMES = {"urn:ogc:def:crs:ogc:1.3:crs84", "urn:ogc:def:crs:ogc::crs84", "ogc:crs84"}
_ID = "id"


class Features:
    """One pass over the features of a file; `crs` and `root` are known once it is over."""

    def __init__(self, request: Request) -> None:
        self._stream, self.encoding = open_text(request)
        self._text = JsonText(self._stream)
        self.crs: object = None

    def __iter__(self) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
        """Each feature, with the keys that occur twice in it."""
        with self._stream:
            if self._text.peek() == "[":
                yield from self._listed()
            while self._text.peek():
                yield from self._root()

    def _listed(self) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
        for feature in self._text.items():
            yield _checked(feature), self._twice()

    def _root(self) -> Iterator[tuple[Mapping[str, Any], list[str]]]:
        """One value at the top: a collection, whose features are drawn, or a feature."""
        members: dict[str, Any] = {}
        for key in self._text.members():
            if key in members:
                raise InvalidFile(
                    f"the key {key[:40]!r} stands twice at the top of its JSON; export it again",
                    f"JSON 顶层的键 {key[:40]!r} 重复；请重新导出",
                )
            if key == "features" and self._text.peek() == "[":
                members[key] = True
                yield from self._listed()
            else:
                members[key] = self._text.value()
        if "features" in members:
            self.crs = members.get("crs")
        else:
            self.crs = self.crs or members.get("crs")
            yield _checked(members), self._twice()

    def _twice(self) -> list[str]:
        keys = list(dict.fromkeys(self._text.twice))
        self._text.twice.clear()
        return keys


def _checked(feature: Any) -> Mapping[str, Any]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise unknown(
            "its JSON is not GeoJSON: a FeatureCollection, a list of Features or one Feature a"
            " line was expected",
            "JSON 不是 GeoJSON：应为 FeatureCollection、Feature 数组或每行一个 Feature",
        )
    return feature


def read(request: Request) -> Reading:
    """A GeoJSON file, read twice: once for the names of its properties, once for its rows."""
    features = Features(request)
    columns: dict[str, None] = {}
    has_id = False
    for feature, _ in features:
        columns.update(dict.fromkeys(_properties(feature)))
        has_id = has_id or _ID in feature
        if len(columns) > request.limits.max_columns:
            raise FileTooLarge(
                f"its features have more than {request.limits.max_columns} different properties",
                f"要素的不同属性超过 {request.limits.max_columns} 个",
            )
    # Where a property is the id that a source gave, the feature's own is that of another program.
    if has_id and not any(map(_is_id, columns)):
        columns = {_ID: None, **columns}
    crs, said = _crs(features.crs)
    return Reading(
        "geojson",
        list(columns),
        _rows(request, list(columns)),
        crs=crs,
        encoding=features.encoding.label,
        has_geometry=True,
        notes=(*features.encoding.notes, *said),
    )


def _is_id(name: str) -> bool:
    forms = {form for spelling in _id_spellings() for form in fold_name(spelling)}
    return any(form in forms for form in fold_name(name))


def _id_spellings() -> tuple[str, ...]:
    (known,) = (field for field in fields_of("names") if field.name == _ID)
    return known.spellings


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _crs(member: object) -> tuple[str, tuple[Fault, ...]]:
    """The reference system: CRS84, or what the old `crs` member names."""
    if member is None:
        return _CRS84, ()
    name = ""
    match member:
        case {"type": "name", "properties": {"name": str(name)}}:
            pass
    if name.lower() in _CRS84_NAMES:
        return _CRS84, ()
    found = _EPSG_NAME.fullmatch(name)
    if found is None:
        raise InvalidFile(
            "its crs member is not the name of an EPSG system; export it in longitude and"
            " latitude, as RFC 7946 has it",
            "crs 成员不是 EPSG 坐标系名称；请按 RFC 7946 以经纬度导出",
        )
    crs = f"EPSG:{found.group(1)}"
    said = note("crs-member", crs, f"按文件的 crs 成员采用 {crs}", f"its crs member says {crs}")
    return crs, (said,)


def _rows(request: Request, columns: list[str]) -> Iterator[RawRow]:
    for number, (feature, twice) in enumerate(Features(request), 1):
        faults = [twice_fault(number, key) for key in twice]
        wkb = _geometry(number, feature.get("geometry"), faults)
        values = _properties(feature)
        if _ID in columns and _ID not in values and _ID in feature:
            values = {**values, _ID: feature[_ID]}
        cells = [cell_text(number, name, values.get(name), faults) for name in columns]
        yield number, cells, wkb, faults


def twice_fault(number: int, key: str) -> Fault:
    """The fault of a row with one key twice."""
    return Fault(
        "duplicate-key",
        number,
        without_unfit(key),
        without_unfit(key),
        "该键在同一对象中出现两次，无法确定取哪一个；请删去一个",
        "the key stands twice in one object, so which one is meant is not known; delete one",
    )


def _geometry(number: int, geometry: Any, faults: list[Fault]) -> bytes | None:
    if geometry is None:
        return None
    try:
        return to_wkb(geometry if isinstance(geometry, dict) else {})
    except BadGeometryError as error:
        faults.append(geometry_fault(number, error))
        return None


def geometry_fault(number: int, error: BadGeometryError) -> Fault:
    """The fault of a row whose geometry cannot be taken."""
    return Fault(
        "bad-geometry",
        number,
        None,
        "",
        f"几何无法读取：{error.zh}；请修正后重新提交",
        f"its geometry cannot be taken: {error.en}; mend it and send it again",
    )


def cell_text(number: int, name: str, value: Any, faults: list[Fault]) -> str:
    """A member's value as the text of a cell; what cannot be is added to the faults."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and not math.isfinite(value):
        faults.append(
            Fault(
                "not-a-number",
                number,
                name,
                repr(value),
                "不是有限的数值；请填写数值或留空",
                "it is not a finite number; give a number or leave it empty",
            )
        )
        return ""
    if isinstance(value, dict | list):
        return _nested(number, name, value, faults)
    return value_text(value)


def _nested(number: int, name: str, value: Any, faults: list[Fault]) -> str:
    """A nested value as JSON text."""
    try:
        return orjson.dumps(value).decode()
    except orjson.JSONEncodeError:
        faults.append(
            Fault(
                "nested-value",
                number,
                name,
                "",
                "嵌套的值无法读取；请改为文本",
                "its nested value cannot be taken; make it plain text",
            )
        )
        return ""
