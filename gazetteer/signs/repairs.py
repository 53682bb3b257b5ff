"""Repair orders of signs: listed by due date, changed by version (标志维修)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, select, tuple_

from data.errors import InvalidValue, NotFound
from data.store import Store
from gazetteer.signs.tables import sign_repair

STATES: Final = ("open", "done", "cancelled")
_MOST: Final = 1_000
_COLUMNS: Final = tuple(column for column in sign_repair.c)


@dataclass(frozen=True, slots=True)
class RepairsQuery:
    """What is asked of the orders.

    Attributes:
        state: one of `STATES`.
        overdue_on: only those whose due date lies before this day.
        after: due date and id of the last one of the page before.
        limit: most on a page.
    """

    state: str = "open"
    overdue_on: date | None = None
    after: tuple[date, int] | None = None
    limit: int = 100


def list_repairs(connection: Connection, asked: RepairsQuery) -> Sequence[dict[str, Any]]:
    """A page of orders of one state, the soonest due first."""
    if asked.state not in STATES:
        raise InvalidValue(
            "state", asked.state, f"it is one of {', '.join(STATES)}", "give one of them",
            f"state 应为 {'、'.join(STATES)} 之一",
        )  # fmt: skip
    c = sign_repair.c
    statement = select(*_COLUMNS).where(c.state == asked.state)
    if asked.overdue_on:
        statement = statement.where(c.due_on < asked.overdue_on)
    if asked.after:
        statement = statement.where(tuple_(c.due_on, c.id) > tuple_(*asked.after))
    page = statement.order_by(c.due_on, c.id).limit(min(asked.limit, _MOST))
    return [_plain(row) for row in connection.execute(page).mappings()]


def read_repair(connection: Connection, identity: int) -> dict[str, Any]:
    """One order.

    Raises:
        NotFound: there is none of that id.
    """
    row = (
        connection.execute(select(*_COLUMNS).where(sign_repair.c.id == identity))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(f"there is no repair order {identity}", f"没有编号为 {identity} 的维修单")
    return _plain(row)


def _plain(row: RowMapping) -> dict[str, Any]:
    """A row by plain names; a driver's own kind of text is no key of JSON."""
    return {str(name): value for name, value in row.items()}


def change_repair(
    store: Store, identity: int, version: int, values: Mapping[str, Any], actor: str
) -> dict[str, Any]:
    """Change an order that was seen at `version`: its state, due date, who is responsible.

    Raises:
        NotFound: there is none of that id.
        Conflict: it has changed since.
        InvalidValue: the state is unknown, or an order is done without a day.
    """
    state = values.get("state")
    if state is not None and state not in STATES:
        raise InvalidValue(
            "state", state, f"it is one of {', '.join(STATES)}", "give one of them",
            f"state 应为 {'、'.join(STATES)} 之一",
        )  # fmt: skip
    if state == "done" and not values.get("done_on"):
        raise InvalidValue(
            "done_on", None, "an order that is done has its day", "give done_on",
            "完成的维修单须填写完成日期 done_on",
        )  # fmt: skip
    with store.write(actor, f"change repair order {identity}") as transaction:
        read_repair(transaction.connection, identity)
        transaction.update(sign_repair, identity, version, values)
    with store.read() as connection:
        return read_repair(connection, identity)
