"""The lines and areas of a tile: simplified together, cut to the tile, in whole steps.

All lines and areas of a store are simplified as one network (`data.tiles.generalising`), once for
each level that is asked for, and kept until a geometry changes. From `EXACT_FROM` on the store's
own geometry is shown.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from data import boxes
from data.collection import Collection
from data.geometry import Box
from data.reference import load_table
from data.reference.tables import kept
from data.tile_rows import order_of, tile_keys, tile_values, validity
from data.tiles.encoding import LINE, POINT, POLYGON, LayerWriter, path_commands, point_commands
from data.tiles.generalising import Network, Shapes
from data.tiles.grids import BUFFER, EXTENT, WEB_MERCATOR, Grid, Tile

EXACT_FROM: Final = 14
"""The fineness from which geometries are the store's own; a step there is 0.6 m."""
_TOLERANCE: Final = 4
"""How far a simplified edge may be from the true one, in steps: half a pixel of 512 to a tile."""
_MOST: Final = 100_000
_RING_POINTS: Final = 3


class Record(NamedTuple):
    """What a tile shows of a line or an area beside its shape."""

    id: int
    values: Sequence[Any]
    since: str | None
    until: str | None
    shown_from: int

    def is_shown(self, fineness: int, day: str) -> bool:
        """Whether tiles of that fineness show it on that day."""
        return (
            fineness >= self.shown_from
            and (self.since is None or self.since <= day)
            and (self.until is None or self.until > day)
        )


class Drawn:
    """Lines and areas as one network, drawn at the levels that were asked for.

    Args:
        texts: their geometries as WKB; those of one collection follow one another.
        ends: where each collection's end.
        state: tells these geometries from others.
    """

    def __init__(
        self, texts: Sequence[bytes | None], ends: NDArray[np.int64], state: bytes
    ) -> None:
        shapes = shapely.from_wkb(np.array(texts, object))
        self.state, self._ends = state, ends
        self.labels = self._parted(shapely.point_on_surface(_largest(shapes)))
        self._network = Network(shapes)
        self._levels: dict[int, list[Level]] = {}

    def level(self, fineness: int) -> "list[Level]":
        """The shapes of each collection at a level."""
        level = self._levels.get(fineness)
        if level is None:
            tolerance = WEB_MERCATOR.step_degrees(fineness) * _TOLERANCE
            parted = self._parted(self._network.simplified(tolerance))
            level = self._levels[fineness] = [Level(some, shapely.STRtree(some)) for some in parted]
        return level

    def _parted(self, shapes: Shapes) -> list[Shapes]:
        return np.split(shapes, self._ends[:-1])


class Level(NamedTuple):
    """The shapes of one collection, with the index of their boxes."""

    shapes: Shapes
    tree: shapely.STRtree


class Records:
    """The lines and areas of a store.

    Args:
        connection: a reading connection.
        collections: those of lines and areas.
        drawn: what was drawn before, for other readers too: geometries that are the same are not
            drawn again.
    """

    def __init__(
        self,
        connection: Connection,
        collections: Sequence[Collection],
        drawn: Sequence[Drawn] = (),
    ) -> None:
        self._places = {collection.id: place for place, collection in enumerate(collections)}
        self.of: dict[str, list[Record]] = {}
        texts: list[bytes | None] = []
        for collection in collections:
            statement = select(collection.table).order_by(collection.table.c.id)
            rows = [dict(row) for row in connection.execute(statement).mappings()]
            self.of[collection.id] = [_record(collection, row) for row in rows]
            texts += [row["geom"] for row in rows]
        state = _hash(texts)
        known = next((one for one in drawn if one.state == state), None)
        ends = np.cumsum([len(own) for own in self.of.values()])
        self.drawn = known or Drawn(texts, ends, state)

    def level(self, name: str, fineness: int) -> Level:
        """A collection's shapes at a level, in the order of its records."""
        return self.drawn.level(fineness)[self._places[name]]

    def labels(self, name: str) -> Shapes:
        """A point within each shape of a collection, in the order of its records."""
        return self.drawn.labels[self._places[name]]


def shape_layer(
    connection: Connection,
    records: Records,
    collection: Collection,
    grid: Grid,
    tile: Tile,
    day: date,
) -> bytes:
    """The lines or areas of a collection in a tile on a day; empty where there are none."""
    fineness, box = grid.fineness(tile.level), grid.box(tile, BUFFER)
    if fineness < EXACT_FROM:
        level = records.level(collection.id, fineness)
        found = level.tree.query(shapely.box(*_sides(box)))
        near = {int(number): level.shapes[number] for number in found}
    else:
        near = _exact(connection, records, collection, box)
    own = records.of[collection.id]
    shown = [number for number in near if own[number].is_shown(fineness, day.isoformat())]
    if not shown:
        return b""
    shown.sort(key=lambda number: order_of(own[number].values[-1], own[number].id))
    cut = shapely.clip_by_rect(np.array([near[one] for one in shown], object), *_sides(box))
    writer = LayerWriter(collection.id, tile_keys(collection))
    for number, shape in zip(shown, cut, strict=True):
        _add(writer, own[number], shape, grid, tile)
    return writer.content()


def label_layer(
    records: Records, collection: Collection, grid: Grid, tile: Tile, day: date
) -> bytes:
    """A point within each area of a collection for its name, in the one tile that holds it."""
    own, points = records.of[collection.id], records.labels(collection.id)
    if not own:
        return b""
    # What has no shape has no point; it is put where this tile is not.
    lon, lat = (
        np.nan_to_num(one, nan=720.0) for one in (shapely.get_x(points), shapely.get_y(points))
    )
    x, y = grid.steps(tile, lon, lat)
    inside = np.flatnonzero((x >= 0) & (x < EXTENT) & (y >= 0) & (y < EXTENT))
    fineness, text = grid.fineness(tile.level), day.isoformat()
    shown = [int(number) for number in inside if own[number].is_shown(fineness, text)]
    shown.sort(key=lambda number: order_of(own[number].values[-1], own[number].id))
    writer = LayerWriter(label_name(collection), tile_keys(collection))
    for number in shown:
        place = point_commands(int(x[number]), int(y[number]))
        writer.add(own[number].id, POINT, place, own[number].values)
    return writer.content()


def label_name(collection: Collection) -> str:
    """The name of the layer that holds where an area's name stands."""
    return f"{collection.id}_labels"


@kept
def _shown_from(folder: Path | None = None) -> dict[str, int]:
    return {row["level"]: int(row["shown_from"]) for row in load_table("tile_levels", folder)}


def _record(collection: Collection, row: Mapping[str, Any]) -> Record:
    since, until = validity(collection, row)
    shown_from = _shown_from().get(str(row["level"]), 0)
    return Record(row["id"], tile_values(collection, row), since, until, shown_from)


def _hash(texts: Sequence[bytes | None]) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        digest.update(b"%d " % (-1 if text is None else len(text)))
        digest.update(text or b"")
    return digest.digest()


def _largest(shapes: Shapes) -> Shapes:
    """The largest part of each area, and lines as they are."""
    parts, part_of = shapely.get_parts(shapes, return_index=True)
    found = np.array(shapes)
    order = np.lexsort([shapely.area(parts), part_of])
    # Of each shape's parts, the last in this order is the largest.
    last = order[np.flatnonzero(np.diff(part_of[order], append=-1))]
    found[part_of[last]] = parts[last]
    return found


def _exact(
    connection: Connection, records: Records, collection: Collection, box: Box
) -> dict[int, Any]:
    """The store's own geometries that touch a box, by the number of their record."""
    found = boxes.read_ids(
        connection, collection.table, box=box, where=(), values={},
        after=0, offset=0, limit=_MOST, counted=False,
    )  # fmt: skip
    if not found.ids:
        return {}
    table = collection.table
    statement = select(table.c.id, table.c.geom).where(table.c.id.in_(found.ids))
    texts = {row.id: row.geom for row in connection.execute(statement)}
    numbers = {record.id: number for number, record in enumerate(records.of[collection.id])}
    return {numbers[one]: shapely.from_wkb(texts[one]) for one in found.ids}


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.min_x, box.min_y, box.max_x, box.max_y


def _add(writer: LayerWriter, record: Record, shape: Any, grid: Grid, tile: Tile) -> None:
    """Add a cut shape, unless nothing of it is left in whole steps."""
    parts = shapely.get_parts(shape)
    dimension = shapely.get_dimensions(parts)
    areas = parts[dimension == 2]  # noqa: PLR2004 - an area's dimension
    paths: list[NDArray[np.int64]] = []
    if len(areas):
        for area in areas:
            paths += _rings(area, grid, tile)
    else:
        for line in parts[dimension == 1]:
            steps = _steps(line, grid, tile)
            if len(steps) > 1:
                paths.append(steps)
    if paths:
        commands = path_commands(paths, closed=bool(len(areas)))
        writer.add(record.id, POLYGON if len(areas) else LINE, commands, record.values)


def _rings(area: Any, grid: Grid, tile: Tile) -> list[NDArray[np.int64]]:
    """An area's rings: the outer one clockwise as it is seen, holes the other way round."""
    found: list[NDArray[np.int64]] = []
    for number, ring in enumerate((area.exterior, *area.interiors)):
        steps = _steps(ring, grid, tile)[:-1]
        size = _size(steps) if len(steps) >= _RING_POINTS else 0
        if size == 0:
            if number == 0:
                return []
            continue
        # With y to the south a positive size is clockwise.
        found.append(steps if (size > 0) == (number == 0) else steps[::-1])
    return found


def _steps(path: Any, grid: Grid, tile: Tile) -> NDArray[np.int64]:
    """A path in steps, without repetition."""
    lon, lat = shapely.get_coordinates(path).T
    steps = np.column_stack(grid.steps(tile, lon, lat))
    moved = np.concatenate([[True], (np.diff(steps, axis=0) != 0).any(axis=1)])
    different: NDArray[np.int64] = steps[moved]
    return different


def _size(steps: NDArray[np.int64]) -> int:
    """Twice the area within a ring given without its last point, signed."""
    x, y = steps.T
    return int(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))
