"""Names in time: a bar for each name, from its first year to its last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from web.site.drawings import svg

_WIDTH, _ROW, _TOP, _LABEL, _RIGHT = 760.0, 30.0, 26.0, 190.0, 16.0
_MOST_TICKS: Final = 6
_STEPS: Final = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500)


@dataclass(frozen=True, slots=True)
class Span:
    """A name and the years it was borne; None where nobody says since or until when.

    `told` says both in words; `kind` is the class of its bar.
    """

    words: str
    first_year: int | None
    last_year: int | None
    told: str
    kind: str = "bar"


def ribbon(spans: Sequence[Span], this_year: int, name: str) -> Markup:
    """Names as bars over one axis of years, up to this year.

    A bar whose beginning or end nobody knows reaches the edge and is drawn open there.
    """
    known = [y for span in spans for y in (span.first_year, span.last_year) if y is not None]
    first, last = min([*known, this_year - 10]), max([*known, this_year])
    margin = max((last - first) // 20, 1)
    scale = _Scale(first - margin, last + margin)
    height = _TOP + _ROW * len(spans) + 4
    parts = [*_axis(scale, height)]
    for row, span in enumerate(spans):
        parts += _bar(span, scale, _TOP + row * _ROW, this_year)
    return svg.drawing(_WIDTH, height, name, parts)


@dataclass(frozen=True, slots=True)
class _Scale:
    first: int
    last: int

    def at(self, year: float) -> float:
        room = _WIDTH - _LABEL - _RIGHT
        return _LABEL + room * (year - self.first) / (self.last - self.first)

    def ticks(self) -> list[int]:
        step = next((s for s in _STEPS if (self.last - self.first) / s <= _MOST_TICKS), _STEPS[-1])
        begin = -(-self.first // step) * step
        return list(range(begin, self.last + 1, step))


def _axis(scale: _Scale, height: float) -> list[Markup]:
    parts = []
    for year in scale.ticks():
        x = scale.at(year)
        parts.append(svg.line(x, _TOP - 6, x, height, "grid"))
        parts.append(svg.text(x, 13, str(year), "quiet", "middle"))
    return parts


def _bar(span: Span, scale: _Scale, y: float, this_year: int) -> list[Markup]:
    left = scale.at(span.first_year) if span.first_year is not None else _LABEL
    ends = span.last_year if span.last_year is not None else this_year
    right = scale.at(ends) if span.last_year is not None else _WIDTH - _RIGHT
    known = span.first_year is not None or span.last_year is not None
    kind = span.kind if known else "track"
    parts = [
        svg.text(_LABEL - 12, y + 18, svg.cut(span.words, _LABEL - 16), "strong", "end"),
        svg.rect(left, y + 6, right - left, _ROW - 13, kind, f"{span.words}: {span.told}"),
    ]
    room = right - left
    if svg.width_of(span.told) + 14 < room:
        inside = "on-bar" if known else "quiet"
        parts.append(svg.text(left + 8, y + 18.5, span.told, inside))
    return parts
