"""The areas of the divisions in memory, level by level (行政区域范围)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import compress
from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from data.pieces import Pieces
from data.reference import AdministeredElsewhere, administered_elsewhere, outline_uncertainty_m
from data.store import Store
from gazetteer.search import DivisionEntry, Lexicon
from gazetteer.search.keeping import lexicon_in
from gazetteer.search.standing import division_standing
from gazetteer.tables import division

Path = tuple[DivisionEntry, ...]

_NONE: Final = -1
_SQUARE_DEG: Final = 1 / 2
_MOST_SQUARES: Final = 20_000
_NOTHING: Final = np.empty(0, dtype=object)


@dataclass(frozen=True)
class Level:
    """The areas of one level; the places in `entries`, `shapes` and `uncertain_m` go together.

    `uncertain_m` says how far the edges may be from the true ones, in metres; NaN where nobody
    says so.
    """

    standing: int
    entries: tuple[DivisionEntry, ...]
    shapes: NDArray[np.object_]
    uncertain_m: NDArray[np.float64]

    @cached_property
    def edges(self) -> Pieces:
        """The edges; their owners are the places of the areas."""
        return Pieces(shapely.boundary(self.shapes))

    @cached_property
    def most_uncertain_m(self) -> float:
        """The largest known uncertainty; 0 where none is known."""
        known = self.uncertain_m[~np.isnan(self.uncertain_m)]
        return float(known.max()) if len(known) else 0.0

    @cached_property
    def places(self) -> Mapping[int, int]:
        """The place of each division by its id."""
        return {entry.id: place for place, entry in enumerate(self.entries)}

    @cached_property
    def boxes(self) -> shapely.STRtree:
        """The areas under an index of their boxes."""
        return shapely.STRtree(self.shapes)

    def lowest(self, points: NDArray[np.object_]) -> NDArray[np.intp]:
        """For each point the place of the area that covers it, or -1; of several the first."""
        # The areas ask a tree of the points, for it is they that are prepared.
        tree = shapely.STRtree(points)
        areas, found = tree.query(self.shapes, predicate="covers")
        lowest = np.full(len(points), _NONE, dtype=np.intp)
        lowest[found[::-1]] = areas[::-1]  # of several assignments the last one stays
        return lowest


class _Square(NamedTuple):
    """The areas that touch a square of degrees, the smallest level first.

    Attributes:
        entries: the divisions that have them.
        shapes: they.
        whole: whether every position of the square lies in all of them.
    """

    entries: tuple[DivisionEntry, ...]
    shapes: NDArray[np.object_]
    whole: bool


@dataclass(frozen=True)
class Areas:
    """Every division in force on a day that has an area, the smallest level first.

    `lexicon` holds the divisions of the same state of the store; `as_of` is the day, None for
    those in force.
    """

    levels: tuple[Level, ...]
    lexicon: Lexicon
    as_of: date | None = None
    _paths: dict[str, Path] = field(default_factory=dict, repr=False, compare=False)
    _squares: dict[tuple[int, int], _Square] = field(
        default_factory=dict, repr=False, compare=False
    )

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of the divisions that have an area."""
        return frozenset(entry.code for entry in self.entries)

    @cached_property
    def entries(self) -> tuple[DivisionEntry, ...]:
        """The divisions of all levels, the smallest level first."""
        return tuple(entry for level in self.levels for entry in level.entries)

    @cached_property
    def elsewhere(self) -> Mapping[str, tuple[AdministeredElsewhere, ...]]:
        """By the code of a division, what lies in it, is administered by others, has no area."""
        found: dict[str, tuple[AdministeredElsewhere, ...]] = {}
        for row in administered_elsewhere():
            if row.code not in self.codes:
                found[row.located_in] = (*found.get(row.located_in, ()), row)
        return found

    @cached_property
    def odd(self) -> frozenset[int]:
        """The places in `entries` of divisions that another administers than they lie in.

        They are in the table of such cases, have one inside, or lie outside their own parent's
        area.
        """
        named = {code for row in administered_elsewhere() for code in (row.code, row.located_in)}
        shapes = {
            entry.code: shape
            for level in self.levels
            for entry, shape in zip(level.entries, level.shapes, strict=True)
        }
        return frozenset(
            place
            for place, entry in enumerate(self.entries)
            if entry.code in named or self._is_outside(entry, shapes)
        )

    def _is_outside(self, entry: DivisionEntry, shapes: Mapping[str, shapely.Geometry]) -> bool:
        above = shapes.get(entry.parent_code or "")
        if above is None:
            return False
        inside = shapely.point_on_surface(shapes[entry.code])
        return not shapely.covers(above, inside)

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

    def all_holding(self, lon: float, lat: float) -> Sequence[DivisionEntry]:
        """Every division whose area covers a position, the smallest level first.

        What touches the square around it is looked up once; most squares lie in the same areas
        as a whole.
        """
        key = math.floor(lon / _SQUARE_DEG), math.floor(lat / _SQUARE_DEG)
        square = self._squares.get(key) or self._look_at(key)
        if square.whole:
            return square.entries
        holding = shapely.intersects_xy(square.shapes, lon, lat).tolist()
        return list(compress(square.entries, holding))

    def _look_at(self, key: tuple[int, int]) -> _Square:
        west, south = (place * _SQUARE_DEG for place in key)
        box = shapely.box(west, south, west + _SQUARE_DEG, south + _SQUARE_DEG)
        near = np.sort(self._boxes.query(box))
        near = near[shapely.intersects(self._shapes[near], box)]
        shapes = self._shapes[near]
        entries = tuple([self.entries[place] for place in near.tolist()])
        if len(self._squares) >= _MOST_SQUARES:
            self._squares.clear()
        whole = bool(shapely.covers(shapes, box).all())
        square = self._squares[key] = _Square(entries, shapes, whole)
        return square

    @cached_property
    def _shapes(self) -> NDArray[np.object_]:
        """The areas of all levels, as in `entries`."""
        return np.concatenate([_NOTHING, *[level.shapes for level in self.levels]])

    @cached_property
    def _boxes(self) -> shapely.STRtree:
        """The same under an index of their boxes."""
        return shapely.STRtree(self._shapes)

    def path(self, code: str) -> Path:
        """The divisions above one and itself, highest first; remembered, for neighbours share it.

        Args:
            code: of a division of the day.
        """
        known = self._paths.get(code)
        if known is None:
            known = self._paths[code] = self.lexicon.path(code, self.as_of)
        return known


_kept: WeakKeyDictionary[Store, dict[bool, tuple[int | None, Areas]]] = WeakKeyDictionary()
"""By whether they are those of a day, so that asking for one does not let go those in force."""


def areas_of(store: Store, connection: Connection, day: int | None = None) -> Areas:
    """The areas of a store on a day (days since 0001-01-01), or those in force.

    They are kept until a division changes.
    """
    return areas_in(store, connection, store.change_mark(connection), day)


def areas_in(store: Store, connection: Connection, state: str, day: int | None = None) -> Areas:
    """The same in a known state (`Store.change_mark`)."""
    lexicon, kept = lexicon_in(store, connection, state), _kept.setdefault(store, {})
    known = kept.get(day is None)
    if known is None or known[0] != day or known[1].lexicon is not lexicon:
        known = kept[day is None] = (day, _read(connection, lexicon, day))
    return known[1]


def _read(connection: Connection, lexicon: Lexicon, day: int | None) -> Areas:
    columns = (division.c.id, division.c.geom, division.c.source)
    statement = select(*columns).where(division.c.geom.is_not(None))
    shapes = {row.id: (row.geom, row.source) for row in connection.execute(statement)}
    by_standing: dict[int, list[DivisionEntry]] = {}
    for entry in lexicon.entries:
        if entry.id in shapes and entry.holds_on(day):
            by_standing.setdefault(division_standing(entry.level), []).append(entry)
    levels = [
        _level(standing, by_standing[standing], shapes)
        for standing in sorted(by_standing, reverse=True)
    ]
    as_of = None if day is None else date.fromordinal(day)
    return Areas(tuple(levels), lexicon, as_of)


def _level(
    standing: int, entries: Sequence[DivisionEntry], shapes: dict[int, tuple[bytes, str | None]]
) -> Level:
    ordered = sorted(entries, key=lambda entry: entry.code)
    drawn = [shapes[entry.id] for entry in ordered]
    geometries = shapely.from_wkb(np.array([wkb for wkb, _ in drawn], dtype=object))
    shapely.prepare(geometries)
    uncertain_m = np.array([outline_uncertainty_m(source) for _, source in drawn])
    return Level(standing, tuple(ordered), geometries, uncertain_m)
