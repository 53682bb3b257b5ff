"""Which requests the server's event loop may answer itself, without a thread.

Handing a request to a thread and waking the loop again costs more than reading a few features by
key. What is answered at once is short by what it asks: one feature, a page of points, a search
whose first pass finds something in a moment, where a position is while outlines are at hand, what
is kept from before. Whatever turns out to be more goes to a thread after all.
"""

import re
from typing import Any, Final

from data import geometry_kind
from web.catalogue import COLLECTIONS
from web.finding import WAYS
from web.tiling import ADDRESS as TILE
from web.whereabouts import PATH as WHERE

AT_ONCE: Final = "ovoo.at_once"
"""True in the environment of a request that the event loop answers."""

_POINTS: Final = "|".join(one.id for one in COLLECTIONS.values() if geometry_kind(one) == "POINT")
_ONE: Final = re.compile(r"/collections/[a-z]+/items/[0-9]{1,18}")
_PAGE: Final = re.compile(rf"/collections/(?:{_POINTS})/items")
_CHOSEN: Final = "|".join({name for one in COLLECTIONS.values() for name in one.chosen})
_SHORT: Final = re.compile(
    rf"(?:(?:bbox=[-+.,0-9]+|limit=[0-9]{{1,3}}|cursor=[0-9]+|(?:{_CHOSEN})=\w+)(?:&|\Z))*",
    re.ASCII,
)
"""Parameters of a page of at most 999 points that passes over none: an index goes along the curve
for each choice."""


class NotAtOnceError(BaseException):
    """An answer takes longer than the event loop may: the request goes to a thread, unanswered.

    Nothing on its way may take it for a fault and answer, so it is no `Exception`.
    """


def may_be_answered(path: str, query: str) -> bool:
    """Whether the event loop may try to answer a GET request of this address.

    >>> may_be_answered("/collections/places/items", "bbox=110,40,112,42&limit=100")
    True
    >>> may_be_answered("/collections/places/items", "limit=100&offset=200000")
    False
    """
    if _PAGE.fullmatch(path):
        return _SHORT.fullmatch(query.replace("%2C", ",")) is not None
    if path in WAYS or path == WHERE:
        return True
    return is_tile(path, query) or (not query and _ONE.fullmatch(path) is not None)


def is_tile(path: str, query: str) -> bool:
    """Whether a GET request of this address asks for a plain tile.

    >>> is_tile("/collections/places/tiles/WebMercatorQuad/8/96/205", "")
    True
    """
    return not query and TILE.fullmatch(path) is not None


def leave_it(environ: dict[str, Any]) -> None:
    """Leave the rest to a thread, where the event loop is answering.

    Raises:
        NotAtOnceError: it is.
    """
    if environ.get(AT_ONCE):
        raise NotAtOnceError
