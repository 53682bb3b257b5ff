"""A request read into steps: arms with their filters, in the order of results."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import Final, NamedTuple

from sqlalchemy import Connection

from gazetteer.search.arm import Arm
from gazetteer.search.arms import Asked, first_arms, opening_arms, second_arms
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
_ALL: Final = 4
"""Then come those of another name, of a beginning, and of what is inside."""
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
        ready, wanted = self._ready, list(numbers)
        unknown = {number: self.step(number) for number in wanted if number not in ready}
        if unknown:
            ready.update(_by_rarest(self._connection, unknown))
        return {number: step for number in wanted if (step := ready[number]) is not None}

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


def opens_with_all(text: str) -> bool:
    """Whether a text is looked for in every way that `opening` knows before all others."""
    return _alone(Asked.of(text)) == _ALL


def _alone(asked: Asked) -> int:
    """How many of the opening arms are looked into before all others.

    What is longer than a term is most likely the whole standard name; a short text is the
    beginning of many names or stands inside them, which then fill the page. Letters are as a rule
    pinyin, which comes after the text itself.
    """
    if is_alphabetic(asked.script):
        return 0
    return _STANDARD if len(asked.plain) > LONGEST_GRAM else _ALL


def _by_rarest(connection: Connection, steps: Mapping[int, Step]) -> dict[int, Step | None]:
    """Each step by the rarest of its terms; None where one of them has no form."""
    asked = {number: _looked_at(step.arm) for number, step in steps.items()}
    begun = _begun(connection, asked)
    found: dict[int, Step | None] = dict.fromkeys(steps) | {n: steps[n] for n in begun}
    several = {number: asked[number][0] for number in begun if len(asked[number][0]) > 1}
    if several:
        counts = _counts(connection, several.values())
        for number, terms in several.items():
            found[number] = None
            if all(map(counts.__getitem__, terms)):
                arm = steps[number].arm._replace(term=_rarest(connection, terms, counts))
                found[number] = steps[number]._replace(arm=arm)
    return found


def _begun(connection: Connection, asked: Mapping[int, tuple[list[str], list[Range]]]) -> list[int]:
    """Those of some arms whose first term has a form, and one of whose ranges has."""
    terms = list(dict.fromkeys(terms[0] for terms, _ in asked.values() if terms))
    ranges = [one for _, between in asked.values() for one in between]
    if not terms and not ranges:
        return list(asked)
    sought = _filled(terms)
    sql = counts_text(len(sought), 0, _FEW, len(ranges))
    answers = run(connection, sql, [*sought, *chain.from_iterable(ranges)], prepared=True)[0]
    held = {one for one, any_ in zip((*sought, *ranges), answers, strict=True) if any_}
    return [
        number
        for number, (terms, between) in asked.items()
        if (not terms or terms[0] in held) and (not between or not held.isdisjoint(between))
    ]


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
    further = run(connection, counts_text(0, len(terms), _COUNTED_TO), terms, prepared=True)[0]
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


def _counts(connection: Connection, asked: Iterable[list[str]]) -> dict[str, int]:
    """How many forms each term has, counted to a few."""
    terms = _filled(dict.fromkeys(chain.from_iterable(asked)))
    found = run(connection, counts_text(0, len(terms), _FEW), terms, prepared=True)[0]
    return dict(zip(terms, found, strict=True))


def _filled(terms: Iterable[str]) -> list[str]:
    """The terms, the last of them again until there are pairs."""
    listed = list(terms)
    return listed + listed[-1:] * (-len(listed) % _TOGETHER)
