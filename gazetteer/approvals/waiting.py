"""Cases that wait for a step that somebody may take: what stands on that person's desk."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from data.actors import Actor
from gazetteer.approvals.cases import STATE_COLUMNS, number_of
from gazetteer.approvals.steps import Standing, Step, may_take, steps
from gazetteer.approvals.tables import approval, approval_step
from gazetteer.division_path import codes_above
from gazetteer.tables import division

_PAGE: Final = 200
_MOST_CODES: Final = 1_000
_BODIES: Final = {
    "division": "division_code",
    "approving": "approving_code",
    "filing": "filing_code",
    "announcing": "announcing_code",
}
_NEVER_AWAITED: Final = frozenset({"withdraw"})
"""Steps that lead on, but that nobody waits for."""


def list_waiting(
    connection: Connection, actor: Actor, limit: int = 20
) -> tuple[list[dict[str, Any]], bool]:
    """Cases that wait for a step that the actor may take, those with the nearest last day first.

    A step counts that leads the case on: a reminder, an invitation or a correction of what is
    complete does not. Cases are read page by page by their last days, those without any behind
    them, until enough are found: what waits for others before them hides none.

    Args:
        connection: a reading connection.
        actor: who asks.
        limit: how many cases.

    Returns:
        Each case's id, number, name, kind, state, division and last day, and the steps with the
        division in which each may be taken; and whether there are more.
    """
    wanted = {role for step in _awaited() for role in step.roles}
    if not wanted & {grant.role for grant in actor.grants}:
        return [], False
    desk, own = _Desk(connection, actor), _in_reach(connection, actor)
    found: list[dict[str, Any]] = []
    for rows in chain(_with_last_day(connection, own), _without(connection, own)):
        found += desk.open(rows)
        if len(found) > limit:
            return found[:limit], True
    return found, False


class _Desk:
    """Tells which cases wait for an actor; paths of divisions are read once."""

    def __init__(self, connection: Connection, actor: Actor) -> None:
        self._connection, self._actor = connection, actor
        self._paths: dict[str | None, Sequence[str]] = {}

    def open(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Those of some cases that wait for the actor, with the steps."""
        for code in {row[column] for row in rows for column in _BODIES.values()}:
            if code not in self._paths:
                self._paths[code] = codes_above(self._connection, code)
        taken = _taken(self._connection, [row["id"] for row in rows])
        found = []
        for row in rows:
            open_to = _open_to(row, taken.get(row["id"], {}), self._actor, self._paths)
            if open_to:
                found.append(_shown(row, open_to))
        return found


def _in_reach(connection: Connection, actor: Actor) -> list[ColumnElement[bool]]:
    """A condition on cases of whose bodies one lies under a division that the actor has a role in.

    It only spares the reading of what is others' alone; whether a step may be taken is asked of
    each case. Who acts everywhere, or over very many divisions, reads all.
    """
    granted = {grant.division_code for grant in actor.grants}
    level = {code for code in granted if code is not None}
    codes: set[str] = set()
    while level and len(codes) <= _MOST_CODES:
        codes |= level
        below = select(division.c.code).where(division.c.parent_code.in_(level))
        level = set(connection.scalars(below)) - codes
    if None in granted or len(codes) > _MOST_CODES:
        return []
    return [or_(*(approval.c[column].in_(codes) for column in _BODIES.values()))]


def _awaited() -> list[Step]:
    """The steps that somebody waits for."""
    return [
        step
        for step in steps().values()
        if step.sources and step.code not in _NEVER_AWAITED and step.target not in step.sources
    ]


def _with_last_day(
    connection: Connection, own: Sequence[ColumnElement[bool]]
) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Cases with a running clock, the nearest last day first, in pages by key."""
    c = approval.c
    statement = select(approval).where(c.due_on.is_not(None), *own).order_by(c.due_on, c.id)
    yield from _pages(
        connection,
        statement,
        lambda last: and_(
            c.due_on >= last["due_on"],
            or_(c.due_on > last["due_on"], c.id > last["id"]),
        ),
    )


def _without(
    connection: Connection, own: Sequence[ColumnElement[bool]]
) -> Iterator[Sequence[Mapping[str, Any]]]:
    """Cases without a running clock in a state from which an awaited step leads, by id.

    Each is read once, by the first of its parts that waits.
    """
    c = approval.c
    before: list[ColumnElement[bool]] = []
    for column in STATE_COLUMNS:
        sources = sorted({s for step in _awaited() if step.column == column for s in step.sources})
        for state in sources:
            statement = (
                select(approval)
                .where(c[column] == state, c.due_on.is_(None), *before, *own)
                .order_by(c.id)
            )
            yield from _pages(connection, statement, lambda last: c.id > last["id"])
        before.append(or_(c[column].is_(None), c[column].not_in(sources)))


def _pages(
    connection: Connection,
    statement: Select[Any],
    after: Callable[[Mapping[str, Any]], ColumnElement[bool]],
) -> Iterator[Sequence[Mapping[str, Any]]]:
    following = statement
    while True:
        rows = [dict(row) for row in connection.execute(following.limit(_PAGE)).mappings()]
        if rows:
            yield rows
        if len(rows) < _PAGE:
            return
        following = statement.where(after(rows[-1]))


def _taken(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Who took each step of each case last."""
    statement = (
        select(approval_step.c.approval_id, approval_step.c.step, approval_step.c.taken_by)
        .where(approval_step.c.approval_id.in_(ids))
        .order_by(approval_step.c.id)
    )
    found: dict[int, dict[str, str]] = {}
    for identity, step, who in connection.execute(statement):
        found.setdefault(identity, {})[step] = who
    return found


def _open_to(
    row: Mapping[str, Any],
    taken: Mapping[str, str],
    actor: Actor,
    known: Mapping[str | None, Sequence[str]],
) -> list[Step]:
    paths = {who: known[row[column]] for who, column in _BODIES.items()}
    states = {column: row[column] for column in STATE_COLUMNS}
    standing = Standing(row["id"], row["version"], states, paths, taken)
    return [
        step
        for step in _awaited()
        if step.target != states[step.column] and may_take(standing, step, actor)
    ]


def _shown(row: Mapping[str, Any], open_to: Sequence[Step]) -> dict[str, Any]:
    columns = ("id", "name", "kind", "state", "division_code", "applied_on", "due_on")
    return {
        "number": number_of(row),
        **{name: row[name] for name in columns},
        "steps": [
            {
                "step": step.code,
                "zh": step.zh,
                "en": step.en,
                "roles": [str(role) for role in step.roles],
                "division_code": row[_BODIES[step.where]],
            }
            for step in open_to
        ],
    }
