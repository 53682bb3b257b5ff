"""The edges of the areas of one level, segment by segment, under an index of boxes (边线索引).

The index is made when the first position asks, and anew after a write, with the areas.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]

DEGREE_M: Final = 111_320.0


@dataclass(frozen=True, slots=True)
class Segments:
    """Straight pieces of edges.

    Attributes:
        ends: lon, lat of one end and of the other, degrees, shape (n, 4).
        areas: for each the place of its area in the level, shape (n,).
        tree: the boxes of the pieces, `rtree.index.Index`.
    """

    ends: Floats
    areas: Numbers
    tree: Any

    @classmethod
    def of(cls, shapes: NDArray[np.object_]) -> "Segments":
        """The edges of polygons; the place of a polygon in `shapes` is its area's number."""
        from rtree.index import Index

        parts, owners = shapely.get_parts(shapely.boundary(shapes), return_index=True)
        points, lines = shapely.get_coordinates(parts, return_index=True)
        joined = lines[1:] == lines[:-1]
        ends = np.hstack([points[:-1], points[1:]])[joined]
        areas = owners[lines[:-1][joined]]
        low, high = np.minimum(ends[:, :2], ends[:, 2:]), np.maximum(ends[:, :2], ends[:, 2:])
        tree = Index((np.arange(len(ends)), low, high)) if len(ends) else Index()
        return cls(ends, areas, tree)

    def within(self, box: tuple[float, float, float, float]) -> Numbers:
        """The numbers of the pieces whose boxes meet a box: west, south, east, north."""
        return np.fromiter(self.tree.intersection(box), dtype=np.intp)

    def around(self, numbers: Numbers, lon: float, lat: float) -> Floats:
        """Pieces on the plane that touches the ellipsoid's sphere at a position, in metres."""
        scale = (DEGREE_M * np.cos(np.radians(lat)), DEGREE_M)
        pieces: Floats = (self.ends[numbers] - (lon, lat, lon, lat)) * (*scale, *scale)
        return pieces


def nearest_points(pieces: Floats, x: float = 0.0, y: float = 0.0) -> Floats:
    """The nearest point of each piece to a position of its plane, shape (n, 2)."""
    first, along = pieces[:, :2], pieces[:, 2:] - pieces[:, :2]
    square = np.einsum("ij,ij->i", along, along)
    towards = np.einsum("ij,ij->i", np.array([x, y]) - first, along)
    share = np.divide(towards, square, out=np.zeros_like(square), where=square > 0)
    nearest: Floats = first + np.clip(share, 0.0, 1.0)[:, None] * along
    return nearest
