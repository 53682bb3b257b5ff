"""Why an event cannot be applied to a register, and what its author should know. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from data.errors import Fault
from gazetteer.divisions import authorities
from gazetteer.divisions.codes import LENGTHS, ORDER, significant
from gazetteer.divisions.plan import Line, Plan, make_plan
from gazetteer.divisions.register import Register
from gazetteer.divisions.values import Below, Change, DivisionEvent, DivisionState, EventKind
from gazetteer.divisions.words import said

IN_FORCE: Final = date(2019, 1, 1)
"""From this day on Order 704 asks who approved what (Art 27)."""
_SHOWN: Final = 12
_DEEPEST: Final = 8


def checked_plan(event: DivisionEvent, register: Register, today: date) -> Plan:
    """An event's plan with every fault and note.

    Args:
        event: as it was sent.
        register: the divisions that it meets.
        today: the calendar day in China; an event of a later day waits for that day.
    """
    plan = make_plan(event, register)
    faults = [
        *_date_faults(event, today),
        *_decision_faults(event),
        *_repeated(event),
        *(fault for change in event.changes for fault in _old_faults(change, event, register)),
        *_new_faults(plan, register),
        *_parent_faults(plan, register),
        *_children_faults(event, register),
        *_unplaced(plan),
        *_heritage_faults(plan, register),
        *_kind_faults(plan),
    ]
    notes = () if faults else tuple(_notes(plan, register))
    return replace(plan, faults=tuple(dict.fromkeys(faults)), notes=notes)


def _date_faults(event: DivisionEvent, today: date) -> Iterator[Fault]:
    day = event.effective_on
    if day > today:
        yield said("event-in-future", None, day.isoformat(), day=day, today=today)
    if event.approved_on and event.approved_on > day:
        approved = event.approved_on
        yield said("approved-too-late", None, approved.isoformat(), day=approved, effective=day)


def _decision_faults(event: DivisionEvent) -> Iterator[Fault]:
    if event.effective_on < IN_FORCE or event.dated_by != "decision":
        return
    wanted = {
        "approved_on": event.approved_on,
        "document": event.document,
        "authority": event.authority,
    }
    missing = ", ".join(name for name, value in wanted.items() if not value)
    if missing:
        yield said("decision-missing", None, "", what=missing)


def _repeated(event: DivisionEvent) -> Iterator[Fault]:
    seen: dict[tuple[str | None, str | None], int] = {}
    for change in event.changes:
        key = change.old_code, change.new.code if change.new else None
        first = seen.setdefault(key, change.number)
        if first != change.number:
            yield said("line-repeated", change.number, key[0] or key[1] or "", other=first)


def _old_faults(change: Change, event: DivisionEvent, register: Register) -> Iterator[Fault]:
    code = change.old_code
    if code is None:
        return
    state = register.current.get(code)
    if state is None:
        gone = register.ended.get(code)
        if gone is None:
            yield said("division-unknown", change.number, code, code=code)
            return
        heirs = "、".join(gone.successors) or "—"
        yield said(
            "division-ended", change.number, code,
            code=code, name=gone.name, day=gone.ended_on, heirs=heirs,
        )  # fmt: skip
        return
    begun = state.valid_from
    if begun is not None and event.effective_on <= begun:
        yield said(
            "event-too-early", change.number, code,
            code=code, name=state.name, day=event.effective_on, begun=begun,
        )  # fmt: skip


def _new_faults(plan: Plan, register: Register) -> Iterator[Fault]:
    taking_part = {line.change.old_code for line in plan.lines}
    numbers = {line.change.new.code: line.change.number for line in plan.lines if line.change.new}
    states = {line.new.code: line.new for line in plan.lines if line.new}
    for code, state in states.items():
        if code in plan.begun:
            yield from _form_faults(numbers[code], state)
        holder = register.current.get(code)
        if holder is not None and code not in taking_part:
            yield said(
                "code-in-use", numbers[code], code, code=code, name=f"{holder.code} {holder.name}"
            )
        former = register.ended.get(code)
        if holder is None and former is not None:
            yield said(
                "code-was-used", numbers[code], code,
                code=code, name=former.name, day=former.ended_on,
            )  # fmt: skip
    yield from _taken_over(plan, register)


def _taken_over(plan: Plan, register: Register) -> Iterator[Fault]:
    """A code whose own division moves elsewhere while another takes it: a reassignment."""
    for line in plan.lines:
        if line.old is None or line.new is None or line.old.code == line.new.code:
            continue
        code = line.new.code
        holder = register.current.get(code)
        own = plan.event.successors().get(code, ())
        if holder and own and all(c.new is None or c.new.code != code for c in own):
            yield said(
                "code-was-used", line.change.number, code,
                code=code, name=holder.name, day=plan.event.effective_on,
            )  # fmt: skip


def _form_faults(number: int, state: DivisionState) -> Iterator[Fault]:
    lengths = LENGTHS.get(state.level)
    if lengths is None:
        yield said("level-unknown", number, state.level, code=state.code)
    elif not state.code.isdecimal() or len(state.code) not in lengths:
        told = "/".join(map(str, lengths))
        yield said(
            "code-form", number, state.code, level=state.level, lengths=told, code=state.code
        )
    if not state.name:
        yield said("name-missing", number, state.code, code=state.code)


def after(plan: Plan, register: Register) -> dict[str, DivisionState]:
    """The divisions in force after an event, by code."""
    gone = {state.code for state in plan.ended}
    kept = {code: state for code, state in register.current.items() if code not in gone}
    return kept | dict(plan.begun)


def _parent_faults(plan: Plan, register: Register) -> Iterator[Fault]:
    states = after(plan, register)
    for line in plan.lines:
        state = line.new
        if state is None or state.code not in plan.begun or state.parent_code is None:
            continue
        number, above = line.change.number, states.get(state.parent_code)
        if above is None:
            yield said(
                "parent-unknown", number, state.parent_code,
                code=state.code, parent=state.parent_code,
            )  # fmt: skip
            continue
        if loop := _loop(state, states):
            yield said("division-loop", number, state.code, path=" → ".join(loop))
        elif _rank(above.level) >= _rank(state.level):
            yield said(
                "parent-level", number, state.parent_code,
                code=state.code, parent=state.parent_code,
            )  # fmt: skip


def _loop(state: DivisionState, states: dict[str, DivisionState]) -> list[str]:
    """The codes from a division up to itself; empty where its parents end."""
    path = [state.code]
    above = states.get(state.parent_code or "")
    while above is not None and len(path) <= _DEEPEST:
        path.append(above.code)
        if above.code == state.code:
            return path
        above = states.get(above.parent_code or "")
    return []


def _rank(level: str) -> int:
    return ORDER.index(level) if level in ORDER else len(ORDER)


def _children_faults(event: DivisionEvent, register: Register) -> Iterator[Fault]:
    """Nothing is renumbered in silence: every unit below a code that ends is spoken of."""
    named = {change.old_code for change in event.changes}
    for code, changes in event.successors().items():
        heirs = {change.new.code for change in changes if change.new}
        if code in heirs or (event.below is not Below.NAMED and len(heirs) == 1):
            continue
        left = [child for child in register.children(code) if child.code not in named]
        if left:
            told = "、".join(f"{child.code} {child.name}" for child in left[:_SHOWN])
            more = f" … ({len(left)})" if len(left) > _SHOWN else ""
            yield said("children-unnamed", changes[0].number, code, code=code, children=told + more)


def _unplaced(plan: Plan) -> Iterator[Fault]:
    numbers = {change.old_code: change.number for change in plan.event.changes}
    for move in plan.name_moves:
        if move.rest_code is None:
            yield said(
                "names-unplaced", numbers.get(move.old_code), move.old_code,
                code=move.old_code, count=move.count,
            )  # fmt: skip


def _heritage_faults(plan: Plan, register: Register) -> Iterator[Fault]:
    if plan.event.measures:
        return
    for line in plan.lines:
        if line.old and line.old.code in plan.own_names and register.own_places[line.old.code]:
            yield said("heritage-name", line.change.number, line.old.name, name=line.old.name)


def _kind_faults(plan: Plan) -> Iterator[Fault]:
    kinds = list(dict.fromkeys(line.kind for line in plan.lines if not line.follows))
    if not plan.begun and not plan.ended:
        yield said("nothing-changes", None, plan.event.kind)
    elif plan.event.kind not in kinds and not _same_in_law(plan.event.kind, kinds):
        yield said(
            "kind-mismatch", None, plan.event.kind, kind=plan.event.kind, kinds=", ".join(kinds)
        )


def _same_in_law(kind: EventKind, kinds: list[str]) -> bool:
    """Setting up from a part is a split; ending into another is a merger or a replacement."""
    return (kind is EventKind.ESTABLISHED and bool({"split", "replaced"} & set(kinds))) or (
        kind is EventKind.ABOLISHED and bool({"merged", "replaced"} & set(kinds))
    )


def _notes(plan: Plan, register: Register) -> Iterator[Fault]:
    yield from authorities.notes(plan)
    moved = sum(move.count for move in plan.name_moves)
    if moved:
        yield said("place-codes-kept", None, str(moved), count=moved)
    for code, (old, new) in plan.own_names.items():
        yield said("own-name-renamed", None, code, code=code, old=old, new=new)
    states = after(plan, register)
    for line in plan.lines:
        if line.new is not None and line.new.code in plan.begun:
            yield from _state_notes(line, line.new, states)
            yield from _outline_notes(line, line.new, plan)


def _state_notes(
    line: Line, state: DivisionState, states: dict[str, DivisionState]
) -> Iterator[Fault]:
    number, parent = line.change.number, state.parent_code
    above = states.get(parent or "")
    if above is not None and not state.code.startswith(significant(above.code)):
        yield said("code-order", number, state.code, code=state.code, parent=above.code)
    for other in states.values():
        if other.name == state.name and other.parent_code == parent and other.code != state.code:
            yield said(
                "namesake", number, state.code,
                code=other.code, name=other.name, parent=above.name if above else parent,
            )  # fmt: skip


def _outline_notes(line: Line, state: DivisionState, plan: Plan) -> Iterator[Fault]:
    if state.has_outline:
        return
    before = [one.old for one in plan.lines if one.new is state and one.old]
    known = [old for old in before if old.has_outline]
    if line.kind == EventKind.ESTABLISHED or (before and not known):
        yield said("outline-unknown", line.change.number, state.code,
                   code=state.code, name=state.name)  # fmt: skip
    elif line.kind == EventKind.SPLIT:
        code = "outline-kept" if line.old and line.old.code == state.code else "outline-unknown"
        yield said(code, line.change.number, state.code, code=state.code, name=state.name)
