"""Reading cases: lists by key, the clocks that run, one case whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Connection, and_, false, or_, select, true

from data.actors import Actor, Role
from data.deadlines import add_days
from data.errors import Forbidden, InvalidValue
from data.reference import find_term
from gazetteer.approvals.cases import (
    clocks_of,
    number_of,
    papers_of,
    read_case,
    standing_of,
    steps_of,
)
from gazetteer.approvals.clocks import ClockState, clock_rules
from gazetteer.approvals.deciding import missing_papers
from gazetteer.approvals.document_kinds import documents_after
from gazetteer.approvals.experts import MANAGERS
from gazetteer.approvals.opinions import opinions_of, tally
from gazetteer.approvals.papers import is_finished, may_add
from gazetteer.approvals.steps import PARTS, is_open, may_take, steps
from gazetteer.approvals.tables import approval
from gazetteer.errors import NoAuthority
from gazetteer.rules import name_classes
from gazetteer.search import Lexicon

MAX_LIMIT: Final = 200
_AFTER_DIGITS: Final = ":"
_OPINE: Final = "opine"
_LISTED: Final = (
    "id", "kind", "name", "former_name", "name_class", "division_code", "applicant", "state",
    "filing_state", "announcement_state", "applied_on", "decided_on", "due_on", "approving_body",
    "place_id", "version",
)  # fmt: skip
_WHOLE: Final = (
    "id", "kind", "name", "former_name", "romanization", "name_mong", "name_class",
    "category_code", "division_code", "place_id", "successor_place_id", "applicant", "reasons",
    "position", "extent", "nature", "meaning", "origin", "lon", "lat", "approving_body",
    "filing_body", "announcing_body", "authority", "state", "filing_state", "announcement_state",
    "applied_on", "decided_on", "decision_no", "decision_note", "filing_sent_on", "filed_on",
    "filing_no", "announced_on", "announced_in", "due_on", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """What is asked of the list of cases; None asks nothing.

    Attributes:
        state, kind, name_class: codes.
        division: a division's code or name; everything below it counts.
        name: the proposed name, whole.
        overdue: only cases of which a clock is overdue, or only others.
        before: the id that the page comes after (newest first); 0 for the first page.
        limit: how many, 1 to 200.
    """

    state: str | None = None
    kind: str | None = None
    name_class: str | None = None
    division: str | None = None
    name: str | None = None
    overdue: bool | None = None
    before: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of cases, and the id that the next one comes after; None on the last."""

    cases: tuple[Mapping[str, Any], ...]
    next_before: int | None


def list_cases(
    connection: Connection, query: CaseQuery, actor: Actor, lexicon: Lexicon, today: date
) -> CasePage:
    """Cases that the actor may see, newest first.

    Raises:
        Forbidden: the actor has no role at all.
        InvalidValue: a filter names nothing.
    """
    limit = min(max(query.limit, 1), MAX_LIMIT)
    statement = (
        select(*[approval.c[name] for name in _LISTED])
        .where(_visible(actor, lexicon), *_conditions(query, lexicon, today))
        .order_by(approval.c.id.desc())
        .limit(limit + 1)
    )
    if query.before:
        statement = statement.where(approval.c.id < query.before)
    rows = [dict(row) for row in connection.execute(statement).mappings()]
    more = len(rows) > limit
    shown = tuple(_listed(row) for row in rows[:limit])
    return CasePage(shown, shown[-1]["id"] if more else None)


def _conditions(query: CaseQuery, lexicon: Lexicon, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, value, table in (
        ("state", query.state, "approval_states"),
        ("kind", query.kind, "approval_kinds"),
    ):
        if value is not None:
            found.append(approval.c[column] == _code(column, value, table))
    if query.name_class is not None:
        if query.name_class not in name_classes():
            raise _unknown("class", query.name_class, ", ".join(name_classes()))
        found.append(approval.c.name_class == query.name_class)
    if query.division is not None:
        found.append(_under(lexicon.resolve(query.division, field="division").code, lexicon))
    if query.name is not None:
        found.append(approval.c.name == query.name)
    if query.overdue is not None:
        late = approval.c.due_on < today
        found.append(late if query.overdue else or_(approval.c.due_on.is_(None), ~late))
    return found


def _code(field: str, value: str, table: str) -> str:
    term = find_term(table, value)
    if term is None:
        raise _unknown(field, value, table)
    return term.code


def _unknown(field: str, value: str, known: str) -> InvalidValue:
    return InvalidValue(
        field, value, f"not one of {known}", "give one of these", f"“{field}”应为：{known}"
    )


def _visible(actor: Actor, lexicon: Lexicon) -> ColumnElement[bool]:
    """The divisions of the actor's roles, whichever they are; Forbidden without any."""
    codes = {grant.division_code for grant in actor.grants}
    if not codes:
        raise Forbidden("read applications (查看申请)", [Role.VIEWER], None)
    if None in codes:
        return true()
    return or_(false(), *(_under(code, lexicon) for code in sorted(filter(None, codes))))


def _under(code: str, lexicon: Lexicon) -> ColumnElement[bool]:
    digits, others = lexicon.codes_under(code)
    column = approval.c.division_code
    own = and_(column >= digits, column < digits + _AFTER_DIGITS)
    return or_(own, column.in_(others)) if others else own


def _listed(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: row[name] for name in _LISTED}
    return {"number": number_of(row), **shown, **_words(row)}


def _words(row: Mapping[str, Any]) -> dict[str, str]:
    """The states and the kind in Chinese, beside their codes."""
    found = {}
    tables = dict(PARTS.values()) | {"kind": "approval_kinds"}
    for column, table in tables.items():
        term = find_term(table, row[column]) if row[column] else None
        found[f"{column}_zh"] = term.zh if term else ""
    of_class = name_classes().get(row["name_class"])
    found["name_class_zh"] = of_class.zh if of_class else row["name_class"]
    return found


def list_clocks(
    connection: Connection,
    actor: Actor,
    lexicon: Lexicon,
    today: date,
    *,
    state: str | None = None,
    after: tuple[date, int] | None = None,
    limit: int = 50,
) -> tuple[list[dict[str, Any]], tuple[date, int] | None]:
    """Cases with a running clock, the most urgent first, and where the next page begins.

    Args:
        connection: a reading connection.
        actor: who asks.
        lexicon: the divisions.
        today: the day.
        state: overdue, soon or running; all of them where it is None.
        after: day and id of the last case of the page before.
        limit: how many cases.

    Raises:
        Forbidden: the actor has no role at all.
        InvalidValue: no such state.
    """
    known = (ClockState.OVERDUE, ClockState.SOON, ClockState.RUNNING)
    if state is not None and state not in known:
        raise _unknown("state", state, ", ".join(known))
    statement = (
        select(approval)
        .where(approval.c.due_on.is_not(None), _visible(actor, lexicon))
        .order_by(approval.c.due_on, approval.c.id)
        .limit(limit + 1)
    )
    if state == ClockState.OVERDUE:
        statement = statement.where(approval.c.due_on < today)
    elif state is not None:
        statement = statement.where(approval.c.due_on >= today)
    if state == ClockState.SOON:
        nearest = max((max(r.remind_days, default=0) for r in clock_rules().values()), default=0)
        statement = statement.where(approval.c.due_on <= add_days(today, nearest))
    if after is not None:
        day, identity = after
        later = and_(approval.c.due_on == day, approval.c.id > identity)
        statement = statement.where(approval.c.due_on >= day, or_(approval.c.due_on > day, later))
    rows = [dict(row) for row in connection.execute(statement).mappings()]
    page, more = rows[:limit], len(rows) > limit
    shown = [
        {**_clock_of(row), **clock.as_json(today)}
        for row in page
        for clock in clocks_of(row)
        if clock.state_on(today) in ({state} if state else set(known))
    ]
    return shown, (page[-1]["due_on"], page[-1]["id"]) if more else None


def _clock_of(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": row["id"],
        "number": number_of(row),
        "name": row["name"],
        "division_code": row["division_code"],
        "body": row["approving_body"],
    }


def show_case(connection: Connection, identity: int, actor: Actor, today: date) -> dict[str, Any]:
    """A case whole: what was applied for, how it stands, what was done, what comes next.

    Raises:
        NotFound: there is none of that id.
        Forbidden: the actor has no role in its division.
    """
    case = read_case(connection, identity)
    standing = standing_of(connection, case)
    path = standing.paths["division"]
    actor.require(tuple(Role), path, "read this application (查看申请)")
    bodies = [standing.paths[who] for who in ("approving", "filing", "announcing")]
    handles = any(actor.may(role, p) for role in MANAGERS for p in (path, *bodies))
    opinions = opinions_of(connection, identity, actor.name, with_names=handles)
    return {
        "number": number_of(case),
        **{name: case[name] for name in _WHOLE},
        **_words(case),
        "check": orjson.loads(case["check_report"]) if case["check_report"] else None,
        "checked_at": case["checked_at"],
        "answers": orjson.loads(case["answers"] or "{}"),
        "clocks": [clock.as_json(today) for clock in clocks_of(case)],
        "papers": [_paper(row) for row in papers_of(connection, identity)],
        "missing_papers": _missing(connection, case),
        "takes_papers": may_add(standing, actor) and not is_finished(case),
        "opinions": opinions,
        "votes": tally(opinions),
        "steps": [_step(row, handles=handles) for row in steps_of(connection, identity)],
        "next": [
            {"step": step.code, "zh": step.zh, "en": step.en, "article": step.article}
            for step in steps().values()
            if may_take(standing, step, actor)
            or (step.code == _OPINE and is_open(standing, step) and _is_asked(opinions))
        ],
        "documents": [
            {"document": one.code, "zh": one.zh, "en": one.en}
            for one in documents_after(standing.taken_by)
        ],
    }


def _is_asked(opinions: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the reader is an expert who was asked, and may answer without a role."""
    return any(one.get("own") for one in opinions)


def _missing(connection: Connection, case: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        return list(missing_papers(connection, case))
    except NoAuthority:
        return []  # the row was taken out of the table since; the step itself will say so


def _paper(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = ("id", "kind", "title", "file_name", "media_type", "size_bytes", "sha256", "added_at")
    return {name: row[name] for name in shown}


def _step(row: Mapping[str, Any], *, handles: bool) -> dict[str, Any]:
    step = steps().get(row["step"])
    found = {
        "step": row["step"],
        "zh": step.zh if step else row["step"],
        "state": row["state"],
        "taken_on": row["taken_on"],
        "at": row["at"],
        "note": row["note"],
    }
    if handles:
        found |= {"taken_by": row["taken_by"], "details": orjson.loads(row["details"] or "{}")}
    return found
