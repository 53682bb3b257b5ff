"""GeoJSON (RFC 7946) and GeoJSON text sequences (RFC 8142), straight from the kept text."""

from collections.abc import Iterator
from typing import Any

import orjson

from data.formats.writing.layer import Batches, Layer

_RECORD_SEPARATOR, _LINE_FEED = b"\x1e", b"\n"


def stream(layer: Layer, batches: Batches) -> Iterator[bytes]:
    """One FeatureCollection."""
    head: dict[str, Any] = {"type": "FeatureCollection", **layer.members, "name": layer.name}
    if layer.attribution:
        head["attribution"] = layer.attribution
    yield orjson.dumps(head)[:-1] + b',"features":['
    first = True
    for batch in batches:
        if not batch.features:
            continue
        yield (b"\n" if first else b",\n") + b",\n".join(batch.features)
        first = False
    yield b"\n]}\n"


def stream_sequence(_layer: Layer, batches: Batches) -> Iterator[bytes]:
    """One feature after another, each between a record separator and a line feed."""
    between = _LINE_FEED + _RECORD_SEPARATOR
    for batch in batches:
        if batch.features:
            yield _RECORD_SEPARATOR + between.join(batch.features) + _LINE_FEED
