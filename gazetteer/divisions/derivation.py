"""Changes of divisions concluded from the editions of a code list (derived, and said to be)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from data.reference import DivisionChange
from gazetteer.divisions.codes import significant
from gazetteer.divisions.values import EventKind
from gazetteer.names import split_name
from gazetteer.succession import CodeHistory, How, Step, level_of

_MARK, _SOURCE = "D", "difference of code lists"


def derive_changes(history: CodeHistory) -> tuple[DivisionChange, ...]:
    """Every change between one edition and the next, oldest first.

    A code that an edition lacks and a later one has again under the same name is no change: a gap
    of the list. A stated change counts from its own list on, also where the old code lingers. The
    lines of a prefecture that is replaced and of its counties share an event.
    """
    found: list[DivisionChange] = []
    known = set(history.listed(history.editions[0]))
    ended: set[str] = set()
    for before, after in zip(history.editions, history.editions[1:], strict=False):
        lines = list(_step(history, before, after, known, ended))
        found += _grouped(lines)
        known |= set(history.listed(after))
        ended |= {line.old_code for line in lines if line.old_code != line.new_code}
    return tuple(found)


def _step(
    history: CodeHistory, before: str, after: str, known: set[str], ended: set[str]
) -> Iterator[DivisionChange]:
    then, now = history.listed(before), history.listed(after)
    heirs = _heirs(history, before, after, ended)
    parents = {old: step.code for old, step in heirs.items() if step}
    for code, name in then.items():
        if code in heirs:
            yield _ending_line(after, (code, name), heirs[code], parents, then)
        elif now.get(code, name) != name:
            yield _line(after, EventKind.RENAMED, (code, name), (code, now[code]))
    for code, name in now.items():
        if code not in then and code not in parents.values() and code not in known:
            yield _line(after, EventKind.ESTABLISHED, ("", ""), (code, name))


def _heirs(
    history: CodeHistory, before: str, after: str, ended: set[str]
) -> dict[str, Step | None]:
    """The codes that end with an edition, and what came after each; None where nothing did."""
    then, now = history.listed(before), history.listed(after)
    found: dict[str, Step | None] = {}
    for code, name in then.items():
        stated = history.stated.get(code)
        ends = stated.list == after if stated else False
        gone = code not in now and not history.comes_back(code, name, after)
        if code not in ended and (ends or gone):
            found[code], _ = history.moved(code, name, before, after)
    return found


def _ending_line(
    edition: str,
    old: tuple[str, str],
    step: Step | None,
    parents: Mapping[str, str],
    then: Mapping[str, str],
) -> DivisionChange:
    if step is None:
        return _line(edition, EventKind.ABOLISHED, old, ("", ""))
    new = (step.code, step.name)
    kind = _kind(old, new, parents, merged=step.code in then)
    return _line(edition, kind, old, new, derived=step.how is not How.STATED)


def _kind(
    old: tuple[str, str], new: tuple[str, str], heirs: Mapping[str, str], *, merged: bool
) -> EventKind:
    if merged:
        return EventKind.MERGED
    if level_of(old[0]) != level_of(new[0]) or _ending(old[1]) != _ending(new[1]):
        return EventKind.REPLACED
    before, after = f"{old[0][:4]}00", f"{new[0][:4]}00"
    if before not in {after, old[0]} and heirs.get(before) != after:
        return EventKind.TRANSFERRED
    return EventKind.RECODED if old[1] == new[1] else EventKind.REPLACED


def _ending(name: str) -> str:
    generic = split_name(name).generic
    return (generic.text if generic else name)[-1:]


def _line(
    edition: str,
    kind: EventKind,
    old: tuple[str, str],
    new: tuple[str, str],
    *,
    derived: bool = True,
) -> DivisionChange:
    return DivisionChange("", edition, kind, *old, *new, None, "", derived, _MARK, _SOURCE)


def _grouped(lines: Sequence[DivisionChange]) -> Iterator[DivisionChange]:
    """The lines with the name of their event: that of the prefecture they follow, or their own."""
    leaders = {
        significant(line.old_code): line
        for line in lines
        if line.old_code and line.new_code and level_of(line.old_code) == "prefecture"
    }
    settled = {significant(line.new_code) for line in leaders.values()}
    for line in lines:
        leader = leaders.get(line.old_code[:4])
        if leader is None and line.new_code[:4] in settled:
            leader = next(
                one for one in leaders.values() if significant(one.new_code) == line.new_code[:4]
            )
        head = leader or line
        yield replace(line, event=f"{line.list[:4]} {head.new_name or head.old_name}")
