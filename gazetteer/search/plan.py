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
from gazetteer.search.request import SearchRequest
from gazetteer.search.running import run
from gazetteer.search.statements import Condition, counts_text
from gazetteer.search.steering import Steered, steer
from gazetteer.search.terms import (
    LONGEST_GRAM,
    NEAR_SOUND,
    is_alphabetic,
    longer_beginning,
    sought_family_terms,
    sought_inner_pinyin_terms,
)

_FEW: Final = 24
_COUNTED_TO: Final = 400
_WHOLE: Final = 2
"""The arms of the text as a whole name come first."""
_BEGINNING: Final = 3
"""Then comes the text as a beginning."""
_MOST_TERMS: Final = 8
_AND_MORE: Final = "…"
_ENDS: Final = ("\x01", "\U0010ffff")
"""Before and behind every character of a term."""

_TOGETHER: Final = 4
"""Terms are asked for in fours, so that few statements serve every query."""


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
        return _WHOLE
    return _BEGINNING if alphabetic else None


def _by_rarest(connection: Connection, steps: Mapping[int, Step]) -> dict[int, Step | None]:
    """Each step by the rarest of its terms; None where one of them has no form."""
    ways = {number: _ways_to(step.arm) for number, step in steps.items()}
    signs = {number: _signs(step.arm) for number, step in steps.items()}
    counts = _counts(connection, ways.values(), signs.values())
    found: dict[int, Step | None] = {}
    for number, terms in ways.items():
        step, either = steps[number], signs[number]
        if not all(map(counts.get, terms)) or (either and not any(map(counts.get, either))):
            found[number] = None
            continue
        term = _rarest(connection, terms, counts)
        alike = term == step.arm.term
        found[number] = step if alike else step._replace(arm=step.arm._replace(term=term))
    return found


def _rarest(connection: Connection, terms: list[str], counts: Mapping[str, int]) -> str:
    """The term with the fewest forms; counted further where all have many."""
    rarest = min(terms, key=counts.__getitem__)
    if len(terms) == 1 or counts[rarest] < _FEW:
        return rarest
    further = run(connection, counts_text(0, len(terms), _COUNTED_TO), terms)[0]
    return min(zip(further, range(len(terms)), terms, strict=True))[2]


def _signs(arm: Arm) -> list[str]:
    """Terms, or with `…` beginnings of longer terms, of which every form of an arm has one.

    What nobody has written in traditional characters is not sought four times. A form that goes
    on behind a text has it at the beginning of its whole form, so that names like it need not be
    read to see that none does; and three letters that no pinyin begins with are not looked for
    among all that begin with two of them.
    """
    mark, begins, gram = arm.term.partition("^")
    if arm.term[:1] == "t" and arm.column == "folded":
        return [f"t.{arm.needle[:LONGEST_GRAM]}"]
    if not begins or len(gram) >= len(arm.needle):
        return []
    if arm.test == "begins":
        return [f"{mark}{kind}{arm.needle}{_AND_MORE}" for kind in "=~"]
    longer = longer_beginning(f"{mark}^", arm.needle) if arm.test == "pinyin" else ""
    return [f"{longer}{_AND_MORE}", f"h{NEAR_SOUND.key(arm.needle)}"] if longer else []


def _ways_to(arm: Arm) -> list[str]:
    """The terms that whatever an arm seeks has, the arm's own first."""
    test = arm.test
    if test == "family":
        return sought_family_terms(arm.needle)[:_MOST_TERMS]
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


def _counts(
    connection: Connection, ways: Iterable[list[str]], signs: Iterable[list[str]]
) -> dict[str, int]:
    """How many forms each term has, counted to a few: 1 for any where nothing is to be chosen."""
    alone: dict[str, None] = {}
    several: dict[str, None] = {}
    begun: dict[str, None] = {}
    for terms in ways:
        (several if len(terms) > 1 else alone).update(dict.fromkeys(terms))
    for sign in chain.from_iterable(signs):
        (begun if sign.endswith(_AND_MORE) else alone)[sign] = None
    for term in several:
        alone.pop(term, None)
    known, counted = _filled(alone), _filled(several)
    asked = [*known, *counted, *begun]
    if not asked:
        return {}
    ends = [sign[:-1] + end for sign in begun for end in _ENDS]
    sql = counts_text(len(known), len(counted), _FEW, len(begun))
    return dict(zip(asked, run(connection, sql, known + counted + ends)[0], strict=True))


def _filled(terms: Iterable[str]) -> list[str]:
    """The terms, the last of them again until there are a multiple of four."""
    listed = list(terms)
    return listed + listed[-1:] * (-len(listed) % _TOGETHER)
