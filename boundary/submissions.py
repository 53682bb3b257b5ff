"""A surveyor's file: received untouched, judged, shown, and only then committed (提交).

    receive → preview → commit

The bytes are stored before they are read. The same bytes sent again are the same submission.
Nothing becomes an inspection before the commit, and no reference position ever changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from boundary.assessment import Assessment, AssessmentSettings, assess
from boundary.observations import ObservationRow
from boundary.records import inspection_records
from boundary.register import read_region, read_register
from boundary.status.keeping import refresh
from boundary.tables import inspection, submission, submission_report
from data.coordinates import ReferenceSystem
from data.errors import Fault, NotCommittable
from data.formats import UPLOAD_LIMITS, Limits, map_table, open_table
from data.received import ReceivedFiles, Report, fault_json
from data.store import Store
from data.transaction import Transaction

INSPECTION_LIMITS = replace(UPLOAD_LIMITS, max_rows=20_000)
"""A visit has some thousands of markers; the report of each row takes some kilobytes of memory."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file's rows as typed, by row number, and what the assessment says of them."""

    rows: Mapping[int, Mapping[str, str]]
    assessment: Assessment
    notes: tuple[Fault, ...]

    def report(self) -> Report:
        """The part of a submission's report that the file itself determines."""
        notes = [fault_json(note) for note in self.notes]
        return {**self.assessment.as_json(), "notes": notes}


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


def inspect_file(
    connection: Connection,
    crs: str,
    path: Path,
    file_name: str,
    today: date,
    limits: Limits = INSPECTION_LIMITS,
) -> Inspected:
    """Read a file and judge its rows against the register; nothing is written.

    Args:
        connection: a reading connection.
        crs: the store's reference system, which a table that names none is taken to be in; a GIS
            file must name its own.
        path: the file.
        file_name: its sender's name for it.
        today: the day that dates must not lie after.
        limits: on size, rows, memory and time.

    Raises:
        InvalidFile: the file cannot be read.
        FaultsFound: its columns cannot be recognised.
    """
    system = ReferenceSystem.parse(crs)
    with open_table(path, limits=limits, file_name=file_name) as table:
        columns = map_table("inspections", table)
        columns.check()
        rows: dict[int, Mapping[str, str]] = {}
        faults: list[Fault] = []
        for row in table.rows:
            faults.extend(row.faults)
            rows[row.number] = _own_system(columns.cells(row))
        notes = (*table.notes, *columns.notes)
    settings = AssessmentSettings(
        today=today, system=system, region=read_region(connection), default_crs=crs
    )
    assessment = assess(
        read_register(connection),
        [ObservationRow(number, cells) for number, cells in rows.items()],
        settings,
    )
    named = (replace(f, column=columns.column_of(f.column or "")) for f in assessment.faults)
    return Inspected(rows, replace(assessment, faults=(*faults, *named)), notes)


def _own_system(cells: Mapping[str, str]) -> Mapping[str, str]:
    """GeoJSON can state no datum (RFC 7946): its numbers are the store's own, as ours are."""
    if cells.get("crs") == "OGC:CRS84":
        return {field: text for field, text in cells.items() if field != "crs"}
    return cells


def _judge(
    store: Store, connection: Connection, path: Path, file_name: str, today: date
) -> Inspected:
    return inspect_file(connection, store.crs, path, file_name, today)


def _write(transaction: Transaction, row: Mapping[str, Any], inspected: Inspected) -> None:
    records = inspection_records(row["id"], inspected.assessment, inspected.rows)
    if not records:
        raise NotCommittable(
            f"submission {row['id']} has no row that names a marker; nothing to commit",
            f"提交 {row['id']} 中没有可对应到界桩的行；没有可提交的内容",
        )
    transaction.insert_many(inspection, records)
    refresh(transaction, sorted({record["marker_id"] for record in records}))


def _files() -> ReceivedFiles:
    return ReceivedFiles(submission, submission_report, _judge, _write)
