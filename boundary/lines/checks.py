"""What does not fit about a line's own record: parties apart, counts, lengths. Pure.

Each finding names its kind of `line_finding_kinds`; what is odd is said, nothing is corrected.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from data.reference import boundary_rule

_TOGETHER = {
    "Q": "single",
    "A": "double",
    "B": "double",
    "C": "triple",
    "D": "triple",
    "E": "triple",
}
_STATED = {
    "markers_stated": ("markers", "界桩", "markers"),
    "single_stated": ("single", "单立界桩", "single markers"),
    "double_stated": ("double", "同号双立界桩", "markers of two with one number"),
    "triple_stated": ("triple", "同号三立界桩", "markers of three with one number"),
}


@dataclass(frozen=True, slots=True)
class LineFinding:
    """Something odd: its kind, the value it was found in, in Chinese and English."""

    kind: str
    value: float
    zh: str
    en: str

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {"kind": self.kind, "value": self.value, "zh": self.zh, "en": self.en}


def count_markers(kinds: Sequence[str | None]) -> dict[str, int]:
    """How many markers there are in all and by placement, as a line's record counts them (颗).

    >>> count_markers(["Q", "A", "B", None])
    {'markers': 4, 'single': 1, 'double': 2, 'triple': 0}
    """
    counted = Counter(_TOGETHER.get(kind or "", "") for kind in kinds)
    return {"markers": len(kinds)} | {
        name: counted[name] for name in ("single", "double", "triple")
    }


def count_findings(line: Mapping[str, Any], kinds: Sequence[str | None]) -> list[LineFinding]:
    """Stated counts against the markers of the register."""
    found = []
    counted = count_markers(kinds)
    for column, (name, zh, en) in _STATED.items():
        stated = line.get(column)
        if stated is not None and stated != counted[name]:
            found.append(
                LineFinding(
                    "markers_miscounted",
                    stated,
                    f"界线记录有{zh} {stated} 颗，登记簿中有 {counted[name]} 颗",
                    f"the line's record has {stated} {en}, the register {counted[name]}",
                )
            )
    return found


def length_findings(
    agreed_m: float | None, computed_m: float, limit_ppm: float | None = None
) -> list[LineFinding]:
    """The agreed length against the geodesic length of the geometry."""
    limit = boundary_rule("length_ppm") if limit_ppm is None else limit_ppm
    if agreed_m is None or computed_m <= 0.0:
        return []
    ppm = (agreed_m / computed_m - 1.0) * 1e6
    if abs(ppm) <= limit:
        return []
    return [
        LineFinding(
            "length_differs",
            round(ppm, 1),
            f"协议长度 {agreed_m:.0f} 米与图形测地线长度 {computed_m:.0f} 米相差 {ppm:+.0f} ppm",
            f"the agreed length of {agreed_m:.0f} m and the geodesic length of {computed_m:.0f} m"
            f" of the geometry differ by {ppm:+.0f} ppm",
        )
    ]


def party_findings(
    shape: BaseGeometry,
    outlines: Mapping[str, BaseGeometry],
    names: Mapping[str, str],
    geod: Geod,
    limit_m: float | None = None,
) -> list[LineFinding]:
    """Parties whose outline stays away from the line; a party without an outline is passed over.

    Args:
        shape: the line, degrees.
        outlines: the parties' polygons by code, degrees.
        names: the parties' names by code.
        geod: of the datum.
        limit_m: how far an outline may stay; the rule `party_apart_m` by default.
    """
    limit = boundary_rule("party_apart_m") if limit_m is None else limit_m
    found = []
    for code, outline in outlines.items():
        if shapely.intersects(shape, outline):
            continue
        near = shapely.get_coordinates(shapely.shortest_line(shape, outline))
        _, _, apart_m = geod.inv(*near[0], *near[1])
        if apart_m > limit:
            who = names.get(code, code)
            found.append(
                LineFinding(
                    "party_apart",
                    round(float(apart_m), 1),
                    f"{who}（{code}）与界线相距 {apart_m / 1000:.1f} 公里，不相接",
                    f"{who} ({code}) stays {apart_m / 1000:.1f} km from the line",
                )
            )
    return found
