"""GeoPackage and FlatGeobuf through GDAL, batch by batch, from our own records only."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from data.formats.writing.arrow import GEOMETRY, reader_of, record_batches, schema_of
from data.formats.writing.layer import Batches, Layer

_KINDS = {
    "POINT": "Point",
    "MULTILINESTRING": "MultiLineString",
    "MULTIPOLYGON": "MultiPolygon",
    None: None,
}


def write_geopackage(layer: Layer, batches: Batches, path: Path) -> None:
    """One GeoPackage 1.4 with one layer, its titles and its attribution."""
    _write(
        layer,
        reader_of(layer, batches),
        path,
        "GPKG",
        dataset_options={"VERSION": "1.4"},
        layer_options={
            "IDENTIFIER": f"{layer.zh} {layer.en}",
            "DESCRIPTION": layer.attribution,
            "GEOMETRY_NAME": "geom",
        },
    )


def write_flatgeobuf(layer: Layer, batches: Batches, path: Path) -> None:
    """One FlatGeobuf, with its index where every record has a position: the index needs it."""
    with _spooled(layer, batches, path) as (reader, whole):
        _write(
            layer,
            reader,
            path,
            "FlatGeobuf",
            layer_options={
                "SPATIAL_INDEX": "YES" if whole else "NO",
                "TITLE": f"{layer.zh} {layer.en}",
                "DESCRIPTION": layer.attribution,
            },
        )


@contextmanager
def _spooled(layer: Layer, batches: Batches, path: Path) -> Iterator[tuple[Any, bool]]:
    """The records once more from a file beside the target, and whether all have positions."""
    import pyarrow as pa

    spool = path.with_suffix(".arrows")
    placed = True
    try:
        with pa.OSFile(str(spool), "wb") as out, pa.ipc.new_stream(out, schema_of(layer)) as writer:
            for batch in record_batches(layer, batches):
                placed = placed and not batch.column(GEOMETRY).null_count
                writer.write_batch(batch)
        with pa.OSFile(str(spool)) as file, pa.ipc.open_stream(file) as reader:
            yield reader, placed
    finally:
        spool.unlink(missing_ok=True)


def _write(layer: Layer, reader: Any, path: Path, driver: str, **options: object) -> None:
    import pyogrio

    pyogrio.write_arrow(
        reader,
        path,
        layer=layer.name,
        driver=driver,
        geometry_name=GEOMETRY if layer.kind else None,
        geometry_type=_KINDS[layer.kind],
        crs=layer.crs,
        **options,
    )
