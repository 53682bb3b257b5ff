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
_STRETCH: Final = 16
"""Pieces of a line that are held against others' together."""
_AT_ONCE: Final = 2_048
_ROUNDED: Final = 1.0 + 1e-9

Numbers = NDArray[np.intp]


class LineSegments:
    """The pieces of lines; the place of a line in `rails` is its number."""

    def __init__(self, rails: Sequence[Rail]) -> None:
        pieces = [
            (np.hstack([run[:-1], run[1:]]), number)
            for number, rail in enumerate(rails)
            for run in rail.runs
        ]
        self.ends: Floats = np.vstack([one for one, _ in pieces]) if pieces else np.zeros((0, 4))
        self.owners: Numbers = np.repeat(
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

    def beside(self, lonlat: Floats, reach_m: Floats) -> tuple[Numbers, Numbers]:
        """Which lines have a piece whose box comes within reach of positions.

        Args:
            lonlat: positions (n, 2).
            reach_m: of each, in metres (n,).

        Returns:
            Places in `lonlat` and numbers of lines, pair by pair; a pair may come repeatedly.
        """
        if not len(lonlat) or not len(self.ends):
            return np.zeros(0, np.intp), np.zeros(0, np.intp)
        metres = [Plane(float(lat)).scale for lat in lonlat[:, 1]]
        away = reach_m[:, None] * _ROUNDED / np.array(metres)
        ids, counts = self._tree.intersection_v(lonlat - away, lonlat + away)
        owners = self.owners[np.asarray(ids, dtype=np.intp)]
        places = np.repeat(np.arange(len(lonlat)), counts.astype(np.intp))
        return places, owners

    def meeting(self) -> Iterator[tuple[int, int, Floats, Floats]]:
        """Pieces of two lines whose boxes meet: both numbers and both pieces.

        Stretches of some pieces are held against each other first: there are far fewer.
        """
        firsts, others = self._meeting()
        for one, other in zip(firsts, others, strict=True):
            yield (
                int(self.owners[one]), int(self.owners[other]),
                self.ends[one], self.ends[other],
            )  # fmt: skip

    def _meeting(self) -> tuple[Numbers, Numbers]:
        if not len(self.ends):
            return np.zeros(0, np.intp), np.zeros(0, np.intp)
        low = np.minimum(self.ends[:, :2], self.ends[:, 2:])
        high = np.maximum(self.ends[:, :2], self.ends[:, 2:])
        starts = self._stretches()
        stops = np.append(starts[1:], len(self.ends))
        lowest, highest = np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)
        boxes: Any = shapely.box(*lowest.T, *highest.T)
        one, other = shapely.STRtree(boxes).query(boxes)
        owner = self.owners[starts]
        apart = (one < other) & (owner[one] != owner[other])
        one, other = one[apart], other[apart]
        firsts, others = [], []
        for begin in range(0, len(one), _AT_ONCE):
            a, b = one[begin : begin + _AT_ONCE], other[begin : begin + _AT_ONCE]
            mine, theirs = _each(starts[a]), _each(starts[b])
            known = (mine < stops[a][:, None])[:, :, None] & (theirs < stops[b][:, None])[
                :, None, :
            ]
            mine, theirs = (np.minimum(few, len(self.ends) - 1) for few in (mine, theirs))
            for axis in (0, 1):
                known &= low[mine, axis][:, :, None] <= high[theirs, axis][:, None, :]
                known &= high[mine, axis][:, :, None] >= low[theirs, axis][:, None, :]
            pair, left, right = np.nonzero(known)
            firsts.append(mine[pair, left])
            others.append(theirs[pair, right])
        found = np.concatenate([np.zeros(0, np.intp), *firsts])
        against = np.concatenate([np.zeros(0, np.intp), *others])
        order = np.lexsort((against, found))
        return found[order], against[order]

    def _stretches(self) -> Numbers:
        """Where stretches begin: pieces of one line that follow one another, at most `_STRETCH`."""
        count = len(self.ends)
        broken = (self.owners[1:] != self.owners[:-1]) | np.any(
            self.ends[1:, :2] != self.ends[:-1, 2:], axis=1
        )
        places = np.arange(1, count)
        last = np.maximum.accumulate(np.where(broken, places, 0))
        begins = broken | ((places - last) % _STRETCH == 0)
        return np.concatenate([[0], places[begins]])


def _each(starts: Numbers) -> Numbers:
    return starts[:, None] + np.arange(_STRETCH)


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
    found = []
    for point in _beside_others(rails, segments, points, rules):
        own = set(point.line_codes)
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
            limit = _limit_m(point, rules)
            if apart <= limit < mine and mine > rules.junction_m:
                found.append(_nearer(point, rail, apart, mine))
    return found


def _limit_m(point: RegisteredPoint, rules: TopologyRules) -> float:
    return rules.marker_sigmas * max(rules.line_m, point.sigma_m or 0.0)


def _beside_others(
    rails: Sequence[Rail],
    segments: LineSegments,
    points: Sequence[RegisteredPoint],
    rules: TopologyRules,
) -> list[RegisteredPoint]:
    """The markers that may stand on another line: it comes within their limit."""
    codes = {rail.line.code for rail in rails}
    single = [
        point
        for point in points
        if not codes.isdisjoint(point.line_codes) and point.kind not in {"A", "B", "C", "D", "E"}
    ]
    lonlat = np.array([(point.lon, point.lat) for point in single]).reshape(-1, 2)
    reach_m = np.array([_limit_m(point, rules) for point in single])
    places, owners = segments.beside(lonlat, reach_m)
    named = {
        place
        for place, owner in zip(places.tolist(), owners.tolist(), strict=True)
        if rails[owner].line.code not in single[place].line_codes
    }
    return [single[place] for place in sorted(named)]


def _nearer(point: RegisteredPoint, rail: Rail, apart_m: float, own_m: float) -> Finding:
    far_zh = "登记的界线不在附近" if own_m == np.inf else f"距登记的界线 {metres_zh(own_m)}"
    far_en = "its own line is not near" if own_m == np.inf else f"{metres_en(own_m)} from its own"
    return Finding(
        "marker_on_other_line", "moderate", point.lon, point.lat,
        f"{point.marker_no} 号界桩位于 {rail.line.name} 上（{metres_zh(apart_m)}），{far_zh}",
        f"marker {point.marker_no} stands on {rail.line.name} ({metres_en(apart_m)}); {far_en}",
        {"apart_m": apart_m}, rail.line.parties, rail.line.id, rail.line.code, (point.marker_no,),
    )  # fmt: skip
