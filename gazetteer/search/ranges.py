"""Ranges of terms that hold what an arm seeks, and nothing else or little (词项区间).

Terms of beginnings have a few lengths. What is longer is sought among the terms that go to the end
of a key, which begin with it and lie next to one another: whether there are any is seen in one
look, and few are read as they are. The names that share a shorter beginning, which grow with the
register, are read only where many of them are meant.
"""

from typing import Final

from gazetteer.search.arm import Arm
from gazetteer.search.terms import INNER_PINYIN, LETTERS, sought_from_consonant

_AFTER, _BEHIND = "\x01", "\U0010ffff"
"""Before and behind every character of a term."""

Range = tuple[str, str]
"""The first term of a range, and the first behind it."""

FEW: Final = 1_000
"""So many forms are read by their ordinals."""

FEW_BEGUN: Final = 2_500
"""The same of forms that begin with a text: in numbered names, a term of six letters leads to a
hundred forms for each that is meant."""


def ranges_of(arm: Arm) -> list[Range]:
    """The ranges that hold every form of an arm; none where its own term is as good.

    >>> from gazetteer.search.ways import Pass
    >>> arm = Arm(Pass.PINYIN, "p^wula", "pinyin", "pinyin", "wulan")
    >>> ranges_of(arm) == [("p=wulan", "p=wulan\U0010ffff")]
    True
    """
    needle, test = arm.needle, arm.test
    if test == "pinyin-inner":
        return [_beginning(f"p:{needle}")] if len(needle) > INNER_PINYIN else []
    if test == "inside":
        rest = sought_from_consonant(needle) if LETTERS.match(needle) else ""
        return [_beginning(f"{arm.term.partition('.')[0]}:{rest}")] if rest else []
    mark, begins, gram = arm.term.partition("^")
    if not begins or len(gram) >= len(needle):
        return []
    if test == "pinyin":
        return [_beginning(f"p={needle}")]
    if test == "begins":
        wholes = (f"{mark}{kind}{needle}" for kind in "=~")
        return [(whole + _AFTER, whole + _BEHIND) for whole in wholes]
    return []


def _beginning(term: str) -> Range:
    return term, term + _BEHIND
