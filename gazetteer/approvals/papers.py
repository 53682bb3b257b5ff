"""The papers of an application (申请材料): kept as they came, under their hash."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, select

from data.actors import Actor
from data.attachments import check_attachment
from data.errors import InvalidValue, NotFound
from data.reference import find_term, terms
from data.store import Store
from data.stored_files import keep_file, read_file
from data.transaction import Transaction
from gazetteer.approvals.cases import CLOSED, read_case, standing_of
from gazetteer.approvals.steps import Standing, steps
from gazetteer.approvals.tables import approval_paper
from gazetteer.errors import WrongStep

_FINISHED: Final = ("refused", "withdrawn", CLOSED)


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A paper as it came: its kind in any of its words, its bytes, its file's name, its title."""

    kind: str
    content: bytes
    file_name: str
    title: str = ""


def add_paper(
    store: Store, identity: int, kind: str, content: bytes, file_name: str, title: str, actor: Actor
) -> int:
    """Keep a paper with an application; its own id.

    Papers may be added until the case is closed: by those who may amend it, and by the bodies
    that approve and announce it. A paper is never taken away.

    Raises:
        InvalidFile: it is empty, broken, has macros or would fetch something from elsewhere.
        FileTooLarge, UnknownFormat: it is too large, or of no kept format.
        InvalidValue: its kind is unknown.
        Forbidden, WrongStep: the actor may not, or the case is closed.
    """
    paper = NewPaper(kind, content, file_name, title)
    values = paper_values(paper)
    with store.write(actor.name, f"add {values['kind']} to application {identity}") as transaction:
        case = read_case(transaction.connection, identity)
        standing = standing_of(transaction.connection, case)
        if not may_add(standing, actor):
            roles = steps()["amend"].roles
            actor.require(roles, standing.paths["division"], "add a paper (提交材料)")
        if is_finished(case):
            raise WrongStep(
                f"application {identity} is finished; nothing is added to it",
                f"申请 {identity} 已结束，不再接收材料",
            )
        return insert_paper(transaction, identity, paper, values)


def may_add(standing: Standing, actor: Actor) -> bool:
    """Whether the actor is of those whose papers a case takes."""
    roles = steps()["amend"].roles
    return any(actor.may(role, path) for role in roles for path in standing.paths.values())


def is_finished(case: Mapping[str, Any]) -> bool:
    """Whether nothing is added to a case any more."""
    return case["state"] in _FINISHED


def paper_values(paper: NewPaper) -> dict[str, Any]:
    """What is written down about a paper that may be kept.

    Raises:
        InvalidFile, FileTooLarge, UnknownFormat, InvalidValue: as `add_paper` says.
    """
    found = check_attachment(paper.content, paper.file_name)
    term = find_term("paper_kinds", paper.kind)
    if term is None:
        known = ", ".join(one.code for one in terms("paper_kinds"))
        raise InvalidValue(
            "kind", paper.kind, "this names no kind of paper", f"give one of {known}",
            f"“{paper.kind[:20]}”不是材料类别；可用：{known}",
        )  # fmt: skip
    return {
        "kind": term.code,
        "title": paper.title or term.zh,
        "file_name": paper.file_name,
        "media_type": found.media_type,
        "size_bytes": found.size_bytes,
    }


def insert_paper(
    transaction: Transaction, identity: int, paper: NewPaper, values: Mapping[str, Any]
) -> int:
    """Keep a paper with an application; its own id."""
    return transaction.insert(
        approval_paper,
        {
            "approval_id": identity,
            **values,
            "sha256": keep_file(transaction, paper.content),
            "added_by": transaction.actor,
            "added_at": transaction.at,
        },
    )


def read_paper(
    connection: Connection, identity: int, paper_id: int
) -> tuple[Mapping[str, Any], bytes]:
    """A paper of an application: its record and its bytes.

    Raises:
        NotFound: the application has no such paper.
    """
    statement = select(approval_paper).where(
        approval_paper.c.id == paper_id, approval_paper.c.approval_id == identity
    )
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(
            f"application {identity} has no paper {paper_id}",
            f"申请 {identity} 没有编号为 {paper_id} 的材料",
        )
    return dict(row), read_file(connection, row["sha256"])
