"""Whether a surveyed line fits where it was drafted: parties, ends, length, course. Pure.

What cannot be lawful refuses the line; what a person must judge asks for a word (`accept`). All
limits are rows of `boundary_rules` (`survey_…`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from boundary.lines.checks import party_findings
from boundary.topology.planes import Floats, Ground, Plane, run_of
from data.reference import boundary_rule

REFUSES, ASKS = "refuses", "asks"
_ENDS: Final = (0, -1)


@dataclass(frozen=True, slots=True)
class SurveyFinding:
    """What does not fit about a surveyed line.

    Attributes:
        kind: its code.
        severity: `refuses` or `asks`.
        value: metres, or a ratio.
        zh, en: the sentence, with the way out.
    """

    kind: str
    severity: str
    value: float
    zh: str
    en: str

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a line is checked against, all in degrees of the store's datum.

    Attributes:
        draft: the drafted line.
        outlines: outlines of its parties, None where the register has none.
        names: divisions' names by code.
        lines: other lines in force of its parties, by name.
        junctions: tri-junction markers near, by number: lon, lat.
    """

    draft: BaseGeometry
    outlines: Mapping[str, BaseGeometry | None]
    names: Mapping[str, str]
    lines: Sequence[tuple[str, BaseGeometry]]
    junctions: Sequence[tuple[str, float, float]]


def survey_findings(
    shape: BaseGeometry, around: Surroundings, ground: Ground
) -> list[SurveyFinding]:
    """What does not fit about a surveyed line, degrees.

    Args:
        shape: a line of one part or several.
        around: what it is checked against.
        ground: the ellipsoid of the store's datum.
    """
    if not shapely.is_simple(shape):
        return [
            SurveyFinding(
                "crosses_itself", REFUSES, 0.0, "界线自身相交；请检查点序后重新上传",
                "the line crosses itself; check the order of its points and send it again",
            )
        ]  # fmt: skip
    return [
        *_parties(shape, around, ground),
        *_ends(shape, around, ground),
        *_crossings(shape, around),
        *_course(shape, around, ground),
    ]


def _parties(shape: BaseGeometry, around: Surroundings, ground: Ground) -> list[SurveyFinding]:
    known = {code: one for code, one in around.outlines.items() if one is not None}
    apart = [
        SurveyFinding(one.kind, REFUSES, one.value, one.zh, one.en)
        for one in party_findings(shape, known, around.names, ground.geod)
    ]
    bare = [code for code, one in around.outlines.items() if one is None]
    return apart + [
        SurveyFinding(
            "party_without_outline", ASKS, 0.0,
            f"{around.names.get(code, code)} 没有登记轮廓，无法核对界线是否与其相接",
            f"{around.names.get(code, code)} has no outline in the register; whether the line"
            " touches it cannot be told",
        )
        for code in bare
    ]  # fmt: skip


def _ends(shape: BaseGeometry, around: Surroundings, ground: Ground) -> list[SurveyFinding]:
    """Each end stands at a tri-junction marker or on another line, or nothing is near it."""
    meets_m, near_m = boundary_rule("survey_end_m"), boundary_rule("topology_junction_m")
    runs = run_of(shapely.line_merge(shape))
    found = []
    for lon, lat in [run[place] for run in runs for place in _ENDS]:
        nearest = _nearest((float(lon), float(lat)), around, ground)
        where = f"{lon:.7f}, {lat:.7f}"
        if nearest is None or nearest[0] > near_m:
            found.append(
                SurveyFinding(
                    "end_is_open", ASKS, round(nearest[0], 3) if nearest else -1.0,
                    f"端点 {where} 附近没有登记的三交点界桩或相接界线；请确认三交点已勘定",
                    f"at the end {where} no tri-junction marker and no line is registered; make"
                    " sure that the tri-junction is surveyed",
                )
            )  # fmt: skip
        elif nearest[0] > meets_m:
            metres, name = nearest
            found.append(
                SurveyFinding(
                    "end_apart", REFUSES, round(metres, 3),
                    f"端点 {where} 距“{name}”{metres:.2f} 米，未交于一点；请更正，或先勘定三交点",
                    f"the end {where} is {metres:.2f} m off {name}: they do not meet; correct the"
                    " end, or survey the tri-junction first",
                )
            )  # fmt: skip
    return found


def _nearest(
    end: tuple[float, float], around: Surroundings, ground: Ground
) -> tuple[float, str] | None:
    """The nearest tri-junction marker or line of an end: metres on the ellipsoid, and its name."""
    plane = Plane(end[1])
    here = plane.metres(shapely.Point(end))
    others = [(name, shapely.Point(lon, lat)) for name, lon, lat in around.junctions]
    told = []
    for name, other in [*others, *around.lines]:
        near = shapely.get_coordinates(shapely.shortest_line(here, plane.metres(other)))[1]
        told.append((ground.distance_m(end, near / np.array(plane.scale)), name))
    return min(told, default=None)


def _crossings(shape: BaseGeometry, around: Surroundings) -> list[SurveyFinding]:
    """Other lines that it runs across, away from both lines' ends."""
    meets_m = boundary_rule("survey_end_m")
    plane = Plane.of(shape)
    own = plane.metres(shape)
    found = []
    for name, other in around.lines:
        there = plane.metres(other)
        common = shapely.intersection(own, there)
        ends = shapely.MultiPoint([point for one in (own, there) for point in _end_points(one)])
        inner = shapely.difference(common, shapely.buffer(ends, meets_m))
        if not inner.is_empty:
            lon, lat = plane.lonlat(shapely.point_on_surface(inner))
            found.append(
                SurveyFinding(
                    "crosses_line", REFUSES, 0.0,
                    f"与界线“{name}”在 {lon:.6f}, {lat:.6f} 附近相交或重叠；请更正",
                    f"it crosses or covers the line {name} near {lon:.6f}, {lat:.6f}; correct it",
                )
            )  # fmt: skip
    return found


def _end_points(shape: BaseGeometry) -> list[Floats]:
    return [run[place] for run in run_of(shapely.line_merge(shape)) for place in _ENDS]


def _course(shape: BaseGeometry, around: Surroundings, ground: Ground) -> list[SurveyFinding]:
    """Length against the draft's, and how far it runs from it."""
    found = []
    drafted_m, surveyed_m = ground.length_m(around.draft), ground.length_m(shape)
    ratio, most = surveyed_m / drafted_m, boundary_rule("survey_length_ratio")
    if not 1 / most <= ratio <= most:
        found.append(
            SurveyFinding(
                "length_differs", ASKS, round(ratio, 3),
                f"勘测长 {surveyed_m:.0f} 米，草拟长 {drafted_m:.0f} 米，比值 {ratio:.2f}；请核对",
                f"the surveyed length is {surveyed_m:.0f} m, the drafted {drafted_m:.0f} m, a ratio"
                f" of {ratio:.2f}; check it",
            )
        )  # fmt: skip
    plane = Plane.of(around.draft)
    far_m = float(
        shapely.hausdorff_distance(plane.metres(shape), plane.metres(around.draft), densify=0.05)
    )
    if far_m > boundary_rule("survey_far_m"):
        found.append(
            SurveyFinding(
                "far_from_draft", ASKS, round(far_m, 1),
                f"勘测线与草拟线最大相距约 {far_m:.0f} 米；请核对文件、坐标系与界线是否对应",
                f"the surveyed line runs up to about {far_m:.0f} m from the draft; check that file,"
                " reference system and line belong together",
            )
        )  # fmt: skip
    return found
