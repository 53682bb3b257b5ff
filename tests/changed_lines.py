"""Division events applied to the drawn region, and what they do to its lines."""

from datetime import date
from typing import Any

import shapely

from boundary import changes
from boundary.lines import read_line
from boundary.tables import line, marker
from data.actors import Actor
from data.geometry import point_wkb, to_wkb
from data.store import Store
from gazetteer import apply_event, parse_event, preview_event

TODAY = date(2026, 11, 23)
CHIEF = Actor.operator("首长")


def apply(store: Store, document: dict[str, Any]) -> int:
    """Apply a division event."""
    made = parse_event(document)
    with store.read() as connection:
        basis = preview_event(connection, made, TODAY).basis
    return apply_event(store, CHIEF, made, basis, TODAY)


def seen(store: Store, event_id: int) -> changes.Previewed:
    with store.read() as connection:
        return changes.event_lines(connection, event_id)


def write(store: Store, document: dict[str, Any]) -> tuple[int, list[int]]:
    """Apply an event, then what it does to lines."""
    event_id = apply(store, document)
    return event_id, changes.apply_lines(store, CHIEF, event_id, seen(store, event_id).basis)


def row(store: Store, line_id: int) -> dict[str, Any]:
    with store.read() as connection:
        return read_line(connection, line_id)


def southern(store: Store) -> int:
    """A line between 东旗 (990101) and 南旗 (990201), with two markers."""
    with store.write("tests", "draw") as transaction:
        key = transaction.insert(
            line,
            {"name": "东南线", "code": "9902", "level": "prefecture", "party_a": "990101"}
            | {"party_b": "990201", "state": "agreed", "valid_from": date(1999, 1, 1)}
            | {"geom": to_wkb(shapely.MultiLineString([[(111, 41), (112, 41)]]))},
        )
        for number, lon in (("9902001Q", 111.2), ("9902002Q", 111.8)):
            transaction.insert(
                marker,
                {"marker_no": number, "line_code": "9902", "kind": "Q", "faces": 2}
                | {"geom": point_wkb(lon, 41)},
            )
    return key
