"""Cases that wait for a step that somebody may take: what stands on that person's desk."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, select

from data.actors import Actor
from gazetteer.approvals.cases import STATE_COLUMNS, number_of
from gazetteer.approvals.steps import Standing, Step, may_take, steps
from gazetteer.approvals.tables import approval, approval_step
from gazetteer.division_path import codes_above

_MOST_READ: Final = 200
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
    complete does not. Of each state the 200 oldest cases are looked at.

    Args:
        connection: a reading connection.
        actor: who asks.
        limit: how many cases.

    Returns:
        Each case's id, number, name, kind, state, division and last day, and the steps with the
        division in which each may be taken; and whether there are more.
    """
    rows = [row for state in _states() for row in _oldest(connection, state)]
    taken = _taken(connection, [row["id"] for row in rows])
    paths = _paths(connection, rows)
    found = []
    for row in rows:
        open_to = _open_to(row, taken.get(row["id"], {}), actor, paths)
        if open_to:
            found.append(_shown(row, open_to))
    found.sort(key=lambda one: (one["due_on"] or date.max, one["id"]))
    return found[:limit], len(found) > limit


def _states() -> list[str]:
    """The states of a case from which some awaited step leads on."""
    sources = {
        source if step.part == "case" else "approved"
        for step in steps().values()
        for source in step.sources
    }
    return sorted(sources)


def _oldest(connection: Connection, state: str) -> Sequence[Mapping[str, Any]]:
    statement = (
        select(approval).where(approval.c.state == state).order_by(approval.c.id).limit(_MOST_READ)
    )
    return [dict(row) for row in connection.execute(statement).mappings()]


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


def _paths(
    connection: Connection, rows: Sequence[Mapping[str, Any]]
) -> dict[str | None, Sequence[str]]:
    """The codes of every body's division and of those above it, lowest first."""
    codes = {row[column] for row in rows for column in _BODIES.values()}
    return {code: codes_above(connection, code) for code in codes}


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
        for step in steps().values()
        if step.code not in _NEVER_AWAITED
        and step.target != states[step.column]
        and may_take(standing, step, actor)
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
