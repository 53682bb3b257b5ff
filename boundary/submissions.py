"""A surveyor's file: received untouched, judged, shown, and only then committed (提交).

    receive → preview → commit

The bytes are stored before they are read. The same bytes sent again are the same submission.
Nothing becomes an inspection before the commit, and no reference position ever changes.
"""

import hashlib
import tempfile
import threading
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, delete, insert, select

from boundary.assessment import Assessment, AssessmentSettings, assess
from boundary.errors import NotCommittable
from boundary.observations import ObservationRow
from boundary.records import inspection_records, newest_by_marker
from boundary.register import read_region, read_register
from boundary.tables import inspection, marker, submission, submission_report
from data.coordinates import ReferenceSystem
from data.errors import Conflict, Fault, FaultsFound, InvalidFile, NotFound
from data.formats import UPLOAD_LIMITS, Limits, map_table, open_table
from data.store import Store
from data.stored_files import keep_file, read_file
from data.transaction import Transaction

RECEIVED, PREVIEW, REFUSED, COMMITTED = "received", "preview", "refused", "committed"

INSPECTION_LIMITS = replace(UPLOAD_LIMITS, max_rows=20_000)
"""A visit has some thousands of markers; the report of each row takes some kilobytes of memory."""
_LARGE_BYTES = 200_000
_large_files = threading.Lock()
"""A process judges one large file at a time: several at once would need too much memory."""

Report = dict[str, Any]
"""A submission's report: see `docs/verdicts.md` for its fields."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file's rows as typed, by row number, and what the assessment says of them."""

    rows: Mapping[int, Mapping[str, str]]
    assessment: Assessment
    notes: tuple[Fault, ...]

    def report(self) -> Report:
        """The part of a submission's report that the file itself determines."""
        notes = [_fault_json(note) for note in self.notes]
        return {**self.assessment.as_json(), "notes": notes}


def receive(store: Store, content: bytes, file_name: str, sent_by: str) -> int:
    """Store a file untouched and return its submission's id; the same bytes give the same id."""
    sha256 = hashlib.sha256(content).hexdigest()
    with store.read() as connection:
        known = _id_of(connection, sha256)
    if known is not None:
        return known
    with store.write(sent_by, f"receive {file_name}") as transaction:
        known = _id_of(transaction.connection, sha256)
        if known is not None:
            return known
        keep_file(transaction, content)
        return transaction.insert(
            submission,
            {
                "sha256": sha256,
                "file_name": file_name,
                "sent_by": sent_by,
                "received_at": transaction.at,
                "state": RECEIVED,
            },
        )


def preview(store: Store, submission_id: int, today: date | None = None) -> Report:
    """Judge a received file and keep the report; a committed one gives its report as it was.

    Args:
        store: the store.
        submission_id: from `receive`.
        today: the day that dates must not lie after; the present day by default.

    Returns:
        The report. A file that cannot be read is `refused`, its reason among the faults.

    Raises:
        NotFound: there is no such submission.
    """
    with store.read() as connection:
        row = _row(connection, submission_id)
        if row["state"] == COMMITTED:
            return _stored_report(row)
        text, state = _judge(store, connection, row, today or _today())
    if _same(row, text) and row["state"] == state:
        return _stored_report(row)
    with store.write(row["sent_by"], f"preview {row['file_name']}") as transaction:
        row = _row(transaction.connection, submission_id)
        if row["state"] == COMMITTED:
            return _stored_report(row)
        _save(transaction, row, state, text)
    return _report(row | {"state": state}, text)


def commit(store: Store, submission_id: int, actor: str, today: date | None = None) -> Report:
    """Turn a previewed file into inspections, in one transaction.

    Rows that could not be read or matched stay in the report. A committed submission is left as
    it is and its report returned, so that a repeated request does nothing twice.

    Raises:
        NotFound: there is no such submission.
        NotCommittable: it was refused, or no row of it names a marker.
        Conflict: the register has changed since the preview; the new preview is kept.
    """
    changed = False
    with store.write(actor, "commit a submission") as transaction:
        row = _row(transaction.connection, submission_id)
        if row["state"] == COMMITTED:
            return _stored_report(row)
        if row["state"] == REFUSED:
            raise NotCommittable(
                f"submission {submission_id} was refused; correct the file and send it again",
                f"提交 {submission_id} 未能读取；请更正文件后重新上传",
            )
        inspected = _inspect_stored(store, transaction.connection, row, today or _today())
        text = orjson.dumps(inspected.report())
        if row["state"] == PREVIEW and not _same(row, text):
            _save(transaction, row, PREVIEW, text)
            changed = True
        else:
            _write(transaction, row, inspected)
            _save(transaction, row, COMMITTED, text, committed_by=actor)
            told = {"committed_by": actor, "committed_at": transaction.at}
            row |= {"state": COMMITTED, **told}
    if changed:
        raise Conflict(
            f"the register has changed since submission {submission_id} was previewed:"
            " look at the new preview and commit again",
            f"提交 {submission_id} 预览之后界桩登记已有变化：请查看新的预览后再次提交",
        )
    return _report(row, text)


def read_submission(connection: Connection, submission_id: int) -> Report:
    """A submission's report as it stands.

    Raises:
        NotFound: there is no such submission.
    """
    return _stored_report(_row(connection, submission_id))


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
    store: Store, connection: Connection, row: Mapping[str, Any], today: date
) -> tuple[bytes, str]:
    """The report as JSON and the state that follows from it."""
    try:
        inspected = _inspect_stored(store, connection, row, today)
        return orjson.dumps(inspected.report()), PREVIEW
    except FaultsFound as error:
        return orjson.dumps(_refusal(error.faults)), REFUSED
    except InvalidFile as error:
        fault = Fault(error.code, None, None, "", error.zh, error.message)
        return orjson.dumps(_refusal([fault])), REFUSED


def _inspect_stored(
    store: Store, connection: Connection, row: Mapping[str, Any], today: date
) -> Inspected:
    content = read_file(connection, row["sha256"])
    turn = _large_files if len(content) > _LARGE_BYTES else nullcontext()
    with turn, tempfile.NamedTemporaryFile(prefix="ovoo-") as file:
        file.write(content)
        file.flush()
        del content
        return inspect_file(connection, store.crs, Path(file.name), row["file_name"], today)


def _refusal(faults: object) -> Report:
    listed = [_fault_json(fault) for fault in faults]  # type: ignore[attr-defined]
    return {
        "row_count": 0,
        "summary": {},
        "faults": listed,
        "findings": [],
        "results": [],
        "notes": [],
    }


def _fault_json(fault: Fault) -> dict[str, Any]:
    return {name: getattr(fault, name) for name in ("code", "row", "column", "value", "zh", "en")}


def _write(transaction: Transaction, row: Mapping[str, Any], inspected: Inspected) -> None:
    records = inspection_records(row["id"], inspected.assessment, inspected.rows)
    if not records:
        raise NotCommittable(
            f"submission {row['id']} has no row that names a marker; nothing to commit",
            f"提交 {row['id']} 中没有可对应到界桩的行；没有可提交的内容",
        )
    transaction.insert_many(inspection, records)
    newest = newest_by_marker(records)
    seen = transaction.connection.execute(
        select(marker.c.id, marker.c.version, marker.c.inspected_on)
    ).all()
    for known in seen:
        values = newest.get(known.id)
        if values and (known.inspected_on or date.min) <= (values["inspected_on"] or date.min):
            transaction.update(marker, known.id, known.version, values)


def _save(
    transaction: Transaction,
    row: Mapping[str, Any],
    state: str,
    text: bytes,
    committed_by: str | None = None,
) -> None:
    connection = transaction.connection
    connection.execute(
        delete(submission_report).where(submission_report.c.submission_id == row["id"])
    )
    connection.execute(
        insert(submission_report).values(submission_id=row["id"], json=text.decode())
    )
    values: dict[str, Any] = {"state": state, "report_sha256": hashlib.sha256(text).hexdigest()}
    if committed_by is not None:
        values |= {"committed_by": committed_by, "committed_at": transaction.at}
    transaction.update(submission, row["id"], row["version"], values)


def _same(row: Mapping[str, Any], text: bytes) -> bool:
    return bool(row["report_sha256"] == hashlib.sha256(text).hexdigest())


def _stored_report(row: Mapping[str, Any]) -> Report:
    return _report(row, row["report"] or b"{}")


def _report(row: Mapping[str, Any], text: str | bytes) -> Report:
    head = ("id", "state", "sha256", "file_name", "received_at", "sent_by")
    known = {name: row[name] for name in (*head, "committed_by", "committed_at")}
    return {**known, **orjson.loads(text)}


def _id_of(connection: Connection, sha256: str) -> int | None:
    return connection.scalar(select(submission.c.id).where(submission.c.sha256 == sha256))


def _row(connection: Connection, submission_id: int) -> dict[str, Any]:
    statement = (
        select(submission, submission_report.c.json.label("report"))
        .outerjoin(submission_report, submission_report.c.submission_id == submission.c.id)
        .where(submission.c.id == submission_id)
    )
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(
            f"there is no submission {submission_id}", f"没有编号为 {submission_id} 的提交"
        )
    return dict(row)


def _today() -> date:
    return datetime.now(UTC).date()
