"""What RFC 7946 asks of a GeoJSON text, clause by clause; answers of the service are held to it."""

import json
import math
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

_DEPTHS = {
    "Point": 0, "MultiPoint": 1, "LineString": 1, "MultiLineString": 2, "Polygon": 2,
    "MultiPolygon": 3,
}  # fmt: skip
_MOST_DECIMALS = 9


def broken_rules(text: bytes) -> list[str]:
    """Every rule that a GeoJSON text breaks; none where it is good."""
    if text.startswith(b"\xef\xbb\xbf"):
        return ["11.1: no byte order mark"]
    pairs: list[str] = []
    read = json.loads(text.decode("utf-8"), parse_constant=pairs.append)
    found = [f"RFC 8259: {word} is no number" for word in pairs]
    return [*found, *_object(read)]


def _object(read: Any) -> Iterator[str]:
    if not isinstance(read, dict) or read.get("type") not in {"Feature", "FeatureCollection"}:
        yield "3: the text is one object of a GeoJSON type"
        return
    if "crs" in read:
        yield "4: no crs member"
    if read["type"] == "Feature":
        yield from _feature(read)
        return
    if not isinstance(read.get("features"), list):
        yield "3.3: features is an array"
        return
    if {"geometry", "properties", "coordinates", "geometries"} & read.keys():
        yield "7.1: a collection has no members of other types"
    for feature in read["features"]:
        yield from _feature(feature)


def _feature(feature: Any) -> Iterator[str]:
    if feature.get("type") != "Feature":
        yield "3.2: its type is Feature"
    if not {"geometry", "properties"} <= feature.keys():
        yield "3.2: geometry and properties are there, if null"
    if not isinstance(feature.get("properties"), dict | None):
        yield "3.2: properties is an object or null"
    if "id" in feature and (
        isinstance(feature["id"], bool) or not isinstance(feature["id"], str | int | float)
    ):
        yield "3.2: an id is a string or a number"
    if {"coordinates", "geometries", "features"} & feature.keys():
        yield "7.1: a feature has no members of other types"
    if feature.get("geometry") is not None:
        yield from _geometry(feature["geometry"])


def _geometry(geometry: Any) -> Iterator[str]:
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        for part in geometry["geometries"]:
            yield from _geometry(part)
        return
    if kind not in _DEPTHS:
        yield f"1.4: {kind} is no geometry type"
        return
    parts = [geometry["coordinates"]]
    for _ in range(_DEPTHS[kind]):
        parts = [one for part in parts for one in part]
    for position in parts:
        yield from _position(position)
    lines = [geometry["coordinates"]] if kind == "LineString" else []
    lines = geometry["coordinates"] if kind == "MultiLineString" else lines
    if any(len(line) < 2 for line in lines):
        yield "3.1.4: a line has two positions or more"
    polygons = [geometry["coordinates"]] if kind == "Polygon" else []
    polygons = geometry["coordinates"] if kind == "MultiPolygon" else polygons
    for polygon in polygons:
        for number, ring in enumerate(polygon):
            yield from _ring(ring, exterior=number == 0)


def _position(position: Any) -> Iterator[str]:
    if not 2 <= len(position) <= 3 or not all(
        isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)
        for one in position
    ):
        yield "3.1.1: a position is two or three numbers"
        return
    if not (-180 <= position[0] <= 180 and -90 <= position[1] <= 90):
        yield f"4: {position} is longitude, then latitude, in degrees"
    if any(round(one, _MOST_DECIMALS) != one for one in position):
        yield f"11.2: {position} is finer than anything is measured"


def _ring(ring: Any, *, exterior: bool) -> Iterator[str]:
    if len(ring) < 4 or ring[0] != ring[-1]:
        yield "3.1.6: a ring is closed and has four positions or more"
    turned = sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring))
    if (turned < 0) != exterior:
        yield "3.1.6: exterior rings run counter-clockwise, interior ones clockwise"
