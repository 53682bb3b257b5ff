"""Who has just written reads what was written, though readers are sent to replicas.

A writer's browser keeps, for a while, where the write-ahead log stood after the write; a replica
that has not come so far is not asked. Programs with a token read the primary.
"""

import re
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final

from data import Store
from data.servers import PRIMARY, must_see, written
from web.transport import Application, Headers

_COOKIE: Final = "ovoo_written"
_FOR_S: Final = 120
_POSITION: Final = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")


class FreshnessDoor:
    """A WSGI application around another.

    Args:
        application: the house.
        store: what it reads and writes.
    """

    def __init__(self, application: Application, store: Store) -> None:
        self._application, self._store = application, store

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if not self._store.replicated:
            return self._application(environ, start_response)
        seeing, writing = must_see.set(_wanted(environ)), written.set(None)

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            if (position := written.get()) is not None:
                value = f"{_COOKIE}={position}; Max-Age={_FOR_S}; Path=/; HttpOnly; SameSite=Lax"
                headers = [*headers, ("Set-Cookie", value)]
            return start_response(status, headers, exc_info)

        try:
            return self._application(environ, start)
        finally:
            must_see.reset(seeing)
            written.reset(writing)


def _wanted(environ: dict[str, Any]) -> str | None:
    if environ.get("HTTP_AUTHORIZATION") or environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return PRIMARY
    try:
        kept = SimpleCookie(environ.get("HTTP_COOKIE", "")).get(_COOKIE)
    except CookieError:
        return None
    return kept.value if kept is not None and _POSITION.fullmatch(kept.value) else None
