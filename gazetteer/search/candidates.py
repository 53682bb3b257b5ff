"""The forms that an arm's statement lets through, by the shorter of two ways (候选).

A term's forms lie in the order of results, so as a rule they are read from the front until the
page is full. Where filters leave few forms, those are looked through instead; and where a
stretch of a long term has given too little, the filters take over. Where a range of terms holds
few forms, these are read.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, TypeAlias

from sqlalchemy import Connection

from gazetteer.search.indexing import run_with_state
from gazetteer.search.plan import Step
from gazetteer.search.ranges import FEW, FEW_BEGUN, ranges_of
from gazetteer.search.rows import FormRow
from gazetteer.search.running import run, stream
from gazetteer.search.statements import (
    FAR_ORDINAL,
    Condition,
    arm_text,
    condition_of,
    filter_count_text,
    filtered_text,
    ordinals_text,
    range_text,
    together_text,
    unread_by,
    window_text,
)

_MOST_AT_ONCE: Final = 2_000
_WITHOUT_END: Final = -1
"""SQLite's word for no limit."""
_FEW_PASS: Final = 3_000
_SOME_PASS: Final = 60_000
_STRETCH: Final = 4_000
_BY_ORDINAL: Final = 12
"""So many forms are read by their ordinals at once, about a page: one statement for every query."""


Rows: TypeAlias = list[tuple[Any, ...]]


def first_rows(connection: Connection, steps: Mapping[int, Step], limit: int) -> dict[int, Rows]:
    """The first `limit` rows of some steps, asked of a server in one statement.

    Not for a file: it answers each step in microseconds, so only those that are needed are
    asked. Filters and ranges choose their way only as they are read. The server stops when it has
    rows enough for a page; steps behind that are missing.
    """
    plain = {
        number: step
        for number, step in steps.items()
        if not step.filters.indexed and not ranges_of(step.arm)
    }
    if not plain:
        return {}
    sql, bound = _together(plain.values(), limit)
    return _by_step(list(plain), run(connection, sql, bound, prepared=True), limit)


def first_rows_and_state(
    connection: Connection, steps: Mapping[int, Step], limit: int
) -> tuple[str | None, dict[int, Rows]]:
    """The same with the `index_state` in which they are read; no step is filtered by an index."""
    sql, bound = _together(steps.values(), limit)
    state, rows = run_with_state(connection, sql, bound)
    return state, _by_step(list(steps), rows, limit)


def _together(steps: Collection[Step], limit: int) -> tuple[str, list[Any]]:
    """The statement that reads rows of all steps, and its values."""
    parts = [((condition_of(one.arm) & one.filters).sql, unread_by(one.arm)) for one in steps]
    bound = [part for step in steps for part in _bound(step, -1, FAR_ORDINAL, limit)]
    return together_text(tuple(parts)), [*bound, _most_together(limit)]


def _most_together(limit: int) -> int:
    return 2 * limit


def _by_step(numbers: list[int], rows: Rows, limit: int) -> dict[int, Rows]:
    """The rows of each step that is read as far as wanted."""
    found: dict[int, Rows] = {number: [] for number in numbers}
    for row in rows:
        found[numbers[row[0]]].append(row[1:])
    # The last of them may lack some then, and what follows was not read.
    if len(rows) == _most_together(limit):
        for number in numbers[rows[-1][0] :]:
            del found[number]
    return found


def candidates(
    connection: Connection, step: Step, after: int, limit: int, known: Rows | None = None
) -> Iterator[FormRow]:
    """The forms of a step from an ordinal on, in the order of results, `limit` at a time.

    `known` are the first rows, where they have been read already.
    """
    few = _few(connection, step)
    if few is not None:
        return _by_ordinals(connection, step, [one for one in few if one > after])
    if not step.filters.indexed:
        return _by_term(connection, step, after, limit, known=known)
    return _by_either(connection, step, after, limit)


def _by_either(connection: Connection, step: Step, after: int, limit: int) -> Iterator[FormRow]:
    """By the term or by the filters, whichever leads to fewer."""
    end = run(connection, window_text(_STRETCH), (step.arm.term, after), prepared=True)
    if not end:
        yield from _by_term(connection, step, after, limit)
        return
    passing = _count(connection, step.filters)
    if passing > _FEW_PASS:
        yield from _by_term(connection, step, after, limit, end[0][0] + 1)
        after = end[0][0]
    if passing < _SOME_PASS:
        yield from _by_filters(connection, step, after, limit)
    else:
        yield from _by_term(connection, step, after, limit)


def _few(connection: Connection, step: Step) -> list[int] | None:
    """The ordinals of the forms in an arm's ranges, in order; None where they are many or none."""
    ranges = ranges_of(step.arm)
    if not ranges:
        return None
    most = FEW_BEGUN if step.arm.test == "begins" else FEW
    found: set[int] = set()
    for one in ranges:
        found.update(row[0] for row in run(connection, range_text(most + 1), one, prepared=True))
    return sorted(found) if len(found) <= most else None


def _by_ordinals(connection: Connection, step: Step, ordinals: list[int]) -> Iterator[FormRow]:
    condition = condition_of(step.arm) & step.filters
    embedded = connection.dialect.name == "sqlite"
    sql = ordinals_text(_BY_ORDINAL, condition.sql, embedded=embedded)
    for start in range(0, len(ordinals), _BY_ORDINAL):
        part = ordinals[start : start + _BY_ORDINAL]
        part += part[-1:] * (_BY_ORDINAL - len(part))
        rows = run(connection, sql, (*part, *condition.values), prepared=True)
        yield from map(FormRow._make, sorted(rows))


def _count(connection: Connection, filters: Condition) -> int:
    found = run(connection, filter_count_text(filters.sql, _SOME_PASS), filters.values)
    return int(found[0][0])


def _bound(step: Step, after: int, before: int, limit: int) -> tuple[Any, ...]:
    condition = condition_of(step.arm) & step.filters
    return (step.arm.term, after, before, *condition.values, limit)


def _by_term(
    connection: Connection,
    step: Step,
    after: int,
    limit: int,
    before: int = FAR_ORDINAL,
    known: Rows | None = None,
) -> Iterator[FormRow]:
    arm = step.arm
    condition = condition_of(arm) & step.filters
    bound = (arm.term, after, before, *condition.values)
    if connection.dialect.name == "sqlite":
        sql = arm_text(condition.sql, embedded=True, unread=unread_by(arm))
        return map(FormRow._make, stream(connection, sql, (*bound, _WITHOUT_END)))
    sql = arm_text(condition.sql, embedded=False)
    return _in_helpings(connection, sql, bound, limit, known)


def _in_helpings(
    connection: Connection, sql: str, bound: tuple[Any, ...], limit: int, known: Rows | None
) -> Iterator[FormRow]:
    """The rows of a server, `limit` at a time: it does not tell them one by one."""
    term, after, *others = bound
    following = limit
    while True:
        rows = known
        if rows is None:
            rows = run(connection, sql, (term, after, *others, limit), prepared=True)
        known = None
        yield from map(FormRow._make, rows)
        if len(rows) < limit:
            return
        after = rows[-1][0]
        # A second helping of the same size is enough where each target has two forms.
        limit, following = following, min(following * 4, _MOST_AT_ONCE)


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
