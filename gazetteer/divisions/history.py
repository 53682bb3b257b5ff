"""Any division code on any day: what it was, what came before and after (区划沿革)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from data.errors import NotFound
from gazetteer.divisions.codes import is_code
from gazetteer.divisions.tables import division_event, division_event_line
from gazetteer.divisions.values import CONTINUED
from gazetteer.tables import division

_MOST_STEPS = 50
_STATE_COLUMNS = (
    *("id", "code", "name", "level", "parent_code", "seat", "romanization", "in_region"),
    *("valid_from", "valid_to", "source"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One change that a code took part in.

    Attributes:
        event_id, kind, effective_on, document: of the event and of the line.
        old_code, old_name, new_code, new_name: before and after; None where there is none.
    """

    event_id: int
    kind: str
    effective_on: date
    dated_by: str
    document: str | None
    old_code: str | None
    old_name: str | None
    new_code: str | None
    new_name: str | None

    def as_json(self) -> dict[str, Any]:
        """The change as a JSON object."""
        return {name: getattr(self, name) for name in Link.__slots__} | {
            "effective_on": self.effective_on.isoformat()
        }


@dataclass(frozen=True, slots=True)
class CodeHistoryOf:
    """What the register knows of one code.

    Attributes:
        code: the code.
        states: every span of time it stood for, oldest first, as columns of `division`.
        before, after: the changes that led to it and away from it, oldest first.
        successors: what it is today: codes and names in force; itself where it is.
        predecessors: what it came from, through every change: codes and names, nearest first.
    """

    code: str
    states: Sequence[dict[str, Any]]
    before: Sequence[Link]
    after: Sequence[Link]
    successors: Sequence[tuple[str, str]]
    predecessors: Sequence[tuple[str, str]]

    def on(self, day: date) -> dict[str, Any] | None:
        """The state on a day; None where the code was not in force."""
        return next(
            (
                state
                for state in self.states
                if (state["valid_from"] is None or state["valid_from"] <= day)
                and (state["valid_to"] is None or day < state["valid_to"])
            ),
            None,
        )


def find_code(connection: Connection, code: str) -> CodeHistoryOf:
    """The history of a code.

    Args:
        connection: of a store.
        code: 6, 9 or 12 digits.

    Raises:
        NotFound: the register never had it.
    """
    states = _states(connection, code) if is_code(code) else []
    if not states:
        raise NotFound(
            f"no division ever had the code {code[:20]}; check it",
            f"登记中从未有过区划代码“{code[:20]}”；请核对",
        )
    current = states[-1]["valid_to"] is None
    own = [(code, str(states[-1]["name"]))]
    return CodeHistoryOf(
        code,
        states,
        _links(connection, division_event_line.c.new_code == code),
        _links(connection, division_event_line.c.old_code == code),
        own if current else list(_follow(connection, code, forward=True)),
        list(_follow(connection, code, forward=False)),
    )


def _states(connection: Connection, code: str) -> list[dict[str, Any]]:
    columns = [division.c[name] for name in _STATE_COLUMNS]
    rows = connection.execute(select(*columns).where(division.c.code == code)).mappings()
    return sorted(
        ({str(name): value for name, value in row.items()} for row in rows),
        key=lambda row: (row["valid_to"] or date.max, row["valid_from"] or date.min, row["id"]),
    )


def _links(connection: Connection, where: Any) -> list[Link]:
    line, event = division_event_line.c, division_event.c
    rows = connection.execute(
        select(
            *(line.event_id, line.kind, event.effective_on, event.dated_by, event.document),
            *(line.old_code, line.old_name, line.new_code, line.new_name),
        )
        .join(division_event, event.id == line.event_id)
        .where(where, line.kind != CONTINUED)
        .order_by(event.effective_on, line.id)
    )
    return [Link(*row) for row in rows]


def _follow(connection: Connection, code: str, *, forward: bool) -> Iterator[tuple[str, str]]:
    """The codes in force that a code became, or every code that it came from."""
    seen, waiting = {code}, [(code, date.min if forward else date.max)]
    while waiting and len(seen) < _MOST_STEPS:
        at, since = waiting.pop(0)
        for row in _steps(connection, at, since, forward=forward):
            if row.code is None or row.code in seen:
                continue
            seen.add(row.code)
            waiting.append((row.code, row.effective_on))
            if not forward:
                yield row.code, row.name
            elif name := _name_in_force(connection, row.code):
                yield row.code, name


def _steps(connection: Connection, code: str, since: date, *, forward: bool) -> Sequence[Any]:
    line, event = division_event_line.c, division_event.c
    near, far, name = (
        (line.old_code, line.new_code, line.new_name)
        if forward
        else (line.new_code, line.old_code, line.old_name)
    )
    later = event.effective_on >= since if forward else event.effective_on <= since
    return connection.execute(
        select(far.label("code"), name.label("name"), event.effective_on)
        .join(division_event, event.id == line.event_id)
        .where(near == code, later)
        .order_by(event.effective_on, line.id)
    ).all()


def _name_in_force(connection: Connection, code: str) -> str | None:
    return connection.scalar(
        select(division.c.name).where(division.c.code == code, division.c.valid_to.is_(None))
    )


def divisions_on(connection: Connection, day: date) -> list[dict[str, Any]]:
    """Every division of the region on a day, in order of code: code, name, level, parent."""
    columns = division.c
    rows = connection.execute(
        select(columns.code, columns.name, columns.level, columns.parent_code)
        .where(
            columns.in_region,
            columns.valid_from.is_(None) | (columns.valid_from <= day),
            columns.valid_to.is_(None) | (columns.valid_to > day),
        )
        .order_by(columns.code, columns.id)
    ).mappings()
    return [{str(name): value for name, value in row.items()} for row in rows]
