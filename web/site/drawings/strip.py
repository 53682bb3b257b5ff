"""A boundary line as a strip: its markers in order, how far apart, and what each shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from web.site.drawings import svg

_STEP, _ROW, _SIDE = 88.0, 74.0, 46.0
PER_ROW: Final = 11
"""Markers on one row; the line goes on on the next, from the left again."""


@dataclass(frozen=True, slots=True)
class Station:
    """A marker on the line.

    `before` is the length from the marker before in words, empty for the first; `told` says all.
    """

    number: str
    verdict: str
    before: str
    told: str


def strip(stations: Sequence[Station], start: str, end: str, name: str) -> Markup:
    """The line in rows of markers at equal steps; lengths stand between them.

    Args:
        stations: the markers in order.
        start: what the line begins at, in words.
        end: what it ends at.
        name: of the drawing.
    """
    rows = [stations[at : at + PER_ROW] for at in range(0, len(stations), PER_ROW)]
    width = 2 * _SIDE + _STEP * (PER_ROW - 1)
    height = _ROW * len(rows) + 22
    parts: list[Markup] = [svg.text(0, 13, f"▸ {start}", "quiet")]
    for index, row in enumerate(rows):
        y = 26 + index * _ROW + 22
        last = index == len(rows) - 1
        to = _SIDE + _STEP * (len(row) - 1)
        parts.append(svg.line(0, y, to + _SIDE, y, "line"))
        for place, station in enumerate(row):
            parts += _station(station, _SIDE + _STEP * place, y)
        if last:
            parts.append(svg.text(to + _SIDE, height - 2, f"{end} ◂", "quiet", "end"))
    return svg.drawing(width, height, name, parts)


def _station(station: Station, x: float, y: float) -> list[Markup]:
    parts = [
        svg.mark(x, y, 7.5, station.verdict, station.told),
        svg.text(x, y + 26, station.number, "", "middle"),
    ]
    if station.before:
        parts.append(svg.text(x - _STEP / 2, y - 9, station.before, "quiet", "middle"))
    return parts
