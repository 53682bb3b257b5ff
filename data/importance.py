"""Which records a tile shows first where it cannot show all: the weights of `tile_importance`.

The rule looks at the record alone, so that it gives the same order in every tile, on both stores
and after every restart; among equals the lower id comes first.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from data.reference import load_table
from data.reference.tables import kept

MOST: Final = 255


@kept
def _weights(folder: Path | None = None) -> dict[str, dict[str, dict[str, int]]]:
    """Weights by layer, column and beginning of the value."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in load_table("tile_importance", folder):
        column = found.setdefault(row["layer"], {}).setdefault(row["column"], {})
        column[row["value"]] = int(row["weight"])
    return found


def importance(layer: str, row: Mapping[str, Any]) -> int:
    """How important a record is: 0 to 255, more is more.

    A column's weight is that of the longest row of the table with which its value begins.

    Args:
        layer: the layer's table.
        row: the record by column.
    """
    total = sum(
        _weight(weights, row.get(column)) for column, weights in _weights().get(layer, {}).items()
    )
    return min(max(total, 0), MOST)


def _weight(weights: Mapping[str, int], value: Any) -> int:
    text = _text(value)
    for length in range(len(text), -1, -1):
        weight = weights.get(text[:length])
        if weight is not None:
            return weight
    return 0


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, bool) else str(value)
