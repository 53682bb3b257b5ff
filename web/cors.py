"""Answers that programs of other sites may read (CORS), and pages that they may show."""

from typing import Final

from flask import Response, request

_OPEN: Final = "/reconcile"
"""The reconciliation service: its clients run in browsers of other sites. It reads only, and no
cookie has a part in it."""

_METHODS: Final = "GET, HEAD, POST, OPTIONS"
_HEADERS: Final = "Accept, Accept-Language, Authorization, Content-Type"
_DAY_S: Final = "86400"


def is_open(path: str) -> bool:
    """Whether an address answers programs of any site."""
    return path == _OPEN or path.startswith(f"{_OPEN}/")


def allow_other_sites(response: Response) -> Response:
    """Let a browser hand an open address's answer, refusals too, to a program of any site."""
    if is_open(request.path):
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Retry-After"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = _METHODS
            response.headers["Access-Control-Allow-Headers"] = _HEADERS
            response.headers["Access-Control-Max-Age"] = _DAY_S
    return response
