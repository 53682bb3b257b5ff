"""The forms that an arm's statement lets through, by the shorter of two ways (候选).

A term's forms lie in the order of results, so as a rule they are read from the front until the
page is full. Where filters leave few forms, those are looked through instead; and where a
stretch of a long term has given too little, the filters take over.
"""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

from gazetteer.search.plan import Step
from gazetteer.search.rows import FormRow
from gazetteer.search.running import run
from gazetteer.search.statements import (
    Condition,
    arm_text,
    condition_of,
    filter_count_text,
    filtered_text,
    window_text,
)

_MOST_AT_ONCE: Final = 2_000
_FEW_PASS: Final = 3_000
_SOME_PASS: Final = 60_000
_STRETCH: Final = 4_000


def candidates(connection: Connection, step: Step, after: int, limit: int) -> Iterator[FormRow]:
    """The forms of a step from an ordinal on, in the order of results, `limit` at a time."""
    if not step.filters.indexed:
        yield from _by_term(connection, step, step.filters, after, limit)
        return
    end = run(connection, window_text(_STRETCH), (step.arm.term, after))
    if not end:
        yield from _by_term(connection, step, step.filters, after, limit)
        return
    passing = _count(connection, step.filters)
    if passing > _FEW_PASS:
        stretch = step.filters & Condition("t.ordinal <= ?", (end[0][0],))
        yield from _by_term(connection, step, stretch, after, limit)
        after = end[0][0]
    if passing < _SOME_PASS:
        yield from _by_filters(connection, step, after, limit)
    else:
        yield from _by_term(connection, step, step.filters, after, limit)


def _count(connection: Connection, filters: Condition) -> int:
    found = run(connection, filter_count_text(filters.sql, _SOME_PASS), filters.values)
    return int(found[0][0])


def _by_term(
    connection: Connection, step: Step, filters: Condition, after: int, limit: int
) -> Iterator[FormRow]:
    condition = condition_of(step.arm) & filters
    sql = arm_text(condition.sql, embedded=connection.dialect.name == "sqlite")
    while True:
        rows = run(connection, sql, (step.arm.term, after, *condition.values, limit))
        yield from map(FormRow._make, rows)
        if len(rows) < limit:
            return
        after = rows[-1][0]
        limit = min(limit * 4, _MOST_AT_ONCE)


def _by_filters(connection: Connection, step: Step, after: int, limit: int) -> Iterator[FormRow]:
    condition, filters = condition_of(step.arm), step.filters
    embedded = connection.dialect.name == "sqlite"
    sql = filtered_text(filters.sql, condition.sql, embedded=embedded)
    while True:
        bound = (*filters.values, after, *condition.values, step.arm.term, limit)
        rows = run(connection, sql, bound)
        yield from map(FormRow._make, rows)
        if len(rows) < limit:
            return
        after = rows[-1][0]
        limit = min(limit * 4, _MOST_AT_ONCE)
