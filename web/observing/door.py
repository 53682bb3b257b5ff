"""Around everything that answers: a request's id, its place in the counts, its line in the log.

It also answers the three addresses of those who run the service, before the house: they must tell
the truth also where nothing else can.
"""

import logging
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from data import StoreWatch
from web.observing.logs import request_id, told
from web.observing.meters import Meters
from web.observing.probes import Probes
from web.transport import Application, Headers

_ID: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")
_SLOW_S: Final = 2.0
_FAILED: Final = 500
_SECRET: Final = ("/welcome/",)
"""Addresses whose last part is a secret."""

log = logging.getLogger("ovoo.request")


class ObservingDoor:
    """A WSGI application around another.

    Args:
        application: the house.
        watch: what is asked whether the service can do its work.
        families: first parts of the house's addresses, by which answers are counted.
        every: whether each request has a line in the log, not only what is notable.
    """

    def __init__(
        self, application: Application, watch: StoreWatch, families: Iterable[str], *, every: bool
    ) -> None:
        self._application, self._every = application, every
        self._meters = Meters(families)
        self._probes = Probes(watch, self._meters)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        started = time.perf_counter()
        sent = environ.get("HTTP_X_REQUEST_ID", "")
        identity = sent if _ID.fullmatch(sent) else os.urandom(8).hex()
        environ["HTTP_X_REQUEST_ID"] = identity
        mark = request_id.set(identity)
        seen: list[str] = []

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            seen[:] = [status]
            return start_response(status, [*headers, ("X-Request-ID", identity)], exc_info)

        try:
            probed = self._probes.answer(environ, start)
            answer = self._application(environ, start) if probed is None else probed
            if isinstance(answer, list):
                self._note(environ, seen, started)
                return answer
            return _Watched(answer, lambda: self._note(environ, seen, started))
        finally:
            request_id.reset(mark)

    def _note(self, environ: dict[str, Any], seen: list[str], started: float) -> None:
        duration_s = time.perf_counter() - started
        status = int(seen[0][:3]) if seen else 500
        path = environ["PATH_INFO"]
        self._meters.count(path[1:].partition("/")[0], status, duration_s)
        failed = status >= _FAILED
        notable = failed or duration_s > _SLOW_S or environ["REQUEST_METHOD"] != "GET"
        if self._every or notable:
            values = told(
                request_id=environ["HTTP_X_REQUEST_ID"],
                method=environ["REQUEST_METHOD"],
                path=_shown(path),
                status=status,
                duration_ms=round(duration_s * 1000, 1),
                remote=environ.get("REMOTE_ADDR", ""),
            )
            log.log(logging.ERROR if failed else logging.INFO, "request", extra=values)


def _shown(path: str) -> str:
    """A path without the secret that it may end in."""
    return next((f"{start}…" for start in _SECRET if path.startswith(start)), path)


class _Watched:
    """A body that is sent as it is made; noted when it has ended, or its reader has gone."""

    def __init__(self, body: Iterable[bytes], done: Callable[[], None]) -> None:
        self._body, self._done, self._noted = body, done, False

    def __iter__(self) -> Iterator[bytes]:
        """The body."""
        yield from self._body
        self._note()

    def close(self) -> None:
        """End it."""
        try:
            close = getattr(self._body, "close", None)
            if close is not None:
                close()
        finally:
            self._note()

    def _note(self) -> None:
        if not self._noted:
            self._noted = True
            self._done()


def families_of(rules: Iterable[str]) -> set[str]:
    """The first parts of addresses.

    >>> sorted(families_of(["/", "/search", "/collections/<name>"]))
    ['', 'collections', 'search']
    """
    return {rule[1:].partition("/")[0] for rule in rules}
