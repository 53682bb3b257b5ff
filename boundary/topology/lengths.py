"""A line's agreed length beside its geodesic one, with the likely cause of what differs. Pure.

Lengths of old agreements were often taken on a map plane, on the ground's height, at a coarser
scale or in another unit. Each of these leaves a known ratio (the displacement note, section 6): the
plane of a Gauss-Krüger zone 0 to +809 ppm, the ground's height +157 ppm for each 1,000 m, a coarser
line less, a unit a factor. What is found near one of them is named so; nothing is corrected.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

import numpy as np
import shapely

from boundary.topology.planes import Floats, run_of
from boundary.topology.rails import Rail
from boundary.topology.values import (
    Finding,
    RegisteredPoint,
    TopologyRules,
    grade_of,
    metres_en,
    metres_zh,
)
from data.coordinates import GRS80, gauss_kruger_forward

_EARTH_M: Final = 6_371_000.0
_NEAR_PPM: Final = 60.0
_UNITS: Final = ((1000.0, "公里记作米", "kilometres taken for metres"),
                 (0.001, "米记作公里", "metres taken for kilometres"),
                 (0.5, "里（500 米）记作公里", "li of 500 m taken for kilometres"),
                 (2.0, "公里记作里（500 米）", "kilometres taken for li of 500 m"))  # fmt: skip
_UNIT_NEAR: Final = 0.02
_ZONE3_DEG, _ZONE6_DEG = 3.0, 6.0
_COARSER: Final = 0.3


@dataclass(frozen=True, slots=True)
class Cause:
    """Why two lengths may differ: its name, words, and the ratio in ppm that it would leave."""

    code: str
    zh: str
    en: str
    ppm: float


def length_finding(
    rail: Rail, points: Sequence[RegisteredPoint], rules: TopologyRules
) -> list[Finding]:
    """Agreed against geodesic length, where they differ by more than the rule."""
    agreed_m, computed_m = rail.line.length_m, rail.length_m
    if agreed_m is None or agreed_m <= 0.0 or computed_m <= 0.0:
        return []
    ppm = (agreed_m / computed_m - 1.0) * 1e6
    if abs(ppm) <= rules.length_ppm:
        return []
    cause = likely_cause(rail, points, agreed_m)
    at = rail.at(computed_m / 2)
    line = rail.line
    known_zh = f"；可能原因：{cause.zh}" if cause else "；原因不明"
    known_en = f"; likely cause: {cause.en}" if cause else "; no known cause fits"
    return [
        Finding(
            "length_differs", grade_of(abs(ppm), rules.length_ppm * 5), float(at[0]), float(at[1]),
            f"{line.name}：协议长度 {metres_zh(agreed_m)}，测地线长度 {metres_zh(computed_m)}，"
            f"相差 {agreed_m - computed_m:+,.0f} 米（{ppm:+,.0f} ppm）{known_zh}",
            f"{line.name}: agreed {metres_en(agreed_m)}, geodesic {metres_en(computed_m)},"
            f" differing by {agreed_m - computed_m:+,.0f} m ({ppm:+,.0f} ppm){known_en}",
            {"agreed_m": agreed_m, "computed_m": computed_m, "ppm": ppm},
            line.parties, line.id, line.code,
        )
    ]  # fmt: skip


def likely_cause(rail: Rail, points: Sequence[RegisteredPoint], agreed_m: float) -> Cause | None:
    """The known cause whose ratio is nearest to the one that is found; None where none is near.

    Args:
        rail: the line.
        points: its markers; their heights say how high the ground is.
        agreed_m: the agreed length.
    """
    ratio = agreed_m / rail.length_m
    for factor, zh, en in _UNITS:
        if abs(ratio / factor - 1.0) < _UNIT_NEAR:
            return Cause("unit", f"单位不同（{zh}）", f"another unit ({en})", (factor - 1) * 1e6)
    ppm = (ratio - 1.0) * 1e6
    near = [one for one in scale_causes(rail, points) if abs(one.ppm - ppm) <= _NEAR_PPM]
    if near:
        return min(near, key=lambda one: abs(one.ppm - ppm))
    spacing_m = rail.length_m / max(sum(len(run) - 1 for run in rail.runs), 1)
    if 1.0 < ratio < 1.0 + _COARSER:
        return Cause(
            "coarser_geometry", f"图形较粗略（顶点平均间距 {spacing_m:,.0f} 米），比实地曲折少",
            f"the drawn line is coarser than the ground (a vertex each {spacing_m:,.0f} m)", ppm,
        )  # fmt: skip
    if 1.0 - _COARSER < ratio < 1.0:
        return Cause(
            "coarser_agreement", "协议长度量自较小比例尺的地图",
            "the agreed length was taken from a map of a smaller scale", ppm,
        )  # fmt: skip
    return None


def scale_causes(rail: Rail, points: Sequence[RegisteredPoint]) -> list[Cause]:
    """The scales that a length can have been taken on, with their ratio along this line."""
    heights = [one.height_m for one in points if one.height_m is not None]
    found = [
        Cause("plane_3", "取自高斯-克吕格 3 度带平面", "taken on a 3° Gauss-Krüger plane",
              _plane_ppm(rail, _ZONE3_DEG)),
        Cause("plane_6", "取自高斯-克吕格 6 度带平面", "taken on a 6° Gauss-Krüger plane",
              _plane_ppm(rail, _ZONE6_DEG)),
    ]  # fmt: skip
    if heights:
        height_m = float(np.mean(heights))
        found.append(
            Cause("height", f"取自地面（平均高程 {height_m:,.0f} 米）",
                  f"taken on the ground, {height_m:,.0f} m high", height_m / _EARTH_M * 1e6)
        )  # fmt: skip
    return found


def _plane_ppm(rail: Rail, width_deg: float) -> float:
    """How much longer a line is on the plane of its zone than along the ellipsoid, in ppm."""
    middle = float(np.mean([run[:, 0].mean() for run in rail.runs]))
    meridian = (
        round(middle / width_deg) * width_deg
        if width_deg == _ZONE3_DEG
        else np.floor(middle / width_deg) * width_deg + width_deg / 2
    )
    length_m = sum(_plane_length(run, float(meridian)) for run in rail.runs)
    return (length_m / rail.length_m - 1.0) * 1e6


def _plane_length(run: Floats, meridian_deg: float) -> float:
    east, north = gauss_kruger_forward(run[:, 0], run[:, 1], meridian_deg, GRS80)
    return float(shapely.LineString(np.column_stack((east, north))).length)


def chord_findings(rail: Rail, rules: TopologyRules) -> list[Finding]:
    """Straight segments so long that the map's straight line leaves the geodesic."""
    line = rail.line
    worst, length_m, at, count = 0.0, 0.0, None, 0
    for run in run_of(line.shape):
        lengths, apart = rail.ground.chords(run)
        over = apart > rules.chord_m
        count += int(over.sum())
        place = int(np.argmax(apart))
        if over.any() and apart[place] > worst:
            worst, length_m = float(apart[place]), float(lengths[place])
            at = run[place : place + 2]
    if at is None:
        return []
    middle = at.mean(axis=0)
    stated = rules.line_m if isnan(line.uncertainty_m) else line.uncertainty_m
    limit = max(stated, rules.chord_m)
    return [
        Finding(
            "long_chord", grade_of(worst, limit), float(middle[0]), float(middle[1]),
            f"{line.name}：{count} 段直线过长，按经纬度直绘与测地线最多相差 {metres_zh(worst)}"
            f"（段长 {metres_zh(length_m)}）；应沿测地线加密到 {metres_zh(rules.step_m)}以内",
            f"{line.name}: {count} straight segments drawn in degrees leave their geodesic, by"
            f" {metres_en(worst)} at most (over {metres_en(length_m)}); put vertices on the"
            f" geodesic each {metres_en(rules.step_m)}",
            {"apart_m": worst, "segment_m": length_m, "segments": count},
            line.parties, line.id, line.code, shape=shapely.LineString(at),
        )
    ]  # fmt: skip
