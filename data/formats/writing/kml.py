"""KML 2.2: one Placemark a record, its values as extended data; no links, styles or HTML."""

from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from data.formats.writing.layer import Batches, Layer, Record, point_of
from data.formats.writing.markup import attribute, text

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n'


def stream(layer: Layer, batches: Batches) -> Iterator[bytes]:
    """The document, batch after batch."""
    said = f"<description>{text(layer.attribution)}</description>" if layer.attribution else ""
    title = f"{layer.zh} {layer.en}"
    yield f"{_HEAD}<Document><name>{text(title)}</name>{said}\n".encode()
    names = [attribute(column.name) for column in layer.columns]
    for batch in batches:
        yield "".join(_placemark(layer, names, record) for record in batch.records).encode()
    yield b"</Document></kml>\n"


def label_of(layer: Layer, record: Record) -> str:
    """What a record is called: its name, its number, or its id."""
    known = {a.name: v for a, v in zip(layer.attributes, record.values, strict=True)}
    found = known.get("name") or known.get("marker_no") or known.get("标准名称")
    return str(found or record.id)


def _placemark(layer: Layer, names: Sequence[str], record: Record) -> str:
    own = (record.id,) if layer.id_name else ()
    data = "".join(
        f"<Data name={name}><value>{text(value)}</value></Data>"
        for name, value in zip(names, (*own, *record.values), strict=True)
        if value is not None
    )
    return (
        f'<Placemark id="{layer.name}.{record.id}"><name>{text(label_of(layer, record))}</name>'
        f"<ExtendedData>{data}</ExtendedData>{_geometry(record.wkb)}</Placemark>\n"
    )


def _geometry(wkb: bytes | None) -> str:
    if wkb is None:
        return ""
    point = point_of(wkb)
    if point is not None:
        return f"<Point><coordinates>{point[0]!r},{point[1]!r}</coordinates></Point>"
    shape = shapely.from_wkb(wkb)
    parts: Sequence[BaseGeometry] = getattr(shape, "geoms", [shape])
    written = [_part(part) for part in parts]
    return written[0] if len(written) == 1 else f"<MultiGeometry>{''.join(written)}</MultiGeometry>"


def _part(shape: Any) -> str:
    if shape.geom_type == "LineString":
        return f"<LineString>{_coordinates(shape.coords)}</LineString>"
    if shape.geom_type == "Point":
        return f"<Point>{_coordinates(shape.coords)}</Point>"
    inner = "".join(
        f"<innerBoundaryIs><LinearRing>{_coordinates(ring.coords)}</LinearRing></innerBoundaryIs>"
        for ring in shape.interiors
    )
    outer = f"<LinearRing>{_coordinates(shape.exterior.coords)}</LinearRing>"
    return f"<Polygon><outerBoundaryIs>{outer}</outerBoundaryIs>{inner}</Polygon>"


def _coordinates(positions: Any) -> str:
    listed = " ".join(f"{x!r},{y!r}" for x, y, *_ in positions)
    return f"<coordinates>{listed}</coordinates>"
