"""GeoParquet 1.1: geometries as WKB, the reference system and the extent in the file's footer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from pyproj import CRS

from data.formats.writing.arrow import GEOMETRY, record_batches, schema_of
from data.formats.writing.layer import Batches, Layer

_GROUP_ROWS = 20_000
_KINDS = {"POINT": "Point", "MULTILINESTRING": "MultiLineString", "MULTIPOLYGON": "MultiPolygon"}


def write(layer: Layer, batches: Batches, path: Path) -> None:
    """One file, in groups of some ten thousand records."""
    bounds: list[float] = []
    with pq.ParquetWriter(path, schema_of(layer), compression="zstd") as writer:
        for group in _groups(record_batches(layer, batches)):
            if layer.kind is not None:
                bounds = _widened(bounds, group.column(GEOMETRY).to_numpy(zero_copy_only=False))
            writer.write_table(group)
        writer.add_key_value_metadata(_metadata(layer, bounds))


def _groups(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows >= _GROUP_ROWS:
            yield pa.Table.from_batches(waiting).combine_chunks()
            waiting, rows = [], 0
    if waiting:
        yield pa.Table.from_batches(waiting).combine_chunks()


def _widened(bounds: list[float], wkb: Any) -> list[float]:
    found = shapely.total_bounds(shapely.from_wkb(wkb)).tolist()
    if found[0] != found[0]:  # no shape among them
        return bounds
    if not bounds:
        return list(found)
    return [*map(min, bounds[:2], found[:2]), *map(max, bounds[2:], found[2:])]


def _metadata(layer: Layer, bounds: list[float]) -> dict[str, bytes]:
    said = {"title": f"{layer.zh} {layer.en}", "attribution": layer.attribution}
    plain = {name: value.encode() for name, value in said.items() if value}
    if layer.kind is None:
        return plain
    column = {
        "encoding": "WKB",
        "geometry_types": [_KINDS[layer.kind]],
        "crs": CRS.from_user_input(layer.crs).to_json_dict(),
        "orientation": "counterclockwise",
        "edges": "planar",
        **({"bbox": bounds} if bounds else {}),
    }
    geo = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}
    return plain | {"geo": orjson.dumps(geo)}
