"""Write the region's past into a store: former divisions, and the events that ended them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from data.errors import InvalidValue
from data.reference import divisions
from data.transaction import Transaction
from gazetteer.divisions.past import first_states, past_events, replay
from gazetteer.divisions.plan import Line, Plan
from gazetteer.divisions.records import event_row, line_rows
from gazetteer.divisions.tables import division_event, division_event_line
from gazetteer.divisions.values import DivisionState
from gazetteer.tables import division

_SOURCE = "code table division_history"


@dataclass(frozen=True, slots=True)
class PastLoaded:
    """What was written: former states, events, divisions whose beginning became known."""

    states: int = 0
    events: int = 0
    begun: int = 0


@dataclass(frozen=True, slots=True)
class _Span:
    """A division in one span of time; without an end it is in force."""

    state: DivisionState
    ended_on: date | None = None


def load_past(transaction: Transaction) -> PastLoaded:
    """Write what the code table `division_history` knows beside the divisions in force.

    Former divisions become rows with an end, the divisions in force get the day on which they
    began where the register has none, and every past event is kept with its lines. What is there
    already is left alone, so doing it again writes nothing.

    Raises:
        InvalidValue: the store has none of the divisions that the table leads to.
    """
    connection = transaction.connection
    plans = [plan for _, plan, _ in replay(first_states(_today()), past_events())]
    spans = _spans(first_states(_today()), plans)
    current = _in_force(connection)
    if not any(span.state.code in current for span in spans if span.ended_on is None):
        raise InvalidValue(
            "store", "divisions", "it has none of the divisions of the code table",
            "load the region's divisions first",
            "库中没有代码表所列的行政区划；请先载入本区域的行政区划",
        )  # fmt: skip
    known = _known(connection)
    new = [span for span in spans if span.ended_on and _key(span) not in known]
    ids = transaction.insert_many(division, [_row(span) for span in new])
    by_span = known | {_key(span): one for span, one in zip(new, ids, strict=True)}
    begun = _give_beginnings(transaction, spans, current)
    by_span |= {_key(s): current[s.state.code].id for s in spans if s.state.code in current}
    events = [_write_event(transaction, plan, spans, by_span) for plan in plans]
    return PastLoaded(len(new), sum(events), begun)


def _today() -> dict[str, str]:
    return {row.code: row.name for row in divisions()}


def _spans(first: Mapping[str, DivisionState], plans: Iterable[Plan]) -> list[_Span]:
    """Every span of every division, oldest end first, those in force last."""
    open_ = dict(first)
    found: list[_Span] = []
    for plan in plans:
        day = plan.event.effective_on
        found += [_Span(open_.pop(state.code), day) for state in plan.ended]
        open_ |= plan.begun
    return [*found, *(_Span(state) for state in open_.values())]


def _key(span: _Span) -> tuple[str, date | None]:
    return span.state.code, span.ended_on


def _in_force(connection: Connection) -> dict[str, Any]:
    rows = connection.execute(
        select(
            division.c.id, division.c.version, division.c.code, division.c.name,
            division.c.valid_from,
        ).where(division.c.valid_to.is_(None))
    )  # fmt: skip
    return {row.code: row for row in rows}


def _known(connection: Connection) -> dict[tuple[str, date | None], int]:
    rows = connection.execute(
        select(division.c.id, division.c.code, division.c.valid_to).where(
            division.c.valid_to.is_not(None)
        )
    )
    return {(row.code, row.valid_to): row.id for row in rows}


def _row(span: _Span) -> dict[str, Any]:
    state = span.state
    return {
        "code": state.code,
        "name": state.name,
        "level": state.level,
        "parent_code": state.parent_code,
        "in_region": True,
        "valid_from": state.valid_from,
        "valid_to": span.ended_on,
        "source": _SOURCE,
    }


def _give_beginnings(
    transaction: Transaction, spans: Iterable[_Span], current: Mapping[str, Any]
) -> int:
    count = 0
    for span in spans:
        row = current.get(span.state.code) if span.ended_on is None else None
        began = span.state.valid_from
        if row and began and row.valid_from is None and row.name == span.state.name:
            transaction.update(division, row.id, row.version, {"valid_from": began})
            count += 1
    return count


def _write_event(
    transaction: Transaction,
    plan: Plan,
    spans: Iterable[_Span],
    by_span: Mapping[tuple[str, date | None], int],
) -> bool:
    """Keep an event that the store lacks; whether it did."""
    where = division_event.c.digest == plan.event.digest
    if transaction.connection.scalar(select(division_event.c.id).where(where)) is not None:
        return False
    day = plan.event.effective_on
    begun = {
        span.state.code: by_span[_key(span)]
        for span in spans
        if span.state.valid_from == day and _key(span) in by_span
    }
    lines = tuple(_with_id(line, day, by_span) for line in plan.lines)
    event_id = transaction.insert(division_event, event_row(plan))
    rows = line_rows(replace(plan, lines=lines), event_id, begun)
    transaction.insert_many(division_event_line, rows)
    return True


def _with_id(line: Line, day: date, by_span: Mapping[tuple[str, date | None], int]) -> Line:
    """A line whose old state names its row."""
    if line.old is None:
        return line
    identity = by_span.get((line.old.code, day), 0)
    return replace(line, old=replace(line.old, id=identity))
