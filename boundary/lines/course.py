"""Along a line: where its markers stand, how long each section is and which way it runs.

Pure. Degrees in, longitude first; lengths are geodesic, in metres, on the given ellipsoid.
Directions are the 16 of the survey practice, from true north (`directions16.csv`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely import LineString, MultiLineString

from data.coordinates import Ellipsoid
from data.reference import direction

Floats = NDArray[np.float64]
_LEAST_M = 1.0
"""Shorter pieces before the first and after the last marker are rounding, not sections."""
_BEND_M, _BEND_SHARE, _MOST_LEGS = 50.0, 0.05, 6


@dataclass(frozen=True, slots=True)
class Station:
    """A marker beside a line: its number and registered position, degrees."""

    marker_no: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Leg:
    """A straight enough piece of a section: its direction's code and length in metres."""

    direction: str
    length_m: float


@dataclass(frozen=True, slots=True)
class CourseSection:
    """The line between two markers; an empty number is the line's own end.

    `azimuth_deg` is that from end to end, clockwise from true north.
    """

    from_marker: str
    to_marker: str
    length_m: float
    azimuth_deg: float
    direction: str
    legs: tuple[Leg, ...]


class Course:
    """A line laid out by geodesic length, in the order of its numbers.

    Args:
        shape: the line, degrees.
        ellipsoid: of its datum.
    """

    def __init__(self, shape: MultiLineString | LineString, ellipsoid: Ellipsoid) -> None:
        merged = shapely.line_merge(shape)
        self.parts = [part for part in shapely.get_parts(merged) if not part.is_empty]
        self.geod = Geod(a=ellipsoid.semi_major_m, rf=ellipsoid.inverse_flattening)
        _, south, _, north = merged.bounds
        self._narrow = cos(radians((south + north) / 2))
        self._lay_out()

    def _lay_out(self) -> None:
        coordinates = [shapely.get_coordinates(part) for part in self.parts]
        self._lengths = [self._cumulated(xy) for xy in coordinates]
        self._coordinates = coordinates
        narrowed = [xy * (self._narrow, 1.0) for xy in coordinates]
        self._planes = [LineString(xy) for xy in narrowed]
        self._steps = [
            np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T)))) for xy in narrowed
        ]
        ends = np.cumsum([lengths[-1] for lengths in self._lengths])
        self._starts = np.concatenate(([0.0], ends[:-1]))
        self.length_m = float(ends[-1])

    def _cumulated(self, xy: Floats) -> Floats:
        _, _, steps = self.geod.inv(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
        return np.concatenate(([0.0], np.cumsum(steps)))

    def reverse(self) -> None:
        """Run the other way."""
        self.parts = [shapely.reverse(part) for part in reversed(self.parts)]
        self._lay_out()

    def locate(self, lon: float, lat: float) -> tuple[float, float]:
        """How far along the line its nearest point to a position lies, and how far it is, metres.

        The nearest point is found on a plane of equal scale east and north at the line's middle.
        """
        point = shapely.Point(lon * self._narrow, lat)
        best = int(np.argmin(shapely.distance(self._planes, point)))
        plane, steps = self._planes[best], self._steps[best]
        along = float(shapely.line_locate_point(plane, point))
        foot = shapely.get_coordinates(plane.interpolate(along))[0] / (self._narrow, 1.0)
        vertex = min(int(np.searchsorted(steps, along, "right")) - 1, len(steps) - 1)
        _, _, beyond_m = self.geod.inv(*self._coordinates[best][vertex], *foot)
        _, _, distance_m = self.geod.inv(lon, lat, *foot)
        start_m = self._starts[best] + self._lengths[best][vertex]
        return float(start_m + beyond_m), float(distance_m)

    def piece(self, start_m: float, end_m: float) -> Floats:
        """The line's points (n, 2) from one length along it to another."""
        found: list[Floats] = []
        for start, lengths, xy in zip(self._starts, self._lengths, self._coordinates, strict=True):
            low, high = max(start_m - start, 0.0), min(end_m - start, lengths[-1])
            if low > lengths[-1] or high < 0.0 or high < low:
                continue
            inner = (lengths > low) & (lengths < high)
            ends = [np.interp([at], lengths, xy[:, axis]) for at in (low, high) for axis in (0, 1)]
            found.append(
                np.vstack([np.column_stack(ends[:2]), xy[inner], np.column_stack(ends[2:])])
            )
        return np.vstack(found)

    def section(self, start: tuple[str, float], end: tuple[str, float]) -> CourseSection:
        """The section between two places along the line, each a marker's number and its length."""
        xy = self.piece(start[1], end[1])
        azimuth, _, _ = self.geod.inv(*xy[0], *xy[-1])
        return CourseSection(
            start[0],
            end[0],
            end[1] - start[1],
            float(azimuth) % 360.0,
            direction(float(azimuth)).code,
            self._legs(xy),
        )

    def _legs(self, xy: Floats) -> tuple[Leg, ...]:
        """The bends that matter: simplified until few legs are left, like ones joined."""
        plane = LineString(xy * (self._narrow, 1.0))
        metre = 1.0 / 111_320.0
        width = max(_BEND_M * metre, _BEND_SHARE * plane.length)
        bends = shapely.get_coordinates(shapely.simplify(plane, width)) / (self._narrow, 1.0)
        while len(bends) - 1 > _MOST_LEGS:
            width *= 1.5
            bends = shapely.get_coordinates(shapely.simplify(plane, width)) / (self._narrow, 1.0)
        azimuths, _, lengths = self.geod.inv(
            bends[:-1, 0], bends[:-1, 1], bends[1:, 0], bends[1:, 1]
        )
        legs: list[Leg] = []
        for azimuth, length in zip(azimuths, lengths, strict=True):
            code = direction(float(azimuth)).code
            if legs and legs[-1].direction == code:
                legs[-1] = Leg(code, legs[-1].length_m + float(length))
            else:
                legs.append(Leg(code, float(length)))
        return tuple(legs)


def draft_course(
    shape: MultiLineString | LineString, stations: Sequence[Station], ellipsoid: Ellipsoid
) -> tuple[CourseSection, ...]:
    """The sections of a line from marker to marker, in the order of the markers' numbers.

    Markers of one number (A and B on two banks, C, D and E at a confluence) are one station, where
    the first of them stands. A line drawn against its numbers is turned round.

    Args:
        shape: the agreed line, degrees.
        stations: its markers in the order of their numbers.
        ellipsoid: of the line's datum.
    """
    course = Course(shape, ellipsoid)
    places = _one_a_number(stations)
    if not places:
        return (course.section(("", 0.0), ("", course.length_m)),)
    at = [course.locate(place.lon, place.lat)[0] for place in places]
    if _runs_backwards(at):
        course.reverse()
        at = [course.length_m - value for value in at]
    stops = sorted(zip((p.marker_no for p in places), at, strict=True), key=lambda stop: stop[1])
    if stops[0][1] > _LEAST_M:
        stops.insert(0, ("", 0.0))
    if course.length_m - stops[-1][1] > _LEAST_M:
        stops.append(("", course.length_m))
    return tuple(course.section(*pair) for pair in pairwise(stops))


def _one_a_number(stations: Sequence[Station]) -> list[Station]:
    found: dict[str, Station] = {}
    for station in stations:
        found.setdefault(station.marker_no.rstrip("ABCDEQ"), station)
    return list(found.values())


def _runs_backwards(at: Sequence[float]) -> bool:
    """Whether most later numbers stand earlier on the line."""
    steps = np.sign(np.diff(np.asarray(at)))
    return float(steps.sum()) < 0.0
