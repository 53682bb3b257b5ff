"""What the head of every page offers, by who reads it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

_ANYBODY: Final[frozenset[str]] = frozenset()
_STAFF: Final = frozenset({"viewer", "surveyor", "editor", "approver", "administrator"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the navigation.

    Attributes:
        key: its name is the text `nav.KEY`.
        address: where it leads.
        under: pages whose addresses begin so belong to it.
        roles: who is shown it: whoever holds any of these somewhere; everybody where empty.
    """

    key: str
    address: str
    under: tuple[str, ...] = ()
    roles: frozenset[str] = _ANYBODY


ENTRIES: Final = (
    Entry("home", "/"),
    Entry("map", "/map"),
    Entry("names", "/search", ("/search", "/places", "/collections/places", "/divisions")),
    Entry("boundaries", "/lines", ("/lines", "/markers", "/collections/lines")),
    Entry("heritage", "/heritage", ("/heritage",)),
    Entry(
        "work",
        "/work",
        (
            *("/work", "/approvals", "/rounds", "/repairs", "/submissions", "/problem-reports"),
            *("/sign-inspections", "/sign-repairs", "/conflicts"),
        ),
        _STAFF,
    ),
    Entry("field", "/field", (), frozenset({"surveyor", "editor", "approver"})),
    Entry("dashboard", "/dashboard", ("/dashboard", "/statistics", "/indicators")),
    Entry("check", "/check-text", ("/check-text",)),
    Entry(
        "administration", "/administration", ("/accounts", "/administration"),
        frozenset({"administrator"}),
    ),
)  # fmt: skip


def navigation(roles: Collection[str], path: str) -> list[dict[str, Any]]:
    """The entries for a reader: key, address, and whether the page stands under it.

    Args:
        roles: the roles that the reader holds anywhere.
        path: the path of the page.

    >>> [one["key"] for one in navigation((), "/") if one["current"]]
    ['home']
    >>> [one["key"] for one in navigation(("administrator",), "/rounds/3") if one["current"]]
    ['work']
    """
    return [
        {"key": one.key, "address": one.address, "current": _holds(one, path)}
        for one in ENTRIES
        if not one.roles or not one.roles.isdisjoint(roles)
    ]


def _holds(entry: Entry, path: str) -> bool:
    return path == entry.address or any(
        path == start or path.startswith(f"{start}/") for start in entry.under
    )
