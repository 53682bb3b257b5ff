"""Linked Places Format (GeoJSON-LD): each feature whole, for who knows its members.

A row has the title and the feature as JSON text; geometries, times and relations of the format are
read by `gazetteer.exchange.lpf`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from data.errors import Fault
from data.formats.cells import without_unfit
from data.formats.geojson import Features, twice_fault
from data.formats.reading import RawRow, Reading, Request

COLUMNS = ("title", "lpf")


def read(request: Request) -> Reading:
    """The features of the file."""
    features = Features(request)
    return Reading("lpf", list(COLUMNS), _rows(features), encoding=features.encoding.label)


def _rows(features: Features) -> Iterator[RawRow]:
    for number, (feature, twice) in enumerate(features, 1):
        faults = [twice_fault(number, key) for key in twice]
        yield number, [_title(feature), _text(number, feature, faults)], None, faults


def _title(feature: Mapping[str, Any]) -> str:
    match feature:
        case {"properties": {"title": str(title)}} if title.strip():
            return title
        case {"names": [{"toponym": str(toponym)}, *_]}:
            return toponym
    return ""


def _text(number: int, feature: Mapping[str, Any], faults: list[Fault]) -> str:
    try:
        # Controls stand escaped in JSON text; what they mean is judged where they are read.
        return orjson.dumps(feature).decode()
    except orjson.JSONEncodeError:
        faults.append(
            Fault(
                "nested-value", number, "lpf", without_unfit(_title(feature))[:80],
                "要素含有无法读取的值；请检查其中的数字与字符",
                "the feature holds a value that cannot be taken; look at its numbers and"
                " characters",
            )
        )  # fmt: skip
        return ""
