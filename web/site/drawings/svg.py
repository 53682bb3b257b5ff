"""The pieces that drawings are made of."""

import unicodedata
from collections.abc import Iterable

from markupsafe import Markup

CHARACTER_PX, LETTER_PX = 13.0, 7.2
"""Widths of a Chinese character and of a Latin letter in a drawing's own text."""


def drawing(width: float, height: float, name: str, parts: Iterable[Markup]) -> Markup:
    """An image of that size in its own units, with its name."""
    return Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        px(width), px(height), name, Markup("").join(parts)
    )


def rect(x: float, y: float, width: float, height: float, kind: str, told: str = "") -> Markup:
    """A bar; `told` is shown to whoever points at it."""
    shape = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="2" class="{}">{}</rect>')
    return shape.format(px(x), px(y), px(max(width, 0.0)), px(height), kind, _told(told))


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """A straight line."""
    return Markup('<line x1="{}" y1="{}" x2="{}" y2="{}" class="{}"/>').format(
        px(x1), px(y1), px(x2), px(y2), kind
    )


def text(x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> Markup:
    """A line of text that begins, ends or has its middle at a point."""
    return Markup('<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>').format(
        px(x), px(y), anchor, kind, words
    )


def path(d: str, kind: str, told: str = "") -> Markup:
    """A path."""
    return Markup('<path d="{}" class="{}">{}</path>').format(d, kind, _told(told))


def mark(x: float, y: float, size: float, verdict: str, told: str = "") -> Markup:
    """A marker's verdict as on the map: a shape and a colour of its own."""
    outlines = {
        "suspect": [(0, -1.05), (1.1, 0.9), (-1.1, 0.9)],
        "displaced": [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)],
        "cannot_tell": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
        "resubmit": [
            *((-0.9, -1.2), (0, -0.35), (0.9, -1.2), (1.2, -0.9), (0.35, 0), (1.2, 0.9)),
            *((0.9, 1.2), (0, 0.35), (-0.9, 1.2), (-1.2, 0.9), (-0.35, 0), (-1.2, -0.9)),
        ],
    }
    kind = f"mark-fill-{verdict}"
    corners = outlines.get(verdict)
    if corners is None:
        shape = Markup('<circle cx="{}" cy="{}" r="{}" class="{}">{}</circle>')
        return shape.format(px(x), px(y), px(size), kind, _told(told))
    d = "L".join(f"{px(x + size * dx)} {px(y + size * dy)}" for dx, dy in corners)
    return path(f"M{d}Z", kind, told)


def _told(words: str) -> Markup:
    return Markup("<title>{}</title>").format(words) if words else Markup("")


def px(value: float) -> str:
    """A length with a tenth of a unit, without needless noughts.

    >>> px(3.14159), px(2.0), px(-0.01)
    ('3.1', '2', '0')
    """
    return f"{round(value, 1) + 0.0:g}" if abs(value) < 1e5 else f"{value:.0f}"  # noqa: PLR2004


def width_of(words: str) -> float:
    """About how wide a text is drawn.

    >>> width_of("旗") > width_of("a")
    True
    """
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in words)
    return CHARACTER_PX * wide + LETTER_PX * (len(words) - wide)


def cut(words: str, room_px: float) -> str:
    """A text that fits into some room, with a mark of what was left out.

    >>> cut("内蒙古自治区呼和浩特市", 60.0)
    '内蒙古…'
    """
    if width_of(words) <= room_px:
        return words
    kept = words
    while kept and width_of(kept) > room_px - CHARACTER_PX:
        kept = kept[:-1]
    return f"{kept}…"
