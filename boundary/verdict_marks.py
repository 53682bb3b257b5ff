"""A verdict in drawings: its colour and shape as matplotlib draws it, its words in a language."""

from typing import Final

from data.reference import verdict_sign

_MARKERS: Final = {
    "circle": "o", "triangle": "^", "diamond": "D", "square": "s", "cross": "X", "ring": "o",
}  # fmt: skip
"""Shapes of the table `verdicts` as matplotlib names them."""


def drawn_mark(verdict: str) -> tuple[str, str]:
    """Colour and matplotlib marker of a verdict; of a marker never judged where it is none.

    >>> drawn_mark("displaced")
    ('#cf3529', 'D')
    """
    sign = verdict_sign(verdict)
    return sign.colour, _MARKERS[sign.shape]


def verdict_words(verdict: str, language: str) -> str:
    """What a verdict is called, in `zh` or `en`.

    >>> verdict_words("resubmit", "zh"), verdict_words("in_place", "en")
    ('请更正重报', 'in place')
    """
    sign = verdict_sign(verdict)
    return sign.zh if language == "zh" else sign.en
