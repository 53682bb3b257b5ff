"""A foreign feature and what its place says now: each member as it came, or made anew."""

from collections.abc import Callable, Mapping
from typing import Any

from gazetteer.exchange.lpf.parsing import (
    LinkedPlace,
    is_ours,
    member_text,
    name_row,
    read_place,
    text_kind,
)
from gazetteer.exchange.lpf.terms import MADE, OURS
from gazetteer.exchange.records import NameRow, PlaceRecord

Members = dict[str, Any]
_DECIMALS = 9
"""A store gives positions with nine decimals."""


def merged(foreign: Members, made: Members, record: PlaceRecord) -> Members:
    """The feature to send.

    Args:
        foreign: the feature as it came.
        made: the feature that the record alone makes.
        record: the place.
    """
    then = read_place(foreign)
    found = foreign | {"@id": made["@id"], "type": "Feature"}
    found["properties"] = _properties(foreign, made)
    found["names"] = _names(foreign, made, then, record)
    for member, same in _SAME.items():
        if not same(then, record) or member not in foreign:
            found[member] = made.get(member)
    found["descriptions"] = _descriptions(foreign, made, record)
    found["relations"] = [
        *(one for one in foreign.get("relations") or [] if not one.get(MADE)),
        *(made.get("relations") or []),
    ]
    if not is_ours(foreign):
        found["links"] = _links(foreign)
    empty = {key for key in found if key not in foreign and not found[key] and key != "geometry"}
    return {key: value for key, value in found.items() if key not in empty}


def _same_position(then: LinkedPlace, record: PlaceRecord) -> bool:
    if then.position is None or record.position is None:
        return then.position is record.position
    rounded = tuple(round(number, _DECIMALS) for number in then.position)
    return rounded == tuple(round(number, _DECIMALS) for number in record.position)


def _same_columns(*names: str) -> Callable[[LinkedPlace, PlaceRecord], bool]:
    return lambda then, record: all(
        then.columns.get(name) == record.columns.get(name) for name in names
    )


_SAME: Mapping[str, Callable[[LinkedPlace, PlaceRecord], bool]] = {
    "geometry": _same_position,
    "when": _same_columns("valid_from", "valid_to"),
    "types": _same_columns("category_code"),
}
"""Whether a place still says what a member of its feature said."""


def _properties(foreign: Members, made: Members) -> Members:
    """Theirs, with our own members and the present title."""
    theirs = foreign.get("properties") or {}
    kept = {key: value for key, value in theirs.items() if not key.startswith(OURS)}
    found: Members = made["properties"] | kept | {"title": made["properties"]["title"]}
    return found


def _names(
    foreign: Members, made: Members, then: LinkedPlace, record: PlaceRecord
) -> list[Members]:
    """Each name as it came, with our own members; made anew where it was not there so."""
    theirs: dict[NameRow, list[Members]] = {}
    title = (foreign.get("properties") or {}).get("title") or then.columns["name"]
    status = None if is_ours(foreign) else then.columns["status"]
    for item in foreign.get("names") or []:
        row = name_row(item, title, status)
        if row is not None:
            theirs.setdefault(row, []).append(item)
    if not record.names:
        return list(made["names"])
    found = []
    for row, own in zip(record.names, made["names"], strict=True):
        items = theirs.get(row)
        marks = {key: value for key, value in own.items() if key.startswith(OURS)}
        found.append(items.pop(0) | marks if items else own)
    return found


def _descriptions(foreign: Members, made: Members, record: PlaceRecord) -> list[Members]:
    """Theirs where the place still says so, each marked with its column; then what is new."""
    found: list[Members] = []
    seen: set[str] = set()
    said: set[str] = set()
    for item in foreign.get("descriptions") or []:
        kind = text_kind(item, ours=is_ours(foreign))
        text = member_text("descriptions", item.get("value"))
        if kind is None or kind in seen or text is None:
            found.append(item)
            continue
        seen.add(kind)
        if text == record.columns.get(kind):
            found.append(item | {f"{OURS}kind": kind})
            said.add(kind)
    new = [one for one in made.get("descriptions") or [] if one[f"{OURS}kind"] not in said]
    return [*found, *new]


def _links(foreign: Members) -> list[Any]:
    """Theirs, and one to the feature itself."""
    links = list(foreign.get("links") or [])
    identity = foreign.get("@id")
    if isinstance(identity, str) and identity:
        own = {"type": "exactMatch", "identifier": identity}
        if own not in links:
            links.append(own)
    return links
