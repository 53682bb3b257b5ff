"""From one page of a list to the next and back, by cursors alone. Pure.

A cursor says where a page begins; what lies before it would take the list's query the other way
round. So a `next` link carries the way by which its page is reached: `back` holds the cursors of
the pages before, `-` for the first, and `prev` takes the last of them. Pages are the same in both
directions, whatever has been written between.
"""

import re
from collections.abc import Sequence
from typing import Final

BACK: Final = "back"
_FIRST: Final = "-"
_PARTS: Final = "~"
_LONGEST: Final = 40
"""So many pages back; who went farther has `first` left."""
_FIT: Final = re.compile(r"[\w.:|,%+!*~-]{1,4000}", re.ASCII)


def is_trail(text: str) -> bool:
    """Whether a text can be the parameter `back` of a link.

    >>> is_trail("-~2024-05-03.17"), is_trail(""), is_trail("<b>")
    (True, False, False)
    """
    return _FIT.fullmatch(text) is not None


def ways(query: str, following: str | None) -> dict[str, str]:
    """The queries of the pages around this one, by link relation: `first`, `prev`, `next`.

    Args:
        query: this page's query as it was sent.
        following: the cursor of the next page; None on the last.

    >>> ways("limit=2", "7")
    {'next': 'limit=2&cursor=7&back=-'}
    >>> ways("limit=2&cursor=9&back=-~7", None)
    {'first': 'limit=2', 'prev': 'limit=2&cursor=7&back=-'}
    >>> ways("cursor=7&back=-", None)
    {'first': '', 'prev': ''}
    >>> ways("cursor=7", "9")
    {'first': '', 'next': 'cursor=9&back=7'}
    """
    parts = [one for one in query.split("&") if one]
    kept = [one for one in parts if one.partition("=")[0] not in {"cursor", BACK}]
    here = _value(parts, "cursor")
    trail = [one for one in _value(parts, BACK).split(_PARTS) if one]
    found = {}
    if here:
        found["first"] = "&".join(kept)
    if here and trail:
        found["prev"] = "&".join([*kept, *_asked(trail[-1], trail[:-1])])
    if following is not None:
        found["next"] = "&".join([*kept, *_asked(following, [*trail, here or _FIRST])])
    return found


def _asked(cursor: str, trail: Sequence[str]) -> list[str]:
    if cursor == _FIRST:
        return []
    shown = _PARTS.join(trail[-_LONGEST:])
    return [f"cursor={cursor}", *([f"{BACK}={shown}"] if shown else [])]


def _value(parts: Sequence[str], name: str) -> str:
    start = f"{name}="
    return next((one.removeprefix(start) for one in parts if one.startswith(start)), "")
