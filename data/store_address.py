"""What a store's address says: where its file lies, and how it is shown to people."""

from pathlib import Path
from typing import Final

_SECRETS: Final = frozenset({"password", "sslpassword"})
"""Parameters that libpq takes for secrets."""


def file_path(url: str) -> Path | None:
    """The file of an address; None where it is a server's.

    >>> file_path("sqlite:///a.gpkg") == file_path("a.gpkg"), file_path("postgresql://h/db")
    (True, None)
    """
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///"))
    return None if "://" in url else Path(url)


def shown_address(url: str) -> str:
    """An address without who signs in and without any secret."""
    path = file_path(url)
    if path is not None:
        return str(path)
    scheme, _, rest = url.partition("://")
    place, _, query = rest.partition("?")
    if "@" in query:  # whose it is cannot be told: a password's, or a parameter's
        return f"{scheme}://…"
    told = [one for one in query.split("&") if one.partition("=")[0].lower() not in _SECRETS]
    shown = place.rpartition("@")[2]
    return f"{scheme}://{shown}?{'&'.join(told)}" if any(told) else f"{scheme}://{shown}"
