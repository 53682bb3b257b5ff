"""Charts: horizontal bars, each of one or several parts, and columns over years."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from web.site.drawings import svg

_WIDTH, _ROW, _LABEL, _VALUE = 640.0, 26.0, 150.0, 70.0
_HEIGHT, _FOOT, _HEAD = 200.0, 22.0, 18.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its words, its parts as (class, value, words), and its value in words."""

    words: str
    parts: Sequence[tuple[str, float, str]]
    shown: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column over a year or another step: parts from the bottom as (class, value, words)."""

    words: str
    parts: Sequence[tuple[str, float, str]]


def bars(entries: Sequence[Bar], name: str) -> Markup:
    """Bars from the left, on one scale; the longest fills the room."""
    most = max((sum(part[1] for part in entry.parts) for entry in entries), default=0) or 1
    room = _WIDTH - _LABEL - _VALUE
    parts: list[Markup] = []
    for row, entry in enumerate(entries):
        y, x = row * _ROW, _LABEL
        parts.append(svg.text(_LABEL - 10, y + 17, svg.cut(entry.words, _LABEL - 14), "", "end"))
        parts.append(svg.rect(_LABEL, y + 5, room, _ROW - 10, "track"))
        for kind, value, told in entry.parts:
            width = room * value / most
            parts.append(svg.rect(x, y + 5, width, _ROW - 10, kind, told))
            x += width
        parts.append(svg.text(_LABEL + room + 8, y + 17, entry.shown, "quiet"))
    return svg.drawing(_WIDTH, max(_ROW * len(entries), _ROW), name, parts)


def columns(entries: Sequence[Column], name: str) -> Markup:
    """Columns side by side on one scale, the highest value at its line."""
    most = max((sum(part[1] for part in entry.parts) for entry in entries), default=0) or 1
    base, room = _HEIGHT - _FOOT, _HEIGHT - _FOOT - _HEAD
    step = (_WIDTH - 40) / max(len(entries), 1)
    parts: list[Markup] = []
    for share in (0.0, 0.5, 1.0) if most > 1 else (0.0, 1.0):
        y = base - room * share
        parts.append(svg.line(36, y, _WIDTH, y, "grid" if share else "axis"))
        parts.append(svg.text(30, y + 4, f"{most * share:,.0f}", "quiet", "end"))
    for index, entry in enumerate(entries):
        y, x = base, 40 + step * (index + 0.15)
        for kind, value, told in entry.parts:
            height = room * value / most
            y -= height
            parts.append(svg.rect(x, y, min(step * 0.7, 60), height, kind, told))
        middle = x + min(step * 0.7, 60) / 2
        parts.append(svg.text(middle, _HEIGHT - 5, entry.words, "quiet", "middle"))
    return svg.drawing(_WIDTH, _HEIGHT, name, parts)
