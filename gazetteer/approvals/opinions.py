"""Invitations and opinions (专家论证意见): whom a case was put before, and what they said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, func, select

from data.actors import Actor
from data.errors import InvalidValue, NotFound
from data.reference import find_term
from data.store import Store
from gazetteer.approvals.cases import Case, finish, read_case, standing_of
from gazetteer.approvals.experts import read_row
from gazetteer.approvals.steps import check_step
from gazetteer.approvals.tables import approval_opinion, approval_paper, expert
from gazetteer.divisions.codes import significant
from gazetteer.errors import ExpertUnfit

_INVITED, _ANSWERED = "invited", "answered"
_REFUSALS: Final = ("declined", "conflict")


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an expert answers: a vote with reasons, or that they decline or have a conflict.

    `state` is answered, declined or conflict; `vote` is for, against or abstain, by any of its
    words, and empty with the other states.
    """

    state: str = _ANSWERED
    vote: str = ""
    text: str = ""
    paper_id: int | None = None


def invite(
    store: Store, identity: int, version: int, expert_id: int, actor: Actor, today: date
) -> None:
    """Ask an expert about a case.

    Raises:
        ExpertUnfit: the expert is retired, not available today, was asked already, or has a
            conflict of interest.
        NotFound, Conflict, WrongStep, Forbidden: as `check_step` says.
    """
    with store.write(actor.name, f"invite an expert to application {identity}") as transaction:
        connection = transaction.connection
        case = read_case(connection, identity)
        standing = standing_of(connection, case)
        step = check_step(standing, "invite", actor, version)
        row = read_row(connection, expert_id)
        _check_fit(row, case, standing.taken_by, today)
        asked = select(func.count()).where(approval_opinion.c.approval_id == identity)
        twice = asked.where(approval_opinion.c.expert_id == expert_id)
        if connection.scalar(twice):
            raise ExpertUnfit(
                f"expert {expert_id} was asked about application {identity} already",
                f"专家 {expert_id} 已受邀参加申请 {identity} 的论证",
            )
        transaction.insert(
            approval_opinion,
            {
                "approval_id": identity,
                "expert_id": expert_id,
                "invited_on": today,
                "invited_by": actor.name,
                "state": _INVITED,
                "ordinal": int(connection.scalar(asked) or 0) + 1,
            },
        )
        finish(transaction, case, step, today, {}, None, {"expert": expert_id})


def _check_fit(
    row: Mapping[str, Any], case: Case, taken_by: Mapping[str, str], today: date
) -> None:
    begins, ends = row["available_from"], row["available_to"]
    if row["retired"] or (begins and today < begins) or (ends and today > ends):
        raise ExpertUnfit(
            f"expert {row['id']} is not available on {today}; ask another",
            f"专家 {row['id']} 在 {today} 不可参加；请另选专家",
        )
    touched = {case["division_code"], case["applicant"], case["approving_body"]}
    conflicts = set(filter(None, (row["conflicts"] or "").split("|")))
    within = any(
        one.isdigit() and case["division_code"].startswith(significant(one)) for one in conflicts
    )
    applies = row["organisation"] == case["applicant"] or (
        row["account"] is not None and row["account"] == taken_by.get("submit")
    )
    if within or applies or conflicts & touched:
        raise ExpertUnfit(
            f"expert {row['id']} has a conflict of interest in application {case['id']};"
            " ask another",
            f"专家 {row['id']} 与申请 {case['id']} 有利害关系，应当回避；请另选专家",
        )


def give_opinion(
    store: Store,
    identity: int,
    version: int,
    expert_id: int,
    opinion: Opinion,
    actor: Actor,
    today: date,
) -> None:
    """What an expert said: entered by the expert's own account, or by an officer from a paper.

    An answer may be changed until the case is decided; the journal keeps each.

    Raises:
        InvalidValue: the state or vote is unknown, an answer has no vote or no reasons, or a
            refusal has a vote.
        NotFound: the expert was not asked, or the paper is not of this case.
        Conflict, WrongStep, Forbidden: as `check_step` says.
    """
    vote = _check_opinion(opinion)
    with store.write(actor.name, f"an opinion on application {identity}") as transaction:
        connection = transaction.connection
        case = read_case(connection, identity)
        row = read_row(connection, expert_id)
        own = row["account"] is not None and row["account"] == actor.name
        standing = standing_of(connection, case)
        step = check_step(standing, "opine", actor, version, entitled=own)
        asked = (
            connection.execute(
                select(approval_opinion).where(
                    approval_opinion.c.approval_id == identity,
                    approval_opinion.c.expert_id == expert_id,
                )
            )
            .mappings()
            .one_or_none()
        )
        if asked is None:
            raise NotFound(
                f"expert {expert_id} was not asked about application {identity}; invite them first",
                f"专家 {expert_id} 未受邀参加申请 {identity} 的论证；请先邀请",
            )
        _check_paper(connection, identity, opinion.paper_id)
        values = {
            "state": opinion.state,
            "vote": vote,
            "opinion": opinion.text or None,
            "paper_id": opinion.paper_id,
            "answered_on": today,
        }
        transaction.update(approval_opinion, asked["id"], asked["version"], values)
        finish(transaction, case, step, today, {}, None, {"expert": expert_id})


def _check_opinion(opinion: Opinion) -> str | None:
    """The code of the vote, which is what is counted; None with a refusal."""
    if opinion.state not in {_ANSWERED, *_REFUSALS}:
        raise InvalidValue(
            "state", opinion.state, "it is answered, declined or conflict", "give one of them",
            "state 应为 answered（意见）、declined（谢绝）或 conflict（回避）",
        )  # fmt: skip
    if opinion.state != _ANSWERED:
        if opinion.vote:
            raise InvalidValue(
                "vote", opinion.vote, "who declines or has a conflict has no vote",
                "leave it empty, or give state=answered",
                "谢绝或回避时不表决；请留空，或改为 answered",
            )  # fmt: skip
        return None
    vote = find_term("expert_votes", opinion.vote)
    if vote is None:
        raise InvalidValue(
            "vote", opinion.vote, "it is for, against or abstain", "give one of them",
            "vote 应为 for（同意）、against（不同意）或 abstain（弃权）",
        )  # fmt: skip
    if not opinion.text.strip():
        raise InvalidValue(
            "opinion", opinion.text, "a vote has reasons", "give them", "请填写意见和理由"
        )
    return vote.code


def _check_paper(connection: Connection, identity: int, paper_id: int | None) -> None:
    if paper_id is None:
        return
    found = connection.scalar(
        select(approval_paper.c.id).where(
            approval_paper.c.id == paper_id, approval_paper.c.approval_id == identity
        )
    )
    if found is None:
        raise NotFound(
            f"application {identity} has no paper {paper_id}",
            f"申请 {identity} 没有编号为 {paper_id} 的材料",
        )


def opinions_of(
    connection: Connection, identity: int, account: str, *, with_names: bool
) -> list[dict[str, Any]]:
    """The invitations of a case in order, with names only for those who handle it.

    The one of the expert whose account asks is its `own`.
    """
    joined = approval_opinion.join(expert, expert.c.id == approval_opinion.c.expert_id)
    rows = connection.execute(
        select(
            approval_opinion,
            expert.c.name,
            expert.c.title,
            expert.c.organisation,
            expert.c.fields,
            expert.c.account,
        )
        .select_from(joined)
        .where(approval_opinion.c.approval_id == identity)
        .order_by(approval_opinion.c.ordinal)
    ).mappings()
    shown = []
    for row in rows:
        public = ("ordinal", "state", "vote", "opinion", "invited_on", "answered_on", "fields")
        one = {name: row[name] for name in public}
        if row["account"] == account:
            one |= {"own": True, "expert_id": row["expert_id"]}
        if with_names:
            personal = ("expert_id", "name", "title", "organisation", "paper_id")
            one |= {name: row[name] for name in personal}
        shown.append(one)
    return shown


def tally(opinions: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many voted how; who was asked and has not answered counts as open."""
    votes = [one["vote"] for one in opinions]
    found = {code: votes.count(code) for code in ("for", "against", "abstain")}
    states = [one["state"] for one in opinions]
    return found | {"open": states.count(_INVITED)} | {s: states.count(s) for s in _REFUSALS}
