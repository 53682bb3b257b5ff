"""One case as the store has it: reading it, moving it by a step, its clocks."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from data.actors import Actor
from data.errors import InvalidValue, NotFound
from data.transaction import Transaction
from gazetteer.approvals.clocks import Clock, clock_rule
from gazetteer.approvals.steps import Standing, Step, check_step
from gazetteer.approvals.tables import approval, approval_paper, approval_step
from gazetteer.division_path import codes_above

Case = dict[str, Any]
"""A row of `approval` by column."""

STATE_COLUMNS: Final = ("state", "filing_state", "announcement_state")
CLOSED: Final = "closed"


def read_case(connection: Connection, identity: int) -> Case:
    """A case.

    Raises:
        NotFound: there is none of that id.
    """
    row = connection.execute(select(approval).where(approval.c.id == identity)).mappings().first()
    if row is None:
        raise NotFound(f"there is no application {identity}", f"没有编号为 {identity} 的申请")
    return {str(name): value for name, value in row.items()}


def number_of(case: Mapping[str, Any]) -> str:
    """The number by which people know a case: the year and its id."""
    applied_on: date = case["applied_on"]
    return f"{applied_on.year}-{case['id']:06d}"


def steps_of(connection: Connection, identity: int) -> Sequence[Mapping[str, Any]]:
    """The steps that were taken, oldest first."""
    statement = (
        select(approval_step)
        .where(approval_step.c.approval_id == identity)
        .order_by(approval_step.c.id)
    )
    return [dict(row) for row in connection.execute(statement).mappings()]


def papers_of(connection: Connection, identity: int) -> Sequence[Mapping[str, Any]]:
    """The papers of a case, oldest first."""
    statement = (
        select(approval_paper)
        .where(approval_paper.c.approval_id == identity)
        .order_by(approval_paper.c.id)
    )
    return [dict(row) for row in connection.execute(statement).mappings()]


def standing_of(connection: Connection, case: Case) -> Standing:
    """What of a case decides about its next step."""
    taken = {step["step"]: step["taken_by"] for step in steps_of(connection, case["id"])}
    columns = {
        "division": "division_code",
        "approving": "approving_code",
        "filing": "filing_code",
        "announcing": "announcing_code",
    }
    paths = {who: codes_above(connection, case[column]) for who, column in columns.items()}
    states = {column: case[column] for column in STATE_COLUMNS}
    return Standing(case["id"], case["version"], states, paths, taken)


def begin(
    connection: Connection, identity: int, code: str, actor: Actor, version: int
) -> tuple[Case, Step]:
    """The case and the step, where the case, the actor and the version allow it.

    Raises:
        NotFound, Conflict, WrongStep, Forbidden, OwnCase: as `check_step` says.
    """
    case = read_case(connection, identity)
    return case, check_step(standing_of(connection, case), code, actor, version)


def finish(
    transaction: Transaction,
    case: Case,
    step: Step,
    taken_on: date,
    values: Mapping[str, Any],
    note: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> Case:
    """Move a case by a step, and remember the step; the case as it is now."""
    after = case | {step.column: step.target} | dict(values)
    if after["state"] == "approved" and _is_done(after):
        after["state"] = CLOSED
    after["due_on"] = next_due(after)
    changed = {name: after[name] for name in after if after[name] != case[name]}
    after["version"] = transaction.update(approval, case["id"], case["version"], changed)
    remember(transaction, after, step.code, taken_on, note, details)
    return after


def remember(
    transaction: Transaction,
    case: Case,
    step: str,
    taken_on: date,
    note: str | None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write down a step that was taken."""
    transaction.insert(
        approval_step,
        {
            "approval_id": case["id"],
            "step": step,
            **{column: case[column] for column in STATE_COLUMNS},
            "taken_by": transaction.actor,
            "taken_on": taken_on,
            "at": transaction.at,
            "note": note or None,
            "details": orjson.dumps(details).decode() if details else None,
        },
    )


def _is_done(case: Case) -> bool:
    return case["filing_state"] in {"none", "filed"} and case["announcement_state"] == "announced"


def clocks_of(case: Mapping[str, Any]) -> list[Clock]:
    """The clocks of an approved case: of its filing, where there is one, and its announcement."""
    if case["decided_on"] is None or case["filing_state"] is None:
        return []
    starts = {"approval": case["decided_on"], "filing": case["filed_on"]}
    found = []
    if case["filing_state"] != "none":
        rule = clock_rule(case["filing_clock"])
        found.append(Clock(rule, starts[rule.start], case["filing_sent_on"]))
    rule = clock_rule(case["announcement_clock"])
    found.append(Clock(rule, starts[rule.start], case["announced_on"]))
    return found


def next_due(case: Mapping[str, Any]) -> date | None:
    """The next last day of the clocks that run; None where none does."""
    return min(
        (c.due_on for c in clocks_of(case) if c.due_on is not None and c.done_on is None),
        default=None,
    )


def check_day(field: str, day: date, not_before: date | None, today: date, after_what: str) -> None:
    """Refuse a day of a step before the one it follows, or in the future.

    Raises:
        InvalidValue: naming both days.
    """
    if not_before is not None and day < not_before:
        raise InvalidValue(
            field, day.isoformat(), f"it lies before the {after_what} of {not_before}",
            "correct the date",
            f"日期 {day} 早于前一环节的日期 {not_before}；请更正",
        )  # fmt: skip
    if day > today:
        raise InvalidValue(
            field, day.isoformat(), f"it lies after today, {today}", "correct the date",
            f"日期 {day} 晚于今天（{today}）；请更正",
        )  # fmt: skip
