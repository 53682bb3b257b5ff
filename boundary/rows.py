"""Rows of the store as plain values."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import RowMapping


def plain(row: RowMapping | Mapping[Any, Any], hidden: Iterable[str] = ()) -> dict[str, Any]:
    """A row as a dictionary of plain names, without those that are hidden."""
    left = frozenset(hidden)
    return {str(name): value for name, value in row.items() if name not in left}
