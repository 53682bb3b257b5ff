"""Files that people send about the register: kept untouched, judged, shown, then committed (提交).

    receive → preview → commit

The bytes are stored before they are read. The same bytes sent again are the same submission. What
a file becomes when it is committed is the upper floors' business.
"""

import hashlib
import threading
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import orjson
from sqlalchemy import Column, Connection, ForeignKey, Table, Text, delete, insert, select

from data.deadlines import today as day_now
from data.errors import Conflict, Fault, FaultsFound, InvalidFile, NotCommittable, NotFound
from data.store import Store
from data.stored_files import keep_file, read_file
from data.tables import ID, metadata, record_table, text_column
from data.transaction import Transaction
from data.work_folders import work_file

RECEIVED, PREVIEW, REFUSED, COMMITTED = "received", "preview", "refused", "committed"
_LARGE_BYTES = 200_000
_large_files = threading.Lock()
"""A process judges one large file at a time: several at once would need too much memory."""

Report = dict[str, Any]


class Judged(Protocol):
    """What a file's judge found in it."""

    def report(self) -> Report:
        """The part of a submission's report that the file itself determines."""


Judge = Callable[[Store, Connection, Path, Mapping[str, Any], date], Judged]
"""Reads a file (path, the record of its receipt, today) against the register; writes nothing."""
Writer = Callable[[Transaction, Mapping[str, Any], Any], None]
"""Turns what a judge found into records; `NotCommittable` where there is nothing to write."""
Change = Callable[[Transaction, Any, date], None]
"""Changes what is known beside a file, given what its judge found and today."""


def received_tables(name: str, *more: Column[Any]) -> tuple[Table, Table]:
    """The table of files sent, with their state, and that of their reports as JSON.

    `more` columns are what else is said of how a file is read.
    """
    files = record_table(
        name,
        Column("sha256", Text, ForeignKey("stored_file.sha256"), nullable=False, unique=True),
        text_column("file_name", required=True),
        text_column("sent_by", required=True),
        text_column("received_at", required=True),
        text_column("state", required=True, index=True),
        text_column("committed_by"),
        text_column("committed_at"),
        text_column("report_sha256"),
        *more,
    )
    reports = Table(
        f"{name}_report",
        metadata,
        Column("submission_id", ID, ForeignKey(f"{name}.id"), primary_key=True),
        Column("json", Text, nullable=False),
    )
    return files, reports


@dataclass(frozen=True, slots=True)
class ReceivedFiles:
    """One kind of files sent.

    Attributes:
        files, reports: from `received_tables`.
        judge: judges a file.
        write: writes what a judged file becomes.
        said: further columns of `files`, JSON objects, that its reports hold.
    """

    files: Table
    reports: Table
    judge: Judge
    write: Writer
    said: tuple[str, ...] = ()

    def receive(self, store: Store, content: bytes, file_name: str, sent_by: str) -> int:
        """Store a file untouched and return its submission's id; the same bytes give the same."""
        sha256 = hashlib.sha256(content).hexdigest()
        with store.read() as connection:
            known = self._id_of(connection, sha256)
        if known is not None:
            return known
        with store.write(sent_by, f"receive {file_name}") as transaction:
            known = self._id_of(transaction.connection, sha256)
            if known is not None:
                return known
            keep_file(transaction, content)
            return transaction.insert(
                self.files,
                {
                    "sha256": sha256,
                    "file_name": file_name,
                    "sent_by": sent_by,
                    "received_at": transaction.at,
                    "state": RECEIVED,
                },
            )

    def preview(self, store: Store, identity: int, today: date | None = None) -> Report:
        """Judge a received file and keep the report; a committed one gives its own as it was.

        A file that cannot be read is `refused`, its reason among the faults.

        Raises:
            NotFound: there is no such submission.
        """
        with store.read() as connection:
            row = self._row(connection, identity)
            if row["state"] == COMMITTED:
                return self._stored_report(row)
            text, state = self._judged(store, connection, row, today or day_now())
        if _same(row, text) and row["state"] == state:
            return self._stored_report(row)
        with store.write(row["sent_by"], f"preview {row['file_name']}") as transaction:
            row = self._row(transaction.connection, identity)
            if row["state"] == COMMITTED:
                return self._stored_report(row)
            self._save(transaction, row, state, text)
        return self._report(row | {"state": state}, text)

    def commit(self, store: Store, identity: int, actor: str, today: date | None = None) -> Report:
        """Write what a previewed file becomes, in one transaction; doing it again does nothing.

        Raises:
            NotFound: there is no such submission.
            NotCommittable: it was refused, or nothing of it can be written.
            Conflict: the register has changed since the preview; the new preview is kept.
        """
        changed = False
        with store.write(actor, "commit a submission") as transaction:
            row = self._row(transaction.connection, identity)
            if row["state"] == COMMITTED:
                return self._stored_report(row)
            if row["state"] == REFUSED:
                raise NotCommittable(
                    f"submission {identity} was refused; correct the file and send it again",
                    f"提交 {identity} 未能读取；请更正文件后重新上传",
                )
            judged = self._judge(store, transaction.connection, row, today or day_now())
            text = orjson.dumps(judged.report())
            if row["state"] == PREVIEW and not _same(row, text):
                self._save(transaction, row, PREVIEW, text)
                changed = True
            else:
                self.write(transaction, row, judged)
                self._save(transaction, row, COMMITTED, text, committed_by=actor)
                told = {"committed_by": actor, "committed_at": transaction.at}
                row |= {"state": COMMITTED, **told}
        if changed:
            raise Conflict(
                f"the register has changed since submission {identity} was previewed:"
                " look at the new preview and commit again",
                f"提交 {identity} 预览之后登记内容已有变化：请查看新的预览后再次提交",
            )
        return self._report(row, text)

    def change(
        self,
        store: Store,
        identity: int,
        actor: str,
        reason: str,
        change: Change,
        today: date | None = None,
    ) -> Report:
        """Change what is known beside a previewed file, and judge it anew, in one transaction.

        Raises:
            NotFound: there is no such submission.
            NotCommittable: it was refused, or is committed already.
        """
        day = today or day_now()
        with store.write(actor, reason) as transaction:
            row = self._row(transaction.connection, identity)
            if row["state"] in {REFUSED, COMMITTED}:
                state_zh = "提交" if row["state"] == COMMITTED else "退回"
                raise NotCommittable(
                    f"submission {identity} is {row['state']}; send a new file instead",
                    f"提交 {identity} 已{state_zh}；请另发新文件",
                )
            change(transaction, self._judge(store, transaction.connection, row, day), day)
            text = orjson.dumps(self._judge(store, transaction.connection, row, day).report())
            self._save(transaction, row, PREVIEW, text)
        return self._report(row | {"state": PREVIEW}, text)

    def revise(
        self,
        store: Store,
        identity: int,
        actor: str,
        reason: str,
        values: Mapping[str, Any],
        before: Callable[[Transaction], None],
        today: date | None = None,
    ) -> Report:
        """Change how a file is read, and judge it anew from its kept bytes, in one transaction.

        A file that could not be read may be readable then, and the other way round.

        Args:
            store: the store.
            identity: of the submission.
            actor: who changes it.
            reason: why, for the journal.
            values: what the submission says of how its file is read.
            before: done first: takes back what holds for the present reading only.
            today: the day that dates must not lie after.

        Raises:
            NotFound: there is no such submission.
            NotCommittable: it is committed already.
        """
        with store.write(actor, reason) as transaction:
            row = self._row(transaction.connection, identity)
            if row["state"] == COMMITTED:
                raise NotCommittable(
                    f"submission {identity} is committed; how it was read can no longer change",
                    f"提交 {identity} 已入库；不能再更改读取方式",
                )
            before(transaction)
            transaction.update(self.files, identity, row["version"], values)
            row = self._row(transaction.connection, identity)
            text, state = self._judged(store, transaction.connection, row, today or day_now())
            self._save(transaction, row, state, text)
        return self._report(row | {"state": state}, text)

    def read(self, connection: Connection, identity: int) -> Report:
        """A submission's report as it stands.

        Raises:
            NotFound: there is no such submission.
        """
        return self._stored_report(self._row(connection, identity))

    def in_state(self, connection: Connection, state: str, limit: int) -> list[dict[str, Any]]:
        """The receipts of the newest submissions of one state, without their reports."""
        head = ("id", "state", "file_name", "received_at", "sent_by")
        statement = (
            select(*(self.files.c[name] for name in head))
            .where(self.files.c.state == state)
            .order_by(self.files.c.id.desc())
            .limit(limit)
        )
        return [
            {name: row[name] for name in head} for row in connection.execute(statement).mappings()
        ]

    def newest(self, connection: Connection, limit: int) -> list[dict[str, Any]]:
        """The receipts of the newest submissions of any state, without their reports."""
        head = ("id", "state", "file_name", "received_at", "sent_by")
        columns = [self.files.c[name] for name in head]
        rows = connection.execute(select(*columns).order_by(self.files.c.id.desc()).limit(limit))
        return [{name: row[name] for name in head} for row in rows.mappings()]

    def _judged(
        self, store: Store, connection: Connection, row: Mapping[str, Any], today: date
    ) -> tuple[bytes, str]:
        """The report as JSON and the state that follows from it."""
        try:
            return orjson.dumps(self._judge(store, connection, row, today).report()), PREVIEW
        except FaultsFound as error:
            return orjson.dumps({**_refusal(error.faults), **error.beside}), REFUSED
        except InvalidFile as error:
            fault = Fault(error.code, None, None, "", error.zh, error.message)
            return orjson.dumps(_refusal([fault])), REFUSED

    def _judge(
        self, store: Store, connection: Connection, row: Mapping[str, Any], today: date
    ) -> Judged:
        content = read_file(connection, row["sha256"])
        turn = _large_files if len(content) > _LARGE_BYTES else nullcontext()
        with turn, work_file(content) as path:
            del content
            return self.judge(store, connection, path, row, today)

    def _save(
        self,
        transaction: Transaction,
        row: Mapping[str, Any],
        state: str,
        text: bytes,
        committed_by: str | None = None,
    ) -> None:
        connection = transaction.connection
        connection.execute(delete(self.reports).where(self.reports.c.submission_id == row["id"]))
        connection.execute(insert(self.reports).values(submission_id=row["id"], json=text.decode()))
        values: dict[str, Any] = {"state": state, "report_sha256": hashlib.sha256(text).hexdigest()}
        if committed_by is not None:
            values |= {"committed_by": committed_by, "committed_at": transaction.at}
        transaction.update(self.files, row["id"], row["version"], values)

    def _stored_report(self, row: Mapping[str, Any]) -> Report:
        return self._report(row, row["report"] or b"{}")

    def _report(self, row: Mapping[str, Any], text: str | bytes) -> Report:
        head = ("id", "state", "sha256", "file_name", "received_at", "sent_by")
        known = {name: row[name] for name in (*head, "committed_by", "committed_at")}
        said = {name: orjson.loads(row[name] or b"{}") for name in self.said}
        return {**known, **said, **orjson.loads(text)}

    def _id_of(self, connection: Connection, sha256: str) -> int | None:
        return connection.scalar(select(self.files.c.id).where(self.files.c.sha256 == sha256))

    def _row(self, connection: Connection, identity: int) -> dict[str, Any]:
        statement = (
            select(self.files, self.reports.c.json.label("report"))
            .outerjoin(self.reports, self.reports.c.submission_id == self.files.c.id)
            .where(self.files.c.id == identity)
        )
        row = connection.execute(statement).mappings().one_or_none()
        if row is None:
            raise NotFound(f"there is no submission {identity}", f"没有编号为 {identity} 的提交")
        return dict(row)


def fault_json(fault: Fault) -> dict[str, Any]:
    """A fault as a report has it."""
    return {name: getattr(fault, name) for name in ("code", "row", "column", "value", "zh", "en")}


def _refusal(faults: Iterable[Fault]) -> Report:
    return {
        "row_count": 0,
        "summary": {},
        "faults": [fault_json(fault) for fault in faults],
        "findings": [],
        "results": [],
        "notes": [],
    }


def _same(row: Mapping[str, Any], text: bytes) -> bool:
    return bool(row["report_sha256"] == hashlib.sha256(text).hexdigest())
