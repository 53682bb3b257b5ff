"""Every piece of every registered line under one index of boxes (边线索引). Pure.

R-tree of libspatialindex by `rtree`: it answers which lines a marker stands near and where lines
cross, and takes pieces in and out as lines are added and end, without being made anew.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from boundary.topology.planes import DEGREE_M, Floats, Plane
from boundary.topology.rails import Rail
from boundary.topology.values import Finding, RegisteredPoint, TopologyRules, metres_en, metres_zh

_WINDOW_DEG: Final = 0.02
_MOST_CROSSINGS: Final = 20


class LineSegments:
    """The pieces of lines; the place of a line in `rails` is its number."""

    def __init__(self, rails: Sequence[Rail]) -> None:
        pieces = [
            (np.hstack([run[:-1], run[1:]]), number)
            for number, rail in enumerate(rails)
            for run in rail.runs
        ]
        self.ends: Floats = np.vstack([one for one, _ in pieces]) if pieces else np.zeros((0, 4))
        self.owners: NDArray[np.intp] = np.repeat(
            np.array([number for _, number in pieces], dtype=np.intp),
            [len(one) for one, _ in pieces],
        )
        self._tree = self._made()

    def _made(self) -> Any:
        from rtree.index import Index

        if not len(self.ends):
            return Index()
        low = np.minimum(self.ends[:, :2], self.ends[:, 2:])
        high = np.maximum(self.ends[:, :2], self.ends[:, 2:])
        return Index((np.arange(len(self.ends)), low, high))

    def add(self, number: int, rail: Rail) -> None:
        """Take in another line."""
        for run in rail.runs:
            for ends in np.hstack([run[:-1], run[1:]]):
                self._tree.insert(len(self.ends), _box(ends))
                self.ends = np.vstack([self.ends, ends])
                self.owners = np.append(self.owners, number)

    def remove(self, number: int) -> None:
        """Take a line out; the others keep their numbers."""
        for piece in np.flatnonzero(self.owners == number):
            self._tree.delete(int(piece), _box(self.ends[piece]))
            self.owners[piece] = -1

    def near(self, lon: float, lat: float, window_deg: float = _WINDOW_DEG) -> Mapping[int, float]:
        """The lines near a position by number, each with its distance in metres."""
        scale = np.array(Plane(lat).scale)
        wide = window_deg * DEGREE_M / scale[0]
        box = (lon - wide, lat - window_deg, lon + wide, lat + window_deg)
        pieces = np.fromiter(self._tree.intersection(box), dtype=np.intp)
        if not len(pieces):
            return {}
        first = (self.ends[pieces, :2] - (lon, lat)) * scale
        way = (self.ends[pieces, 2:] - self.ends[pieces, :2]) * scale
        square = np.einsum("ij,ij->i", way, way)
        share = -np.einsum("ij,ij->i", first, way) / np.where(square > 0.0, square, 1.0)
        apart = np.hypot(*(first + np.clip(share, 0.0, 1.0)[:, None] * way).T)
        found: dict[int, float] = {}
        for owner, metres in zip(self.owners[pieces], apart, strict=True):
            found[int(owner)] = min(found.get(int(owner), np.inf), float(metres))
        return found

    def meeting(self) -> Iterator[tuple[int, int, Floats, Floats]]:
        """Pieces of two lines whose boxes meet: both numbers and both pieces."""
        low = np.minimum(self.ends[:, :2], self.ends[:, 2:])
        high = np.maximum(self.ends[:, :2], self.ends[:, 2:])
        ids, counts = self._tree.intersection_v(low, high)
        firsts = np.repeat(np.arange(len(self.ends)), counts.astype(np.intp))
        others = np.asarray(ids, dtype=np.intp)
        apart = (firsts < others) & (self.owners[firsts] != self.owners[others])
        for one, other in zip(firsts[apart], others[apart], strict=True):
            yield (
                int(self.owners[one]), int(self.owners[other]),
                self.ends[one], self.ends[other],
            )  # fmt: skip


def _box(ends: Floats) -> tuple[float, float, float, float]:
    return (
        float(min(ends[0], ends[2])), float(min(ends[1], ends[3])),
        float(max(ends[0], ends[2])), float(max(ends[1], ends[3])),
    )  # fmt: skip


def crossing_findings(
    rails: Sequence[Rail], segments: LineSegments, rules: TopologyRules
) -> list[Finding]:
    """Lines that cross each other away from their ends."""
    crossings: dict[tuple[int, int], list[shapely.Point]] = defaultdict(list)
    for one, other, first, second in segments.meeting():
        if rails[one].line.code == rails[other].line.code:
            continue
        at = shapely.intersection(
            shapely.LineString(first.reshape(2, 2)), shapely.LineString(second.reshape(2, 2))
        )
        if isinstance(at, shapely.Point) and not at.is_empty:
            pair = (min(one, other), max(one, other))
            if not _at_an_end(at, rails[one], rules) and not _at_an_end(at, rails[other], rules):
                crossings[pair].append(at)
    return [_crossing(rails[a], rails[b], places) for (a, b), places in sorted(crossings.items())]


def _at_an_end(at: shapely.Point, rail: Rail, rules: TopologyRules) -> bool:
    here = (at.x, at.y)
    return any(rail.ground.distance_m(end, here) <= rules.junction_m for end in rail.ends)


def _crossing(one: Rail, other: Rail, places: Sequence[shapely.Point]) -> Finding:
    at = places[0]
    parties = tuple(dict.fromkeys((*one.line.parties, *other.line.parties)))
    return Finding(
        "lines_cross", "grave", at.x, at.y,
        f"{one.line.name} 与 {other.line.name} 相交 {len(places)} 处",
        f"{one.line.name} and {other.line.name} cross at {len(places)} places",
        {"crossings": float(len(places))}, parties, one.line.id, one.line.code,
        shape=shapely.MultiPoint(list(places[:_MOST_CROSSINGS])),
    )  # fmt: skip


def nearer_findings(
    rails: Sequence[Rail],
    segments: LineSegments,
    points: Sequence[RegisteredPoint],
    rules: TopologyRules,
) -> list[Finding]:
    """Markers that stand on another line than the one they are registered for."""
    codes = {rail.line.code for rail in rails}
    found = []
    for point in points:
        own = set(point.line_codes)
        if not own & codes or point.kind in {"A", "B", "C", "D", "E"}:
            continue
        near = segments.near(point.lon, point.lat)
        by_code: dict[str, tuple[float, Rail]] = {}
        for number, metres in near.items():
            if number >= 0:
                line = rails[number]
                known = by_code.get(line.line.code)
                if known is None or metres < known[0]:
                    by_code[line.line.code] = (metres, line)
        mine = min((pair[0] for code, pair in by_code.items() if code in own), default=np.inf)
        others = [pair for code, pair in by_code.items() if code not in own]
        if others:
            apart, rail = min(others, key=lambda pair: pair[0])
            limit = rules.marker_sigmas * max(rules.line_m, point.sigma_m or 0.0)
            if apart <= limit < mine and mine > rules.junction_m:
                found.append(_nearer(point, rail, apart, mine))
    return found


def _nearer(point: RegisteredPoint, rail: Rail, apart_m: float, own_m: float) -> Finding:
    far_zh = "登记的界线不在附近" if own_m == np.inf else f"距登记的界线 {metres_zh(own_m)}"
    far_en = "its own line is not near" if own_m == np.inf else f"{metres_en(own_m)} from its own"
    return Finding(
        "marker_on_other_line", "moderate", point.lon, point.lat,
        f"{point.marker_no} 号界桩位于 {rail.line.name} 上（{metres_zh(apart_m)}），{far_zh}",
        f"marker {point.marker_no} stands on {rail.line.name} ({metres_en(apart_m)}); {far_en}",
        {"apart_m": apart_m}, rail.line.parties, rail.line.id, rail.line.code, (point.marker_no,),
    )  # fmt: skip
