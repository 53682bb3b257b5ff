"""The checker of GeoJSON finds what it is there to find."""

import json
from typing import Any

import pytest
from geojson_rules import broken_rules

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def feature(geometry: Any, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "id": 1, "geometry": geometry, "properties": {}} | more


GOOD = [
    feature(None),
    feature({"type": "Point", "coordinates": [111.25, 41.25]}),
    feature({"type": "Polygon", "coordinates": [SQUARE]}),
    {"type": "FeatureCollection", "features": [feature(None)]},
]
BAD = [
    ({"type": "Point", "coordinates": [1, 2]}, "3:"),
    (feature(None, id=None), "3.2: an id"),
    (feature(None, crs={}), "4: no crs"),
    ({"type": "Feature", "geometry": None}, "3.2: geometry"),
    (feature({"type": "Point", "coordinates": [41.2, 111.2]}), "4:"),
    (feature({"type": "Point", "coordinates": ["1", 2]}), "3.1.1"),
    (feature({"type": "Polygon", "coordinates": [SQUARE[::-1]]}), "3.1.6: exterior"),
    (feature({"type": "Polygon", "coordinates": [SQUARE[:4]]}), "3.1.6: a ring"),
    (feature({"type": "Circle", "coordinates": [1, 2]}), "1.4"),
    (feature({"type": "Point", "coordinates": [1.00000000001, 2]}), "11.2"),
    ({"type": "FeatureCollection", "features": [], "properties": {}}, "7.1"),
]


@pytest.mark.parametrize("text", GOOD)
def test_good_texts_break_no_rule(text: Any) -> None:
    assert broken_rules(json.dumps(text).encode()) == []


@pytest.mark.parametrize(("text", "rule"), BAD)
def test_bad_texts_break_the_rule_that_is_named(text: Any, rule: str) -> None:
    assert any(told.startswith(rule) for told in broken_rules(json.dumps(text).encode()))


def test_what_is_no_number_is_told() -> None:
    point = b'{"type":"Feature","geometry":null,"properties":{"a":NaN}}'
    assert broken_rules(point) == ["RFC 8259: NaN is no number"]
    assert broken_rules(b"\xef\xbb\xbf{}") == ["11.1: no byte order mark"]
