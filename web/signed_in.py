"""Plain reads of who has signed in, answered at the quick door from the store as he or she sees it.

Who comes with a token or a session goes through a quick door of the reader's own, to which the
store is what that reader sees of it. What that door does not answer goes into the house as it came,
and is recognised there again. Readings of closed positions are noted as the house does.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from werkzeug.http import parse_cookie

from data import Store
from data.accounts import TOKEN_PREFIX
from data.tiles import Tiles
from web.accounts import FORWARDED, Access, cookie_name, present
from web.at_once import leave_it
from web.catalogue import POSITIONED
from web.kept import KeptAnswers
from web.quick import QuickDoor
from web.readers import Reader, Readers
from web.readings import Readings, reading
from web.settings import OPEN, Settings
from web.transport import Application, Headers

_PLAIN: Final = re.compile(r"/(collections/[a-z]+/(items|tiles)|search$|suggest$|tiles/)")
_POSITIONED: Final = re.compile(rf"/(collections/({'|'.join(POSITIONED)})/|tiles/)")
_GIVEN: Final = "ovoo.given"
_SHOWN: Final = frozenset({"HTTP_AUTHORIZATION", "HTTP_COOKIE", *FORWARDED})
_MOST: Final = 64
"""Doors that are kept at hand."""
_PRIVATE: Final = ("Cache-Control", "private, no-store")


class SignedInDoor:
    """A WSGI application before the quick door.

    Args:
        door: the quick door of everybody else.
        house: what a reader's own door does not answer.
        access: whether people must sign in.
        readers: who asks.
        notes: of readings of closed positions.
        made: makes the quick door of a reader's store before an application.
    """

    def __init__(
        self,
        door: Application,
        house: Application,
        access: Access,
        readers: Readers,
        notes: Readings,
        made: Callable[[Application, Store], QuickDoor],
    ) -> None:
        self._door, self._house, self._access = door, house, access
        self._readers, self._notes, self._made = readers, notes, made
        self._doors: dict[Store, QuickDoor] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        path = environ["PATH_INFO"]
        if environ["REQUEST_METHOD"] != "GET" or _PLAIN.match(path) is None:
            return self._door(environ, start_response)
        reader = self._reader(environ) if self._access.closed else None
        if reader is None:
            return self._door(environ, start_response)
        positioned = reader.reads_positions and _POSITIONED.match(path) is not None
        if positioned and self._notes.full:
            leave_it(environ)  # they are written first
            return self._house(environ, start_response)
        plain = {name: value for name, value in environ.items() if name not in _SHOWN}
        plain[_GIVEN] = environ, start_response

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            if positioned and status.startswith("2"):
                self._notes.add(reading(reader.actor, environ))
            return start_response(status, _private(headers), exc_info)

        return self._door_of(reader.store)(plain, start)

    def _reader(self, environ: dict[str, Any]) -> Reader | None:
        shown = environ.get("HTTP_AUTHORIZATION", "")
        if shown:
            kind, _, token = shown.partition(" ")
            if kind.lower() != "bearer" or not token.startswith(TOKEN_PREFIX):
                return None
            return self._readers.of_token(token.strip(), present())
        if "HTTP_COOKIE" not in environ:
            return None
        secret = parse_cookie(environ).get(
            cookie_name(secure=environ["wsgi.url_scheme"] == "https")
        )
        return self._readers.of_session(secret, present()) if secret else None

    def _door_of(self, store: Store) -> QuickDoor:
        door = self._doors.get(store)
        if door is None:
            if len(self._doors) > _MOST:
                self._doors.clear()
            door = self._doors[store] = self._made(self._as_it_came, store)
        return door

    def _as_it_came(self, plain: dict[str, Any], _start: Any) -> Iterable[bytes]:
        environ, start_response = plain[_GIVEN]
        return self._house(environ, start_response)


def quick_doors(
    tiles: Tiles, kept: KeptAnswers, origins: Sequence[str]
) -> Callable[[Application, Store], QuickDoor]:
    """Makes the quick door of one reader's store; what it finds is kept for those who see alike."""

    def made(house: Application, store: Store) -> QuickDoor:
        opened = Access(store, Settings(access=OPEN))
        return QuickDoor(house, store, opened, tiles, kept, origins)

    return made


def _private(headers: Headers) -> Headers:
    """What is told to one person is kept by no cache between."""
    others = [one for one in headers if one[0] != _PRIVATE[0]]
    return [_PRIVATE, *others]
