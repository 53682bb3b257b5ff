"""A request read into steps: arms with their filters, in the order of results."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import Final, NamedTuple

from sqlalchemy import Connection

from gazetteer.search.arm import Arm
from gazetteer.search.arms import Asked, beginning, first_arms, opening_arms, second_arms
from gazetteer.search.filters import filters_of, within_condition
from gazetteer.search.lexicon import DivisionEntry, Lexicon
from gazetteer.search.ranges import Range, ranges_of
from gazetteer.search.request import SearchRequest
from gazetteer.search.running import run
from gazetteer.search.statements import Condition, counts_text
from gazetteer.search.steering import Steered, steer
from gazetteer.search.terms import (
    LONGEST_GRAM,
    is_alphabetic,
    sought_family_terms,
    sought_inner_pinyin_terms,
)

_FEW: Final = 24
_COUNTED_TO: Final = 400
_STANDARD: Final = 1
"""The arm of the text as a standard name comes first."""
_BEGINNING: Final = 3
"""Then comes the text as a beginning."""
_MOST_TERMS: Final = 8
_TOGETHER: Final = 2
"""Terms are asked for in pairs, so that few statements serve every query."""
_OF_SIMPLIFIED: Final = "t"
"""The mark of terms of forms that are not written in simplified characters."""


class Step(NamedTuple):
    """An arm in its place; `steered` is the division that the query names before the rest."""

    arm: Arm
    filters: Condition
    steered: DivisionEntry | None = None


@dataclass(frozen=True)
class Plan:
    """A request with the steps of the first and of the second pass, numbered in one row.

    `filters` are those of the request; a steered step has one more. What a page rarely comes to is
    read into steps only where it does.
    """

    request: SearchRequest
    filters: Condition
    opening: tuple[Step, ...]
    _asked: Asked
    _steered: Steered | None
    _lexicon: Lexicon
    _connection: Connection
    _ready: dict[int, Step | None] = field(default_factory=dict)

    @property
    def steered(self) -> DivisionEntry | None:
        """The division that the query names before the rest, if it does."""
        return self._steered.division if self._steered else None

    @cached_property
    def first(self) -> tuple[Step, ...]:
        """The steps of the first pass; `opening` are the first of them."""
        arms = islice(first_arms(self._asked), len(self.opening), None)
        whole = (*self.opening, *(Step(arm, self.filters) for arm in arms))
        return whole if self._steered is None else (*whole, *self._inside(first_arms))

    @cached_property
    def second(self) -> tuple[Step, ...]:
        """The steps of the second pass; only of the rest of the query, where it is steered."""
        if self._steered is None:
            return tuple(Step(arm, self.filters) for arm in second_arms(self._asked))
        return tuple(self._inside(second_arms))

    def _inside(self, arms: Callable[[Asked], Iterator[Arm]]) -> Iterator[Step]:
        """The steps of the rest of a steered query."""
        if self._steered is not None:
            division = self._steered.division
            filters = self.filters & within_condition(division, self._lexicon)
            for arm in arms(Asked.of(self._steered.rest)):
                yield Step(arm, filters, division)

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.first) + len(self.second)

    def step(self, number: int) -> Step:
        """A step by its number."""
        if number < len(self.opening):
            return self.opening[number]
        first = self.first
        return first[number] if number < len(first) else self.second[number - len(first)]

    def leading(self, numbers: Iterable[int]) -> dict[int, Step]:
        """Those of some steps that may lead to a form, each by the rarest of its terms.

        One statement looks for the terms of all: most ways in which a name may match lead nowhere.
        """
        steps = {number: self.step(number) for number in numbers}
        unknown = {number: step for number, step in steps.items() if number not in self._ready}
        if unknown:
            self._ready.update(_by_rarest(self._connection, unknown))
        ready = ((number, self._ready[number]) for number in steps)
        return {number: step for number, step in ready if step is not None}

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps as they are tested, first those of the first pass."""
        return self.first + self.second


def make_plan(connection: Connection, request: SearchRequest, lexicon: Lexicon) -> Plan:
    """Read a request into steps; the plan serves as long as the connection is open.

    Raises:
        InvalidValue: the request cannot be answered; the sentence says why.
    """
    request.check()
    filters = filters_of(request, lexicon)
    day = request.as_of.toordinal() if request.as_of else None
    asked = Asked.of(request.text)
    opening = tuple([Step(arm, filters) for arm in islice(opening_arms(asked), _alone(asked))])
    steered = steer(request.text, lexicon, day)
    return Plan(request, filters, opening, asked, steered, lexicon, connection)


def _alone(asked: Asked) -> int | None:
    """How many of the opening arms are asked as they are; the others are looked into first."""
    plain, alphabetic = asked.plain, is_alphabetic(asked.script)
    if len(beginning(plain, alphabetic=alphabetic)) < len(plain):
        return _STANDARD
    return _BEGINNING if alphabetic else None


def _by_rarest(connection: Connection, steps: Mapping[int, Step]) -> dict[int, Step | None]:
    """Each step by the rarest of its terms; None where one of them has no form."""
    asked = {number: _looked_at(step.arm) for number, step in steps.items()}
    counts, filled = _counts(connection, asked.values())
    found: dict[int, Step | None] = {}
    for number, (terms, ranges) in asked.items():
        step = steps[number]
        if not all(map(counts.get, terms)) or (ranges and filled.isdisjoint(ranges)):
            found[number] = None
        elif len(terms) == 1 or not terms:
            found[number] = step
        else:
            term = _rarest(connection, terms, counts)
            found[number] = step._replace(arm=step.arm._replace(term=term))
    return found


def _looked_at(arm: Arm) -> tuple[list[str], list[Range]]:
    """Terms that all have forms, and ranges of which one has, where an arm leads to any form.

    What nobody has written in traditional characters is not sought four times: what begins so has
    the beginning.
    """
    if arm.term[0] == _OF_SIMPLIFIED:
        inside = arm.test == "inside"
        return [arm.term if inside else f"{_OF_SIMPLIFIED}^{arm.needle[:LONGEST_GRAM]}"], []
    terms, ranges = _ways_to(arm), ranges_of(arm)
    return ([] if ranges and len(terms) == 1 else terms), ranges


def _rarest(connection: Connection, terms: list[str], counts: Mapping[str, int]) -> str:
    """The term with the fewest forms; counted further where all have many."""
    rarest = min(terms, key=counts.__getitem__)
    if counts[rarest] < _FEW:
        return rarest
    further = run(connection, counts_text(0, len(terms), _COUNTED_TO), terms)[0]
    return min(zip(further, range(len(terms)), terms, strict=True))[2]


def _ways_to(arm: Arm) -> list[str]:
    """The terms that whatever an arm seeks has, the arm's own first."""
    test = arm.test
    if test == "family":
        return _narrowest(sought_family_terms(arm.needle))[:_MOST_TERMS]
    if test == "pinyin-inner":
        return sought_inner_pinyin_terms(arm.needle)[:_MOST_TERMS]
    if test not in {"inside", "edit"}:
        return [arm.term]
    mark, dot, gram = arm.term.partition(".")
    if not dot:
        return [arm.term]
    whole = arm.needle if test == "inside" else arm.other
    places = range(len(whole) - len(gram) + 1)
    terms = dict.fromkeys(f"{mark}.{whole[at : at + len(gram)]}" for at in places)
    return list(terms)[:_MOST_TERMS]


def _narrowest(terms: list[str]) -> list[str]:
    """Without terms that stand in one before them, which no fewer forms have.

    >>> _narrowest(["f东力Obo.", "f力Obo.", "fObo.牛", "fObo."])
    ['f东力Obo.', 'fObo.牛']
    """
    kept: list[str] = []
    for term in terms:
        if not any(term[1:] in longer for longer in kept):
            kept.append(term)
    return kept


def _counts(
    connection: Connection, asked: Iterable[tuple[list[str], list[Range]]]
) -> tuple[dict[str, int], set[Range]]:
    """How many forms each term has, counted to a few, and the ranges in which there are any.

    A term is counted 1 for any where nothing is to be chosen.
    """
    alone: dict[str, None] = {}
    several: dict[str, None] = {}
    between: list[Range] = []
    for terms, ranges in asked:
        (several if len(terms) > 1 else alone).update(dict.fromkeys(terms))
        between += ranges
    for term in several:
        alone.pop(term, None)
    known, counted = _filled(alone), _filled(several)
    if not known and not counted and not between:
        return {}, set()
    sql = counts_text(len(known), len(counted), _FEW, len(between))
    found = run(connection, sql, [*known, *counted, *chain.from_iterable(between)])[0]
    terms = known + counted
    counts = dict(zip(terms, found, strict=False))
    any_in = zip(between, found[len(terms) :], strict=True)
    return counts, {one for one, any_ in any_in if any_}


def _filled(terms: Iterable[str]) -> list[str]:
    """The terms, the last of them again until there are pairs."""
    listed = list(terms)
    return listed + listed[-1:] * (-len(listed) % _TOGETHER)
