"""After an event: carried out, codes published, period extended (Order 704, Art 15 and 17)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from data.actors import Actor, Role
from data.errors import InvalidValue, NotFound
from data.store import Store
from gazetteer.divisions.reading import read_register
from gazetteer.divisions.tables import division_event, division_event_line

_DATES = ("completed_on", "codes_published_on")


def settle_event(
    store: Store, actor: Actor, event_id: int, version: int, done: Mapping[str, Any], today: date
) -> int:
    """Record what was done after an event; returns the event's new version.

    Args:
        store: the register.
        actor: an approver of the event's divisions.
        event_id: the event.
        version: the version of the event that the actor saw.
        done: any of `completed_on`, `codes_published_on` (dates) and `extended` (a flag).
        today: the calendar day in China.

    Raises:
        Forbidden: the actor is no approver of one of the divisions.
        Conflict: the record has changed since.
        InvalidValue: a day is before the event or after today.
        NotFound: there is no such event.
    """
    with store.write(actor.name, f"division event {event_id}: what was done") as transaction:
        connection = transaction.connection
        event = connection.execute(
            select(division_event).where(division_event.c.id == event_id)
        ).one_or_none()
        if event is None:
            raise NotFound(
                f"there is no division event {event_id}", f"没有第 {event_id} 号变更事件"
            )
        register = read_register(connection)
        lines = connection.execute(
            select(division_event_line.c.old_code, division_event_line.c.new_code).where(
                division_event_line.c.event_id == event_id
            )
        )
        for old, new in lines:
            path = register.path(new) or register.path(old)
            actor.require([Role.APPROVER], path, "settle a change of divisions")
        for field in _DATES:
            _check_day(field, done.get(field), event.approved_on or event.effective_on, today)
        return transaction.update(division_event, event_id, version, done)


def _check_day(field: str, day: date | None, start: date, today: date) -> None:
    if day is not None and not start <= day <= today:
        raise InvalidValue(
            field, day.isoformat(), f"it is not before {start} and not after {today}",
            "give the day on which it was done",
            f"{field} 应在 {start} 至 {today} 之间",
        )  # fmt: skip
