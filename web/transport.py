"""How answers leave: with the headers of every answer, and compressed for readers that ask for it.

Both are done on the way out of the application, once for every address.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from web.codings import CODINGS, coding_of
from web.conditions import coded_tag

_PICTURES: Final = "img-src 'self' data: blob:"
_POLICY: Final = (
    f"default-src 'self'; {_PICTURES}; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Final = (
    ("Content-Security-Policy", _POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()"),
)
"""Of every answer, unless its view has set its own."""

_STRICT_TRANSPORT: Final = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
"""Of every answer over TLS: the browser comes back over TLS for a year."""
_NAMED: Final = frozenset(name for name, _ in SECURITY_HEADERS)
_COMPRESSED: Final = ("json", "javascript", "text/css", "text/csv", "text/plain", "svg", "xml")
"""Parts of the media types that are compressed. Pages are not: they are small, and a page that
holds a session's mark and a reader's words gives away the mark by its compressed length."""
_SMALLEST: Final = 1_000
_LARGEST: Final = 20_000_000
"""Bytes below which compression saves nothing, and above which an answer is not gathered for it."""

Headers = list[tuple[str, str]]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def policy_with(pictures: str) -> str:
    """The policy of a page whose pictures come from elsewhere too; nothing else changes."""
    return _POLICY.replace(_PICTURES, pictures)


class Transport:
    """A WSGI application around another, whose answers it sends on their way."""

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        coding = coding_of(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if coding is not None:
            return self._compressed(environ, start_response, coding)
        secure = environ["wsgi.url_scheme"] == "https"

        def start(status: str, headers: Headers, exc_info: Any = None) -> Any:
            return start_response(status, _complete(headers, secure=secure), exc_info)

        return self._application(environ, start)

    def _compressed(
        self, environ: dict[str, Any], start_response: Any, coding: str
    ) -> Iterable[bytes]:
        begun: list[Any] = []
        secure = environ["wsgi.url_scheme"] == "https"

        def start(status: str, headers: Headers, exc_info: Any = None) -> None:
            begun[:] = [status, _complete(headers, secure=secure), exc_info]

        body = self._application(environ, start)
        status, headers, exc_info = begun
        if status[:3] == "200" and _is_worth_it(headers):
            if environ["REQUEST_METHOD"] == "GET":
                body, headers = _squeezed(body, headers, coding)
            elif environ["REQUEST_METHOD"] == "HEAD":
                headers = _coded(headers, coding)  # of what length is not known without the body
        start_response(status, headers, exc_info)
        return body


def _complete(headers: Headers, *, secure: bool = False) -> Headers:
    """The headers with those of every answer; what is compressed for some varies for all."""
    known = {name for name, _ in headers}
    if known.isdisjoint(_NAMED):
        complete = [*headers, *SECURITY_HEADERS]
    else:
        complete = [*headers, *(pair for pair in SECURITY_HEADERS if pair[0] not in known)]
    if secure and _STRICT_TRANSPORT[0] not in known:
        complete.append(_STRICT_TRANSPORT)
    varies = next((n for n, (name, _) in enumerate(complete) if name == "Vary"), None)
    if varies is None:
        if _is_compressible(complete):
            complete.append(("Vary", "Accept-Encoding"))
    elif "Accept-Encoding" not in complete[varies][1]:
        complete[varies] = ("Vary", f"{complete[varies][1]}, Accept-Encoding")
    return complete


def _is_compressible(headers: Headers) -> bool:
    media_type = next((value for name, value in headers if name == "Content-Type"), "")
    return any(part in media_type for part in _COMPRESSED)


def _is_worth_it(headers: Headers) -> bool:
    """A whole answer of some length; a stream goes out as it is made."""
    named = dict(headers)
    length = named.get("Content-Length", "")
    return (
        length.isdigit()
        and _SMALLEST <= int(length) <= _LARGEST
        and "Content-Encoding" not in named
        and _is_compressible(headers)
    )


def _squeezed(body: Iterable[bytes], headers: Headers, coding: str) -> tuple[list[bytes], Headers]:
    try:
        squeezed = CODINGS[coding](b"".join(body))
    finally:
        close = getattr(body, "close", None)
        if close is not None:
            close()
    return [squeezed], [*_coded(headers, coding), ("Content-Length", str(len(squeezed)))]


def _coded(headers: Headers, coding: str) -> Headers:
    """The headers of a compressed answer, without its length."""
    kept = [
        (name, coded_tag(value, coding) if name == "ETag" else value) for name, value in headers
    ]
    changed = [pair for pair in kept if pair[0] not in {"Content-Length", "Accept-Ranges"}]
    return [*changed, ("Content-Encoding", coding)]
