"""Simplify lines and areas together, so that what was joined stays joined.

Edges that areas and lines share are cut where three or more of them meet; each stretch between two
such places is simplified once (Douglas and Peucker 1973) and put back wherever it was. So two
neighbours, a division and those it consists of, a division and the line along its edge keep one
and the same edge at every level. Pure; coordinates in any units, x and y in columns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[Any]
"""Geometries of shapely."""

_RING_POINTS: Final = 4


@dataclass(frozen=True, slots=True)
class _Path:
    """A ring or a line as stretches: the first of them, how many, which are turned round."""

    first: int
    turned: tuple[bool, ...]


class Network:
    """Areas and lines as paths over shared stretches.

    Args:
        shapes: polygons, lines and those of many parts; what is None or empty stays so.
    """

    def __init__(self, shapes: Shapes) -> None:
        self._count = len(shapes)
        self._areas = shapely.get_dimensions(shapes) == 2  # noqa: PLR2004 - an area's dimension
        self._parts, self._part_of = shapely.get_parts(shapes, return_index=True)
        paths, self._path_part = _paths(self._parts)
        self._paths: list[_Path] = []
        self._stretches = self._cut(paths)

    def simplified(self, tolerance: float) -> Shapes:
        """Every shape with its edges simplified; those that are too small are empty."""
        lines = shapely.simplify(self._stretches, tolerance, preserve_topology=False)
        coordinates = shapely.get_coordinates(lines)
        ends = np.cumsum(shapely.get_num_coordinates(lines))
        pieces = np.split(coordinates, ends[:-1])
        rings = [self._joined(path, pieces) for path in self._paths]
        return self._assembled(rings, tolerance)

    def _cut(self, paths: Shapes) -> Shapes:
        """The stretches of all paths, and in `_paths` how each path runs over them."""
        coordinates, path_of = shapely.get_coordinates(paths, return_index=True)
        if not len(coordinates):
            return np.array([], object)
        where = coordinates[:, 0] + 1j * coordinates[:, 1]
        vertices = np.unique(where, return_inverse=True)[1]
        starts = np.searchsorted(path_of, np.arange(len(paths) + 1))
        meeting = _meeting_places(vertices, path_of)
        chosen: list[NDArray[np.int64]] = []
        for start, end in pairwise(starts):
            own = np.arange(start, end)
            first = len(chosen)
            turned = []
            for stretch in _stretches(own, vertices, meeting, where):
                back = bool(vertices[stretch[0]] > vertices[stretch[-1]])
                turned.append(back)
                chosen.append(stretch[::-1] if back else stretch)
            self._paths.append(_Path(first, tuple(turned)))
        indices = np.repeat(np.arange(len(chosen)), [len(one) for one in chosen])
        points = coordinates[np.concatenate(chosen)]
        return np.asarray(shapely.linestrings(points, indices=indices))

    def _joined(self, path: _Path, pieces: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
        found: list[NDArray[np.float64]] = []
        for number, back in enumerate(path.turned, path.first):
            piece = pieces[number][::-1] if back else pieces[number]
            found.append(piece if not found else piece[1:])
        return np.concatenate(found)

    def _assembled(self, rings: Sequence[NDArray[np.float64]], tolerance: float) -> Shapes:
        """Paths back into parts, parts into shapes."""
        by_part: list[list[NDArray[np.float64]]] = [[] for _ in self._parts]
        for ring, part in zip(rings, self._path_part, strict=True):
            by_part[part].append(ring)
        shapes: list[list[Any]] = [[] for _ in range(self._count)]
        for own, shape in zip(by_part, self._part_of, strict=True):
            made = _area(own, tolerance) if self._areas[shape] else shapely.LineString(own[0])
            if made is not None:
                shapes[shape].append(made)
        found = np.empty(self._count, object)
        for number, parts in enumerate(shapes):
            many = shapely.MultiPolygon if self._areas[number] else shapely.MultiLineString
            found[number] = many(parts)
        broken = ~shapely.is_valid(found)
        found[broken] = [_mended(one) for one in found[broken]]
        return found


def _paths(parts: Shapes) -> tuple[Shapes, NDArray[np.int64]]:
    """The rings of areas (the outer one first) and the lines, each with the number of its part."""
    rings, ring_of = shapely.get_rings(parts, return_index=True)
    lines = np.flatnonzero(shapely.get_dimensions(parts) == 1)
    paths = np.concatenate([rings, parts[lines]])
    return paths, np.concatenate([ring_of, lines])


def _meeting_places(vertices: NDArray[np.int64], path_of: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether at a vertex more or fewer than two edges meet, or a line ends."""
    count = int(vertices.max()) + 1
    one, other = vertices[:-1], vertices[1:]
    joined = (path_of[:-1] == path_of[1:]) & (one != other)
    low, high = np.minimum(one, other)[joined], np.maximum(one, other)[joined]
    edges = np.unique(low * count + high)
    degree = np.bincount(edges // count, minlength=count)
    degree += np.bincount(edges % count, minlength=count)
    meeting: NDArray[np.bool_] = degree != 2  # noqa: PLR2004 - one edge comes, one goes
    firsts = np.flatnonzero(np.diff(path_of, prepend=-1))
    lasts = np.append(firsts[1:] - 1, len(path_of) - 1)
    open_ones = vertices[firsts] != vertices[lasts]
    meeting[vertices[firsts[open_ones]]] = True
    meeting[vertices[lasts[open_ones]]] = True
    return meeting


def _stretches(
    own: NDArray[np.int64],
    vertices: NDArray[np.int64],
    meeting: NDArray[np.bool_],
    where: NDArray[np.complex128],
) -> Iterator[NDArray[np.int64]]:
    """A path's coordinates, cut at meeting places; what is closed is cut in two at least."""
    closed = len(own) > 1 and vertices[own[0]] == vertices[own[-1]]
    if closed:
        ring = own[:-1]
        places = np.flatnonzero(meeting[vertices[ring]])
        start = int(places[0]) if len(places) else int(np.argmin(vertices[ring]))
        ring = np.roll(ring, -start)
        own = np.append(ring, ring[0])
    cuts = np.flatnonzero(meeting[vertices[own]])
    if closed and len(cuts) <= 2:  # noqa: PLR2004 - only where it begins and ends
        cuts = np.array([0, _farthest(own[:-1], vertices, where), len(own) - 1])
    for one, other in pairwise(cuts):
        if other > one:
            yield own[one : other + 1]


def _farthest(
    ring: NDArray[np.int64], vertices: NDArray[np.int64], where: NDArray[np.complex128]
) -> int:
    """The place in a ring that is farthest from its beginning, whichever way it runs."""
    distances = np.abs(where[ring] - where[ring[0]])
    candidates = np.flatnonzero(distances == distances.max())
    return int(candidates[np.argmin(vertices[ring[candidates]])])


def _area(rings: Sequence[NDArray[np.float64]], tolerance: float) -> Any:
    """A polygon of its rings; None where the outer one is too small to be seen."""
    seen = [ring for ring in rings if len(ring) >= _RING_POINTS and _size(ring) > tolerance**2]
    if not seen or seen[0] is not rings[0]:
        return None
    return shapely.Polygon(seen[0], seen[1:])


def _size(ring: NDArray[np.float64]) -> float:
    x, y = (ring - ring[0]).T
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1]))) / 2


def _mended(shape: Any) -> Any:
    """A simplified edge may cross itself: what lies within it, without the crossing."""
    made = shapely.make_valid(shape, method="structure", keep_collapsed=False)
    areas = [part for part in shapely.get_parts(made) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(areas)
