"""Answers that programs of other sites may read (CORS), and pages that they may show.

The reconciliation service is open to every site: its clients run in browsers of other sites, it
only reads, and no cookie has a part in it. Everything else is open to the sites that
`OVOO_CORS_ORIGINS` names, to programs with a token or to nobody in particular, never to cookies.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import Response, request

_OPEN: Final = "/reconcile"
ANY: Final = "*"
ORIGIN: Final = re.compile(r"https?://[a-z0-9.\-]{1,253}(:\d{1,5})?")
"""How a site stands in the setting and in the Origin header (RFC 6454)."""

_READING: Final = "GET, HEAD, POST, OPTIONS"
_METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_HEADERS: Final = (
    "Accept, Accept-Language, Authorization, Content-Crs, Content-Type, Idempotency-Key, If-Match,"
    " If-None-Match, If-Range, Prefer, Range, Tus-Resumable, Upload-Length, Upload-Metadata,"
    " Upload-Offset, X-Request-Id"
)
_EXPOSED: Final = (
    "Accept-Ranges, Allow, Content-Crs, Content-Disposition, Content-Range, ETag,"
    " Idempotency-Replayed, Link, Location, Preference-Applied, RateLimit, RateLimit-Policy,"
    " Retry-After, Tus-Extension, Tus-Max-Size, Tus-Resumable, Tus-Version, Upload-Expires,"
    " Upload-Length, Upload-Offset, X-Request-Id"
)
_DAY_S: Final = "86400"


def is_open(path: str) -> bool:
    """Whether an address answers programs of any site."""
    return path == _OPEN or path.startswith(f"{_OPEN}/")


def headers_for(origin: str, allowed: Sequence[str]) -> list[tuple[str, str]]:
    """The headers that let a site's program read an answer; none where the site is not named.

    Args:
        origin: the site, as its browser names it; empty where it names none.
        allowed: the sites of the setting, or `*`.

    >>> headers_for("https://maps.example", ["https://maps.example"])[0]
    ('Access-Control-Allow-Origin', 'https://maps.example')
    >>> headers_for("https://other.example", ["https://maps.example"])
    []
    """
    if not origin or not (ANY in allowed or origin in allowed):
        return []
    return [
        ("Access-Control-Allow-Origin", ANY if ANY in allowed else origin),
        ("Access-Control-Expose-Headers", _EXPOSED),
        ("Cross-Origin-Resource-Policy", "cross-origin"),
    ]


def for_sites(
    headers: list[tuple[str, str]], origin: str, allowed: Sequence[str]
) -> list[tuple[str, str]]:
    """The headers of an answer with those that let a site's program read it."""
    found = headers_for(origin, allowed)
    if ANY in allowed:
        return [*headers, *found]
    varied = [(n, f"{value}, Origin") if n == "Vary" else (n, value) for n, value in headers]
    return [*varied, *found]


def comes_with_token(environ: Mapping[str, Any], allowed: Sequence[str]) -> bool:
    """Whether a named site's program acts with a token of its own, and so by no cookie."""
    origin = environ.get("HTTP_ORIGIN", "")
    return bool(environ.get("HTTP_AUTHORIZATION")) and bool(headers_for(origin, allowed))


def allow_other_sites(response: Response, allowed: Sequence[str] = ()) -> Response:
    """Let a browser hand an answer, refusals too, to a program of a site that may have it."""
    open_to_all = is_open(request.path)
    origin = request.headers.get("Origin", "")
    found = headers_for(origin or ANY, (ANY,)) if open_to_all else headers_for(origin, allowed)
    for name, value in found:
        response.headers[name] = value
    if allowed and not open_to_all and ANY not in allowed:
        response.vary.add("Origin")
    if found and request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = _READING if open_to_all else _METHODS
        response.headers["Access-Control-Allow-Headers"] = _HEADERS
        response.headers["Access-Control-Max-Age"] = _DAY_S
    return response
