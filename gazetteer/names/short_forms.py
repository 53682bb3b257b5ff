"""Everyday short forms (简称): 东乌旗 for 东乌珠穆沁旗, 达茂旗, 锡盟, 阿左旗.

People keep the first character, some that head a part, and the generic term at the end. A short
form that the register holds is found as a name; these are the ones it does not hold.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from gazetteer.names.families import segment
from gazetteer.names.generics import NameParts, split_name

SHORTEST: Final = 2
_HEAD_SHARE: Final = 0.6
_CLOSE_SHARE: Final = 0.4


@dataclass(frozen=True, slots=True)
class ShortForm:
    """How a short form sits in a full name.

    Attributes:
        score: 0 to 1; 1 where every character kept heads a part.
        places: the places (from 0) of the kept characters in the full name.
    """

    score: float
    places: tuple[int, ...]


def short_form(short: str, full: str) -> ShortForm | None:
    """How `short` shortens `full`, both folded; None where it does not.

    Its characters stand in the full name in order, the first first; it ends with the last
    character of the full name's generic term and is at most two thirds as long.

    >>> short_form("东乌旗", "东乌珠穆沁旗").places, short_form("乌旗", "东乌珠穆沁旗")
    ((0, 1, 5), None)
    """
    if len(short) < SHORTEST or len(short) * 3 > len(full) * 2 + 1 or short[0] != full[0]:
        return None
    parts = split_name(full)
    if parts.generic is None or short[-1] != full[-1]:
        return None
    heads = _heads(parts, len(full))
    places = _best_places(short, full, heads)
    return ShortForm(_score(places, heads, len(full)), places) if places else None


def short_form_probe(full: str) -> str:
    """The first and last character of a name that may have short forms, else empty.

    Only names of divisions with something to leave out have them: at least two characters
    before the generic term.
    """
    parts = split_name(full)
    if parts.generic is None or parts.generic.kind != "division" or len(parts.specific) < SHORTEST:
        return ""
    return full[0] + full[-1]


def _heads(parts: NameParts, length: int) -> frozenset[int]:
    """Where parts begin: the specific part, its words, the modifiers, the generic term."""
    # 东, 西, 新, 陈 stand before a tribe's name, whose own first character is a head as well.
    heads, place = {1, length - 1}, 0
    for piece in segment(parts.specific):
        heads.add(place)
        place += len(piece.text)
    for word in (*parts.modifiers, *filter(None, [parts.generic])):
        heads.add(place)
        place += len(word.text)
    return frozenset(heads)


def _best_places(short: str, full: str, heads: frozenset[int]) -> tuple[int, ...]:
    """The places of `short` in `full` with the most heads; of equals the leftmost.

    One pass per character of `short` over `full`, so its cost is their product.
    """
    last = len(full) - 1
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (1, (0,))}
    for order, letter in enumerate(short[1:], start=1):
        final = order == len(short) - 1
        following: dict[int, tuple[int, tuple[int, ...]]] = {}
        for place in (last,) if final else range(1, last):
            if full[place] != letter:
                continue
            before = [entry for seen, entry in best.items() if seen < place]
            if before:
                count, path = max(before, key=lambda entry: (entry[0], tuple(-p for p in entry[1])))
                following[place] = (count + (place in heads), (*path, place))
        best = following
    return best[last][1] if last in best else ()


def _score(places: tuple[int, ...], heads: frozenset[int], length: int) -> float:
    """Six tenths for characters that head parts, four for skipping little to reach the others."""
    head_share = sum(place in heads for place in places) / len(places)
    skipped = sum(b - a - 1 for a, b in pairwise(places) if b not in heads)
    return round(_HEAD_SHARE * head_share + _CLOSE_SHARE * (1 - skipped / length), 3)
