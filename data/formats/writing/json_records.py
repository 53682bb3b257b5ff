"""JSON of plain records: one array of objects, nested values as they are."""

from collections.abc import Iterator
from typing import Any

import orjson

from data.formats.writing.layer import Batches, Layer, Record


def stream(layer: Layer, batches: Batches) -> Iterator[bytes]:
    """The array, batch after batch."""
    names = [column.name for column in layer.columns]
    yield b"["
    first = True
    for batch in batches:
        rows = [
            orjson.dumps(dict(zip(names, _values(layer, record), strict=True)))
            for record in batch.records
        ]
        if rows:
            yield (b"\n" if first else b",\n") + b",\n".join(rows)
            first = False
    yield b"\n]\n"


def _values(layer: Layer, record: Record) -> tuple[Any, ...]:
    return (record.id, *record.values) if layer.id_name else record.values
