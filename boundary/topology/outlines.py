"""The outlines of divisions beside the registered line between them. Pure.

The registered line is the source, outlines are drawings of it: where a party's outline leaves the
line by more than both are uncertain, the outline is to be drawn anew from the line.
"""

from collections.abc import Mapping, Sequence
from math import hypot, isnan
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from boundary.topology.planes import Floats, Plane
from boundary.topology.rails import Rail
from boundary.topology.values import (
    Area,
    Finding,
    TopologyRules,
    grade_of,
    metres_en,
    metres_zh,
)

_MOST_SAMPLES: Final = 4_000


def outline_findings(
    rails: Sequence[Rail], areas: Mapping[str, Area], rules: TopologyRules
) -> list[Finding]:
    """Parties whose outline leaves the registered line.

    Args:
        rails: registered lines.
        areas: the divisions by code.
        rules: the numbers.
    """
    edges = {
        code: shapely.boundary(areas[code].shape)
        for rail in rails
        for code in rail.line.parties
        if code in areas
    }
    found = []
    for rail in rails:
        if not rail.runs:
            continue
        for code in rail.line.parties:
            if code in edges:
                found += _beside(rail, areas[code], edges[code], rules)
    return found


def _samples(rail: Rail) -> Floats:
    """Positions along the line: every vertex of its geodesics, thinned where there are many."""
    xy = np.vstack(rail.runs)
    return xy[:: max(1, len(xy) // _MOST_SAMPLES)]


def _beside(rail: Rail, area: Area, edge: BaseGeometry, rules: TopologyRules) -> list[Finding]:
    line = rail.line
    xy = _samples(rail)
    plane = Plane.of(line.shape)
    scale = np.array(plane.scale)
    west, south, east, north = line.shape.bounds
    room = 0.1 + max(east - west, north - south)
    near = shapely.clip_by_rect(edge, west - room, south - room, east + room, north + room)
    if near.is_empty:
        near = edge
    flat = plane.metres(near)
    shapely.prepare(flat)
    apart = shapely.distance(shapely.points(xy * scale), flat)
    stated = rules.outline_m if isnan(area.uncertainty_m) else area.uncertainty_m
    own = rules.line_m if isnan(line.uncertainty_m) else line.uncertainty_m
    limit = hypot(stated, own)
    over = apart > limit
    if not over.any():
        return []
    place = int(np.argmax(apart))
    foot = shapely.get_coordinates(shapely.shortest_line(flat, shapely.Point(xy[place] * scale)))
    worst = rail.ground.distance_m(foot[0] / scale, xy[place])
    share = float(over.mean())
    return [
        Finding(
            "outline_off_line", grade_of(worst, limit * 1.5), float(xy[place, 0]),
            float(xy[place, 1]),
            f"{line.name}：{area.name}（{area.code}）的轮廓离开登记界线，最远 {metres_zh(worst)}，"
            f"超限 {share:.0%}（容许 {metres_zh(limit)}）",
            f"{line.name}: the outline of {area.name} ({area.code}) leaves the registered line by"
            f" {metres_en(worst)} at most, over {share:.0%} of it ({metres_en(limit)} may be)",
            {
                "apart_m": worst, "median_m": float(np.median(apart)), "over_share": share,
                "limit_m": limit,
            },
            (area.code,), line.id, line.code,
            shape=shapely.LineString([foot[0] / scale, xy[place]]),
        )
    ]  # fmt: skip
