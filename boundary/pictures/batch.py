"""A batch as a picture: vectors on the line, before and after the diagnosed cause is taken off.

Above, the markers in the plane of the local horizon (kilometres) with their vectors drawn longer by
a factor that is said; below, the same vectors from one origin, before in metres and after in units
of each marker's tolerance, with 95 % ellipses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from boundary.pictures.canvas import (
    BOUNDARY,
    HALO,
    INK,
    QUIET,
    Language,
    PictureFormat,
    equal_frame,
    language_for,
    metres_text,
    round_step,
    styled,
    written,
)
from boundary.verdict_marks import drawn_mark, verdict_words
from data.coordinates import LocalFrame
from data.reference import verdict_signs

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

Floats = NDArray[np.float64]
LonLat = tuple[float, float]
_LONGEST_SHARE = 0.16  # of the picture's extent, for the vector that sets the scale
_SCALE_PERCENTILE = 85.0
_CUT = 1.6  # vectors longer than this many times the scale's are cut
_LABELLED, _LABEL_GAP = 30, 0.06
_USUAL_TIMES = 6.0  # of the median: longer vectors do not set the scale
_WORDS = {
    "zh": {
        "before": "原始观测：实测 − 登记", "after": "扣除已识别原因之后",
        "before_vectors": "原始向量（米）", "after_vectors": "余差 / 限差",
        "times": "向量放大 {0:,.0f} 倍", "true": "向量按实际比例", "scale": "向量 {0}",
        "km": "千米", "east": "东", "north": "北", "limit": "限差", "cut": "（虚线：截短）",
        "nothing": "没有可绘制的结果",
    },
    "en": {
        "before": "as typed: observed − registered", "after": "the diagnosed cause taken off",
        "before_vectors": "vectors as typed (m)", "after_vectors": "what is left / tolerance",
        "times": "vectors {0:,.0f} times as long", "true": "vectors at true scale",
        "scale": "vector of {0}", "km": "km", "east": "east", "north": "north",
        "limit": "tolerance", "cut": " (dashed: cut short)", "nothing": "nothing to draw",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Drawn:
    """The rows that can be drawn, arrays (n,): places in kilometres, vectors in metres."""

    numbers: list[str]
    verdicts: list[str]
    places_km: Floats
    before_m: Floats
    after_m: Floats
    tolerance_m: Floats
    ellipses: list[tuple[float, float, float]]


def batch_picture(
    report: Mapping[str, Any],
    picture_format: PictureFormat,
    *,
    title: str = "",
    language: Language = "zh",
    lines: Sequence[Sequence[LonLat]] = (),
) -> bytes:
    """A report (`Assessment.as_json`) as SVG or PNG.

    Args:
        report: only its `results` are drawn; rows without both positions are left out.
        picture_format: `svg` or `png`.
        title: above the picture.
        language: of its words; a PNG falls back to English where no font can write Chinese.
        lines: boundary lines to draw beneath, longitude and latitude in degrees, the report's
            system; without them the markers are joined in the order of their numbers.
    """
    from matplotlib.figure import Figure

    language = language_for(language, picture_format)
    with styled():
        figure = Figure(figsize=(11.0, 9.6), layout="constrained")
        rows = [one for one in report["results"] if _drawable(one)]
        if rows:
            _draw(figure, rows, lines, language)
        else:
            figure.text(0.5, 0.5, _WORDS[language]["nothing"], ha="center", color=QUIET)
        if title:
            figure.suptitle(title, fontsize=12, fontweight="bold", x=0.01, ha="left")
        return written(figure, picture_format)


def _drawable(result: Mapping[str, Any]) -> bool:
    needed = ("registered", "east_m", "north_m", "remaining_east_m", "remaining_north_m")
    return all(result[name] is not None for name in needed)


def _draw(
    figure: Figure,
    rows: Sequence[Mapping[str, Any]],
    lines: Sequence[Sequence[LonLat]],
    language: Language,
) -> None:
    middle = np.median(np.array([one["registered"] for one in rows], float), axis=0)
    drawn = _collected(rows, middle)
    paths = [_plane_km(np.array(line, float), middle) for line in lines if len(line) > 1]
    upper = figure.subplots(2, 2, height_ratios=[1.25, 1.0])
    for axes, vectors, name in (
        (upper[0, 0], drawn.before_m, "before"),
        (upper[0, 1], drawn.after_m, "after"),
    ):
        _map(axes, drawn, vectors, paths, language)
        axes.set_title(_WORDS[language][name], loc="left")
    _vectors(upper[1, 0], drawn, drawn.before_m, None, language)
    upper[1, 0].set_title(_WORDS[language]["before_vectors"], loc="left")
    _vectors(upper[1, 1], drawn, drawn.after_m, drawn.tolerance_m, language)
    upper[1, 1].set_title(_WORDS[language]["after_vectors"], loc="left")
    figure.legend(handles=_legend(drawn, language), loc="outside lower center", ncols=6,
                  frameon=False)  # fmt: skip


def _collected(rows: Sequence[Mapping[str, Any]], middle: Floats) -> _Drawn:
    def pairs(east: str, north: str) -> Floats:
        return np.array([[one[east], one[north]] for one in rows], float)

    return _Drawn(
        [str(one["marker_no"]) for one in rows],
        [str(one["verdict"]) for one in rows],
        _plane_km(np.array([one["registered"] for one in rows], float), middle),
        pairs("east_m", "north_m"),
        pairs("remaining_east_m", "remaining_north_m"),
        np.array([one["tolerance_m"] or np.nan for one in rows], float),
        [_ellipse(one["ellipse"]) for one in rows],
    )


def _ellipse(known: Mapping[str, float] | None) -> tuple[float, float, float]:
    if known is None:
        return 0.0, 0.0, 0.0
    return known["semi_major_m"], known["semi_minor_m"], known["azimuth_deg"]


def _plane_km(lonlat: Floats, middle: Floats) -> Floats:
    """East and north of the middle on its horizon, kilometres."""
    frame = LocalFrame.at([middle[0]], [middle[1]]).take(np.zeros(len(lonlat), dtype=np.intp))
    return frame.residuals(lonlat[:, 0], lonlat[:, 1]) / 1000.0


def _map(
    axes: Axes, drawn: _Drawn, vectors: Floats, paths: Sequence[Floats], language: Language
) -> None:
    words = _WORDS[language]
    places = drawn.places_km
    extent_km = max(float(np.ptp(places, axis=0).max()), 1.0)
    length = np.hypot(vectors[:, 0], vectors[:, 1])
    longest = float(np.percentile(length, _SCALE_PERCENTILE))
    factor = round_step(max(1.0, _LONGEST_SHARE * extent_km * 1000.0 / max(longest, 1e-3)))
    limit = _CUT * max(longest, 1e-3)
    for path in paths or [places[_in_order(drawn.numbers)]]:
        axes.plot(path[:, 0], path[:, 1], color=BOUNDARY, lw=1.0, ls=(0, (6, 2)), zorder=1)
    equal_frame(axes, list(places[:, 0]), list(places[:, 1]), 1.35 * extent_km)
    for k, place in enumerate(places):
        cut = bool(length[k] > limit)
        shown = vectors[k] * (limit / length[k] if cut else 1.0) * factor / 1000.0
        _arrow(axes, place, place + shown, drawn.verdicts[k], cut=cut)
        if not cut:
            _round(axes, drawn, k, place, place + shown, factor / 1000.0)
    _labels(axes, drawn, extent_km)
    said = words["true"] if factor <= 1.0 else words["times"].format(factor)
    cut_said = words["cut"] if (length > limit).any() else ""
    axes.set_xlabel(f"{words['east']} ({words['km']}) · {said}{cut_said}")
    axes.set_ylabel(f"{words['north']} ({words['km']})")
    _scale_bar(axes, factor, longest, language)


def _labels(axes: Axes, drawn: _Drawn, extent_km: float) -> None:
    """Numbers, of markers near each other the one whose verdict asks for more."""
    gap_km = _LABEL_GAP * extent_km
    urgency = [sign.code for sign in verdict_signs()]
    order = sorted(range(len(drawn.numbers)), key=lambda k: urgency.index(drawn.verdicts[k]))
    shown: list[int] = []
    for k in order:
        apart = [float(np.hypot(*(drawn.places_km[k] - drawn.places_km[j]))) for j in shown]
        if len(shown) < _LABELLED and all(distance > gap_km for distance in apart):
            shown.append(k)
            east, north = drawn.places_km[k]
            axes.annotate(drawn.numbers[k], (east, north), xytext=(6, -10), bbox=HALO,
                          textcoords="offset points", fontsize=7, zorder=7)  # fmt: skip


def _in_order(numbers: Sequence[str]) -> list[int]:
    return sorted(range(len(numbers)), key=lambda k: (len(numbers[k]), numbers[k]))


def _arrow(axes: Axes, start: Floats, end: Floats, verdict: str, *, cut: bool) -> None:
    colour, shape = drawn_mark(verdict)
    style = {"arrowstyle": "-|>", "color": colour, "lw": 1.4, "shrinkA": 0, "shrinkB": 0}
    if cut:
        style["linestyle"] = (0, (3, 2))
    axes.annotate("", xy=(end[0], end[1]), xytext=(start[0], start[1]), arrowprops=style, zorder=4)
    axes.plot(*start, marker=shape, ms=5, color=colour, mec="white", mew=0.6, zorder=3)


def _round(axes: Axes, drawn: _Drawn, k: int, place: Floats, tip: Floats, km_per_m: float) -> None:
    """The tolerance around the registered place, the ellipse around the observed one."""
    from matplotlib.patches import Circle, Ellipse

    tolerance = drawn.tolerance_m[k]
    colour = drawn_mark(drawn.verdicts[k])[0]
    if np.isfinite(tolerance):
        axes.add_patch(Circle(tuple(place), tolerance * km_per_m, fill=False, ec=QUIET, lw=0.7,
                              ls=(0, (2, 2)), zorder=2))  # fmt: skip
    major, minor, azimuth_deg = drawn.ellipses[k]
    if major > 0:
        axes.add_patch(Ellipse(tuple(tip), 2 * major * km_per_m, 2 * minor * km_per_m,
                               angle=90.0 - azimuth_deg, fc=(colour, 0.08), ec=(colour, 0.8),
                               lw=0.7, zorder=2))  # fmt: skip


def _scale_bar(axes: Axes, factor: float, longest: float, language: Language) -> None:
    size_m = round_step(max(longest, 0.01))
    shown_km = size_m * factor / 1000.0
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    x, y = left + 0.04 * (right - left), bottom + 0.04 * (top - bottom)
    axes.plot([x, x + shown_km], [y, y], color=INK, lw=2.5, solid_capstyle="butt", zorder=6)
    axes.annotate(_WORDS[language]["scale"].format(metres_text(size_m)), (x, y), xytext=(0, 4),
                  textcoords="offset points", fontsize=8, zorder=6)  # fmt: skip


def _vectors(
    axes: Axes, drawn: _Drawn, vectors: Floats, unit_m: Floats | None, language: Language
) -> None:
    """All vectors from one origin, in metres or in units of tolerance with the unit circle."""
    from matplotlib.patches import Circle

    units = np.ones(len(vectors)) if unit_m is None else unit_m
    known = np.flatnonzero(np.isfinite(units))
    length = np.hypot(vectors[known, 0], vectors[known, 1]) / units[known]
    usual = length[length <= _USUAL_TIMES * max(float(np.median(length, axis=0)), 1e-9)]
    reach = max(0.0 if unit_m is None else 1.0, 1.2 * float(usual.max(initial=0.0)), 1e-3)
    for k in known.tolist():
        _one_vector(axes, drawn, k, vectors[k] / units[k], float(units[k]), reach)
    if unit_m is not None:
        axes.add_patch(Circle((0, 0), 1.0, fill=False, ec=INK, lw=1.0, ls=(0, (3, 2))))
        axes.annotate(_WORDS[language]["limit"], (0, 1), xytext=(2, 3),
                      textcoords="offset points", fontsize=8, color=QUIET)  # fmt: skip
    axes.axhline(0, color=QUIET, lw=0.6)
    axes.axvline(0, color=QUIET, lw=0.6)
    axes.set_xlim(-1.3 * reach, 1.3 * reach)
    axes.set_ylim(-1.3 * reach, 1.3 * reach)
    axes.set_aspect("equal")
    axes.set_xlabel(_WORDS[language]["east"])
    axes.set_ylabel(_WORDS[language]["north"])


def _one_vector(
    axes: Axes,
    drawn: _Drawn,
    k: int,
    vector: Floats,
    unit_m: float,
    reach: float,
) -> None:
    """The tip of a vector with its ellipse; one longer than the reach at the rim, with its size."""
    from matplotlib.patches import Ellipse

    colour, shape = drawn_mark(drawn.verdicts[k])
    size = float(np.hypot(*vector))
    outside = size > reach
    east, north = vector * (1.12 * reach / size) if outside else vector
    major, minor, azimuth_deg = drawn.ellipses[k]
    if major > 0 and not outside:
        axes.add_patch(Ellipse((east, north), 2 * major / unit_m, 2 * minor / unit_m,
                               angle=90.0 - azimuth_deg, fill=False, ec=(colour, 0.5),
                               lw=0.7))  # fmt: skip
    axes.plot(east, north, marker=shape, ms=6, color=colour, mec="white", mew=0.6,
              alpha=0.6 if outside else 1.0, zorder=4)  # fmt: skip
    if outside:
        axes.annotate(
            f"{drawn.numbers[k]}: {size * unit_m:,.1f} m", (east, north),
            xytext=(0, 7 if north >= 0 else -12), textcoords="offset points", fontsize=7,
            color=colour, ha="center", zorder=5, bbox=HALO,
        )  # fmt: skip


def _legend(drawn: _Drawn, language: Language) -> list[Line2D]:
    from matplotlib.lines import Line2D

    found = [
        Line2D([], [], marker=drawn_mark(sign.code)[1], color=sign.colour, ls="", ms=7, mec="white",
               label=f"{verdict_words(sign.code, language)} {drawn.verdicts.count(sign.code)}")
        for sign in verdict_signs() if sign.code in drawn.verdicts
    ]  # fmt: skip
    limit = Line2D([], [], color=QUIET, ls=(0, (2, 2)), lw=1.0, label=_WORDS[language]["limit"])
    return [*found, limit]
