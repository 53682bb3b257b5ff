"""Figures for papers: a line with its markers, a marker's witness objects. PNG in colour.

Drawn without a display and without shared state. Labels are Chinese where a font for it is
installed, else codes and numbers alone.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from math import cos, radians, sin
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from boundary.verdict_marks import drawn_mark, verdict_words

_FONTS = (
    *("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "WenQuanYi Zen Hei"),
    *("WenQuanYi Micro Hei", "SimHei", "Microsoft YaHei", "SimSun", "PingFang SC"),
    *("Noto Sans CJK JP", "Noto Serif CJK SC"),
)
_DPI = 160
_PLAIN = ("#0b5394", "o")
"""Colour and shape of a marker whose verdict is not what a map is about."""
_MOST_LABELS = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A marker on a map: its number, place in degrees, and verdict (empty for none)."""

    label: str
    lon: float
    lat: float
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a map shows.

    Attributes:
        title: above it.
        line: the boundary, degrees; None for none.
        marks: markers.
        names: what stands beside the line: name, longitude, latitude.
        route: positions of a tour, in its order.
    """

    title: str
    line: BaseGeometry | None
    marks: Sequence[Mark]
    names: Sequence[tuple[str, float, float]] = field(default=())
    route: Sequence[tuple[float, float]] = field(default=())


@cache
def font_name() -> str | None:
    """The first font with Chinese letters that is installed; None where there is none."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _FONTS if name in known), None)


def spoken(zh: str, en: str) -> str:
    """Chinese where it can be drawn, else English."""
    return zh if font_name() else en


def new_figure(width_in: float, height_in: float) -> tuple[Any, Any]:
    """A figure and its one drawing area, with a font that can show Chinese."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_in, height_in), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure, figure.add_subplot()


def font(**more: Any) -> dict[str, Any]:
    """Text properties with the font for Chinese."""
    return {"family": font_name() or "DejaVu Sans"} | more


def png(figure: Any) -> bytes:
    """A figure's bytes; nothing in them says when or by what it was made."""
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def draw_line(scene: Scene, width_in: float = 6.5, height_in: float = 5.0) -> bytes:
    """A map of a line with its markers, coloured and shaped by verdict; north is up."""
    figure, axes = new_figure(width_in, height_in)
    if scene.line is not None:
        for part in shapely.get_parts(scene.line):
            xy = shapely.get_coordinates(part)
            axes.plot(xy[:, 0], xy[:, 1], color="#333333", linewidth=1.4, zorder=2)
    if scene.route:
        xy = np.array(scene.route)
        axes.plot(xy[:, 0], xy[:, 1], color="#8250df", linewidth=0.8, linestyle="--", zorder=1)
    for verdict in dict.fromkeys(mark.verdict for mark in scene.marks):
        chosen = [mark for mark in scene.marks if mark.verdict == verdict]
        colour, shape = drawn_mark(verdict) if verdict else _PLAIN
        axes.scatter(
            [mark.lon for mark in chosen],
            [mark.lat for mark in chosen],
            s=26,
            marker=shape,
            color=colour,
            edgecolor="white",
            linewidth=0.6,
            zorder=4,
            label=legend_words(verdict),
        )
    _label(axes, scene)
    _frame(axes, scene)
    return png(figure)


def legend_words(verdict: str) -> str:
    """A verdict for a legend; a marker where there is none."""
    if not verdict:
        return spoken("界桩", "marker")
    return verdict_words(verdict, "zh" if font_name() else "en")


def _label(axes: Any, scene: Scene) -> None:
    step = max(1, -(-len(scene.marks) // _MOST_LABELS))
    for mark in scene.marks[::step]:
        axes.annotate(
            mark.label,
            (mark.lon, mark.lat),
            xytext=(4, 3),
            textcoords="offset points",
            zorder=5,
            **font(fontsize=6.5),
        )
    for name, lon, lat in scene.names:
        axes.text(lon, lat, name, ha="center", va="center", color="#57606a", **font(fontsize=10))


def _frame(axes: Any, scene: Scene) -> None:
    lats = [mark.lat for mark in scene.marks]
    if scene.line is not None:
        lats += [scene.line.bounds[1], scene.line.bounds[3]]
    middle = float(np.mean(lats)) if lats else 0.0
    axes.set_aspect(1.0 / cos(radians(middle)), adjustable="datalim")
    axes.margins(0.08)
    axes.set_title(scene.title, **font(fontsize=10))
    axes.tick_params(labelsize=7)
    axes.ticklabel_format(useOffset=False, style="plain")
    axes.grid(visible=True, color="#d0d7de", linewidth=0.4)
    axes.annotate(
        "N", xy=(0.965, 0.985), xytext=(0.965, 0.90), xycoords="axes fraction", ha="center",
        arrowprops={"arrowstyle": "-|>", "color": "#333333"}, fontsize=9, va="top",
    )  # fmt: skip
    _scale(axes, middle)
    if scene.marks:
        axes.legend(loc="lower right", prop={"family": font_name() or "DejaVu Sans", "size": 7})


def _scale(axes: Any, lat: float) -> None:
    """A bar of a round length."""
    west, east = axes.get_xlim()
    south, north = axes.get_ylim()
    metres = (east - west) * 111_320.0 * cos(radians(lat)) / 4
    if metres <= 0.0:
        return
    size = 10.0 ** np.floor(np.log10(metres))
    size *= max(step for step in (1, 2, 5) if step * size <= metres)
    width = size / (111_320.0 * cos(radians(lat)))
    x, y = west + 0.05 * (east - west), south + 0.045 * (north - south)
    axes.plot([x, x + width], [y, y], color="#333333", linewidth=2.2, solid_capstyle="butt")
    text = f"{size / 1000:g} km" if size >= 1000 else f"{size:g} m"  # noqa: PLR2004 - a kilometre
    axes.annotate(text, (x + width / 2, y), xytext=(0, 3), textcoords="offset points",
                  ha="center", fontsize=7)  # fmt: skip


def draw_sketch(marker_no: str, ties: Sequence[dict[str, Any]]) -> bytes | None:
    """A sketch (位置略图) of a marker and its witness objects by azimuth and distance; north is up.

    None where no object has both.
    """
    placed = [tie for tie in ties if tie["azimuth_deg"] is not None and tie["distance_m"]]
    if not placed:
        return None
    figure, axes = new_figure(4.2, 3.6)
    for tie in placed:
        turn = radians(tie["azimuth_deg"])
        x, y = tie["distance_m"] * sin(turn), tie["distance_m"] * cos(turn)
        axes.plot([0, x], [0, y], color="#57606a", linewidth=0.8, linestyle="--")
        axes.scatter([x], [y], marker="^", s=36, color="#0b5394", zorder=3)
        axes.annotate(
            f"{tie['name']}\n{tie['distance_m']:g} m",
            (x, y),
            xytext=(5, 5),
            textcoords="offset points",
            **font(fontsize=8),
        )
    axes.scatter([0], [0], marker="s", s=48, color="#c1121f", zorder=4)
    axes.annotate(
        marker_no, (0, 0), xytext=(6, -12), textcoords="offset points", **font(fontsize=9)
    )
    axes.set_aspect("equal", adjustable="datalim")
    axes.margins(0.28)
    axes.set_xlabel("m", fontsize=7)
    axes.tick_params(labelsize=7)
    axes.annotate(
        "N", xy=(0.95, 0.97), xytext=(0.95, 0.84), xycoords="axes fraction", ha="center",
        arrowprops={"arrowstyle": "-|>", "color": "#333333"}, fontsize=9, va="top",
    )  # fmt: skip
    return png(figure)
