"""A value in time as a line, with a limit that it should not pass."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from web.site.drawings import svg

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _HEAD, _FOOT = 640.0, 170.0, 52.0, 12.0, 14.0, 24.0


@dataclass(frozen=True, slots=True)
class Limit:
    """A line across a chart: its value and its words."""

    value: float
    words: str


def series(
    points: Sequence[tuple[float, float]], first: str, last: str, unit: str, name: str,
    limit: Limit | None = None,
) -> Markup:  # fmt: skip
    """Values over time, joined in their order; empty where there is none.

    Args:
        points: time (of any unit) and value, in order of time.
        first: the first time in words.
        last: the last.
        unit: of the values.
        name: of the drawing.
        limit: a value drawn across.
    """
    if not points:
        return Markup("")
    values = [value for _, value in points] + ([limit.value] if limit else [])
    low, high = min([0.0, *values]), max(values)
    high = high if high > low else low + 1.0
    begin, end = points[0][0], points[-1][0]
    room, tall = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _HEAD - _FOOT

    def at(moment: float, value: float) -> tuple[float, float]:
        share = (moment - begin) / (end - begin) if end > begin else 0.5
        return _LEFT + room * share, _HEAD + tall * (high - value) / (high - low)

    parts: list[Markup] = []
    for value in (low, (low + high) / 2, high):
        _, y = at(begin, value)
        parts.append(svg.line(_LEFT, y, _WIDTH - _RIGHT, y, "axis" if value == low else "grid"))
        parts.append(svg.text(_LEFT - 6, y + 4, f"{value:g}{unit}", "quiet", "end"))
    if limit is not None:
        _, y = at(begin, limit.value)
        parts.append(svg.line(_LEFT, y, _WIDTH - _RIGHT, y, "limit"))
        parts.append(svg.text(_WIDTH - _RIGHT, y - 4, limit.words, "quiet", "end"))
    drawn = [at(*point) for point in points]
    parts.append(svg.path("M" + "L".join(f"{svg.px(x)} {svg.px(y)}" for x, y in drawn), "trace"))
    parts.append(svg.mark(*drawn[-1], 3.5, "last"))
    parts.append(svg.text(_LEFT, _HEIGHT - 6, first, "quiet"))
    if end > begin:
        parts.append(svg.text(_WIDTH - _RIGHT, _HEIGHT - 6, last, "quiet", "end"))
    return svg.drawing(_WIDTH, _HEIGHT, name, parts)
