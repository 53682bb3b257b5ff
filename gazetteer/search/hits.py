"""The forms that match, in the order of results, each target once (命中).

The first page is read from one statement, which the store leaves as soon as the page is full. A
page that follows another sees each target where it matches first, so that pages neither repeat
nor lose one, whatever their size.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import Connection

from gazetteer.search.filters import is_under
from gazetteer.search.lexicon import Lexicon
from gazetteer.search.plan import Plan
from gazetteer.search.rows import FormRow
from gazetteer.search.running import run
from gazetteer.search.statements import Ask, arms_statement, forms_text

_SLACK: Final = 8
_MOST_AT_ONCE: Final = 2_000
_SECOND_AT_ONCE: Final = 400
_MOST_CANDIDATES: Final = 6_000
"""How many candidates of one arm the second pass looks at."""

_CHECKED_AT_ONCE: Final = 40


class Hit(NamedTuple):
    """A form and the number of the step that it matched."""

    step: int
    form: FormRow


def hits_after(
    connection: Connection, plan: Plan, after: tuple[int, int] | None, lexicon: Lexicon
) -> Iterator[Hit]:
    """Every hit after a place in the order (step and ordinal), or from the beginning."""
    begun = after or (0, -1)
    seen: set[tuple[int, int]] = set()
    found = False
    if begun[0] < len(plan.first):
        hits = _first(connection, plan, begun)
        if after is not None:
            hits = _where_first(connection, plan, hits, lexicon)
        for hit in _once(hits, seen):
            found = True
            yield hit
    wanted = plan.request.second
    if wanted == "never" or (wanted == "auto" and (found or 0 < begun[0] < len(plan.first))):
        return
    second = _second(connection, plan, begun)
    if after is not None:
        second = _where_first(connection, plan, second, lexicon)
    yield from _once(second, seen)


def _once(hits: Iterable[Hit], seen: set[tuple[int, int]]) -> Iterator[Hit]:
    for hit in hits:
        if hit.form.target not in seen:
            seen.add(hit.form.target)
            yield hit


def _first(connection: Connection, plan: Plan, begun: tuple[int, int]) -> Iterator[Hit]:
    """The hits of the first pass from a place on, several steps in one statement."""
    embedded = connection.dialect.name == "sqlite"
    limit = plan.request.limit + 1 + _SLACK
    number, ordinal = begun
    while True:
        asks = [
            Ask(n, plan.first[n].arm, ordinal if n == number else -1, plan.first[n].filters)
            for n in range(number, len(plan.first))
        ]
        sql, values = arms_statement(asks, limit, embedded=embedded)
        rows = run(connection, sql, values)
        for row in rows:
            form = FormRow(*row[1:])
            if plan.first[row[0]].arm.holds(form):
                yield Hit(row[0], form)
        if len(rows) < limit:
            return
        number, ordinal = rows[-1][0], rows[-1][1]
        limit = min(limit * 4, _MOST_AT_ONCE)


def _second(connection: Connection, plan: Plan, begun: tuple[int, int]) -> Iterator[Hit]:
    """The hits of the second pass from a place on, step by step."""
    for number, step in enumerate(plan.second, start=len(plan.first)):
        if number < begun[0]:
            continue
        after = begun[1] if number == begun[0] else -1
        ask = Ask(number, step.arm, after, step.filters)
        for form in _candidates(connection, ask):
            if step.arm.holds(form):
                yield Hit(number, form)


def _candidates(connection: Connection, ask: Ask) -> Iterator[FormRow]:
    embedded = connection.dialect.name == "sqlite"
    looked_at = 0
    while looked_at < _MOST_CANDIDATES:
        sql, values = arms_statement([ask], _SECOND_AT_ONCE, embedded=embedded)
        rows = run(connection, sql, values)
        yield from (FormRow(*row[1:]) for row in rows)
        if len(rows) < _SECOND_AT_ONCE:
            return
        looked_at += len(rows)
        ask = ask._replace(after=rows[-1][1])


def _where_first(
    connection: Connection, plan: Plan, hits: Iterator[Hit], lexicon: Lexicon
) -> Iterator[Hit]:
    """Those hits that are the first of their target in the whole order."""
    while batch := list(islice(hits, _CHECKED_AT_ONCE)):
        earliest = _earliest(connection, plan, {hit.form.target for hit in batch}, lexicon)
        for hit in batch:
            if earliest.get(hit.form.target) == (hit.step, hit.form.ordinal):
                yield hit


def _earliest(
    connection: Connection, plan: Plan, targets: set[tuple[int, int]], lexicon: Lexicon
) -> dict[tuple[int, int], tuple[int, int]]:
    """Where each target matches first: step and ordinal."""
    values = [part for target in targets for part in target]
    sql = forms_text(len(targets), plan.filters.sql)
    first: dict[tuple[int, int], tuple[int, int]] = {}
    for row in run(connection, sql, [*values, *plan.filters.values]):
        form = FormRow(*row)
        for number, step in enumerate(plan.steps):
            place = (number, form.ordinal)
            if place >= first.get(form.target, (len(plan.steps), 0)):
                break
            if step.steered and not is_under(form.division_code, step.steered, lexicon):
                continue
            if step.arm.holds(form):
                first[form.target] = place
                break
    return first
