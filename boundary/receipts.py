"""The receipt (回执) of a committed inspection file: what was sent, and what became of it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from boundary.seen_reports import sender_of
from boundary.tables import inspection, submission
from data.errors import Conflict
from data.received import COMMITTED
from data.tables import journal, stored_file


def receipt(connection: Connection, report: Mapping[str, Any]) -> dict[str, Any]:
    """What a sender keeps: the file and its hash, who and when, counts, and the journal's entry.

    The entry's hash can be held against the chain at any later time (`ovoo verify --since HASH`).

    Args:
        connection: a reading connection of the whole store.
        report: the submission's report, as its reader may see it.

    Raises:
        Conflict: the submission is not committed.
    """
    identity = report["id"]
    if report["state"] != COMMITTED:
        raise Conflict(
            f"submission {identity} is not committed; a receipt is given for what was committed",
            f"提交 {identity} 尚未入库；入库后才有回执",
        )
    row = connection.execute(
        select(submission.c.report_sha256, stored_file.c.size_bytes)
        .join(stored_file, stored_file.c.sha256 == submission.c.sha256)
        .where(submission.c.id == identity)
    ).one()
    counted = select(func.count()).select_from(inspection)
    kept = connection.scalar(counted.where(inspection.c.submission_id == identity))
    entry = connection.execute(
        select(journal.c.sequence, journal.c.hash)
        .where(journal.c.table_name == submission.name, journal.c.row_id == identity)
        .order_by(journal.c.sequence.desc())
        .limit(1)
    ).one()
    told = ("file_name", "sha256", "received_at", "committed_by", "committed_at", "mapping")
    return {
        "submission": identity,
        **{name: report[name] for name in told},
        "sent_by": sender_of(report),
        "size_bytes": row.size_bytes,
        "rows": report["row_count"],
        "inspections": kept,
        "verdicts": report["summary"],
        "faults": len(report["faults"]),
        "corrections": len(report["corrections"]),
        "report_sha256": row.report_sha256,
        "journal": {"sequence": entry.sequence, "hash": entry.hash},
    }
