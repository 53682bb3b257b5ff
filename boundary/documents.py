"""Documents of lines, markers, repairs, rounds: by hash, never deleted (Order 353, Art 13)."""

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from boundary.line_tables import boundary_document
from boundary.rows import plain
from data.errors import InvalidValue, NotFound
from data.reference import find_term, terms
from data.stored_files import keep_file
from data.transaction import Transaction

MOST_DOCUMENT_BYTES = 50_000_000
_UNKNOWN_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as it is handed in.

    Attributes:
        kind: one of `document_kinds`, by any of its words.
        title: its title.
        number: its number (文号).
        dated_on: its date.
        content: its bytes; None where only the paper is known.
        file_name: the name of the file.
    """

    kind: str
    title: str
    number: str | None = None
    dated_on: date | None = None
    content: bytes | None = None
    file_name: str | None = None


def keep_document(transaction: Transaction, owner: str, owner_id: int, paper: Paper) -> int:
    """Keep a document of a record and return its id.

    Args:
        transaction: an open transaction.
        owner: the name of the record's table.
        owner_id: the record.
        paper: the document.

    Raises:
        InvalidValue: the kind is unknown, the title is blank or the file is too large.
    """
    term = find_term("document_kinds", paper.kind)
    if term is None:
        known = "、".join(one.zh for one in terms("document_kinds"))
        raise InvalidValue(
            "kind", paper.kind, "this names no kind of document", f"give one of {known}",
            f"“{paper.kind}”不是文件类别；可用：{known}",
        )  # fmt: skip
    if not paper.title.strip():
        raise InvalidValue(
            "title", paper.title, "a document has a title", "give it", "文件缺少标题；请填写"
        )
    if paper.content is not None and not 0 < len(paper.content) <= MOST_DOCUMENT_BYTES:
        raise InvalidValue(
            "file", paper.file_name, f"a document has 1 to {MOST_DOCUMENT_BYTES} bytes",
            "send it again, or in parts", "文件为空或过大；请重新上传或分卷上传",
        )  # fmt: skip
    return transaction.insert(
        boundary_document,
        {
            "owner": owner,
            "owner_id": owner_id,
            "kind": term.code,
            "title": paper.title.strip(),
            "number": paper.number,
            "dated_on": paper.dated_on,
            "sha256": None if paper.content is None else keep_file(transaction, paper.content),
            "file_name": paper.file_name,
            "media_type": _media_type(paper.file_name) if paper.content is not None else None,
        },
    )


def _media_type(file_name: str | None) -> str:
    return mimetypes.guess_type(file_name or "")[0] or _UNKNOWN_TYPE


def documents_of(
    connection: Connection, owner: str, owner_ids: Sequence[int]
) -> list[dict[str, Any]]:
    """The documents of some records of one table, oldest first."""
    statement = (
        select(boundary_document)
        .where(boundary_document.c.owner == owner, boundary_document.c.owner_id.in_(owner_ids))
        .order_by(boundary_document.c.dated_on, boundary_document.c.id)
    )
    return [plain(row) for row in connection.execute(statement).mappings()]


def read_document(connection: Connection, document_id: int) -> dict[str, Any]:
    """A document's record.

    Raises:
        NotFound: there is none of that id.
    """
    statement = select(boundary_document).where(boundary_document.c.id == document_id)
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no document {document_id}", f"没有编号为 {document_id} 的文件")
    return plain(row)
