"""The papers of an application (申请材料): kept as they came, under their hash."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection, select

from data.actors import Actor
from data.attachments import check_attachment
from data.errors import InvalidValue, NotFound
from data.reference import find_term, terms
from data.store import Store
from data.stored_files import keep_file, read_file
from gazetteer.approvals.cases import CLOSED, read_case, standing_of
from gazetteer.approvals.steps import steps
from gazetteer.approvals.tables import approval_paper
from gazetteer.errors import WrongStep

_FINISHED: Final = ("refused", "withdrawn", CLOSED)


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
    found = check_attachment(content, file_name)
    term = find_term("paper_kinds", kind)
    if term is None:
        known = ", ".join(one.code for one in terms("paper_kinds"))
        raise InvalidValue(
            "kind", kind, "this names no kind of paper", f"give one of {known}",
            f"“{kind[:20]}”不是材料类别；可用：{known}",
        )  # fmt: skip
    with store.write(actor.name, f"add {term.code} to application {identity}") as transaction:
        case = read_case(transaction.connection, identity)
        paths = standing_of(transaction.connection, case).paths
        step = steps()["amend"]
        bodies = ("approving", "filing", "announcing")
        if not any(actor.may(role, paths[who]) for role in step.roles for who in bodies):
            actor.require(step.roles, paths["division"], "add a paper (提交材料)")
        if case["state"] in _FINISHED:
            raise WrongStep(
                f"application {identity} is finished; nothing is added to it",
                f"申请 {identity} 已结束，不再接收材料",
            )
        return transaction.insert(
            approval_paper,
            {
                "approval_id": identity,
                "kind": term.code,
                "title": title or term.zh,
                "file_name": file_name,
                "media_type": found.media_type,
                "sha256": keep_file(transaction, content),
                "size_bytes": found.size_bytes,
                "added_by": actor.name,
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
