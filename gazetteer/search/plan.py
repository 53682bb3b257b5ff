"""A request read into steps: arms with their filters, in the order of results."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from sqlalchemy import Connection

from gazetteer.search.arm import Arm
from gazetteer.search.arms import Asked, first_arms, second_arms
from gazetteer.search.filters import filters_of, within_condition
from gazetteer.search.lexicon import DivisionEntry, Lexicon
from gazetteer.search.request import SearchRequest
from gazetteer.search.running import run
from gazetteer.search.statements import Condition, counts_text
from gazetteer.search.steering import steer
from gazetteer.search.terms import sought_family_terms

_COUNTED_TO: Final = 200
_MOST_TERMS: Final = 8
_MANY_WAYS: Final = 2


@dataclass(frozen=True, slots=True)
class Step:
    """An arm in its place; `steered` is the division that the query names before the rest."""

    arm: Arm
    filters: Condition
    steered: DivisionEntry | None = None


@dataclass(frozen=True)
class Plan:
    """A request with the steps of the first and of the second pass, numbered in one row.

    `filters` are those of the request; a steered step has one more. The second pass is read into
    steps only where the first has found too little, which it rarely has; and which of its terms
    leads to a step is asked only when that step's turn comes.
    """

    request: SearchRequest
    filters: Condition
    first: tuple[Step, ...]
    steered: DivisionEntry | None
    _connection: Connection
    _sought: Asked
    _inside: Condition
    _ready: dict[int, Step] = field(default_factory=dict)

    @cached_property
    def second(self) -> tuple[Step, ...]:
        """The steps of the second pass; only of the rest of the query, where it is steered."""
        arms = second_arms(self._sought)
        return tuple(Step(arm, self._inside, self.steered) for arm in arms)

    @property
    def count(self) -> int:
        """How many steps there are."""
        return len(self.first) + len(self.second)

    def step(self, number: int) -> Step:
        """A step by its number, led to by the rarest of its terms."""
        ready = self._ready.get(number)
        if ready is None:
            first = self.first
            step = first[number] if number < len(first) else self.second[number - len(first)]
            ready = self._ready[number] = _with_rarest(self._connection, step)
        return ready

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
    filters = inside = filters_of(request, lexicon)
    day = request.as_of.toordinal() if request.as_of else None
    asked = sought = Asked.of(request.text)
    first = [Step(arm, filters) for arm in first_arms(asked)]
    steered = steer(request.text, lexicon, day)
    division = steered.division if steered else None
    if steered and division:
        sought = Asked.of(steered.rest)
        inside = filters & within_condition(division, lexicon)
        first += [Step(arm, inside, division) for arm in first_arms(sought)]
    return Plan(request, filters, tuple(first), division, connection, sought, inside)


def _with_rarest(connection: Connection, step: Step) -> Step:
    """For an arm that several terms lead to, the rarest of them instead of the first."""
    terms = _ways_to(step.arm)
    # Names begin with what is their own: as a rule the first is rare already.
    if len(terms) < _MANY_WAYS or _counts(connection, terms[:1])[0] < _COUNTED_TO:
        return step
    counts = _counts(connection, terms)
    rarest = min(range(len(terms)), key=counts.__getitem__)
    return replace(step, arm=replace(step.arm, term=terms[rarest]))


def _ways_to(arm: Arm) -> list[str]:
    """The terms that whatever an arm seeks has, the arm's own first."""
    if arm.test == "family":
        return sought_family_terms(arm.needle)[:_MOST_TERMS]
    mark, dot, gram = arm.term.partition(".")
    whole = arm.needle if arm.test == "inside" else arm.other
    if not dot or arm.test not in {"inside", "edit"}:
        return [arm.term]
    places = range(len(whole) - len(gram) + 1)
    terms = dict.fromkeys(f"{mark}.{whole[at : at + len(gram)]}" for at in places)
    return list(terms)[:_MOST_TERMS]


def _counts(connection: Connection, terms: list[str]) -> tuple[int, ...]:
    """How many forms each term has, counted no further than matters."""
    return run(connection, counts_text(len(terms), _COUNTED_TO), terms)[0]
