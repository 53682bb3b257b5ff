"""A whole collection on its way out: every feature that a query asks for, page after page.

The features come from `data.collection.read_page`, the one read path: what a reader may not see on
a page is not in an export either. Memory does not grow with the number of features.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import shapely
from sqlalchemy import Connection

from data.asking import ItemsQuery
from data.boxes import read_extent
from data.collection import Collection, geometry_kind
from data.coordinates import ReferenceSystem, proj, same_frame, zone_meridian_near
from data.errors import InvalidValue, NotComparable
from data.formats.writing import (
    FORMATS,
    Attribute,
    Batch,
    Batches,
    Format,
    Layer,
    Record,
    RecordBatch,
    RenderedBatch,
)
from data.geometry import to_wkb
from data.pages import read_attributions, read_page
from data.store_crs import is_in_degrees

if TYPE_CHECKING:
    from pyproj import CRS, Transformer

PAGE = 1_000
"""Features that are read and written at once."""
_URI = re.compile(r"https?://www\.opengis\.net/def/crs/(?:EPSG/[\d.]+/(\d+)|OGC/1\.3/CRS84)")
_ON_WGS84 = {4326, 3857}
"""Systems on WGS 84 that GIS programs ask for: they get CGCS2000 as it stands, as in GeoJSON."""
_FIRST_ZONE_EPSG, _FIRST_MERIDIAN_DEG, _ZONE_WIDTH_DEG = 4534, 75.0, 3
"""EPSG 4534 to 4554: CGCS2000 in 3° zones without prefix, central meridians 75° to 135° E."""
_LAST_ZONE_EPSG = 4554

Keep = Callable[[Sequence[Record]], Sequence[bool]]
"""Which of some records are wanted."""


def layer_of(connection: Connection, collection: Collection, crs: str) -> Layer:
    """A collection as a layer of a file; `crs` is the store's."""
    return Layer(
        name=collection.id,
        zh=collection.zh,
        en=collection.en,
        attributes=tuple(Attribute(p.name, p.kind, p.zh, p.en) for p in collection.properties),
        kind=geometry_kind(collection),
        crs=crs,
        degrees=is_in_degrees(int(crs.removeprefix("EPSG:"))),
        attribution="；".join(read_attributions(connection, collection)),
    )


def read_batches(
    connection: Connection, collection: Collection, layer: Layer, query: ItemsQuery
) -> Iterator[RenderedBatch]:
    """Every feature that a query asks for; its `limit` and `offset` are not looked at.

    Args:
        connection: of `Store.read_long`, so that all pages are of one state of the store.
        collection: the collection.
        layer: the collection as a layer.
        query: box, time and filters.
    """
    asked = replace(query, limit=PAGE, offset=0)
    while True:
        page = read_page(connection, collection, asked)
        yield RenderedBatch(layer, page.features)
        if page.next_cursor is None:
            return
        asked = replace(asked, cursor=page.next_cursor)


def selected(layer: Layer, batches: Batches, keep: Keep) -> Iterator[Batch]:
    """Only the records that are wanted."""
    for batch in batches:
        wanted = keep(batch.records)
        if all(wanted):
            yield batch
        else:
            pairs = zip(batch.features, wanted, strict=True)
            yield RenderedBatch(layer, [feature for feature, is_wanted in pairs if is_wanted])


def plane_near(connection: Connection, collection: Collection, store_crs: str) -> str:
    """The CGCS2000 3° zone around the middle of a layer, for formats that want metres.

    Raises:
        InvalidValue: the layer lies outside these zones, or the store is on another datum.
    """
    extent = read_extent(connection, collection.table)
    middle = (extent.min_x + extent.max_x) / 2 if extent else _FIRST_MERIDIAN_DEG
    offset = round((zone_meridian_near(middle, _ZONE_WIDTH_DEG) - _FIRST_MERIDIAN_DEG) / 3)
    code = _FIRST_ZONE_EPSG + offset
    fits = _FIRST_ZONE_EPSG <= code <= _LAST_ZONE_EPSG
    if not fits or ReferenceSystem.parse(store_crs).datum.code != "cgcs2000":
        raise InvalidValue(
            "crs", store_crs, "no plane system follows from the data", "name one, as EPSG:4547",
            "无法由数据得出平面坐标系；请用 crs 指定，例如 EPSG:4547",
        )  # fmt: skip
    return f"EPSG:{code}"


def wanted_system(
    connection: Connection, collection: Collection, layer: Layer, format_: Format, crs: str | None
) -> str:
    """The reference system in which a layer leaves: the one asked for, else the format's own."""
    if crs is not None:
        return _known_system(crs)
    if format_.system == "plane" and layer.degrees:
        return plane_near(connection, collection, layer.crs)
    return layer.crs


def _known_system(crs: str) -> str:
    """The EPSG code of a system, also where it is given as the URI that map clients send.

    >>> _known_system("http://www.opengis.net/def/crs/EPSG/0/4547")
    'EPSG:4547'
    >>> _known_system("http://www.opengis.net/def/crs/OGC/1.3/CRS84")
    'EPSG:4326'
    """
    found = _URI.fullmatch(crs)
    if found is not None:
        crs = f"EPSG:{found[1]}" if found[1] else "EPSG:4326"
    system = ReferenceSystem.parse(crs)
    if system.epsg is None:
        raise InvalidValue(
            "crs", crs, "a file names its system by an EPSG code", "give one, as EPSG:4547",
            f"“{crs}”没有 EPSG 编码；请填写如 EPSG:4547",
        )  # fmt: skip
    return f"EPSG:{system.epsg}"


def moved(layer: Layer, batches: Batches, crs: str) -> tuple[Layer, Batches]:
    """A layer in another reference system on the same datum.

    WGS 84 degrees and Web Mercator are given too: CGCS2000 positions as they stand.

    Raises:
        NotComparable: the system is on a datum that has no stated relation to the layer's.
    """
    if crs == layer.crs:
        return layer, batches
    source, target = (proj.system(int(one.removeprefix("EPSG:"))) for one in (layer.crs, crs))
    ours = ReferenceSystem.parse(layer.crs)
    if target.to_epsg() in _ON_WGS84 and ours.datum.code in {"cgcs2000", "wgs84"}:
        source = _as_if_wgs84(source)
    elif not same_frame(ours, ReferenceSystem.parse(crs)):
        raise NotComparable(
            f"{layer.crs} and {crs} are on different datums; choose a system of the same datum",
            f"{layer.crs} 与 {crs} 的大地基准不同；请选择同一基准的坐标系",
        )
    move = proj.projection(source, target)
    changed = replace(layer, crs=crs, degrees=not target.is_projected)
    return changed, _moved(changed, batches, move)


def _as_if_wgs84(source: "CRS") -> "CRS":
    if source.is_projected:
        raise NotComparable(
            "a store of plane coordinates is not given in WGS 84", "平面坐标库不提供 WGS 84 输出"
        )
    return proj.system(4326)


def _moved(layer: Layer, batches: Batches, move: "Transformer") -> Iterator[RecordBatch]:
    def forward(xy: np.ndarray) -> np.ndarray:
        return np.column_stack(move.transform(xy[:, 0], xy[:, 1], errcheck=True))

    for batch in batches:
        shapes = shapely.from_wkb([record.wkb for record in batch.records])
        moved_shapes = shapely.transform(shapes, forward)
        yield RecordBatch(
            layer,
            [
                record._replace(wkb=None if shape is None else to_wkb(shape))
                for record, shape in zip(batch.records, moved_shapes, strict=True)
            ],
        )


def offer(collection: Collection, *profiles: "Profile") -> None:
    """Let a collection leave in these profiles too."""
    known: dict[str, Profile] = collection.table.info.setdefault("profiles", {})
    known.update({profile.name: profile for profile in profiles})


@dataclass(frozen=True, slots=True)
class Profile:
    """Another shape of a collection's records: the fields and words of somebody's format.

    Attributes:
        name: as `profile` names it.
        zh, en: its title.
        formats: names of formats that it is written in, the usual one first.
        media_type: of its bytes in its usual format; empty for the format's own.
        shape: makes the layer and its batches; given a connection that stays open, the layer,
            the batches, and what an export says beside them.
        suffix: of a file's name in its usual format; empty for the format's own.
    """

    name: str
    zh: str
    en: str
    formats: tuple[str, ...]
    shape: Callable[[Connection, Layer, Batches, "ProfileContext"], tuple[Layer, Batches]]
    media_type: str = ""
    suffix: str = ""

    @property
    def content_type(self) -> str:
        """The media type of its bytes in its usual format."""
        return self.media_type or FORMATS[self.formats[0]].media_type


@dataclass(frozen=True, slots=True)
class ProfileContext:
    """What a profile is told beside the records.

    Attributes:
        format: the format that is written.
        root: the service's own address, ending in a slash.
        today: the day of the export.
        whole: whether also what is not open to everybody shall leave.
    """

    format: Format
    root: str
    today: date
    whole: bool

    @property
    def is_table(self) -> bool:
        """Whether the format has columns and no geometries, so that positions are columns."""
        return self.format.name in {"csv", "xlsx", "records"}
