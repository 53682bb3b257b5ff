"""The forms that match, in the order of results, each target once (命中).

Each arm is one short statement that the store leaves as soon as the page is full; an arm without
matches costs a few microseconds. A page that follows another sees each target where it matches
first, so that pages neither repeat nor lose one, whatever their size.
"""

import math
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Final, NamedTuple

from sqlalchemy import Connection

from gazetteer.search.candidates import Rows, candidates, first_rows, first_rows_and_state
from gazetteer.search.conditions import check_of, holds
from gazetteer.search.filters import is_under
from gazetteer.search.lexicon import Lexicon
from gazetteer.search.nearness import NearQuery, Origin, nearest
from gazetteer.search.plan import Plan, Step
from gazetteer.search.request import SecondPass
from gazetteer.search.rows import FormRow
from gazetteer.search.running import run
from gazetteer.search.statements import CERTAIN, condition_of, forms_text

_SLACK: Final = 3
"""Rows read beside those of a page, for targets that a step meets by several forms."""

_BEGINNING: Final = (0, -1)
"""Before the first form of the first step."""

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
    connection: Connection,
    plan: Plan,
    after: tuple[int, int] | None,
    lexicon: Lexicon,
    wanted: SecondPass,
) -> Iterator[Hit]:
    """Every hit after a place in the order (step and ordinal), or from the beginning.

    `wanted` says when those of the second pass are.
    """
    seen: set[tuple[int, int]] = set()
    hits = _first_hits(connection, plan, after)
    yield from _unique(connection, plan, after, hits, seen, lexicon)
    if wanted == "never" or (wanted == "auto" and seen):
        return
    steps = len(plan.first)
    if wanted == "auto" and after and after[0] < steps:
        return
    begun = after or _BEGINNING
    leading = plan.leading(range(max(begun[0], steps), plan.count))
    further = _hits(connection, plan, begun, leading, second=True)
    yield from _unique(connection, plan, after, further, seen, lexicon)


def opening_hits(
    connection: Connection, plan: Plan, lexicon: Lexicon
) -> tuple[str | None, list[Hit]]:
    """The first hits by one statement of a server, and the `index_state` that it shows.

    They are as many as `plan.opening` surely leads to, at most one more than a page has. No filter
    of the request has an index.
    """
    most = plan.request.limit + 1
    state, known = first_rows_and_state(connection, dict(enumerate(plan.opening)), most + _SLACK)
    hits = _unique(connection, plan, None, _sure_hits(plan, known, most + _SLACK), set(), lexicon)
    return state, list(islice(hits, most))


def _sure_hits(plan: Plan, known: Mapping[int, Rows], limit: int) -> Iterator[Hit]:
    """The hits among the first `limit` rows of the opening, as far as none is missing between."""
    for number, step in enumerate(plan.opening):
        if number not in known:
            return
        holds = check_of(step.arm)
        for form in map(FormRow._make, known[number]):
            if holds(step.arm, form):
                yield Hit(number, form)
        if len(known[number]) == limit:
            return


def _first_hits(connection: Connection, plan: Plan, after: tuple[int, int] | None) -> Iterator[Hit]:
    """The hits of the first pass; from the beginning, those of the text itself are asked first."""
    begun = after or _BEGINNING
    opening: tuple[Step, ...] = ()
    if after is None and not plan.request.near:
        opening = plan.opening
        yield from _hits(connection, plan, begun, dict(enumerate(opening)))
    rest = range(max(begun[0], len(opening)), len(plan.first))
    yield from _hits(connection, plan, begun, plan.leading(rest))


def _unique(
    connection: Connection,
    plan: Plan,
    after: tuple[int, int] | None,
    hits: Iterator[Hit],
    seen: set[tuple[int, int]],
    lexicon: Lexicon,
) -> Iterator[Hit]:
    """The hits of some steps, each target once."""
    if after is not None:
        hits = _where_first(connection, plan, hits, lexicon)
    for hit in hits:
        target = hit.form[1:3]
        if target not in seen:
            seen.add(target)
            yield hit


def _hits(
    connection: Connection,
    plan: Plan,
    begun: tuple[int, int],
    steps: Mapping[int, Step],
    *,
    second: bool = False,
) -> Iterator[Hit]:
    """The hits of some steps of one pass."""
    near = plan.request.near is not None and not second
    limit = plan.request.limit + 1 + _SLACK
    known: dict[int, Rows] = {}
    if not second and not near and begun == _BEGINNING and connection.dialect.name != "sqlite":
        known = first_rows(connection, steps, limit)
    for number, step in steps.items():
        after = begun[1] if number == begun[0] else -1
        if near:
            yield from _near_hits(connection, plan, number, step, after)
            continue
        at_once = _SECOND_AT_ONCE if second else limit
        forms = candidates(connection, step, after, at_once, known.get(number))
        if second:
            forms = islice(forms, _MOST_CANDIDATES)
        arm, holds = step.arm, check_of(step.arm)
        certain = arm.test in CERTAIN
        for form in forms:
            if certain or holds(arm, form):
                yield Hit(number, form)


def _near_hits(
    connection: Connection, plan: Plan, number: int, step: Step, after: int
) -> Iterator[Hit]:
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
