"""The page of a repair order: what it is about, what is known of its marker, what may be done."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from boundary import repair_page, status_of, work_kinds
from data import Actor
from data.reference import load_table
from web.site import told_in

_MOST_EVIDENCE: Final = 8


def reasons(lang: str) -> list[tuple[str, str]]:
    """The states of a marker for which a repair is ordered, with their words."""
    rows = load_table("marker_states")
    return [(row["code"], row[told_in(lang)]) for row in rows if row["opens_order"] == "yes"]


def order_page(
    connection: Connection, order: Mapping[str, Any], actor: Actor, today: date
) -> dict[str, Any]:
    """What the page of an order shows beside its record.

    Args:
        connection: a reading connection.
        order: the order.
        actor: the reader.
        today: the calendar day in China.
    """
    page = repair_page(connection, order["id"], actor, today)
    status = status_of(connection, order["marker_id"]).as_json()
    managing = order["managing_party"]
    return page | {
        "today": today.isoformat(),
        "status": status | {"evidence": status["evidence"][-_MOST_EVIDENCE:][::-1]},
        "kinds": work_kinds(),
        "neighbours": [code for code in order["parties"] if code != managing],
    }
