"""GPX 1.1: points as waypoints, lines as tracks, every value in an extension of our own."""

from collections.abc import Iterator
from typing import Any

import shapely

from data.formats.writing.kml import label_of
from data.formats.writing.layer import Batches, Layer, Record, point_of
from data.formats.writing.markup import attribute, text

NAMESPACE = "urn:ovoo:fields"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Ovoo"'
    f' xmlns="http://www.topografix.com/GPX/1/1" xmlns:ovoo="{NAMESPACE}">\n'
)


def stream(layer: Layer, batches: Batches) -> Iterator[bytes]:
    """The document; a record without a position cannot stand in it and is left out."""
    said = f"<desc>{text(layer.attribution)}</desc>" if layer.attribution else ""
    title = f"{layer.zh} {layer.en}"
    yield f"{_HEAD}<metadata><name>{text(title)}</name>{said}</metadata>\n".encode()
    for batch in batches:
        placed = [record for record in batch.records if record.wkb is not None]
        yield "".join(_element(layer, record) for record in placed).encode()
    yield b"</gpx>\n"


def _element(layer: Layer, record: Record) -> str:
    known = {
        column.name: value
        for column, value in zip(layer.attributes, record.values, strict=True)
        if value is not None
    }
    point = point_of(record.wkb)
    if point is None:
        return f"<trk>{_named(layer, record, known)}{_segments(record)}</trk>\n"
    height = known.get("height_m")
    ele = f"<ele>{height!r}</ele>" if height is not None else ""
    return f'<wpt lat="{point[1]!r}" lon="{point[0]!r}">{ele}{_named(layer, record, known)}</wpt>\n'


def _named(layer: Layer, record: Record, known: dict[str, Any]) -> str:
    """What waypoints and tracks have alike, in the order of the schema."""
    source = f"<src>{text(known['source'])}</src>" if "source" in known else ""
    own = {layer.id_name: record.id} if layer.id_name else {}
    values = "".join(
        f"<ovoo:value name={attribute(name)}>{text(value)}</ovoo:value>"
        for name, value in (own | known).items()
    )
    return (
        f"<name>{text(label_of(layer, record))}</name>{source}"
        f"<type>{text(layer.en)}</type><extensions>{values}</extensions>"
    )


def _segments(record: Record) -> str:
    shape = shapely.from_wkb(record.wkb)
    return "".join(
        "<trkseg>"
        + "".join(f'<trkpt lat="{y!r}" lon="{x!r}"/>' for x, y, *_ in part.coords)
        + "</trkseg>"
        for part in getattr(shape, "geoms", [shape])
    )
