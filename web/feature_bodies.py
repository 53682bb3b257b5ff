"""Features as clients send them: read one by one, strictly, every fault by feature and field."""

import io
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import g, request

from data import CRS84, Collection, InvalidFile, InvalidValue, TooMany, find_system, geometry_kind
from data.editing import MOST_FEATURES, Change, NewFeature, feature_fault, read_geometry
from data.errors import Fault
from data.formats import JsonText
from data.published_systems import PublishedSystem
from web.context import current_store
from web.errors import WrongMediaType
from web.negotiation import GEOJSON, JSON

MOST_BYTES: Final = 20_000_000
MOST_NESTED: Final = 12
MERGE_PATCH: Final = "application/merge-patch+json"
_MEMBERS: Final = frozenset({"type", "id", "geometry", "properties", "links", "bbox"})
_DUPLICATE, _INVALID = "duplicate-key", "invalid-value"


def posted() -> tuple[str, io.TextIOWrapper]:
    """The media type and the text of this request's body."""
    request.max_content_length = MOST_BYTES
    body = g.get("body")
    stream = io.BytesIO(body) if body is not None else io.BufferedReader(request.stream)  # type: ignore[type-var]
    return request.mimetype, io.TextIOWrapper(stream, "utf-8", newline="")


def new_features(collection: Collection) -> tuple[bool, list[NewFeature]]:
    """The features of this POST's body, and whether it is a collection of them.

    Raises:
        WrongMediaType: the body is no GeoJSON by its type.
        InvalidValue: it is no GeoJSON by its text.
        TooMany: it holds more features than are written at once.
    """
    media_type, text = posted()
    if media_type not in {GEOJSON, JSON}:
        raise WrongMediaType(media_type, "Accept-Post", (GEOJSON, JSON))
    system, kind = content_system(), geometry_kind(collection)
    features = []
    several = True
    for number, feature, twice in _features(text):
        several = number is not None
        if number is not None and number > MOST_FEATURES:
            raise TooMany(
                f"more than {MOST_FEATURES:,} features are sent at once; send them in parts",
                f"一次最多提交 {MOST_FEATURES} 个要素；请分批提交",
            )
        features.append(_new(number, feature, twice, system, kind))
    if not features:
        raise _broken("it holds no feature")
    return several, features


def sent_change(
    collection: Collection, identity: int, seen: frozenset[int] | None, *, whole: bool
) -> Change:
    """The change of this request's body: a whole feature (PUT), or a merge patch (PATCH).

    Raises:
        WrongMediaType, InvalidValue: the body is none.
    """
    media_type, text = posted()
    if whole and media_type not in {GEOJSON, JSON}:
        raise WrongMediaType(media_type, "Accept", (GEOJSON, JSON))
    if not whole and media_type != MERGE_PATCH:
        raise WrongMediaType(media_type, "Accept-Patch", (MERGE_PATCH,))
    found = list(_features(text, alone=True))
    ((_, feature, twice),) = found
    faults = [*_shape_faults(None, feature, twice, typed=whole), *_id_faults(feature, identity)]
    system, kind = content_system(), geometry_kind(collection)
    if not whole and feature.get("properties", {}) is None:
        faults.append(
            _fault(
                None, "properties", None, "不可去掉全部属性；请逐个写出要清空的属性",
                "a feature keeps its properties; name each one that is to be emptied",
            )
        )  # fmt: skip
    if whole and "geometry" not in feature:
        faults.append(_fault(None, "geometry", "", "缺少“geometry”；请补填", "is missing; give it"))
    geometry = None
    if "geometry" in feature:
        geometry = _Drawn(feature["geometry"], system, kind, whole=whole)
    return Change(_properties(feature), geometry, whole, seen, tuple(faults))


class _Drawn:
    """The geometry that a change sends: whole, or as a patch of the one before."""

    def __init__(self, sent: Any, system: PublishedSystem, kind: str, *, whole: bool) -> None:
        self._sent, self._system, self._kind, self._whole = sent, system, kind, whole

    def __call__(self, before: Mapping[str, Any] | None) -> bytes | None:
        """The new geometry as WKB.

        Raises:
            ValueError: with the rule in Chinese and English.
        """
        drawn = self._sent
        if not self._whole and isinstance(drawn, dict):
            merged = {**(self._system.from_store(before) or {}), **drawn}
            drawn = {name: value for name, value in merged.items() if value is not None}
        return read_geometry(drawn, self._system, self._kind)


def content_system() -> PublishedSystem:
    """The system of this request's geometries (`Content-Crs`); CRS84 where none is named.

    Raises:
        InvalidValue: the store publishes no such system.
    """
    stated = request.headers.get("Content-Crs", f"<{CRS84}>").strip()
    uri = stated.removeprefix("<").removesuffix(">")
    return find_system(uri, current_store().srid, "Content-Crs")


def _features(
    stream: io.TextIOWrapper, *, alone: bool = False
) -> Iterator[tuple[int | None, Mapping[str, Any], list[str]]]:
    """Each feature with its number (None for one alone) and the keys that stand twice in it."""
    text = JsonText(stream)
    members: dict[str, Any] = {}
    try:
        for key in text.members():
            if key in members:
                text.twice.append(str(key))
            if key == "features" and not alone and text.peek() == "[":
                members[key] = None
                for number, feature in enumerate(text.items(), start=1):
                    yield number, _object(feature, number), _taken(text)
            else:
                members[key] = text.value()
        if text.peek():
            raise _broken("more follows after its end")
    except InvalidFile as error:
        raise _broken(error.message, error.zh) from error
    except UnicodeDecodeError as error:
        raise _broken("it is not UTF-8") from error
    if "features" not in members or alone:
        yield None, _object(members, None), _taken(text)
    elif members.get("type", "FeatureCollection") != "FeatureCollection":
        raise _broken("with features its type is FeatureCollection")


def _broken(rule: str, zh: str = "") -> InvalidValue:
    return InvalidValue(
        "body", "…", rule, "send GeoJSON in UTF-8",
        f"请求正文有误：{zh or rule}；请发送 UTF-8 编码的 GeoJSON",
    )  # fmt: skip


def _taken(text: JsonText) -> list[str]:
    keys = list(dict.fromkeys(text.twice))
    text.twice.clear()
    return keys


def _object(feature: Any, number: int | None) -> Mapping[str, Any]:
    if not isinstance(feature, dict):
        raise _broken(f"feature {number or 1} is no object")
    if _is_deep(feature):
        raise _broken(f"feature {number or 1} is nested deeper than {MOST_NESTED} levels")
    return feature


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_NESTED):
        level = [
            child
            for one in level
            for child in (one.values() if isinstance(one, dict) else one)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _new(
    number: int | None,
    feature: Mapping[str, Any],
    twice: list[str],
    system: PublishedSystem,
    kind: str,
) -> NewFeature:
    faults = _shape_faults(number, feature, twice, typed=True)
    geometry = None
    try:
        geometry = read_geometry(feature.get("geometry"), system, kind)
    except ValueError as error:
        zh, en = error.args
        faults.append(_fault(number, "geometry", "", zh, en))
    return NewFeature(number, _properties(feature), geometry, tuple(faults))


def _properties(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    properties = feature.get("properties")
    return properties if isinstance(properties, dict) else {}


def _shape_faults(
    number: int | None, feature: Mapping[str, Any], twice: list[str], *, typed: bool
) -> list[Fault]:
    """What is wrong with a feature's own members; `typed` where it must say that it is one."""
    faults = [
        feature_fault(
            _DUPLICATE, number, key[:40], key, "该键出现两次；请删去一个",
            "the key stands twice; delete one",
        )
        for key in twice
    ]  # fmt: skip
    if feature.get("type", None if typed else "Feature") != "Feature":
        told = feature.get("type")
        faults.append(_fault(number, "type", told, "type 应为 Feature", "its type is Feature"))
    if not isinstance(feature.get("properties", {}), dict | None):
        faults.append(
            _fault(number, "properties", "", "properties 应为对象或 null", "an object or null")
        )
    for name in feature.keys() - _MEMBERS:
        listed = ", ".join(sorted(_MEMBERS))
        faults.append(
            _fault(number, name[:40], "", f"没有成员“{name[:40]}”", f"a feature has {listed}")
        )
    return faults


def _id_faults(feature: Mapping[str, Any], identity: int) -> list[Fault]:
    given = feature.get("id", identity)
    if isinstance(given, int | str) and str(given) == str(identity):
        return []
    return [_fault(None, "id", given, "编号不可更改", "a feature's id never changes")]


def _fault(number: int | None, field: str, value: object, zh: str, en: str) -> Fault:
    return feature_fault(_INVALID, number, field, value, zh, en)
