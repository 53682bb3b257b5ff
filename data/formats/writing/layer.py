"""What a writer is given: a layer's description, and its records batch by batch."""

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import orjson
import shapely

from data.geometry import geojson_text, point_wkb

_POINT_BYTES = 21


@dataclass(frozen=True, slots=True)
class Attribute:
    """One column of a layer.

    Attributes:
        name: its name in files, ASCII where the file's format wants it.
        kind: text, integer, number, flag, date, or json for a nested value.
        zh, en: its title.
        short: its name where only a few ASCII characters fit; empty where it has none.
    """

    name: str
    kind: str = "text"
    zh: str = ""
    en: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class Layer:
    """What is written.

    Attributes:
        name: lower-case ASCII; the name of the layer in the file.
        zh, en: titles.
        attributes: the columns, in order.
        kind: POINT, MULTILINESTRING or MULTIPOLYGON; None where records have no position.
        crs: the reference system of its geometries, an EPSG code; x is longitude or easting.
        degrees: whether that system counts in degrees.
        attribution: whom the data come from.
        id_name: the column of the record's own id in files of columns; empty for none.
        members: what a FeatureCollection of it says beside its features.
    """

    name: str
    zh: str
    en: str
    attributes: tuple[Attribute, ...]
    kind: str | None
    crs: str
    degrees: bool = True
    attribution: str = ""
    id_name: str = "ovoo_id"
    members: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[Attribute, ...]:
        """The columns of a file of columns: the record's own id first, where it is written."""
        if not self.id_name:
            return self.attributes
        return (Attribute(self.id_name, "integer", "记录编号", "record id"), *self.attributes)


class Record(NamedTuple):
    """One record: its id, one value per attribute (dates as ISO 8601 text), WKB or None."""

    id: int
    values: tuple[Any, ...]
    wkb: bytes | None


class Batch(Protocol):
    """Some records, as records and as GeoJSON features; whichever a writer wants."""

    def __len__(self) -> int: ...

    @property
    def records(self) -> Sequence[Record]:
        """The records."""

    @property
    def features(self) -> Sequence[bytes]:
        """The records as GeoJSON features in UTF-8."""


Batches = Iterable[Batch]


class RenderedBatch:
    """Features as they are kept ready; parsed only for a writer that needs their values.

    Args:
        layer: whose attributes the features have.
        features: GeoJSON in UTF-8.
    """

    def __init__(self, layer: Layer, features: Sequence[bytes]) -> None:
        self._names = tuple(attribute.name for attribute in layer.attributes)
        self.features = features

    def __len__(self) -> int:
        return len(self.features)

    @cached_property
    def records(self) -> Sequence[Record]:
        """The features' values, in the order of the layer's attributes."""
        names = self._names
        read = [orjson.loads(feature) for feature in self.features]
        return [
            Record(
                feature["id"],
                tuple([feature["properties"].get(name) for name in names]),
                wkb_of(feature["geometry"]),
            )
            for feature in read
        ]


class RecordBatch:
    """Records that were made or changed on the way out.

    Args:
        layer: whose attributes the records have.
        records: the records.
    """

    def __init__(self, layer: Layer, records: Sequence[Record]) -> None:
        self._layer = layer
        self.records = records

    def __len__(self) -> int:
        return len(self.records)

    @cached_property
    def features(self) -> Sequence[bytes]:
        """The records as GeoJSON features."""
        names = [attribute.name for attribute in self._layer.attributes]
        return [
            f'{{"type":"Feature","id":{record.id},"geometry":{geojson_text(record.wkb)},'.encode()
            + b'"properties":'
            + orjson.dumps(dict(zip(names, record.values, strict=True)))
            + b"}"
            for record in self.records
        ]


class MadeBatch:
    """Records whose features are no plain GeoJSON of their values.

    Args:
        records: the records.
        features: the same as GeoJSON in UTF-8.
    """

    def __init__(self, records: Sequence[Record], features: Sequence[bytes]) -> None:
        self.records = records
        self.features = features

    def __len__(self) -> int:
        return len(self.records)


def wkb_of(geometry: Mapping[str, Any] | None) -> bytes | None:
    """The WKB of a GeoJSON geometry."""
    if geometry is None:
        return None
    if geometry["type"] == "Point":
        x, y = geometry["coordinates"]
        return point_wkb(x, y)
    return bytes(shapely.to_wkb(shapely.from_geojson(orjson.dumps(geometry)), byte_order=1))


def point_of(wkb: bytes | None) -> tuple[float, float] | None:
    """x, y of a point's WKB; None where there is none."""
    if wkb is None or len(wkb) != _POINT_BYTES:
        return None
    x, y = struct.unpack_from("<2d", wkb, 5)
    return x, y
