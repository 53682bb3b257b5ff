"""Proposals confirmed by a person: a row derived from the one that came takes its part."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection, select

from boundary.diagnosis import Proposal, ProposedCorrection
from boundary.evidence_tables import correction, outcome
from boundary.inspecting import Derived, FileRows, Inspected
from boundary.observations import ObservationRow
from boundary.past import Made, outcome_record
from data.errors import InvalidValue
from data.transaction import Transaction

_NO_ERROR = frozenset({"zone_unstated"})
"""Proposals that complete what was written; nobody is known to err by them."""


def read_corrections(
    connection: Connection, submission_id: int, file: FileRows
) -> tuple[Derived, ...]:
    """The confirmed corrections of a submission, in the order they were confirmed.

    Derived rows are numbered on from the file's last row.
    """
    rows = connection.execute(
        select(correction)
        .where(correction.c.submission_id == submission_id)
        .order_by(correction.c.id)
    ).all()
    last = max(file.rows, default=0)
    return tuple(
        Derived(
            row.row, last + place, _proposal(row), row.confirmed_by, row.confirmed_on,
            row.reason or "",
        )
        for place, row in enumerate(rows, start=1)
        if row.row in file.rows
    )  # fmt: skip


def _proposal(row: Any) -> Proposal:
    changes = tuple((one["field"], one["from"], one["to"]) for one in orjson.loads(row.changes))
    shown = "; ".join(f"{name}: {before} → {after}" for name, before, after in changes)
    return Proposal(row.code, changes, f"已确认更正：{shown}", f"confirmed: {shown}")


def write_confirmed(
    transaction: Transaction,
    submission_id: int,
    inspected: Inspected,
    rows: Sequence[int],
    today: date,
    reason: str = "",
) -> None:
    """Keep a person's word for the proposals of some rows, and what it says of who made them.

    Raises:
        InvalidValue: a row has no proposal, or nobody is named.
    """
    derived = {one.number for one in inspected.corrections}
    proposals = {
        result.row: result.proposal
        for result in inspected.assessment.results
        if result.proposal is not None and result.row not in derived
    }
    records, outcomes = [], []
    for number in dict.fromkeys(rows):
        proposal = proposals.get(number)
        if proposal is None:
            raise InvalidValue(
                "rows", number, "the row has no proposed correction",
                "choose a row whose result holds a proposal",
                f"第 {number} 行没有改正建议；请选择有建议的行",
            )  # fmt: skip
        cells = inspected.rows[number]
        row = ObservationRow(number, cells)
        confirmed = ProposedCorrection(submission_id, row, proposal).confirm(
            transaction.actor, today, reason
        )
        changes = [{"field": f, "from": a, "to": b} for f, a, b in proposal.changes]
        records.append(
            {
                "submission_id": submission_id,
                "row": number,
                "code": proposal.code,
                "changes": orjson.dumps(changes).decode(),
                "confirmed_by": confirmed.confirmed_by,
                "confirmed_on": confirmed.confirmed_on,
                "reason": reason or None,
            }
        )
        made = Made.of(cells)
        if proposal.code not in _NO_ERROR and (made.surveyor or made.device):
            outcomes.append(
                outcome_record(
                    submission_id, made, proposal.code, 1, transaction.actor, transaction.at
                )
            )
    transaction.insert_many(correction, records)
    transaction.insert_many(outcome, outcomes)


def withdraw_confirmed(transaction: Transaction, submission_id: int, rows: Sequence[int]) -> None:
    """Take back confirmed corrections of some rows.

    Raises:
        InvalidValue: a row has none.
    """
    known = {
        row.row: row
        for row in transaction.connection.execute(
            select(correction).where(correction.c.submission_id == submission_id)
        )
    }
    for number in dict.fromkeys(rows):
        if number not in known:
            raise InvalidValue(
                "rows", number, "no correction of this row was confirmed",
                "choose a row that was corrected", f"第 {number} 行没有已确认的更正",
            )  # fmt: skip
        gone = known.pop(number)
        transaction.delete(correction, gone.id, gone.version)
        if gone.code not in {row.code for row in known.values()}:
            _forget(transaction, submission_id, gone.code)


def withdraw_all(transaction: Transaction, submission_id: int) -> None:
    """Take back every confirmed correction of a submission whose rows will be read otherwise."""
    rows = transaction.connection.scalars(
        select(correction.c.row).where(correction.c.submission_id == submission_id)
    ).all()
    withdraw_confirmed(transaction, submission_id, rows)


def _forget(transaction: Transaction, submission_id: int, cause: str) -> None:
    """Nothing is learned from what was taken back."""
    learned = transaction.connection.execute(
        select(outcome.c.id, outcome.c.version).where(
            outcome.c.submission_id == submission_id, outcome.c.cause == cause
        )
    ).all()
    for row in learned:
        transaction.delete(outcome, row.id, row.version)


def write_cause(
    transaction: Transaction, submission_id: int, inspected: Inspected, cause: str
) -> None:
    """Keep that a person confirms a cause which was found: it is learned from, once.

    Raises:
        InvalidValue: the file shows no such cause.
    """
    rows = {
        row
        for finding in inspected.assessment.findings
        if finding.code == "diagnosis" and finding.details.get("cause") == cause
        for row in finding.rows
    }
    if not rows:
        raise InvalidValue(
            "cause", cause, "the report finds no such cause", "choose one of its findings",
            f"报告中没有原因“{cause}”；请选择报告已识别的原因",
        )  # fmt: skip
    counts: dict[Made, int] = {}
    for row in sorted(rows):
        made = Made.of(inspected.rows[row])
        if made.surveyor or made.device:
            counts[made] = counts.get(made, 0) + 1
    known = {
        (row.surveyor or "", row.device or "")
        for row in transaction.connection.execute(
            select(outcome.c.surveyor, outcome.c.device).where(
                outcome.c.submission_id == submission_id, outcome.c.cause == cause
            )
        )
    }
    transaction.insert_many(
        outcome,
        [
            outcome_record(submission_id, made, cause, count, transaction.actor, transaction.at)
            for made, count in counts.items()
            if (made.surveyor, made.device) not in known
        ],
    )
