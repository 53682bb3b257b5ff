"""Batches of records as Arrow record batches, for the writers that take them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from data.formats.cells import without_unfit
from data.formats.writing.delimited import plain_text
from data.formats.writing.layer import Attribute, Batches, Layer, Record

GEOMETRY = "geometry"
_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "date": pa.date32(),
    "json": pa.string(),
}


def schema_of(layer: Layer) -> pa.Schema:
    """The columns and, where the layer has positions, `geometry` as WKB."""
    fields = [pa.field(column.name, _TYPES[column.kind]) for column in layer.columns]
    if layer.kind is not None:
        known = {"ARROW:extension:name": "geoarrow.wkb"}
        fields.append(pa.field(GEOMETRY, pa.binary(), metadata=known))
    return pa.schema(fields)


def record_batches(layer: Layer, batches: Batches) -> Iterator[pa.RecordBatch]:
    """The records, one Arrow batch for each batch."""
    schema = schema_of(layer)
    for batch in batches:
        if batch.records:
            yield pa.record_batch(_columns(layer, batch.records), schema=schema)


def reader_of(layer: Layer, batches: Batches) -> pa.RecordBatchReader:
    """The records as a stream that is drawn batch by batch."""
    return pa.RecordBatchReader.from_batches(schema_of(layer), record_batches(layer, batches))


def _columns(layer: Layer, records: Sequence[Record]) -> list[pa.Array]:
    made = [
        pa.array(map(_value_of(attribute), values), _TYPES[attribute.kind])
        for attribute, values in zip(
            layer.attributes, zip(*(record.values for record in records), strict=True), strict=True
        )
    ]
    if layer.id_name:
        made.insert(0, pa.array([record.id for record in records], pa.int64()))
    if layer.kind is not None:
        made.append(pa.array([record.wkb for record in records], pa.binary()))
    return made


def _value_of(attribute: Attribute) -> Callable[[Any], Any]:
    if attribute.kind in {"text", "json"}:
        return lambda value: None if value is None else without_unfit(plain_text(value))
    if attribute.kind == "date":
        return lambda value: None if value is None else date.fromisoformat(value)
    return lambda value: value
