"""The region's past changes, as the code table `division_history` has them, made events. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from data.errors import FaultsFound
from data.reference import DivisionChange, division_history
from gazetteer.divisions.checking import after, checked_plan
from gazetteer.divisions.plan import Plan
from gazetteer.divisions.register import Ended, Register
from gazetteer.divisions.values import Change, DivisionEvent, DivisionState, EventKind, NewState
from gazetteer.succession import level_of


def past_events(changes: Iterable[DivisionChange] | None = None) -> tuple[DivisionEvent, ...]:
    """The events of the table, oldest first; the lines of one decision are one event."""
    rows = sorted(
        division_history() if changes is None else changes, key=lambda row: (row.list, row.event)
    )
    found = [
        _event(tuple(lines)) for _, lines in groupby(rows, key=lambda row: (row.list, row.event))
    ]
    return tuple(sorted(found, key=lambda event: event.effective_on))


def _event(lines: tuple[DivisionChange, ...]) -> DivisionEvent:
    first = lines[0]
    approved = next((line.approved_on for line in lines if line.approved_on), None)
    changes = [_change(line, number) for number, line in enumerate(lines, start=1)]
    if any(line.kind == EventKind.MERGED for line in lines):
        stays = NewState(first.new_code)
        changes.append(Change(first.new_code, stays, len(changes) + 1))
    return DivisionEvent(
        kind=EventKind(first.kind),
        effective_on=approved or date(int(first.list[:4]), int(first.list[4:]), 1),
        changes=tuple(changes),
        approved_on=approved,
        document=next((line.document for line in lines if line.document), ""),
        source=first.source,
        dated_by="decision" if approved else "list",
        derived=any(line.derived for line in lines),
        remark=first.event,
    )


def _change(line: DivisionChange, number: int) -> Change:
    if not line.new_code:
        return Change(line.old_code, None, number)
    level = level_of(line.new_code)
    state = NewState(line.new_code, line.new_name, level, parent_by_digits(line.new_code))
    return Change(line.old_code or None, state, number)


def parent_by_digits(code: str) -> str | None:
    """The parent that the digits of a six-digit code tell; None for a region.

    >>> parent_by_digits("150602"), parent_by_digits("150600"), parent_by_digits("150000")
    ('150600', '150000', None)
    """
    match level_of(code):
        case "county":
            return f"{code[:4]}00"
        case "prefecture":
            return f"{code[:2]}0000"
    return None


def first_states(
    today: Mapping[str, str], changes: Iterable[DivisionChange] | None = None
) -> dict[str, DivisionState]:
    """The divisions before the first past change: today's names by code, every change undone."""
    names = dict(today)
    rows = division_history() if changes is None else changes
    for row in sorted(rows, key=lambda one: one.list, reverse=True):
        if row.kind != EventKind.MERGED:
            names.pop(row.new_code, None)
        if row.old_code:
            names[row.old_code] = row.old_name
    return {
        code: DivisionState(0, 0, code, name, level_of(code), parent_by_digits(code))
        for code, name in sorted(names.items())
    }


def replay(
    first: Mapping[str, DivisionState], events: Iterable[DivisionEvent]
) -> Iterator[tuple[DivisionEvent, Plan, Register]]:
    """Apply events one after the other to divisions in memory.

    Yields:
        each event, what it did, and the register after it.

    Raises:
        FaultsFound: an event cannot follow the one before it.
    """
    register = Register(dict(first))
    for event in events:
        plan = checked_plan(event, register, event.effective_on)
        if plan.faults:
            raise FaultsFound(plan.faults)
        gone = {
            state.code: Ended(state.code, state.name, event.effective_on)
            for state in plan.ended
            if state.code not in plan.begun
        }
        register = Register(after(plan, register), {**register.ended, **gone})
        yield event, plan, register
