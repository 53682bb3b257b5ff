"""What tiles show of a record: few properties, typed, and its place among the others."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import orjson
from numpy.typing import NDArray

from data.collection import Collection
from data.importance import MOST, importance
from data.points import MOST_ID

IMPORTANCE: Final = "importance"
_OWN: Final = frozenset(
    {"name", "romanization", "code", "marker_no", "sign_no", "place_id", "observed_on"}
)
_ID_BITS: Final = MOST_ID.bit_length()
_TYPES: Final[Mapping[str, Any]] = {
    "text": str, "integer": int, "number": float, "flag": bool, "date": str,
}  # fmt: skip


def tile_keys(collection: Collection) -> tuple[str, ...]:
    """The names of the properties that a collection's tiles have."""
    return (*collection.tiled, IMPORTANCE)


def own_keys(collection: Collection) -> int:
    """How many of the first properties differ from record to record."""
    own = 0
    while own < len(collection.tiled) and collection.tiled[own] in _OWN:
        own += 1
    return own


def tile_values(collection: Collection, row: Mapping[str, Any]) -> list[Any]:
    """The values of those properties of one record, text, number, flag or None."""
    values: list[Any] = []
    for name in collection.tiled:
        value = row[name]
        kind = _TYPES[collection.parameters[name].kind]
        values.append(None if value is None else kind(value))
    return [*values, importance(collection.table.name, row)]


def order_of(importance_of_it: int, identity: int) -> int:
    """A record's place in line: the most important first, among equals the lower id.

    >>> order_of(255, 7) < order_of(254, 1)
    True
    """
    return (MOST - importance_of_it << _ID_BITS) + identity


def ids_of(places_in_line: NDArray[np.int64]) -> NDArray[np.int64]:
    """Whose places in line they are.

    >>> ids_of(np.array([order_of(255, 7), order_of(3, MOST_ID)])).tolist() == [7, MOST_ID]
    True
    """
    return places_in_line & MOST_ID


def validity(collection: Collection, row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """From which day on, and up to which day, a record is shown; None is open."""
    if not collection.time:
        return None, None
    first, last = collection.time[0], collection.time[-1]
    ended = row[last] if len(collection.time) > 1 else None
    return _day(row[first]), _day(ended)


def _day(value: Any) -> str | None:
    return None if value is None else str(value)[:10]


def tiled_point(
    collection: Collection, row: Mapping[str, Any], key: int, x: float, y: float
) -> dict[str, Any]:
    """What `<layer>_tiled` keeps of a point."""
    values = tile_values(collection, row)
    since, until = validity(collection, row)
    return {
        "key": key, "id": row["id"], "x": x, "y": y, "since": since, "until": until,
        "place_in_line": order_of(values[-1], row["id"]),
        "properties": orjson.dumps(values),
    }  # fmt: skip


def tiled_points(
    collection: Collection,
    rendered: Sequence[Mapping[str, Any]],
    rows: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """The same of the points that have a position; `rendered` says under which key."""
    return [
        tiled_point(collection, row, ready["key"], ready["x"], ready["y"])
        for ready, row in zip(rendered, rows, strict=True)
        if ready["x"] is not None
    ]
