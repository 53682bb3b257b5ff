"""All checks of topology over one level of divisions, its lines and their markers. Pure.

Values in, findings out: no store, no files. `boundary.topology.reading` brings the values.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from boundary.topology.coverage import coverage_findings
from boundary.topology.junctions import junction_findings
from boundary.topology.lengths import chord_findings, length_finding
from boundary.topology.markers_on_lines import marker_findings
from boundary.topology.outlines import outline_findings
from boundary.topology.planes import Ground
from boundary.topology.rails import Rail
from boundary.topology.segments import LineSegments, crossing_findings, nearer_findings
from boundary.topology.values import (
    GRADES,
    Area,
    Finding,
    NearMarker,
    RegisteredLine,
    RegisteredPoint,
    TopologyRules,
)
from data.coordinates import GRS80, Ellipsoid, earth_centred_m
from data.progress import Report

NEAREST: Final = 2
_REPORT_EVERY: Final = 50


@dataclass(frozen=True, slots=True)
class Checked:
    """What was checked, and every finding, the gravest first."""

    areas: int
    lines: int
    markers: int
    findings: tuple[Finding, ...]


def check_topology(
    areas: Sequence[Area],
    lines: Sequence[RegisteredLine],
    points: Sequence[RegisteredPoint],
    *,
    rules: TopologyRules | None = None,
    ellipsoid: Ellipsoid = GRS80,
    progress: Report | None = None,
) -> Checked:
    """Check outlines among themselves, lines, markers, and each against the others.

    Args:
        areas: divisions of one level, neighbours of the region too.
        lines: registered lines in force.
        points: markers in force.
        rules: the numbers; those of the table in force by default.
        ellipsoid: of the datum of all positions.
        progress: told of each step.
    """
    rules = rules or TopologyRules.in_force()
    tell = progress or (lambda _step, _done, _total: None)
    ground = Ground.on(ellipsoid)
    found = coverage_findings(areas, rules, ground, tell)
    by_code = {area.code: area for area in areas}
    rails = []
    by_line = _by_line(points)
    for number, line in enumerate(lines, start=1):
        rail = Rail(line, ground, rules.step_m)
        rails.append(rail)
        mine = by_line.get(line.code, []) if line.code else []
        found += marker_findings(rail, mine, rules)
        found += length_finding(rail, mine, rules)
        found += chord_findings(rail, rules)
        if number % _REPORT_EVERY == 0 or number == len(lines):
            tell("lines and markers 界线与界桩", number, len(lines))
    tell("outlines against lines 轮廓与界线", 0, len(lines))
    found += outline_findings(rails, by_code, rules)
    segments = LineSegments(rails)
    tell("crossings 相交", 0, 0)
    found += crossing_findings(rails, segments, rules)
    found += nearer_findings(rails, segments, points, rules)
    tell("tri-junctions 三交点", 0, 0)
    found += junction_findings(rails, points, by_code, rules)
    return Checked(len(areas), len(lines), len(points), tuple(_ordered(_near(found, points))))


def _by_line(points: Sequence[RegisteredPoint]) -> dict[str, list[RegisteredPoint]]:
    found: dict[str, list[RegisteredPoint]] = defaultdict(list)
    for point in points:
        for code in point.line_codes:
            found[code].append(point)
    return found


def _ordered(found: Iterable[Finding]) -> list[Finding]:
    return sorted(
        found,
        key=lambda one: (
            GRADES.index(one.grade), one.kind, one.line_code or "", one.divisions, one.lon, one.lat
        ),
    )  # fmt: skip


def _near(found: Sequence[Finding], points: Sequence[RegisteredPoint]) -> list[Finding]:
    """Findings with the markers that are nearest to them."""
    from scipy.spatial import cKDTree

    if not points or not found:
        return list(found)
    tree = cKDTree(earth_centred_m([one.lon for one in points], [one.lat for one in points]))
    places = earth_centred_m([one.lon for one in found], [one.lat for one in found])
    count = min(NEAREST, len(points))
    apart, which = tree.query(places, k=count)
    apart, which = np.reshape(apart, (-1, count)), np.reshape(which, (-1, count))
    return [
        replace(
            one,
            nearest=tuple(
                NearMarker(points[place].id, points[place].marker_no, float(metres))
                for metres, place in zip(apart[row], which[row], strict=True)
            ),
        )
        for row, one in enumerate(found)
    ]
