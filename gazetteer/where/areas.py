"""The areas of the divisions in memory, level by level (行政区域范围)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from data.journal import HEAD_KEY
from data.store import Store
from data.tables import store_meta
from gazetteer.search import DivisionEntry, Lexicon, lexicon_of
from gazetteer.search.standing import division_standing
from gazetteer.tables import division

_NONE: Final = -1


@dataclass(frozen=True, slots=True)
class Level:
    """The areas of one level; the places in `entries` and `shapes` go together."""

    standing: int
    entries: tuple[DivisionEntry, ...]
    shapes: NDArray[np.object_]

    def lowest(self, points: NDArray[np.object_]) -> NDArray[np.intp]:
        """For each point the place of the area that covers it, or -1; of several the first."""
        # The areas ask a tree of the points, for it is they that are prepared.
        tree = shapely.STRtree(points)
        areas, found = tree.query(self.shapes, predicate="covers")
        lowest = np.full(len(points), _NONE, dtype=np.intp)
        lowest[found[::-1]] = areas[::-1]  # of several assignments the last one stays
        return lowest


@dataclass(frozen=True, slots=True)
class Areas:
    """Every division in force on a day that has an area, the smallest level first.

    `lexicon` holds the divisions of the same state of the store.
    """

    levels: tuple[Level, ...]
    lexicon: Lexicon

    @property
    def entries(self) -> tuple[DivisionEntry, ...]:
        """The divisions of all levels, the smallest level first."""
        return tuple(entry for level in self.levels for entry in level.entries)

    def smallest(self, points: NDArray[np.object_]) -> NDArray[np.intp]:
        """The division of the smallest level that covers each point, as its place in `entries`.

        It is -1 outside every area; on a shared edge it is that of the lower code.

        Args:
            points: shapely points, x = longitude in the store's system.
        """
        found = np.full(len(points), _NONE, dtype=np.intp)
        waiting = np.arange(len(points))
        before = 0
        for level in self.levels:
            areas = level.lowest(points[waiting])
            covered = areas != _NONE
            found[waiting[covered]] = areas[covered] + before
            waiting = waiting[~covered]
            before += len(level.entries)
        return found

    def all_holding(self, lon: float, lat: float) -> list[DivisionEntry]:
        """Every division whose area covers a position, the smallest level first."""
        point = shapely.points(lon, lat)
        return [
            level.entries[number]
            for level in self.levels
            for number in np.nonzero(shapely.covers(level.shapes, point))[0].tolist()
        ]


_kept: WeakKeyDictionary[Store, tuple[str, int | None, Areas]] = WeakKeyDictionary()


def areas_of(store: Store, connection: Connection, day: int | None = None) -> Areas:
    """The areas of a store on a day (days since 0001-01-01), or those in force.

    They are kept until the next write.
    """
    mark = str(connection.scalar(select(store_meta.c.value).where(store_meta.c.key == HEAD_KEY)))
    kept = _kept.get(store)
    if kept is None or kept[:2] != (mark, day):
        kept = (mark, day, _read(connection, lexicon_of(store, connection), day))
        _kept[store] = kept
    return kept[2]


def _read(connection: Connection, lexicon: Lexicon, day: int | None) -> Areas:
    statement = select(division.c.id, division.c.geom).where(division.c.geom.is_not(None))
    shapes = {row.id: row.geom for row in connection.execute(statement)}
    by_standing: dict[int, list[DivisionEntry]] = {}
    for entry in lexicon.entries:
        if entry.id in shapes and entry.holds_on(day):
            by_standing.setdefault(division_standing(entry.level), []).append(entry)
    levels = [
        _level(standing, by_standing[standing], shapes)
        for standing in sorted(by_standing, reverse=True)
    ]
    return Areas(tuple(levels), lexicon)


def _level(standing: int, entries: Sequence[DivisionEntry], shapes: dict[int, Any]) -> Level:
    ordered = sorted(entries, key=lambda entry: entry.code)
    geometries = shapely.from_wkb(np.array([shapes[entry.id] for entry in ordered], dtype=object))
    shapely.prepare(geometries)
    return Level(standing, tuple(ordered), geometries)
