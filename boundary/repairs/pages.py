"""What the page of an order shows: the order in words, its verification, what may be done now."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection

from boundary.authority import division_path, names_of
from boundary.repairs.orders import EDITORS, aged, read_repair, steps_from, verifying
from data.actors import Actor

INCIDENT: Final = "incident"
_CANCELLED: Final = "cancelled"


def repair_page(connection: Connection, order_id: int, actor: Actor, today: date) -> dict[str, Any]:
    """An order as its page shows it.

    Returns:
        The order with its `age_days` and whether it is `overdue`, the `names` of its divisions by
        code, the inspection that verified it (`verification`, or None), and the `acts` that the
        actor may take now.

    Raises:
        NotFound: there is none of that id.
    """
    order = aged(read_repair(connection, order_id), today)
    codes = [order["managing_party"], *order["parties"], order["witness_party"]]
    return order | {
        "names": names_of(connection, codes),
        "verification": verifying(connection, order),
        "acts": _acts(connection, order, actor),
    }


def _acts(connection: Connection, order: Mapping[str, Any], actor: Actor) -> list[str]:
    path = division_path(connection, [order["managing_party"], *order["parties"]])
    if not any(actor.may(role, path) for role in EDITORS):
        return []
    incident = [] if order["state"] == _CANCELLED else [INCIDENT]
    return [*steps_from(order["state"]), *incident]
