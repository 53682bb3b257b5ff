"""Lists of division events, newest first, with their lines and clocks."""

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, or_, select

from data.errors import InvalidValue, NotFound
from gazetteer.divisions.authorities import Deadline, deadlines
from gazetteer.divisions.checking import IN_FORCE
from gazetteer.divisions.tables import division_event, division_event_line

_CURSOR = re.compile(r"(\d{4}-\d{2}-\d{2})_(\d{1,18})", re.ASCII)
"""The day and the id of a page's last event; a store's ids have 64 bits."""
_DAYS = ("effective_on", "approved_on", "completed_on", "codes_published_on")
_LINE = ("number", "kind", "follows", "old_code", "old_name", "new_code", "new_name")


@dataclass(frozen=True, slots=True)
class EventsQuery:
    """What a reader asks of the events.

    Attributes:
        limit: most events on a page.
        cursor: where the page begins, from the page before.
        code: only events in which a code takes part.
        kind: only events of a kind.
        since, until: only events that took effect from, up to a day.
        overdue: only events with a clock that has run out.
    """

    limit: int = 10
    cursor: str = ""
    code: str | None = None
    kind: str | None = None
    since: date | None = None
    until: date | None = None
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class EventsPage:
    """One page of events as JSON objects, and where the next begins."""

    events: Sequence[dict[str, Any]]
    next_cursor: str | None


def list_events(connection: Connection, asked: EventsQuery, today: date) -> EventsPage:
    """One page of events, the newest first.

    Raises:
        InvalidValue: the cursor is of no page.
    """
    event = division_event.c
    where = _conditions(asked)
    if asked.cursor:
        day, identity = _parse_cursor(asked.cursor)
        where.append(
            or_(event.effective_on < day, and_(event.effective_on == day, event.id < identity))
        )
    statement = (
        select(division_event).where(*where).order_by(event.effective_on.desc(), event.id.desc())
    )
    if asked.overdue:
        # Few events are of the time since the clocks run; they are counted one by one.
        rows = connection.execute(statement.where(event.effective_on >= IN_FORCE)).mappings()
        late = [row for row in rows if any(d.is_overdue(today) for d in clocks_of(row))]
        found = late[: asked.limit + 1]
    else:
        found = list(connection.execute(statement.limit(asked.limit + 1)).mappings())
    page = found[: asked.limit]
    more = len(found) > asked.limit
    lines = _lines(connection, [row["id"] for row in page])
    return EventsPage(
        [event_json(row, lines.get(row["id"], []), today) for row in page],
        f"{page[-1]['effective_on']}_{page[-1]['id']}" if more else None,
    )


def _conditions(asked: EventsQuery) -> list[Any]:
    event, line = division_event.c, division_event_line.c
    where: list[Any] = []
    if asked.code is not None:
        part = select(line.event_id).where(
            or_(line.old_code == asked.code, line.new_code == asked.code)
        )
        where.append(event.id.in_(part))
    if asked.kind is not None:
        where.append(event.kind == asked.kind)
    if asked.since is not None:
        where.append(event.effective_on >= asked.since)
    if asked.until is not None:
        where.append(event.effective_on <= asked.until)
    return where


def _parse_cursor(text: str) -> tuple[date, int]:
    found = _CURSOR.fullmatch(text)
    with suppress(ValueError):
        if found:
            return date.fromisoformat(found[1]), int(found[2])
    raise InvalidValue(
        "cursor",
        text,
        "it comes from a page's link",
        "follow that link",
        "cursor 来自页面的链接；请沿该链接翻页",
    )


def read_event(connection: Connection, event_id: int, today: date) -> dict[str, Any]:
    """One event with its lines and clocks.

    Raises:
        NotFound: there is none with that id.
    """
    row = (
        connection.execute(select(division_event).where(division_event.c.id == event_id))
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound(f"there is no division event {event_id}", f"没有第 {event_id} 号变更事件")
    return event_json(row, _lines(connection, [event_id]).get(event_id, []), today)


def _lines(connection: Connection, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    line = division_event_line.c
    rows = connection.execute(
        select(division_event_line).where(line.event_id.in_(ids)).order_by(line.event_id, line.id)
    ).mappings()
    for row in rows:
        found.setdefault(row["event_id"], []).append({name: row[name] for name in _LINE})
    return found


def clocks_of(row: Mapping[Any, Any]) -> list[Deadline]:
    """The clocks of a stored event; none of one from before they ran, or from a list."""
    if row["effective_on"] < IN_FORCE or row["dated_by"] != "decision":
        return []
    dates = {name: row[name] for name in _DAYS}
    return deadlines(dates, extended=row["extended"], recoded=row["recoded"])


def event_json(
    row: Mapping[Any, Any], lines: Sequence[dict[str, Any]], today: date
) -> dict[str, Any]:
    """An event as a JSON object."""
    texts = ("kind", "document", "authority", "source", "dated_by", "measures", "remark")
    return {
        "id": row["id"],
        "version": row["version"],
        **{name: row[name] for name in texts},
        **{name: row[name].isoformat() if row[name] else None for name in _DAYS},
        "derived": row["derived"],
        "extended": row["extended"],
        "deadlines": [deadline_json(one, today) for one in clocks_of(row)],
        "changes": list(lines),
    }


def deadline_json(deadline: Deadline, today: date) -> dict[str, Any]:
    """A clock as a JSON object."""
    rule = deadline.rule
    return {
        "code": rule.code,
        "zh": rule.zh,
        "en": rule.en,
        "article": rule.article,
        "due_on": deadline.due_on.isoformat(),
        "done_on": deadline.done_on.isoformat() if deadline.done_on else None,
        "overdue": deadline.is_overdue(today),
    }
