"""This service's own address, as the reader reached it."""

import re
from collections.abc import Mapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from flask import request

_HOST = re.compile(r"[A-Za-z0-9.\-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")


def root() -> str:
    """The address that every link begins with, ending in a slash.

    A Host header that is no host name is not repeated; the server's own name stands instead.
    """
    return root_of(request.environ)


def root_of(environment: Mapping[str, Any]) -> str:
    """The same of a request's environment."""
    return _root(
        environment["wsgi.url_scheme"],
        environment.get("HTTP_HOST", ""),
        environment["SERVER_NAME"],
        environment["SERVER_PORT"],
        environment.get("SCRIPT_NAME", ""),
    )


@lru_cache(maxsize=256)
def _root(scheme: str, host: str, name: str, port: str, path: str) -> str:
    if not _HOST.fullmatch(host):
        host = f"{name}:{port}"
    return f"{scheme}://{host}{path}/"


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def own_links(media_type: str) -> list[dict[str, str]]:
    """The links of this very answer: itself, and itself as a page."""
    query = request.query_string.decode(errors="replace")
    return links_of(f"{root()}{request.path.lstrip('/')}", query, media_type)


def links_of(address: str, query: str, media_type: str) -> list[dict[str, str]]:
    """The links of an answer at an address, asked for by a query as it was sent."""
    kept = [one for one in query.split("&") if one]
    plain = [one for one in kept if not one.startswith("f=")]
    return [
        {"href": "?".join(filter(None, (address, "&".join(plain)))), "rel": "self"}
        | {"type": media_type},
        {"href": f"{address}?{'&'.join([*plain, 'f=html'])}", "rel": "alternate"}
        | {"type": "text/html"},
    ]
