"""Deciding about an application (受理、退回、批准、不予批准)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection

from data.actors import Actor
from data.errors import Conflict, Fault, InvalidValue
from data.reference import find_term
from data.store import Store
from data.transaction import Transaction
from gazetteer.approvals.authorities import authority_of
from gazetteer.approvals.cases import Case, begin, check_day, finish, papers_of
from gazetteer.approvals.checking import check_case, checked_report
from gazetteer.approvals.clocks import clock_rule
from gazetteer.approvals.effects import put_into_force
from gazetteer.division_path import in_force
from gazetteer.errors import MissingPaper, NameRefused
from gazetteer.rules import CheckedName, Severity, name_class
from gazetteer.search import lexicon_of

_PAPER = "paper:"
_ENDING = "ending"


@dataclass(frozen=True, slots=True)
class Decision:
    """What the deciding body decided.

    Attributes:
        approved: whether the name is approved.
        decided_on: the day of the decision; the name is standard from it.
        number: the number of the decision's document (文号).
        note: reasons and conditions.
        answers: to what the rules ask and to papers that are not there, by code: `person-name`,
            `paper:assessment`.
        romanization: as approved, where the application has none or another.
    """

    approved: bool
    decided_on: date
    number: str = ""
    note: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    romanization: str = ""


def accept(store: Store, identity: int, version: int, note: str, actor: Actor, today: date) -> None:
    """Take an application under review, once every required paper lies with it; check it anew.

    Raises:
        MissingPaper: naming every paper that is required and not there.
        Conflict, WrongStep, Forbidden, OwnCase: as `check_step` says.
    """
    with store.write(actor.name, f"accept application {identity}") as transaction:
        connection = transaction.connection
        case, step = begin(connection, identity, "accept", actor, version)
        authority = authority_of(name_class(case["name_class"]), case["kind"])
        missing = _missing(connection, identity, authority.papers_required)
        if missing:
            raise MissingPaper(
                f"application {identity} lacks {', '.join(one.en for one in missing)}: add them",
                f"申请 {identity} 缺少：{'、'.join(one.zh for one in missing)}；请补交",
            )
        lexicon = lexicon_of(store, connection)
        values = checked_report(connection, lexicon, case, (identity,), transaction.at)
        finish(transaction, case, step, today, values, note)


def give_back(
    store: Store, identity: int, version: int, note: str, actor: Actor, today: date
) -> None:
    """Return an application for correction, saying what is wanted.

    Raises:
        InvalidValue: it does not say what.
        Conflict, WrongStep, Forbidden, OwnCase: as `check_step` says.
    """
    with store.write(actor.name, f"return application {identity}") as transaction:
        case, step = begin(transaction.connection, identity, "return", actor, version)
        if not note.strip():
            raise _no_note()
        finish(transaction, case, step, today, {}, note)


def decide(
    store: Store, identity: int, version: int, decision: Decision, actor: Actor, today: date
) -> None:
    """Approve or refuse; on approval the name becomes standard in the same transaction.

    Raises:
        NameRefused: a rule forbids the name; the check is made anew.
        MissingPaper: what the rules ask, or a paper that is usual, has no answer.
        InvalidValue: the date, the number, the romanization or the position is not fit.
        Conflict: somebody else acted, or the division or place has ended meanwhile.
        WrongStep, Forbidden, OwnCase: as `check_step` says.
    """
    code = "approve" if decision.approved else "refuse"
    with store.write(actor.name, f"{code} application {identity}") as transaction:
        connection = transaction.connection
        case, step = begin(connection, identity, code, actor, version)
        check_day("decided_on", decision.decided_on, case["applied_on"], today, "application")
        values: dict[str, Any] = {
            "decided_on": decision.decided_on,
            "decision_no": decision.number or None,
            "decision_note": decision.note or None,
        }
        if not decision.approved:
            if not decision.note.strip():
                raise _no_note()
            finish(transaction, case, step, decision.decided_on, values, decision.note)
            return
        values |= _approve(store, transaction, case, decision)
        finish(transaction, case, step, decision.decided_on, values, decision.note)


def _approve(
    store: Store, transaction: Transaction, case: Case, decision: Decision
) -> dict[str, Any]:
    connection = transaction.connection
    _check_division(connection, case)
    romanization = decision.romanization or case["romanization"]
    _check_complete(case, decision, romanization)
    checked = check_case(connection, lexicon_of(store, connection), case, (case["id"],))
    _check_rules(connection, case, decision, checked)
    values: dict[str, Any] = {"romanization": romanization}
    if checked:
        report = orjson.dumps(checked.as_json()).decode()
        values |= {"check_report": report, "checked_at": transaction.at}
    if decision.answers:
        values["answers"] = orjson.dumps(dict(decision.answers)).decode()
    numbered = {"decided_on": decision.decided_on, "decision_no": decision.number}
    approved = case | values | numbered
    values["place_id"] = put_into_force(transaction, approved)
    waits = clock_rule(case["announcement_clock"]).start == "filing"
    return values | {
        "filing_state": "due" if case["filing_clock"] else "none",
        "announcement_state": "waiting" if waits else "due",
    }


def _check_division(connection: Connection, case: Case) -> None:
    """A division may end while a case about a name in it is in hand."""
    try:
        in_force(connection, case["division_code"])
    except InvalidValue as error:
        raise Conflict(
            f"{error.rule}: return application {case['id']}, so that it names the division that"
            " took its place",
            f"{error.zh}；请将申请 {case['id']} 退回补正",
        ) from error


def _check_complete(case: Case, decision: Decision, romanization: str | None) -> None:
    """What the announcement must say (FB23) and the filing must have."""
    if not decision.number.strip():
        raise InvalidValue(
            "number", decision.number, "an approval has a document with a number", "give it",
            "缺少批准文号；请填写",
        )  # fmt: skip
    if case["kind"] == _ENDING:
        return
    if not (romanization or "").strip():
        raise InvalidValue(
            "romanization", romanization,
            "an approved name has its romanization, which is entered and never computed",
            "give it as it is approved",
            "缺少罗马字母拼写；标准地名须有审定的罗马字母拼写，请填写",
        )  # fmt: skip


def _check_rules(
    connection: Connection, case: Case, decision: Decision, checked: CheckedName | None
) -> None:
    findings = checked.findings if checked else ()
    blocking = [f for f in findings if f.severity is Severity.BLOCKS]
    if blocking:
        faults = [Fault(f.code, None, "name", case["name"], f.zh, f.en) for f in blocking]
        raise NameRefused(case["name"], faults)
    asked = {f.code: (f.zh, f.en) for f in findings if f.severity is Severity.ASKS}
    authority = authority_of(name_class(case["name_class"]), case["kind"])
    for paper in _missing(connection, case["id"], authority.papers_asked):
        asked[f"{_PAPER}{paper.code}"] = (f"缺少{paper.zh}", f"there is no {paper.en}")
    open_ = {
        code: said for code, said in asked.items() if not decision.answers.get(code, "").strip()
    }
    if open_:
        told = "; ".join(f"{code}: {en}" for code, (_, en) in open_.items())
        told_zh = "；".join(f"{code}：{zh}" for code, (zh, _) in open_.items())
        raise MissingPaper(
            f"application {case['id']} cannot be approved before these have an answer in"
            f" `answers`: {told}",
            f"申请 {case['id']} 批准前须在 answers 中逐项说明：{told_zh}",
        )


@dataclass(frozen=True, slots=True)
class _Wanted:
    code: str
    zh: str
    en: str


def _missing(connection: Connection, identity: int, kinds: tuple[str, ...]) -> list[_Wanted]:
    there = {paper["kind"] for paper in papers_of(connection, identity)}
    return [_wanted(kind) for kind in kinds if kind not in there]


def _wanted(kind: str) -> _Wanted:
    term = find_term("paper_kinds", kind)
    return _Wanted(kind, term.zh, term.en) if term else _Wanted(kind, kind, kind)


def missing_papers(connection: Connection, case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The papers that Art 11 wants and that do not lie with a case; `required` or else usual."""
    authority = authority_of(name_class(case["name_class"]), case["kind"])
    for required, kinds in ((True, authority.papers_required), (False, authority.papers_asked)):
        for one in _missing(connection, case["id"], kinds):
            yield {"kind": one.code, "zh": one.zh, "en": one.en, "required": required}


def _no_note() -> InvalidValue:
    return InvalidValue(
        "note", "", "the applicant is told the reasons", "give them", "请填写理由或需补正的内容"
    )
