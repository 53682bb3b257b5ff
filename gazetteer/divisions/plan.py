"""What an event does to the register: every line, what follows from it, where names go. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from data.errors import Fault
from gazetteer.divisions.codes import moved_below
from gazetteer.divisions.kinds import kind_of
from gazetteer.divisions.register import Register
from gazetteer.divisions.values import (
    CONTINUED,
    Below,
    Change,
    DivisionEvent,
    DivisionState,
    NewState,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One change with the states it connects.

    Attributes:
        change: as the event says it, or as it follows from the event.
        old, new: the states; None where there is none.
        kind: what it does, an `EventKind` or `continued`.
        follows: whether it is not said but follows from `below`.
    """

    change: Change
    old: DivisionState | None
    new: DivisionState | None
    kind: str
    follows: bool = False


@dataclass(frozen=True, slots=True)
class NameMove:
    """Names (地名) whose division code changes.

    Attributes:
        old_code: the code that they carry.
        count: how many.
        by_outline: codes of new divisions whose outline takes those that lie in it.
        rest_code: the code of all others; None where the event names none.
    """

    old_code: str
    count: int
    by_outline: tuple[str, ...]
    rest_code: str | None


@dataclass(frozen=True, slots=True)
class CodeChanges:
    """What became of division codes: the value that the floor of lines and markers works with.

    Attributes:
        codes: the codes after, by each code that ended or was divided; empty where nothing came
            after it. A code that stays beside new ones is among its own successors.
        renamed: codes that stay and whose name changes.
    """

    codes: Mapping[str, tuple[str, ...]]
    renamed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """An event and everything that it does.

    Attributes:
        event: the event.
        lines: what it says, then what follows from it.
        ended: the states that end with the day of the event.
        begun: the states that begin on it, by code.
        name_moves: where names go.
        own_names: old and new name, by old code, of divisions whose own place is renamed.
        code_changes: see there.
        faults: why it cannot be applied, every one; it is applied only where there is none.
        notes: what its author should know.
    """

    event: DivisionEvent
    lines: tuple[Line, ...]
    ended: tuple[DivisionState, ...]
    begun: Mapping[str, DivisionState]
    name_moves: tuple[NameMove, ...]
    own_names: Mapping[str, tuple[str, str]]
    code_changes: CodeChanges
    faults: tuple[Fault, ...] = ()
    notes: tuple[Fault, ...] = ()


def make_plan(event: DivisionEvent, register: Register) -> Plan:
    """What an event does to a register; faults of the register's side are left to `checking`."""
    said = tuple((change, False) for change in event.changes)
    lines = said + tuple((change, True) for change in _following(event, register))
    whole = replace(event, changes=tuple(change for change, _ in lines))
    heirs = {old: _codes(changes) for old, changes in whole.successors().items()}
    new = {
        code: _completed(code, changes, register, heirs, event)
        for code, changes in whole.predecessors().items()
    }
    made = tuple(
        _line(change, whole, register, new, heirs, follows=follows) for change, follows in lines
    )
    stay = {code for code in new if _stays(code, whole, register, new[code])}
    ended = tuple(
        state for code in heirs if code not in stay and (state := register.current.get(code))
    )
    return Plan(
        event,
        made,
        ended,
        {code: state for code, state in new.items() if code not in stay},
        tuple(_name_moves(whole, register)),
        {code: names for code, names in _own_names(made).items() if code in register.own_places},
        _code_changes(heirs, made),
    )


def _line(
    change: Change,
    event: DivisionEvent,
    register: Register,
    states: Mapping[str, DivisionState],
    heirs: Mapping[str, Sequence[str]],
    *,
    follows: bool,
) -> Line:
    old = register.current.get(change.old_code or "")
    new = states[change.new.code] if change.new else None
    return Line(change, old, new, kind_of(event, old, new, heirs), follows)


def _codes(changes: Sequence[Change]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(change.new.code for change in changes if change.new))


def _following(event: DivisionEvent, register: Register) -> Iterator[Change]:
    """The units below a code that ends and that the event does not name, moved as `below` says."""
    if event.below is Below.NAMED:
        return
    named = {change.old_code for change in event.changes}
    waiting = [(old, _codes(changes)) for old, changes in event.successors().items()]
    while waiting:
        old, heirs = waiting.pop(0)
        if old in heirs or len(heirs) != 1:
            continue
        (heir,) = heirs
        for child in register.children(old):
            if child.code in named:
                continue
            named.add(child.code)
            keep = event.below is Below.KEEP_CODES
            code = child.code if keep else moved_below(child.code, old, heir)
            yield Change(child.code, NewState(code, parent_code=heir), 0)
            if code != child.code:
                waiting.append((child.code, (code,)))


def _completed(
    code: str,
    changes: Sequence[Change],
    register: Register,
    heirs: Mapping[str, Sequence[str]],
    event: DivisionEvent,
) -> DivisionState:
    """The state of a new code: what its lines say, else as the division before it."""
    said = [change.new for change in changes if change.new]
    old = register.current.get(code) or next(
        (s for c in changes if (s := register.current.get(c.old_code or ""))), None
    )

    def first(field: str) -> Any:
        return next((value for one in said if (value := getattr(one, field)) is not None), None)

    parent = first("parent_code") or _parent_after(old, heirs)
    name = first("name") or (old.name if old else "")
    above = register.current.get(parent or "")
    kept = old is not None and old.name == name
    return DivisionState(
        id=0,
        version=0,
        code=code,
        name=name,
        level=first("level") or (old.level if old else ""),
        parent_code=parent,
        seat=first("seat") or (old.seat if old and len(changes) == 1 else None),
        romanization=first("romanization") or (old.romanization if old and kept else None),
        valid_from=event.effective_on,
        in_region=old.in_region if old else above is None or above.in_region,
        has_outline=first("outline") is not None,
    )


def _parent_after(old: DivisionState | None, heirs: Mapping[str, Sequence[str]]) -> str | None:
    """The parent that a division has where its own lines do not say: the heir of its old one."""
    if old is None or old.parent_code is None:
        return None
    found = heirs.get(old.parent_code)
    return found[0] if found and len(found) == 1 else old.parent_code


def _stays(code: str, event: DivisionEvent, register: Register, new: DivisionState) -> bool:
    """Whether a record stays as it is: nothing of it changes, not its area either."""
    old = register.current.get(code)
    alone = all(
        len(changes) == 1 and changes[0].old_code == code
        for changes in (event.successors().get(code, ()), event.predecessors().get(code, ()))
    )
    return (
        old is not None
        and alone
        and not new.has_outline
        and all(
            getattr(old, field) == getattr(new, field)
            for field in ("code", "name", "level", "parent_code", "seat", "romanization")
        )
    )


def _name_moves(event: DivisionEvent, register: Register) -> Iterator[NameMove]:
    """Where the names of every code go that ends or is divided."""
    for old, changes in event.successors().items():
        heirs = _codes(changes)
        if heirs == (old,):
            continue
        if count := register.names.get(old, 0):
            yield _move_of(old, changes, heirs, count)
        yield from _finer_moves(event, register, old, heirs)


def _move_of(old: str, changes: Sequence[Change], heirs: tuple[str, ...], count: int) -> NameMove:
    outlined = tuple(c.new.code for c in changes if c.new and c.new.outline and c.new.code != old)
    if len(heirs) == 1:
        return NameMove(old, count, (), heirs[0])
    rest = next((c.new.code for c in changes if c.new and c.new.takes_rest), None)
    stays = old if old in heirs else None
    return NameMove(old, count, outlined, rest or stays)


def _finer_moves(
    event: DivisionEvent, register: Register, old: str, heirs: tuple[str, ...]
) -> Iterator[NameMove]:
    """Names in units below `old` that the register itself does not hold."""
    if old in heirs:
        return
    for code, count in register.names.items():
        if code in register.current or _holder(code, register) != old:
            continue
        if event.below is Below.KEEP_CODES:
            continue
        moved = event.below is Below.SAME_ENDING and len(heirs) == 1
        yield NameMove(code, count, (), moved_below(code, old, heirs[0]) if moved else None)


def _holder(code: str, register: Register) -> str | None:
    """The smallest division in force around a code that is finer than the register."""
    for size in (9, 6):
        if len(code) > size and code[:size] in register.current:
            return code[:size]
    return None


def _own_names(lines: Sequence[Line]) -> dict[str, tuple[str, str]]:
    """Divisions with one state before and one after whose name differs, by old code."""
    return {
        line.old.code: (line.old.name, line.new.name)
        for line in lines
        if line.old and line.new and line.old.name != line.new.name
        if line.kind not in {"merged", "split"}
    }


def _code_changes(heirs: Mapping[str, tuple[str, ...]], lines: Sequence[Line]) -> CodeChanges:
    moved = {old: codes for old, codes in heirs.items() if codes != (old,)}
    renamed = tuple(
        line.old.code
        for line in lines
        if line.old and line.new and line.kind != CONTINUED
        if line.old.code == line.new.code and line.old.name != line.new.name
    )
    return CodeChanges(moved, renamed)
