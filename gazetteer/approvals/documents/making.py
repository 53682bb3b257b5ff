"""Which document is made by what, and what it is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import orjson
from sqlalchemy import Connection, select

from data.actors import Actor, Role
from gazetteer.approvals.cases import papers_of, read_case, standing_of, steps_of
from gazetteer.approvals.document_kinds import find_document
from gazetteer.approvals.documents import forms, letters
from gazetteer.approvals.documents.announcement import announcement, announcement_text
from gazetteer.approvals.documents.facts import Facts
from gazetteer.approvals.experts import MANAGERS
from gazetteer.approvals.opinions import opinions_of
from gazetteer.division_path import path_of
from gazetteer.tables import place

if TYPE_CHECKING:
    from data.documents import Document

_MAKERS: Final[Mapping[str, Callable[["Document", Facts], None]]] = {
    "application": forms.application,
    "check": forms.check,
    "opinions": forms.opinions,
    "correction": letters.correction,
    "decision": letters.decision,
    "filing-report": letters.filing_report,
    "filing-correction": letters.filing_correction,
    "reminder": letters.reminder,
    "announcement": announcement,
}


@dataclass(frozen=True, slots=True)
class Written:
    """A document: its bytes as DOCX, its file name, and its text where it has one."""

    file_name: str
    content: bytes
    text: str | None = None


def write_document(connection: Connection, identity: int, code: str, actor: Actor) -> Written:
    """A document of a case; the same bytes as long as the case is the same.

    Args:
        connection: a reading connection.
        identity: the case.
        code: a code of the table `approval_documents`.
        actor: who asks; experts are named only to those who handle the case.

    Raises:
        NotFound: there is no such case, or it has no such document yet.
        Forbidden: the actor has no role in its division.
    """
    from data.documents import Document

    case = read_case(connection, identity)
    standing = standing_of(connection, case)
    actor.require(tuple(Role), standing.paths["division"], "read this application (查看申请)")
    kind = find_document(code, standing.taken_by)
    facts = _facts(connection, identity, actor)
    verdict = "批复" if facts.last("approve") else "不予批准决定"
    title = kind.title.format(kind=facts.kind_zh, subject=facts.subject, verdict=verdict)
    taken = [facts.day_of(step) for step in kind.after]
    document = Document(title, next((day for day in taken if day), case["applied_on"]))
    _MAKERS[kind.code](document, facts)
    text = announcement_text(facts) if kind.code == "announcement" else None
    return Written(f"{facts.number}-{kind.zh}.docx", document.content(), text)


def _facts(connection: Connection, identity: int, actor: Actor) -> Facts:
    case = read_case(connection, identity)
    paths = standing_of(connection, case).paths
    handles = any(
        actor.may(role, paths[who]) for role in MANAGERS for who in ("division", "approving")
    )
    successor = None
    if case["successor_place_id"] is not None:
        successor = connection.scalar(
            select(place.c.name).where(place.c.id == case["successor_place_id"])
        )
    return Facts(
        case=case,
        place="".join(one.name for one in reversed(path_of(connection, case["division_code"]))),
        papers=papers_of(connection, identity),
        steps=steps_of(connection, identity),
        opinions=opinions_of(connection, identity, "", with_names=handles),
        check=orjson.loads(case["check_report"]) if case["check_report"] else None,
        answers=orjson.loads(case["answers"] or "{}"),
        successor=successor,
    )
