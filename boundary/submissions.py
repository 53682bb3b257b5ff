"""A surveyor's file: received untouched, judged, shown, and only then committed (提交).

    receive → preview → commit

The bytes are stored before they are read. The same bytes sent again are the same submission.
Nothing becomes an inspection before the commit, and no reference position ever changes.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from boundary.corrections import (
    read_corrections,
    withdraw_all,
    withdraw_confirmed,
    write_cause,
    write_confirmed,
)
from boundary.evidence_tables import outcome
from boundary.inspecting import Inspected, judge_rows, read_rows
from boundary.markers.photos import link_photos
from boundary.past import clean_outcomes, write_evidence
from boundary.records import committable, inspection_records
from boundary.repairs import open_orders
from boundary.status.keeping import refresh
from boundary.tables import inspection, submission, submission_report
from data import column_choice
from data.column_choice import said_columns
from data.errors import NotCommittable
from data.received import PREVIEW, ReceivedFiles, Report
from data.store import Store
from data.transaction import Transaction

_RECORD: Final = "inspections"


def receive(store: Store, content: bytes, file_name: str, sent_by: str) -> int:
    """Store a file untouched and return its submission's id; the same bytes give the same id."""
    return _files().receive(store, content, file_name, sent_by)


def preview(store: Store, submission_id: int, today: date | None = None) -> Report:
    """Judge a received file and keep the report; a committed one gives its report as it was.

    Args:
        store: the store.
        submission_id: from `receive`.
        today: the day that dates must not lie after; the present day by default.

    Returns:
        The report: see `docs/verdicts.md` for its fields. A file that cannot be read is
        `refused`, its reason among the faults.

    Raises:
        NotFound: there is no such submission.
    """
    return _files().preview(store, submission_id, today)


def commit(store: Store, submission_id: int, actor: str, today: date | None = None) -> Report:
    """Turn a previewed file into inspections, in one transaction.

    Rows that could not be read or matched stay in the report. A committed submission is left as
    it is and its report returned, so that a repeated request does nothing twice.

    Raises:
        NotFound: there is no such submission.
        NotCommittable: it was refused, or no row of it names a marker.
        Conflict: the register has changed since the preview; the new preview is kept.
    """
    return _files().commit(store, submission_id, actor, today)


def read_submission(connection: Connection, submission_id: int) -> Report:
    """A submission's report as it stands.

    Raises:
        NotFound: there is no such submission.
    """
    return _files().read(connection, submission_id)


def open_submissions(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """The receipts of files that are previewed and not committed, the newest first."""
    return _files().in_state(connection, PREVIEW, limit)


def newest_submissions(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """The receipts of the files that came last, of any state, the newest first."""
    return _files().newest(connection, limit)


def name_columns(
    store: Store,
    submission_id: int,
    mapping: Mapping[str, str],
    actor: str,
    today: date | None = None,
) -> Report:
    """A person says which columns of a file are which fields; it is read and judged anew.

    The kept bytes are read with the names given; everything else is recognised by its spelling.
    What was confirmed of the former reading is taken back. The same names again change nothing.

    Args:
        store: the store.
        submission_id: from `receive`.
        mapping: column → field, `-` for a column that is not to be read; a column is named as it
            is, or by its place (`#3`). Empty: every column is recognised by its spelling.
        actor: who says so.
        today: the day that dates must not lie after.

    Raises:
        NotFound: there is no such submission.
        NotCommittable: it is committed already.
        InvalidValue: a field is unknown.
    """

    def before(transaction: Transaction) -> None:
        withdraw_all(transaction, submission_id)

    return column_choice.name_columns(
        _files(), _RECORD, store, submission_id, mapping, actor, today, before=before
    )


def confirm_corrections(
    store: Store,
    submission_id: int,
    rows: Sequence[int],
    actor: str,
    reason: str = "",
    today: date | None = None,
) -> Report:
    """A person's word for the corrections proposed for some rows of a previewed file.

    The rows stay as they came; rows derived from them are judged and committed in their place.

    Raises:
        NotFound: there is no such submission.
        NotCommittable: it was refused, or is committed already.
        InvalidValue: a row has no proposal.
    """

    def change(transaction: Transaction, inspected: Inspected, day: date) -> None:
        write_confirmed(transaction, submission_id, inspected, rows, day, reason)

    return _files().change(store, submission_id, actor, "confirm corrections", change, today)


def withdraw_corrections(
    store: Store, submission_id: int, rows: Sequence[int], actor: str, today: date | None = None
) -> Report:
    """Take back confirmed corrections of a previewed file.

    Raises:
        NotFound: there is no such submission.
        NotCommittable: it was refused, or is committed already.
        InvalidValue: a row has none.
    """

    def change(transaction: Transaction, _: Inspected, _day: date) -> None:
        withdraw_confirmed(transaction, submission_id, rows)

    return _files().change(store, submission_id, actor, "withdraw corrections", change, today)


def confirm_cause(
    store: Store, submission_id: int, cause: str, actor: str, today: date | None = None
) -> Report:
    """A person confirms what a report found: it is learned of the surveyors and devices concerned.

    Raises:
        NotFound: there is no such submission.
        NotCommittable: it was refused, or is committed already.
        InvalidValue: the report finds no such cause.
    """

    def change(transaction: Transaction, inspected: Inspected, _day: date) -> None:
        write_cause(transaction, submission_id, inspected, cause)

    return _files().change(store, submission_id, actor, f"confirm {cause}", change, today)


def _judge(
    store: Store, connection: Connection, path: Path, row: Mapping[str, Any], today: date
) -> Inspected:
    file = read_rows(path, row["file_name"], overrides=said_columns(row))
    corrections = read_corrections(connection, row["id"], file)
    return judge_rows(
        connection, store.crs, file, today, corrections=corrections, before=row["received_at"]
    )


def _write(transaction: Transaction, row: Mapping[str, Any], inspected: Inspected) -> None:
    kept = committable(inspected.assessment)
    records = inspection_records(row["id"], kept, inspected.rows)
    if not records:
        raise NotCommittable(
            f"submission {row['id']} has no row that names a marker; nothing to commit",
            f"提交 {row['id']} 中没有可对应到界桩的行；没有可提交的内容",
        )
    ids = transaction.insert_many(inspection, records)
    by_marker = {one["marker_id"]: key for key, one in zip(ids, records, strict=True)}
    link_photos(transaction, row["id"], by_marker)
    derived = {one.number: one.as_json() for one in inspected.corrections}
    write_evidence(transaction, ids, kept, inspected.rows, derived)
    outcomes = clean_outcomes(
        row["id"], inspected.assessment, inspected.rows, transaction.actor, transaction.at
    )
    transaction.insert_many(outcome, outcomes)
    markers = sorted({record["marker_id"] for record in records})
    refresh(transaction, markers)
    open_orders(transaction, markers, transaction.day)


def _files() -> ReceivedFiles:
    return ReceivedFiles(submission, submission_report, _judge, _write, ("mapping",))
