"""Markers beside their line: off it, on the wrong bank, out of order, without their partner. Pure.

A single marker (Q) stands on the line. Two of one number (A, B) stand on two banks and three (C, D,
E) around a confluence: they are not on the line, but A and B have it between them, and it comes to
the triangle of C, D and E (同号双立、同号三立, standards section 2.2; the displacement note, 6).
"""

import itertools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, isnan
from statistics import median
from typing import Any, Final

import numpy as np
import shapely

from boundary.topology.planes import Floats, Plane
from boundary.topology.rails import Placed, Rail
from boundary.topology.values import (
    Finding,
    RegisteredPoint,
    TopologyRules,
    grade_of,
    metres_en,
    metres_zh,
)

_LETTER = re.compile(r"[A-EQ]$")
_TOGETHER: Final = {"A": "AB", "B": "AB", "C": "CDE", "D": "CDE", "E": "CDE"}
_LEAST_FOR_ORDER: Final = 3
_MOST_NAMED: Final = 12
_SAME_PLACE_M: Final = 0.05


@dataclass(frozen=True, slots=True)
class _Stop:
    """A number along a line: its place there, the run that it is on, its place in `points`."""

    sequence: int
    along_m: float
    run: int
    place: int


def marker_findings(
    rail: Rail, points: Sequence[RegisteredPoint], rules: TopologyRules
) -> list[Finding]:
    """What does not fit about the markers of one line.

    Args:
        rail: the line.
        points: its markers in force, its own and those where others meet it.
        rules: the numbers.
    """
    if not points or not rail.runs:
        return []
    placed = rail.place(points)
    groups = _groups(points)
    return [
        *_off_line(rail, points, placed, rules),
        *_together(rail, points, placed, groups, rules),
        *_order(rail, points, placed, groups),
        *_twice(rail, points, placed),
    ]


def base_number(point: RegisteredPoint) -> str:
    """A marker's number without its letter, which markers of one number share.

    >>> base_number(RegisteredPoint(1, "9901003B", 112.0, 41.0, "B"))
    '9901003'
    """
    return _LETTER.sub("", point.marker_no) if point.kind else point.marker_no


def _groups(points: Sequence[RegisteredPoint]) -> Mapping[str, list[int]]:
    """The places in `points` of markers that share a number and are set in twos or threes."""
    found: dict[str, list[int]] = defaultdict(list)
    for place, point in enumerate(points):
        if point.kind in _TOGETHER:
            found[base_number(point)].append(place)
    return found


def limit_m(rail: Rail, point: RegisteredPoint, rules: TopologyRules) -> float:
    """How far a marker may be off its line: its tolerance, or the standard deviations of both."""
    line_m = rules.line_m if isnan(rail.line.uncertainty_m) else rail.line.uncertainty_m
    spread = rules.marker_sigmas * hypot(point.sigma_m or 0.0, line_m)
    return max(point.tolerance_m or 0.0, spread)


def _finding(
    rail: Rail,
    kind: str,
    grade: str,
    at: Sequence[float] | Floats,
    said: tuple[str, str],
    **more: Any,
) -> Finding:
    line = rail.line
    return Finding(
        kind, grade, float(at[0]), float(at[1]), f"{line.name}：{said[0]}",
        f"{line.name}: {said[1]}", divisions=line.parties, line_id=line.id, line_code=line.code,
        **more,
    )  # fmt: skip


def _off_line(
    rail: Rail, points: Sequence[RegisteredPoint], placed: Placed, rules: TopologyRules
) -> list[Finding]:
    found = []
    for place, point in enumerate(points):
        if point.kind in _TOGETHER:
            continue
        off = float(placed.off_m[place])
        limit = limit_m(rail, point, rules)
        if abs(off) <= limit:
            continue
        side = ("左", "left") if off > 0.0 else ("右", "right")
        found.append(
            _finding(
                rail, "marker_off_line", "grave" if abs(off) > 3.0 * limit else "moderate",
                (point.lon, point.lat),
                (
                    (f"{point.marker_no} 号界桩偏离界线{side[0]}侧 {metres_zh(abs(off))}"
                    f"（容许 {metres_zh(limit)}）"),
                    (f"marker {point.marker_no} stands {metres_en(abs(off))} to the {side[1]} of"
                    f" the line ({metres_en(limit)} may be)"),
                ),
                figures={"off_m": abs(off), "limit_m": limit},
                markers=(point.marker_no,),
                shape=shapely.LineString([(point.lon, point.lat), placed.foot[place]]),
            )
        )  # fmt: skip
    return found


def _together(
    rail: Rail,
    points: Sequence[RegisteredPoint],
    placed: Placed,
    groups: Mapping[str, list[int]],
    rules: TopologyRules,
) -> list[Finding]:
    found = []
    for number, places in groups.items():
        kinds = "".join(sorted({points[one].kind for one in places}))
        wanted = _TOGETHER[kinds[0]]
        if kinds != wanted:
            found.append(_without_partner(rail, points, places, number, kinds, wanted))
            continue
        look = _banks if wanted == "AB" else _confluence
        found += look(rail, points, placed, places, rules)
    return found


def _without_partner(
    rail: Rail,
    points: Sequence[RegisteredPoint],
    places: Sequence[int],
    number: str,
    kinds: str,
    wanted: str,
) -> Finding:
    first = points[places[0]]
    absent = "、".join(letter for letter in wanted if letter not in kinds) or wanted
    return _finding(
        rail, "partner_missing", "moderate", (first.lon, first.lat),
        (
            f"{number} 号为同号{'双' if wanted == 'AB' else '三'}立，缺 {absent}",
            f"number {number} is set in {len(wanted)}; {absent} is missing",
        ),
        markers=tuple(points[one].marker_no for one in places),
    )  # fmt: skip


def _banks(
    rail: Rail,
    points: Sequence[RegisteredPoint],
    placed: Placed,
    places: Sequence[int],
    rules: TopologyRules,
) -> list[Finding]:
    """A and B have the line between them, and none is further from it than a bank can be."""
    a, b = sorted(places, key=lambda one: points[one].kind)[:2]
    off = placed.off_m[[a, b]]
    limit = max(limit_m(rail, points[one], rules) for one in (a, b))
    names = (points[a].marker_no, points[b].marker_no)
    drawn = shapely.LineString([(points[one].lon, points[one].lat) for one in (a, b)])
    middle = shapely.get_coordinates(drawn).mean(axis=0)
    found = []
    beyond = float(np.abs(off).min())
    if off[0] * off[1] > 0.0 and beyond > limit:
        found.append(
            _finding(
                rail, "banks_same_side", grade_of(beyond, limit), middle,
                (
                    (f"{names[0]}、{names[1]} 在界线同一侧（{metres_zh(abs(off[0]))}、"
                    f"{metres_zh(abs(off[1]))}），应分立两侧"),
                    (f"{names[0]} and {names[1]} stand on one side of the line"
                    f" ({metres_en(abs(off[0]))}, {metres_en(abs(off[1]))}), not on both"),
                ),
                figures={"nearer_m": beyond, "limit_m": limit}, markers=names, shape=drawn,
            )
        )  # fmt: skip
    furthest = float(np.abs(off).max())
    if furthest > rules.bank_m:
        found.append(_far(rail, middle, names, furthest, rules.bank_m, drawn))
    return found


def _confluence(
    rail: Rail,
    points: Sequence[RegisteredPoint],
    placed: Placed,
    places: Sequence[int],
    rules: TopologyRules,
) -> list[Finding]:
    """The line comes to the triangle of C, D and E."""
    xy = np.array([(points[one].lon, points[one].lat) for one in places])
    names = tuple(points[one].marker_no for one in places)
    plane = Plane(float(xy[:, 1].mean()))
    triangle = shapely.convex_hull(shapely.multipoints(xy * np.array(plane.scale)))
    line = plane.metres(shapely.multilinestrings([shapely.LineString(run) for run in rail.runs]))
    apart = float(shapely.distance(triangle, line))
    limit = max(limit_m(rail, points[one], rules) for one in places)
    middle, drawn = xy.mean(axis=0), plane.degrees(triangle)
    found = []
    if apart > limit:
        found.append(
            _finding(
                rail, "confluence_missed", grade_of(apart, limit), middle,
                (
                    f"界线未到达 {'、'.join(names)} 围成的交会处，相距 {metres_zh(apart)}",
                    f"the line stays {metres_en(apart)} from the triangle of {', '.join(names)}",
                ),
                figures={"apart_m": apart, "limit_m": limit}, markers=names, shape=drawn,
            )
        )  # fmt: skip
    furthest = float(np.abs(placed.off_m[list(places)]).max())
    if furthest > rules.bank_m:
        found.append(_far(rail, middle, names, furthest, rules.bank_m, drawn))
    return found


def _far(
    rail: Rail, at: Floats, names: Sequence[str], far_m: float, limit: float, drawn: Any
) -> Finding:
    return _finding(
        rail, "bank_far", grade_of(far_m, limit), at,
        (
            f"{'、'.join(names)} 中有界桩距界线 {metres_zh(far_m)}，超过 {metres_zh(limit)}",
            (f"of {', '.join(names)} one stands {metres_en(far_m)} from the line, more than"
            f" {metres_en(limit)}"),
        ),
        figures={"off_m": far_m, "limit_m": limit}, markers=tuple(names), shape=drawn,
    )  # fmt: skip


def _order(
    rail: Rail,
    points: Sequence[RegisteredPoint],
    placed: Placed,
    groups: Mapping[str, list[int]],
) -> list[Finding]:
    """Numbers that do not rise along the line, and numbers left out.

    A line of several runs (another division lies between) is looked at run by run: each may be
    drawn either way, and its numbers are not to lie among those of another.
    """
    seen: dict[str, _Stop] = {}
    for place, point in enumerate(points):
        if point.sequence is not None and point.line_codes[:1] == (rail.line.code,):
            key = base_number(point) if point.kind in _TOGETHER else point.marker_no
            along = float(placed.along_m[groups.get(key, [place])].mean())
            seen[key] = _Stop(point.sequence, along, int(placed.run[place]), place)
    stops = sorted(seen.values(), key=lambda stop: stop.sequence)
    found = _missing(rail, points, stops)
    moved: set[int] = set()
    taus = []
    for run in range(len(rail.runs)):
        mine = [stop for stop in stops if stop.run == run]
        if len(mine) >= _LEAST_FOR_ORDER:
            ways = [stop.along_m for stop in mine]
            tau = kendall_tau(ways)
            taus.append(abs(tau))
            kept = set(longest_rise(ways if tau >= 0.0 else [-one for one in ways]))
            moved |= {stop.place for place, stop in enumerate(mine) if place not in kept}
    moved |= _astray(stops)
    if moved:
        ordered = [points[stop.place] for stop in stops if stop.place in moved]
        found.append(_disorder(rail, ordered, min(taus, default=0.0)))
    return found


def _astray(stops: Sequence[_Stop]) -> set[int]:
    """The fewest markers whose numbers lie among those of another run."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for stop in stops:
        numbers[stop.run].append(stop.sequence)
    ordered = sorted(numbers, key=lambda run: median(numbers[run]))
    # Equal ranks may follow each other: each place adds a little.
    ranks = [ordered.index(stop.run) + 1e-6 * place for place, stop in enumerate(stops)]
    kept = set(longest_rise(ranks))
    return {stop.place for place, stop in enumerate(stops) if place not in kept}


def _disorder(rail: Rail, moved: Sequence[RegisteredPoint], tau: float) -> Finding:
    names = tuple(point.marker_no for point in moved)
    told = "、".join(names[:_MOST_NAMED]) + ("等" if len(names) > _MOST_NAMED else "")
    return _finding(
        rail, "order_broken", "grave" if len(moved) > 1 else "moderate",
        (moved[0].lon, moved[0].lat),
        (
            f"界桩编号与沿线次序不符：去掉 {told} 后其余依次（Kendall |τ| = {tau:.2f}）",
            (f"numbers do not follow the line: without {told} the others do (Kendall's tau"
            f" {tau:.2f} in size)"),
        ),
        figures={"markers": len(moved), "kendall_tau": tau}, markers=names,
        shape=shapely.MultiPoint([(point.lon, point.lat) for point in moved]),
    )  # fmt: skip


def _missing(
    rail: Rail, points: Sequence[RegisteredPoint], stops: Sequence[_Stop]
) -> list[Finding]:
    numbers = {stop.sequence for stop in stops}
    if not numbers:
        return []
    absent = [one for one in range(min(numbers), max(numbers)) if one not in numbers]
    if not absent:
        return []
    before = max((one for one in stops if one.sequence < absent[0]), key=lambda one: one.sequence)
    point = points[before.place]
    told = "、".join(f"{one:03d}" for one in absent[:_MOST_NAMED])
    more = "等" if len(absent) > _MOST_NAMED else ""
    return [
        _finding(
            rail, "numbers_missing", "minor", (point.lon, point.lat),
            (
                f"编号缺 {told}{more}（共 {len(absent)} 个）：已报废、未录入或编号有误",
                (f"numbers {told} are missing ({len(absent)} in all): scrapped, not entered, or"
                " misnumbered"),
            ),
            figures={"missing": len(absent)}, markers=(point.marker_no,),
        )
    ]  # fmt: skip


def _twice(rail: Rail, points: Sequence[RegisteredPoint], placed: Placed) -> list[Finding]:
    """One number on two markers, or two markers on one spot."""
    found = []
    by_number: dict[str, list[int]] = defaultdict(list)
    for place, point in enumerate(points):
        by_number[point.marker_no].append(place)
    for number, places in by_number.items():
        if len(places) > 1:
            point = points[places[1]]
            said = (
                f"{number} 号有 {len(places)} 颗",
                f"{len(places)} markers have number {number}",
            )
            at = (point.lon, point.lat)
            found.append(_finding(rail, "number_twice", "grave", at, said, markers=(number,)))
    order = np.argsort(placed.along_m, kind="stable")
    for one, other in itertools.pairwise(order):
        near = placed.along_m[other] - placed.along_m[one] < _SAME_PLACE_M
        across = abs(placed.off_m[other] - placed.off_m[one]) < _SAME_PLACE_M
        if near and across:
            names = (points[one].marker_no, points[other].marker_no)
            said = (f"{names[0]} 与 {names[1]} 位置相同", f"{names[0]} and {names[1]} coincide")
            at = (points[one].lon, points[one].lat)
            found.append(_finding(rail, "same_place", "moderate", at, said, markers=names))
    return found


def kendall_tau(values: Sequence[float]) -> float:
    """How far values rise with their place: 1 always, -1 never (Kendall's rank correlation).

    >>> kendall_tau([1, 2, 3]), kendall_tau([3, 2, 1])
    (1.0, -1.0)
    """
    numbers = np.asarray(values, float)
    later = np.triu(np.sign(numbers[None, :] - numbers[:, None]), 1)
    pairs = len(numbers) * (len(numbers) - 1) / 2
    return float(later.sum() / pairs) if pairs else 1.0


def longest_rise(values: Sequence[float]) -> list[int]:
    """The places of the longest rising subsequence: what is left out breaks the order.

    >>> longest_rise([1.0, 4.0, 2.0, 3.0])
    [0, 2, 3]
    """
    tops: list[float] = []
    places: list[int] = []
    before: list[int] = []
    for place, value in enumerate(values):
        at = bisect_left(tops, value)
        before.append(places[at - 1] if at else -1)
        if at == len(tops):
            tops.append(value)
            places.append(place)
        else:
            tops[at], places[at] = value, place
    chain = []
    place = places[-1] if places else -1
    while place >= 0:
        chain.append(place)
        place = before[place]
    return chain[::-1]
