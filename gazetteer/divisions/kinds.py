"""What each line of an event does, read from the states before and after. Pure."""

from collections.abc import Mapping, Sequence

from gazetteer.divisions.values import CONTINUED, DivisionEvent, DivisionState, EventKind
from gazetteer.names import split_name


def kind_of(
    event: DivisionEvent,
    old: DivisionState | None,
    new: DivisionState | None,
    followed: Mapping[str, Sequence[str]],
) -> str:
    """The kind of one line: an `EventKind`, or `continued`.

    Args:
        event: the event it stands in.
        old: the division before; None where there is none.
        new: the division after; None where there is none.
        followed: what the event makes of each old code, to tell a transfer to another parent
            from a parent whose own code changes.
    """
    if old is None:
        return EventKind.ESTABLISHED
    if new is None:
        return EventKind.ABOLISHED
    if old.code == new.code:
        return _kept(old, new, followed)
    if len(event.successors().get(old.code, ())) > 1:
        return EventKind.SPLIT
    if len(event.predecessors().get(new.code, ())) > 1:
        return EventKind.MERGED
    return _moved(old, new, followed)


def _kept(old: DivisionState, new: DivisionState, followed: Mapping[str, Sequence[str]]) -> str:
    """A division that keeps its code."""
    if _is_transfer(old, new, followed):
        return EventKind.TRANSFERRED
    if old.name != new.name:
        return EventKind.RENAMED
    if old.seat != new.seat:
        return EventKind.SEAT_MOVED
    return CONTINUED


def _moved(old: DivisionState, new: DivisionState, followed: Mapping[str, Sequence[str]]) -> str:
    """A division that gets another code."""
    if old.level != new.level or _generic(old.name) != _generic(new.name):
        return EventKind.REPLACED
    if _is_transfer(old, new, followed):
        return EventKind.TRANSFERRED
    return EventKind.RECODED if old.name == new.name else EventKind.REPLACED


def _is_transfer(
    old: DivisionState, new: DivisionState, followed: Mapping[str, Sequence[str]]
) -> bool:
    before, after = old.parent_code, new.parent_code
    return before != after and after not in followed.get(before or "", ())


def _generic(name: str) -> str:
    """The generic term of a division's name without the wing or side of a banner.

    >>> _generic("科尔沁左翼中旗"), _generic("东胜市"), _generic("石拐矿区")
    ('旗', '市', '区')
    """
    generic = split_name(name).generic
    return (generic.text if generic else name)[-1:]
