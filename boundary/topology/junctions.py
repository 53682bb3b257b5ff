"""Tri-junctions (三交点): the ends of three lines, the marker there, the divisions around. Pure.

Where three divisions meet, the three lines end in one point, the marker stands there and names all
three lines, and each division takes one sector around it (the displacement note, section 6).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, groupby
from math import hypot, isnan
from typing import Any, Final

import numpy as np
import shapely

from boundary.topology.planes import Floats
from boundary.topology.rails import Rail
from boundary.topology.values import (
    Area,
    Finding,
    RegisteredPoint,
    TopologyRules,
    grade_of,
    metres_en,
    metres_zh,
)
from data.coordinates import LocalFrame, earth_centred_m

_THREE: Final = 3
_AROUND: Final = 72
_LEAST_RADIUS_M: Final = 50.0
_RADII: Final = 6


@dataclass(frozen=True, slots=True)
class Junction:
    """Ends of lines whose parties are three divisions, each pair on one line.

    Attributes:
        ends: the lines by the place in the register, with the position of their end there.
        parties: the three division codes, in order.
        lon, lat: the middle of the ends.
        spread_m: the largest distance between two of them.
    """

    ends: tuple[tuple[int, Floats], ...]
    parties: tuple[str, ...]
    lon: float
    lat: float
    spread_m: float


def find_junctions(rails: Sequence[Rail], reach_m: float) -> list[Junction]:
    """The places where lines of three divisions, in pairs, end within some distance."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    owners = [place for place, rail in enumerate(rails) for _ in rail.ends]
    ends = [end for rail in rails for end in rail.ends]
    if not ends:
        return []
    xy = np.array(ends)
    tree = cKDTree(earth_centred_m(xy[:, 0], xy[:, 1]))
    pairs = tree.query_pairs(reach_m, output_type="ndarray")
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends),) * 2)
    _, labels = connected_components(graph, directed=False)
    gathered: dict[int, list[int]] = {}
    for place, label in enumerate(labels):
        gathered.setdefault(int(label), []).append(place)
    found = []
    for members in gathered.values():
        found += _threes([(owners[one], xy[one]) for one in members], rails)
    return found


def _threes(ends: Sequence[tuple[int, Floats]], rails: Sequence[Rail]) -> list[Junction]:
    """The sets of three divisions among lines that end at one place, each pair on a line."""
    by_pair: dict[frozenset[str], list[tuple[int, Floats]]] = {}
    for owner, end in ends:
        parties = rails[owner].line.parties
        if len(parties) == 2:  # noqa: PLR2004 - a line between two
            by_pair.setdefault(frozenset(parties), []).append((owner, end))
    codes = sorted({code for pair in by_pair for code in pair})
    found = []
    for three in combinations(codes, _THREE):
        sides = [by_pair.get(frozenset(pair)) for pair in combinations(three, 2)]
        if all(sides):
            found.append(_closest([side for side in sides if side], three))
    return found


def _closest(sides: Sequence[list[tuple[int, Floats]]], three: tuple[str, ...]) -> Junction:
    """Of each line the end that is nearest to the others' (a line of many runs has many ends)."""
    middle = np.mean([end for side in sides for _, end in side], axis=0)
    chosen = tuple(min(side, key=lambda one: float(np.hypot(*(one[1] - middle)))) for side in sides)
    xy = np.array([end for _, end in chosen])
    lon, lat = xy.mean(axis=0)
    vectors = LocalFrame.at(np.full(len(xy), lon), np.full(len(xy), lat)).residuals(
        xy[:, 0], xy[:, 1]
    )
    spread = max(float(hypot(*(a - b))) for a, b in combinations(vectors, 2))
    return Junction(chosen, three, float(lon), float(lat), spread)


def junction_findings(
    rails: Sequence[Rail],
    points: Sequence[RegisteredPoint],
    areas: Mapping[str, Area],
    rules: TopologyRules,
) -> list[Finding]:
    """What does not agree where three divisions meet.

    Args:
        rails: every registered line.
        points: every marker in force.
        areas: the divisions by code.
        rules: the numbers.
    """
    from scipy.spatial import cKDTree

    junctions = find_junctions(rails, rules.junction_m)
    if not junctions:
        return []
    tree = (
        cKDTree(earth_centred_m([one.lon for one in points], [one.lat for one in points]))
        if points
        else None
    )
    found = []
    for junction in junctions:
        limit = _limit_m(junction, rails, rules)
        found += _apart(junction, rails, limit)
        found += _marked(junction, rails, points, tree, limit, rules)
        found += _sectors(junction, areas, limit)
    return found


def _limit_m(junction: Junction, rails: Sequence[Rail], rules: TopologyRules) -> float:
    stated = [rails[owner].line.uncertainty_m for owner, _ in junction.ends]
    largest = max(rules.line_m if isnan(one) else one for one in stated)
    return rules.marker_sigmas * largest


def _finding(
    junction: Junction, kind: str, grade: str, said: tuple[str, str], **more: object
) -> Finding:
    return Finding(
        kind,
        grade,
        junction.lon,
        junction.lat,
        *said,
        divisions=junction.parties,
        **more,  # type: ignore[arg-type]
    )


def _apart(junction: Junction, rails: Sequence[Rail], limit: float) -> list[Finding]:
    if junction.spread_m <= limit:
        return []
    names = [rails[owner].line.name for owner, _ in junction.ends]
    said = (
        (
            f"{'、'.join(names)} 的端点应交于一点，相距 {metres_zh(junction.spread_m)}"
            f"（容许 {metres_zh(limit)}）"
        ),
        (
            f"the ends of {', '.join(names)} should be one point; they are"
            f" {metres_en(junction.spread_m)} apart ({metres_en(limit)} may be)"
        ),
    )
    figures = {"spread_m": junction.spread_m, "limit_m": limit}
    shape = shapely.MultiPoint(np.array([end for _, end in junction.ends]))
    grade = grade_of(junction.spread_m, limit)
    return [_finding(junction, "junction_apart", grade, said, figures=figures, shape=shape)]


def _marked(
    junction: Junction,
    rails: Sequence[Rail],
    points: Sequence[RegisteredPoint],
    tree: Any | None,
    limit: float,
    rules: TopologyRules,
) -> list[Finding]:
    """The marker at the junction: there is one, and it names the three lines."""
    codes = {rails[owner].line.code for owner, _ in junction.ends}
    near, apart_m = None, float("inf")
    if tree is not None:
        there = earth_centred_m([junction.lon], [junction.lat])[0]
        reach = max(limit, junction.spread_m) + rules.bank_m
        close = tree.query_ball_point(there, reach)
        shown = [(float(np.hypot(*_away(junction, points[one]))), points[one]) for one in close]
        own = [pair for pair in shown if codes & set(pair[1].line_codes)]
        if own:
            apart_m, near = min(own, key=lambda pair: pair[0])
    reach_m = max(limit, rules.marker_sigmas * (near.sigma_m or 0.0) if near else 0.0)
    if near is None or apart_m > reach_m + junction.spread_m:
        said = (
            f"{'、'.join(junction.parties)} 的三交点处没有登记界桩",
            f"no marker is registered where {', '.join(junction.parties)} meet",
        )
        figures = {} if near is None else {"nearest_m": apart_m}
        return [_finding(junction, "junction_unmarked", "minor", said, figures=figures)]
    absent = sorted(codes - set(near.line_codes))
    if not absent or near.faces not in {None, _THREE}:
        return []
    said = (
        f"三交点界桩 {near.marker_no} 未列入界线 {'、'.join(absent)}",
        f"the marker of the junction, {near.marker_no}, is not named on line {', '.join(absent)}",
    )
    more = {"markers": (near.marker_no,), "line_code": near.line_codes[0]}
    return [_finding(junction, "junction_lines_differ", "moderate", said, **more)]


def _away(junction: Junction, point: RegisteredPoint) -> Floats:
    frame = LocalFrame.at([junction.lon], [junction.lat])
    vector: Floats = frame.residuals([point.lon], [point.lat])[0]
    return vector


def _sectors(junction: Junction, areas: Mapping[str, Area], limit: float) -> list[Finding]:
    """Each of the three divisions takes one sector of a circle around the junction.

    Circles of several sizes are tried: outlines may be off by their uncertainty, and a narrow
    division shows on small circles alone.
    """
    shapes = {code: areas[code].shape for code in junction.parties if code in areas}
    if len(shapes) < _THREE:
        return []
    stated = [areas[code].uncertainty_m for code in junction.parties]
    unsure = max((one for one in stated if not isnan(one)), default=0.0)
    furthest = max(_LEAST_RADIUS_M, 2.0 * (junction.spread_m + limit), 2.0 * unsure)
    radii = np.geomspace(_LEAST_RADIUS_M, furthest, _RADII)
    rings = [_around(junction, shapes, float(radius)) for radius in radii]
    if any(sorted(ring) == sorted(junction.parties) for ring in rings):
        return []
    around = rings[-1]
    said = (
        f"三交点周围（至 {metres_zh(furthest)}）政区应为三方各一，实为 {'、'.join(around) or '无'}",
        (
            f"around the junction, up to {metres_en(furthest)}, the three divisions should follow"
            f" each other once; there are {', '.join(around) or 'none'}"
        ),
    )
    figures = {"radius_m": furthest, "sectors": float(len(around))}
    return [_finding(junction, "junction_divisions", "moderate", said, figures=figures)]


def _around(
    junction: Junction, shapes: Mapping[str, shapely.Geometry], radius_m: float
) -> list[str]:
    """The divisions on a circle around a junction, clockwise from north, each stretch once."""
    turn = 2.0 * np.pi * np.arange(_AROUND) / _AROUND
    vectors = radius_m * np.column_stack((np.sin(turn), np.cos(turn)))
    centre = LocalFrame.at(np.full(_AROUND, junction.lon), np.full(_AROUND, junction.lat))
    ring = shapely.points(np.column_stack(centre.moved(vectors)))
    owner = np.full(_AROUND, "", dtype=object)
    for code, shape in shapes.items():
        owner[shapely.covers(shape, ring)] = code
    around = [str(key) for key, _ in groupby(owner) if key]
    if len(around) > 1 and around[0] == around[-1]:
        around.pop()
    return around
