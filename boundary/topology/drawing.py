"""A finding as a picture: outlines, lines and markers around it, the fault in red; north is up."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from boundary.papers.figures import font, font_name, new_figure, png, spoken
from boundary.topology.planes import DEGREE_M
from boundary.topology.values import Area, Finding, RegisteredLine, RegisteredPoint

_LEAST_M: Final = 60.0
_FAR_M: Final = 20_000.0
_MOST_MARKERS: Final = 40
_FILLS: Final = ("#dfe8f1", "#f4e6cf", "#e2efdc", "#efe1ee", "#f2efdf", "#dcefee")
_FAULT, _LINE, _MARKER, _EDGE = "#c1121f", "#333333", "#0b5394", "#8a94a0"


@dataclass(frozen=True, slots=True)
class View:
    """What a picture is drawn of: a finding, and everything around it that is registered."""

    finding: Finding
    areas: Sequence[Area]
    lines: Sequence[RegisteredLine]
    points: Sequence[RegisteredPoint]


def draw_finding(view: View, width_in: float = 5.6, height_in: float = 4.4) -> bytes:
    """A finding as PNG."""
    finding = view.finding
    west, south, east, north = window_of(finding, width_in / height_in)
    frame = shapely.box(west, south, east, north)
    figure, axes = new_figure(width_in, height_in)
    _outlines(axes, view.areas, frame)
    _lines(axes, view.lines, finding, frame)
    _fault(axes, finding)
    _markers(axes, view.points, finding, frame)
    axes.set_xlim(west, east)
    axes.set_ylim(south, north)
    axes.set_aspect(1.0 / cos(radians(finding.lat)))
    axes.set_title(_title(finding), **font(fontsize=8.5))
    axes.tick_params(labelsize=6)
    axes.ticklabel_format(useOffset=False, style="plain")
    axes.locator_params(nbins=4)
    _scale_bar(axes, finding.lat)
    axes.legend(loc="upper right", prop={"family": font_name() or "DejaVu Sans", "size": 6.5})
    return png(figure)


def window_of(finding: Finding, shape: float) -> tuple[float, float, float, float]:
    """West, south, east, north of what is drawn, degrees.

    It holds the fault whole with room around it where that shows something; a fault that is long
    beside its width (a sliver) is drawn where it is widest.
    """
    narrow = cos(radians(finding.lat))
    own = finding.shape
    reach_m = _LEAST_M
    width_m = finding.figures.get("width_m") or finding.figures.get("off_m") or 0.0
    middle = (finding.lon, finding.lat)
    if own is not None and not own.is_empty:
        west, south, east, north = own.bounds
        wide = max((east - west) * narrow, north - south) * DEGREE_M
        if width_m and wide > 40.0 * width_m:
            wide = 12.0 * width_m
        else:
            middle = ((west + east) / 2, (south + north) / 2)
        reach_m = max(reach_m, min(wide, _FAR_M * 10) * 0.75)
    north_deg = reach_m / DEGREE_M
    east_deg = shape * north_deg / narrow
    return (
        middle[0] - east_deg, middle[1] - north_deg, middle[0] + east_deg, middle[1] + north_deg
    )  # fmt: skip


def _title(finding: Finding) -> str:
    text = spoken(finding.zh, finding.en)
    half = 38 if font_name() else 70
    return "\n".join(text[at : at + half] for at in range(0, min(len(text), 3 * half), half))


def _outlines(axes: Any, areas: Sequence[Area], frame: BaseGeometry) -> None:
    """Outlines in quiet colours, each with its name where it is widest."""
    near = [area for area in areas if shapely.intersects(area.shape, frame)]
    for number, area in enumerate(near):
        inside = shapely.intersection(shapely.make_valid(area.shape), frame)
        for part in shapely.get_parts(inside):
            if isinstance(part, shapely.Polygon) and not part.is_empty:
                xy = np.array(part.exterior.coords)
                axes.fill(
                    xy[:, 0], xy[:, 1], facecolor=_FILLS[number % len(_FILLS)], edgecolor=_EDGE,
                    linewidth=0.7, alpha=0.65, zorder=1,
                )  # fmt: skip
        at = shapely.point_on_surface(inside)
        if not at.is_empty:
            axes.text(
                at.x, at.y, area.name, ha="center", va="center", color="#57606a", zorder=2,
                clip_on=True, **font(fontsize=7.5),
            )  # fmt: skip


def _lines(
    axes: Any, lines: Sequence[RegisteredLine], finding: Finding, frame: BaseGeometry
) -> None:
    said = False
    for line in lines:
        if not shapely.intersects(line.shape, frame):
            continue
        own = line.id == finding.line_id
        for part in shapely.get_parts(shapely.intersection(line.shape, frame)):
            xy = shapely.get_coordinates(part)
            label = None if said else spoken("登记界线", "registered line")
            axes.plot(
                xy[:, 0], xy[:, 1], color=_LINE, linewidth=1.8 if own else 1.0, zorder=3,
                label=label,
            )  # fmt: skip
            said = True


def _fault(axes: Any, finding: Finding) -> None:
    label: str | None = spoken("问题处", "the fault")
    own = finding.shape if finding.shape is not None else shapely.Point(finding.lon, finding.lat)
    for part in shapely.get_parts(own):
        xy = shapely.get_coordinates(part)
        if isinstance(part, shapely.Polygon):
            axes.fill(
                xy[:, 0], xy[:, 1], facecolor=_FAULT, edgecolor=_FAULT, alpha=0.55, zorder=4,
                label=label,
            )  # fmt: skip
        elif len(xy) > 1:
            axes.plot(xy[:, 0], xy[:, 1], color=_FAULT, linewidth=1.6, zorder=4, label=label)
        else:
            axes.scatter(xy[:, 0], xy[:, 1], marker="x", s=46, color=_FAULT, zorder=6, label=label)
        label = None


def _markers(
    axes: Any, points: Sequence[RegisteredPoint], finding: Finding, frame: BaseGeometry
) -> None:
    west, south, east, north = frame.bounds
    near = [p for p in points if west <= p.lon <= east and south <= p.lat <= north]
    if not near:
        return
    axes.scatter(
        [p.lon for p in near], [p.lat for p in near], s=22, color=_MARKER, edgecolor="white",
        linewidth=0.6, zorder=5, label=spoken("界桩", "marker"),
    )  # fmt: skip
    first = {*finding.markers, *(one.marker_no for one in finding.nearest)}
    ordered = sorted(near, key=lambda p: p.marker_no not in first)
    for point in ordered[:_MOST_MARKERS]:
        axes.annotate(
            point.marker_no, (point.lon, point.lat), xytext=(4, 3), textcoords="offset points",
            zorder=6, annotation_clip=True, **font(fontsize=6),
        )  # fmt: skip


def _scale_bar(axes: Any, lat: float) -> None:
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    degree_m = DEGREE_M * cos(radians(lat))
    power = 10.0 ** np.floor(np.log10((east - west) * degree_m / 4))
    most = (east - west) * degree_m / 4
    length_m = max(step * power for step in (1, 2, 5) if step * power <= most)
    x, y = west + 0.04 * (east - west), south + 0.05 * (north - south)
    axes.plot([x, x + length_m / degree_m], [y, y], color=_LINE, linewidth=2.2, zorder=7)
    text = f"{length_m / 1000:g} km" if length_m >= 1_000.0 else f"{length_m:g} m"  # noqa: PLR2004 - a kilometre
    axes.annotate(text, (x, y), xytext=(0, 4), textcoords="offset points", fontsize=6.5, zorder=7)
