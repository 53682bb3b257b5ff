"""The members of a feature that both directions know, and what is marked as made by us."""

from typing import Any, Final

OURS: Final = "ovoo:"
MADE: Final = "ovoo:made"
"""Marks what follows from other members or from the day: a reader of ours passes it over."""
COLUMNS: Final = (
    "place_code",
    "romanization",
    "romanization_mark",
    "category_code",
    "status",
    "heritage",
    "division_code",
    "valid_from",
    "valid_to",
    "remark",
    "source",
    "source_id",
    "licence",
    "synthetic",
)
"""Columns of a place without a member of the format; they are properties of ours."""
TEXTS: Final = ("description", "meaning", "origin", "history")
"""Columns that are descriptions."""
FLAGS: Final = frozenset({"heritage", "synthetic"})
KEPT: Final = "lpf"
"""The extra that holds a foreign feature whole."""


def without_made(value: Any) -> Any:
    """A value without what is marked as made, and without what is then empty.

    >>> without_made({"a": {"ovoo:made": True}, "b": [1, {"c": {"ovoo:made": True}}]})
    {'b': [1]}
    """
    if isinstance(value, dict):
        if value.get(MADE):
            return None
        return _filled({key: without_made(item) for key, item in value.items()})
    if isinstance(value, list):
        found = [without_made(item) for item in value]
        return [item for item in found if item not in (None, {}, [])] or None
    return value


def _filled(members: dict[str, Any]) -> dict[str, Any] | None:
    return {key: item for key, item in members.items() if item not in (None, {}, [])} or None
