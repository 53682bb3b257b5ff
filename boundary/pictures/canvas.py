"""What all pictures share: fonts that can write Chinese, colours, output.

No window system is needed and nothing global is changed: a figure is made, drawn and written. The
same values give the same bytes.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from data import InvalidValue, styles_as_attributes

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PictureFormat = Literal["svg", "png"]
PICTURE_FORMATS: Final[tuple[PictureFormat, ...]] = ("svg", "png")
Language = Literal["zh", "en"]

INK, QUIET, RULE, PAPER, LAND = "#23282d", "#57606a", "#dcd7ca", "#fffefb", "#fbfaf5"
BOUNDARY, ACCENT = "#75517f", "#1c5a85"
#: Behind a text that lies on lines; an outline would turn an SVG's text into shapes.
HALO: Final = {"boxstyle": "round,pad=0.1", "fc": ("#fffefb", 0.75), "ec": "none"}
_CHINESE_FONTS = (
    "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback",
    "Microsoft YaHei", "SimHei", "PingFang SC", "Heiti SC",
)  # fmt: skip
_DPI = 150
_one_at_a_time = threading.Lock()
"""matplotlib's settings belong to the process: a server's threads draw one after another."""


def format_of(path: Path | None) -> PictureFormat | None:
    """The format that a file's ending asks for; None where there is no file.

    Raises:
        InvalidValue: the ending is neither .svg nor .png.
    """
    if path is None:
        return None
    ending = path.suffix.lower().removeprefix(".")
    for known in PICTURE_FORMATS:
        if ending == known:
            return known
    raise InvalidValue(
        "plot", str(path), "a picture is .svg or .png", "choose one of these endings",
        f"“{path.name}”应以 .svg 或 .png 结尾",
    )  # fmt: skip


@cache
def chinese_font() -> str | None:
    """The first font of this machine that can write Chinese; None where there is none."""
    from matplotlib import font_manager

    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _CHINESE_FONTS if name in known), None)


def language_for(wanted: Language, picture_format: PictureFormat) -> Language:
    """The wanted language, or English where a raster picture could only show empty boxes.

    An SVG keeps its text as text, which the reader's own fonts write.
    """
    return wanted if picture_format == "svg" or chinese_font() else "en"


@contextmanager
def styled() -> Iterator[None]:
    """Settings of a picture while it is made and written."""
    import matplotlib as mpl

    families = [name for name in (chinese_font(), "DejaVu Sans") if name]
    settings: dict[Any, Any] = {
        "font.family": families, "font.size": 9.0, "axes.unicode_minus": False,
        "svg.fonttype": "none", "svg.hashsalt": "ovoo", "axes.edgecolor": RULE,
        "axes.labelcolor": QUIET, "xtick.color": QUIET, "ytick.color": QUIET,
        "text.color": INK, "axes.titlesize": 10.0, "axes.titleweight": "bold",
        "axes.facecolor": LAND, "figure.facecolor": PAPER, "axes.grid": True,
        "grid.color": RULE, "grid.linewidth": 0.5,
    }  # fmt: skip
    with _one_at_a_time, mpl.rc_context(settings):
        yield


def written(figure: Figure, picture_format: PictureFormat) -> bytes:
    """The figure's bytes."""
    out = io.BytesIO()
    if picture_format == "svg":
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": "Ovoo"})
        return styles_as_attributes(out.getvalue())
    figure.savefig(out, format="png", dpi=_DPI, metadata={"Software": "Ovoo"})
    return out.getvalue()


def equal_frame(axes: Axes, east: list[float], north: list[float], least: float) -> None:
    """Limits that hold all points with a margin, one scale for both directions."""
    half = max(
        0.5 * (max(east) - min(east)), 0.5 * (max(north) - min(north)), 0.5 * least
    ) * 1.15  # fmt: skip
    middle_east, middle_north = 0.5 * (max(east) + min(east)), 0.5 * (max(north) + min(north))
    axes.set_xlim(middle_east - half, middle_east + half)
    axes.set_ylim(middle_north - half, middle_north + half)
    axes.set_aspect("equal")


def metres_text(value: float) -> str:
    """Metres on a scale bar or a circle: 0.2 m, 15 m, 4.4 km."""
    return f"{value / 1000:g} km" if value >= 1000 else f"{value:g} m"  # noqa: PLR2004


def round_step(value: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is no larger."""
    power = 10.0 ** int(f"{value:e}".partition("e")[2])
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= value * (1 + 1e-9))
