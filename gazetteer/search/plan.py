"""A request read into steps: arms with their filters, in the order of results."""

from dataclasses import dataclass, replace
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
from gazetteer.search.terms import LONGEST_GRAM, plain_pieces

_COUNTED_TO: Final = 200
_MOST_GRAMS: Final = 8


@dataclass(frozen=True, slots=True)
class Step:
    """An arm in its place; `steered` is the division that the query names before the rest."""

    arm: Arm
    filters: Condition
    steered: DivisionEntry | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A request with the steps of the first and of the second pass, numbered in one row.

    `filters` are those of the request; a steered step has one more.
    """

    request: SearchRequest
    filters: Condition
    first: tuple[Step, ...]
    second: tuple[Step, ...]
    steered: DivisionEntry | None

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps, first those of the first pass."""
        return self.first + self.second


def make_plan(connection: Connection, request: SearchRequest, lexicon: Lexicon) -> Plan:
    """Read a request into steps.

    Raises:
        InvalidValue: the request cannot be answered; the sentence says why.
    """
    request.check()
    filters = filters_of(request, lexicon)
    day = request.as_of.toordinal() if request.as_of else None
    asked = Asked.of(request.text)
    first = [Step(arm, filters) for arm in first_arms(asked)]
    second = [Step(arm, filters) for arm in second_arms(asked)]
    steered = steer(request.text, lexicon, day)
    if steered:
        division, rest = steered.division, Asked.of(steered.rest)
        inside = filters & within_condition(division, lexicon)
        first += [Step(arm, inside, division) for arm in first_arms(rest)]
        second = [Step(arm, inside, division) for arm in second_arms(rest)]
    return Plan(
        request,
        filters,
        tuple(_with_rarest(connection, step) for step in first),
        tuple(_with_rarest(connection, step) for step in second),
        steered.division if steered else None,
    )


def _with_rarest(connection: Connection, step: Step) -> Step:
    """For a long substring, the rarest of its grams instead of the first."""
    arm = step.arm
    if arm.test == "family":
        return _with_rarer_plain(connection, step)
    mark, dot, gram = arm.term.partition(".")
    whole = arm.needle if arm.test == "inside" else arm.other
    if not dot or arm.test not in {"inside", "edit"} or len(whole) <= len(gram):
        return step
    places = range(len(whole) - len(gram) + 1)
    terms = list(dict.fromkeys(f"{mark}.{whole[at : at + len(gram)]}" for at in places))
    # Names begin with what is their own: as a rule the first is rare already.
    if _counts(connection, terms[:1])[0] < _COUNTED_TO:
        return replace(step, arm=replace(arm, term=terms[0]))
    terms = terms[:_MOST_GRAMS]
    counts = _counts(connection, terms)
    rarest = min(range(len(terms)), key=counts.__getitem__)
    return replace(step, arm=replace(arm, term=terms[rarest]))


def _with_rarer_plain(connection: Connection, step: Step) -> Step:
    """For families beside other characters, a piece of those where it is rarer.

    敖包 ends thousands of names, 东力 begins few. A form in traditional characters has the piece
    under another mark; where there is one, the families lead the way.
    """
    arm = step.arm
    pieces = [piece[:LONGEST_GRAM] for piece in plain_pieces(arm.needle)]
    if not pieces or _counts(connection, [arm.term])[0] < _COUNTED_TO:
        return step
    counts = _counts(connection, [mark + piece for piece in pieces for mark in (".", "t.")])
    rarer = [
        (here, piece)
        for piece, here, elsewhere in zip(pieces, counts[::2], counts[1::2], strict=True)
        if here < _COUNTED_TO and not elsewhere
    ]
    return replace(step, arm=replace(arm, term=f".{min(rarer)[1]}")) if rarer else step


def _counts(connection: Connection, terms: list[str]) -> tuple[int, ...]:
    """How many forms each term has, counted no further than matters."""
    return run(connection, counts_text(len(terms), _COUNTED_TO), terms)[0]
