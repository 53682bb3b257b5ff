"""Which of the candidates stand: those that together cover the text best without overlapping."""

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from gazetteer.checker.candidates import exact_candidates
from gazetteer.checker.index import NamesIndex
from gazetteer.checker.near import near_candidates
from gazetteer.checker.values import Candidate, Strength


def chosen(index: NamesIndex, text: str) -> list[Candidate]:
    """The names in a plain text and the slips of names, in order, none over another."""
    exact = exact_candidates(index, text)
    sure = [one for one in exact if index.strengths[one.form] >= Strength.MEDIUM]
    slips = (
        [
            one
            for one in near_candidates(index, text, ~_covered(sure, len(text)))
            if not _stands_in(index, one, sure)
        ]
        if len(text)
        else []
    )
    return best_of([*exact, *slips])


def _covered(candidates: list[Candidate], length: int) -> NDArray[np.bool_]:
    steps = np.zeros(length + 1, dtype=np.int64)
    for one in candidates:
        steps[one.start] += 1
        steps[one.end] -= 1
    covered: NDArray[np.bool_] = np.cumsum(steps[:-1]) > 0
    return covered


def _stands_in(index: NamesIndex, slip: Candidate, sure: list[Candidate]) -> bool:
    """Whether a sure name of nearly its length overlaps a slip, which then is none.

    A bare name whose generic term is the slip (正镶白期) is no objection.
    """
    name = index.forms[slip.form]
    place = bisect_right(sure, slip.end - 1, key=lambda one: one.start)
    for one in reversed(sure[max(0, place - 24) : place]):
        own = one.start == slip.start and index.is_bare(one.form)
        if own and name.startswith(index.forms[one.form]):
            continue
        if one.end > slip.start and one.size >= slip.size - 1:
            return True
    return False


def best_of(candidates: list[Candidate]) -> list[Candidate]:
    """The candidates of most weight in all that do not overlap; of equals the earlier ones."""
    ordered = sorted(candidates, key=lambda one: (one.end, -one.start))
    ends = [one.end for one in ordered]
    totals = [0.0]
    before = []
    for place, one in enumerate(ordered):
        earlier = bisect_right(ends, one.start, 0, place)
        before.append(earlier)
        totals.append(max(totals[-1], totals[earlier] + one.weight))
    kept: list[Candidate] = []
    place = len(ordered)
    while place:
        if totals[place] > totals[place - 1]:
            kept.append(ordered[place - 1])
            place = before[place - 1]
        else:
            place -= 1
    return kept[::-1]
