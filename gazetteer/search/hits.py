"""The forms that match, in the order of results, each target once (命中).

Each arm is one short statement that the store leaves as soon as the page is full; an arm without
matches costs a few microseconds. A page that follows another sees each target where it matches
first, so that pages neither repeat nor lose one, whatever their size.
"""

import math
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import Connection

from gazetteer.search.candidates import Rows, candidates, first_rows
from gazetteer.search.conditions import holds
from gazetteer.search.filters import is_under
from gazetteer.search.lexicon import Lexicon
from gazetteer.search.nearness import NearQuery, Origin, nearest
from gazetteer.search.plan import Plan
from gazetteer.search.rows import FormRow
from gazetteer.search.running import run
from gazetteer.search.statements import condition_of, forms_text

_SLACK: Final = 3
"""Rows read beside those of a page, for targets that a step meets by several forms."""

_SECOND_AT_ONCE: Final = 400
_MOST_CANDIDATES: Final = 6_000
"""How many candidates of one arm the second pass looks at."""

_CHECKED_AT_ONCE: Final = 40


class Hit(NamedTuple):
    """A form, the number of the step that it matched, and how far it is where that was asked."""

    step: int
    form: FormRow
    distance_m: float | None = None


def hits_after(
    connection: Connection, plan: Plan, after: tuple[int, int] | None, lexicon: Lexicon
) -> Iterator[Hit]:
    """Every hit after a place in the order (step and ordinal), or from the beginning."""
    begun = after or (0, -1)
    steps = len(plan.first)
    seen: set[tuple[int, int]] = set()
    found = False
    for hit in _unique(connection, plan, begun, range(begun[0], steps), seen, lexicon):
        found = True
        yield hit
    wanted = plan.request.second
    if wanted == "never" or (wanted == "auto" and (found or (after and begun[0] < steps))):
        return
    second = range(max(begun[0], steps), plan.count)
    yield from _unique(connection, plan, begun, second, seen, lexicon)


def _unique(
    connection: Connection,
    plan: Plan,
    begun: tuple[int, int],
    numbers: range,
    seen: set[tuple[int, int]],
    lexicon: Lexicon,
) -> Iterator[Hit]:
    """The hits of some steps, each target once."""
    hits = _hits(connection, plan, begun, numbers)
    if begun != (0, -1):
        hits = _where_first(connection, plan, hits, lexicon)
    for hit in hits:
        if hit.form.target not in seen:
            seen.add(hit.form.target)
            yield hit


def _hits(
    connection: Connection, plan: Plan, begun: tuple[int, int], numbers: range
) -> Iterator[Hit]:
    limit = plan.request.limit + 1 + _SLACK
    known: dict[int, Rows] = {}
    serves = connection.dialect.name != "sqlite"
    if serves and not plan.request.near and begun == (0, -1) and numbers.stop <= len(plan.first):
        known = first_rows(connection, {n: plan.step(n) for n in numbers}, limit)
    for number in numbers:
        step = plan.step(number)
        after = begun[1] if number == begun[0] else -1
        if plan.request.near and number < len(plan.first):
            yield from _near_hits(connection, plan, number, after)
            continue
        if number < len(plan.first):
            forms = candidates(connection, step, after, limit, known.get(number))
        else:
            every = candidates(connection, step, after, _SECOND_AT_ONCE)
            forms = islice(every, _MOST_CANDIDATES)
        for form in forms:
            if holds(step.arm, form):
                yield Hit(number, form)


def _near_hits(connection: Connection, plan: Plan, number: int, after: int) -> Iterator[Hit]:
    step = plan.step(number)
    condition = condition_of(step.arm) & step.filters
    srid = int(getattr(connection.dialect, "ovoo_srid", 0))
    origin = Origin(*(plan.request.near or (0.0, 0.0)))
    query = NearQuery(origin, step.arm.term, condition, partial(holds, step.arm), srid)
    for form, distance_m in nearest(connection, query, after):
        yield Hit(number, form, distance_m if math.isfinite(distance_m) else None)


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
            if place >= first.get(form.target, (plan.count, 0)):
                break
            if step.steered and not is_under(form.division_code, step.steered, lexicon):
                continue
            if holds(step.arm, form):
                first[form.target] = place
                break
    return first
