"""Where names may stand in a text: every form found, weighed by what stands beside it."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from gazetteer.checker.index import NamesIndex
from gazetteer.checker.values import Candidate, Strength
from gazetteer.checker.words import ends_words, words

_WEIGHT = {Strength.COMMON: 0.55, Strength.WEAK: 0.6, Strength.MEDIUM: 0.8, Strength.STRONG: 1.0}

_SHORT: Final = 2
_NEARBY: Final = 500
"""Characters within which a division that is named speaks for a short name."""
_MOST_OWNERS: Final = 20

Span = tuple[int, int, int]
"""Start, end, form."""


def exact_candidates(index: NamesIndex, text: str) -> list[Candidate]:
    """The forms that stand in a plain text, those left out that their context speaks against."""
    found = list(_spans(index, text))
    strengths = bytes(index.strengths)
    context = _Context(index, text, found)
    kept = []
    for start, end, form in found:
        strength = strengths[form]
        if strength == Strength.STRONG or context.allows(start, end, form, strength):
            weight = (end - start) ** 2 * _WEIGHT[Strength(strength)]
            kept.append(Candidate(start, end, form, "exact", weight))
    return kept


def _spans(index: NamesIndex, text: str) -> Iterator[Span]:
    if not len(index.automaton):
        return
    sizes = index.sizes
    for last, form in index.automaton.iter(text):
        end = last + 1
        yield end - sizes[form], end, form


class _Context:
    """What stands beside the spans of one text."""

    def __init__(self, index: NamesIndex, text: str, found: Sequence[Span]) -> None:
        self._index, self._text, self._words = index, text, words()
        strengths, high = bytes(index.strengths), index.high.tolist()
        sure = [span for span in found if strengths[span[2]] >= Strength.MEDIUM]
        divisions = [(start, end, form) for start, end, form in sure if high[form]]
        self._starts = {start for start, _, _ in sure}
        self._ends = {end for _, end, _ in divisions}
        self._kin: dict[int, list[int]] = {}
        for start, _, form in divisions:
            for county in self._counties(form):
                self._kin.setdefault(county, []).append(start)

    def allows(self, start: int, end: int, form: int, strength: int) -> bool:
        """Whether the context lets a form be a name that is none by itself."""
        text, lists = self._text, self._words
        left, right = lists.crosses(text, start, end)
        if strength == Strength.MEDIUM:
            crossed = (left and right) or ((left or right) and end - start <= _SHORT)
            return not crossed and not (self._index.is_bare(form) and self._is_other(start, end))
        if left or (right and not lists.class_word.match(text, end)):
            return False
        if lists.announced(text, start, end):
            return True
        below = self._below_division(start)
        settled = lists.settlement.match(text, end) is not None
        placed = lists.placed(text, start)
        followed = lists.after_name.match(text, end) is not None
        closed = followed or ends_words(text, end)
        if strength == Strength.COMMON:
            inside = (below or placed) and (settled or (below and closed))
            return inside or (followed and bool(self._index.high[form]))
        if below or settled or followed or (placed and closed) or self._listed(start, end):
            return True
        beside = placed or closed or lists.class_word.match(text, end) is not None
        return beside and self._has_kin(start, form)

    def _is_other(self, start: int, end: int) -> bool:
        """Whether a generic term makes a bare name another one: 兴和村 is not 兴和县."""
        other = self._words.settlement.match(self._text, end) is not None
        return other and start not in self._ends

    def _counties(self, form: int) -> set[int]:
        """The counties of a form's owners, as the first six digits of their codes."""
        index = self._index
        owners = [owner for owner, _ in index.references.of(form)[:_MOST_OWNERS]]
        return {int(code) // 10**6 for code in index.owners.code[owners]}

    def _has_kin(self, start: int, form: int) -> bool:
        """Whether the division that a short name lies in is named nearby, or a league anywhere."""
        for county in self._counties(form):
            places = self._kin.get(county, [])
            if places and county % 100 == 0:
                return True
            after = bisect_left(places, start - _NEARBY)
            if after < len(places) and places[after] <= start + _NEARBY:
                return True
        return False

    def _below_division(self, start: int) -> bool:
        """Whether a division's name ends where the span begins, or before a 的."""
        return start in self._ends or (
            self._text[start - 1 : start] == "的" and start - 1 in self._ends
        )

    def _listed(self, start: int, end: int) -> bool:
        """Whether the span stands in a list beside a sure name: 东胜、X、康巴什."""
        before = self._text[start - 1 : start] == "、" and start - 1 in self._ends
        return before or (self._text[end : end + 1] == "、" and end + 1 in self._starts)
