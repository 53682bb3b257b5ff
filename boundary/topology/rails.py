"""A line laid out by its geodesics: where markers stand on it, how far off, on which side. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from boundary.topology.planes import Floats, Ground, Plane, run_of
from boundary.topology.values import RegisteredLine, RegisteredPoint
from data.coordinates import LocalFrame

_AROUND = 1


@dataclass(frozen=True, slots=True)
class Placed:
    """Where points stand by a line, arrays (n,).

    Attributes:
        along_m: length along the line to the nearest point of it.
        off_m: distance from the line; positive to the left of its direction.
        foot: lon, lat of the nearest point, (n, 2).
        run: which run of the line it is on.
    """

    along_m: Floats
    off_m: Floats
    foot: Floats
    run: NDArray[np.intp]


class Rail:
    """A registered line whose segments are geodesics, cut so that no piece leaves them.

    Args:
        line: the line.
        ground: of its datum.
        step_m: the longest piece; 1 km leaves the geodesic by 2 cm at most.
    """

    def __init__(self, line: RegisteredLine, ground: Ground, step_m: float) -> None:
        self.line = line
        self.ground = ground
        self.runs = [ground.densified(run, step_m) for run in run_of(line.shape)]
        self.lengths = [self._cumulated(run) for run in self.runs]
        ends = np.cumsum([lengths[-1] for lengths in self.lengths])
        self.starts = np.concatenate(([0.0], ends[:-1])) if self.runs else np.zeros(0)
        self.length_m = float(ends[-1]) if self.runs else 0.0

    def _cumulated(self, xy: Floats) -> Floats:
        _, _, steps = self.ground.geod.inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
        return np.concatenate(([0.0], np.cumsum(steps)))

    @property
    def ends(self) -> list[Floats]:
        """The first and last position of each run, lon, lat."""
        return [end for run in self.runs for end in (run[0], run[-1])]

    def place(self, points: Sequence[RegisteredPoint]) -> Placed:
        """Where markers stand by the line."""
        return self.place_all(np.array([(one.lon, one.lat) for one in points]).reshape(-1, 2))

    def place_all(self, lonlat: Floats) -> Placed:
        """Where positions (n, 2) stand by the line; refined on the plane at each of them."""
        count = len(lonlat)
        scale = np.array(Plane.of(self.line.shape).scale)
        flat = [shapely.LineString(run * scale) for run in self.runs]
        points = shapely.points(lonlat * scale)
        apart = np.array([shapely.distance(points, run) for run in flat]).reshape(len(flat), count)
        best = np.argmin(apart, axis=0)
        along, off, foot = np.empty(count), np.empty(count), np.empty((count, 2))
        for number, run in enumerate(flat):
            mine = np.flatnonzero(best == number)
            if len(mine):
                vertices = shapely.get_coordinates(run)
                steps = np.hypot(*np.diff(vertices, axis=0).T)
                at = shapely.line_locate_point(run, points[mine])
                piece = np.searchsorted(np.cumsum(steps), at)
                piece = np.clip(piece, 0, len(steps) - 1)
                found = self._refined(number, piece, lonlat[mine])
                along[mine], off[mine], foot[mine] = found
        return Placed(along, off, foot, best)

    def _refined(
        self, number: int, pieces: NDArray[np.intp], lonlat: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Nearest points on the pieces around those found, on a plane at each position."""
        run, lengths = self.runs[number], self.lengths[number]
        frame = LocalFrame.at(lonlat[:, 0], lonlat[:, 1])
        nearest = np.full(len(lonlat), np.inf)
        along, side = np.zeros(len(lonlat)), np.zeros(len(lonlat))
        foot = np.zeros((len(lonlat), 2))
        for shift in range(-_AROUND, _AROUND + 1):
            piece = np.clip(pieces + shift, 0, len(run) - 2)
            one = frame.residuals(run[piece, 0], run[piece, 1])
            way = frame.residuals(run[piece + 1, 0], run[piece + 1, 1]) - one
            square = np.einsum("ij,ij->i", way, way)
            share = -np.einsum("ij,ij->i", one, way) / np.where(square > 0.0, square, 1.0)
            share = np.clip(share, 0.0, 1.0)
            there = one + share[:, None] * way
            distance = np.hypot(there[:, 0], there[:, 1])
            closer = distance < nearest
            nearest[closer] = distance[closer]
            step = lengths[piece + 1] - lengths[piece]
            along[closer] = (lengths[piece] + share * step)[closer]
            # The marker is the origin: it lies left where the way to the line turns right.
            turn = one[:, 0] * way[:, 1] - one[:, 1] * way[:, 0]
            side[closer] = np.sign(turn)[closer]
            foot[closer] = (run[piece] + share[:, None] * (run[piece + 1] - run[piece]))[closer]
        return self.starts[number] + along, nearest * np.where(side < 0.0, -1.0, 1.0), foot

    def at(self, along_m: float) -> Floats:
        """The position (lon, lat) a length along the line."""
        number = int(np.searchsorted(self.starts, along_m, side="right")) - 1
        number = min(max(number, 0), len(self.runs) - 1)
        inside = along_m - self.starts[number]
        return np.array(
            [np.interp(inside, self.lengths[number], self.runs[number][:, axis]) for axis in (0, 1)]
        )
