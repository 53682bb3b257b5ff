"""A marker through time: every visit with its uncertainty, in the plane and on the time axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from boundary.displacement import confidence_factor
from boundary.displacement_visits import Creep
from boundary.pictures.canvas import (
    ACCENT,
    HALO,
    INK,
    QUIET,
    Language,
    PictureFormat,
    language_for,
    styled,
    written,
)
from boundary.verdict_marks import drawn_mark, verdict_words
from data.reference import verdict_signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
_CONFIDENCE = 0.95
_FIRST_YEAR = 1970
_WORDS = {
    "zh": {
        "plane": "平面位置：实测 − 登记（米）", "east": "东（米）", "north": "北（米）",
        "limit": "限差", "rate": "逐年移动 东 {0:+.0f}、北 {1:+.0f} 毫米/年",
        "registered": "登记位置", "nothing": "没有可绘制的观测",
    },
    "en": {
        "plane": "in the plane: observed − registered (m)", "east": "east (m)",
        "north": "north (m)", "limit": "tolerance",
        "rate": "steady motion {0:+.0f} east, {1:+.0f} north, mm a year",
        "registered": "registered", "nothing": "no visit to draw",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MarkerVisit:
    """One visit: observed minus registered, metres; `sigma_m` of the observation, per axis."""

    observed_on: date
    east_m: float
    north_m: float
    sigma_m: float
    verdict: str


def history_picture(
    visits: Sequence[MarkerVisit],
    picture_format: PictureFormat,
    *,
    tolerance_m: float | None = None,
    rate: Creep | None = None,
    title: str = "",
    language: Language = "zh",
) -> bytes:
    """A marker's visits as SVG or PNG.

    Args:
        visits: in any order; they are drawn by day.
        picture_format: `svg` or `png`.
        tolerance_m: the circle around the registered position.
        rate: a steady motion to draw through the visits.
        title: above the picture.
        language: of its words; a PNG falls back to English where no font can write Chinese.
    """
    from matplotlib.figure import Figure

    language = language_for(language, picture_format)
    ordered = sorted(visits, key=lambda visit: visit.observed_on)
    with styled():
        figure = Figure(figsize=(11.0, 5.2), layout="constrained")
        if ordered:
            _draw(figure, ordered, tolerance_m, rate, language)
        else:
            figure.text(0.5, 0.5, _WORDS[language]["nothing"], ha="center", color=QUIET)
        if title:
            figure.suptitle(title, fontsize=12, fontweight="bold", x=0.01, ha="left")
        return written(figure, picture_format)


def _draw(
    figure: Figure,
    visits: Sequence[MarkerVisit],
    tolerance_m: float | None,
    rate: Creep | None,
    language: Language,
) -> None:
    from matplotlib.lines import Line2D

    plane, east, north = figure.subplot_mosaic(
        [["plane", "east"], ["plane", "north"]], width_ratios=[1.0, 1.25]
    ).values()
    vectors = np.array([[visit.east_m, visit.north_m] for visit in visits])
    _plane(plane, visits, vectors, tolerance_m, language)
    plane.set_title(_WORDS[language]["plane"], loc="left")
    _against_time(east, visits, vectors[:, 0], tolerance_m, rate, 0)
    _against_time(north, visits, vectors[:, 1], tolerance_m, rate, 1)
    east.sharex(north)
    east.set_ylabel(_WORDS[language]["east"])
    north.set_ylabel(_WORDS[language]["north"])
    if rate is not None:
        mm = 1000.0 * rate.rate_m_per_year
        east.set_title(_WORDS[language]["rate"].format(mm[0], mm[1]), loc="left")
    shown = {visit.verdict for visit in visits}
    handles = [
        Line2D([], [], marker=drawn_mark(sign.code)[1], color=sign.colour, ls="", ms=7, mec="white",
               label=verdict_words(sign.code, language))
        for sign in verdict_signs() if sign.code in shown
    ]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower center", ncols=6, frameon=False)


def _plane(
    axes: Axes,
    visits: Sequence[MarkerVisit],
    vectors: Floats,
    tolerance_m: float | None,
    language: Language,
) -> None:
    from matplotlib.patches import Circle

    factor = confidence_factor(_CONFIDENCE)
    reach = float(np.abs(vectors).max())
    axes.plot(vectors[:, 0], vectors[:, 1], color=QUIET, lw=0.8, zorder=1)
    for visit, vector in zip(visits, vectors, strict=True):
        colour, shape = drawn_mark(visit.verdict)
        axes.add_patch(Circle(tuple(vector), factor * visit.sigma_m, fc=colour, ec=colour,
                              alpha=0.2, zorder=2))  # fmt: skip
        axes.plot(*vector, marker=shape, ms=6, color=colour, mec="white", mew=0.6, zorder=3)
        axes.annotate(str(visit.observed_on.year), tuple(vector), xytext=(5, 4), fontsize=7,
                      textcoords="offset points", color=QUIET, zorder=4, bbox=HALO)  # fmt: skip
        reach = max(reach, float(np.abs(vector).max()) + factor * visit.sigma_m)
    axes.plot(0, 0, marker="+", ms=11, color=INK, mew=1.4)
    axes.annotate(_WORDS[language]["registered"], (0, 0), xytext=(-6, -12), fontsize=8,
                  textcoords="offset points", ha="right", zorder=5, bbox=HALO)  # fmt: skip
    if tolerance_m is not None:
        axes.add_patch(Circle((0, 0), tolerance_m, fill=False, ec=INK, lw=1.0, ls=(0, (3, 2))))
        axes.annotate(_WORDS[language]["limit"], (0, tolerance_m), xytext=(2, 3), fontsize=8,
                      textcoords="offset points", color=QUIET)  # fmt: skip
        reach = max(reach, min(tolerance_m, 4.0 * reach))
    span = 1.2 * max(reach, 1e-3)
    axes.set_xlim(-span, span)
    axes.set_ylim(-span, span)
    axes.set_aspect("equal")


def _against_time(
    axes: Axes,
    visits: Sequence[MarkerVisit],
    values: Floats,
    tolerance_m: float | None,
    rate: Creep | None,
    axis: int,
) -> None:
    from matplotlib import dates

    days = np.array([visit.observed_on.toordinal() for visit in visits], float)
    origin = date(_FIRST_YEAR, 1, 1).toordinal()
    at = days - origin
    factor = confidence_factor(_CONFIDENCE)
    for k, visit in enumerate(visits):
        colour, shape = drawn_mark(visit.verdict)
        axes.errorbar(at[k], values[k], yerr=factor * visit.sigma_m, color=colour, marker=shape,
                      ms=6, mec="white", mew=0.6, elinewidth=1.0, capsize=2)  # fmt: skip
    if rate is not None and len(at) > 1:
        weight = np.array([1.0 / visit.sigma_m**2 for visit in visits])
        middle, mean = np.average(at, weights=weight), np.average(values, weights=weight)
        line = mean + rate.rate_m_per_year[axis] * (at - middle) / 365.25
        axes.plot(at, line, color=ACCENT, lw=1.2)
    reach = 1.3 * float((np.abs(values) + factor * np.array([v.sigma_m for v in visits])).max())
    if tolerance_m is not None and tolerance_m <= 3.0 * reach:
        for side in (-tolerance_m, tolerance_m):
            axes.axhline(side, color=INK, lw=0.8, ls=(0, (3, 2)))
        reach = max(reach, 1.1 * tolerance_m)
    axes.axhline(0, color=QUIET, lw=0.6)
    axes.set_ylim(-reach, reach)
    axes.xaxis_date()
    formatter = dates.ConciseDateFormatter(axes.xaxis.get_major_locator())  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(formatter)
