"""The queue of reports: read and handled by the people of the division where the problem is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, delete, false, or_, select, true

from data.actors import Actor, Role
from data.errors import Forbidden, InvalidValue, NotFound
from data.reference import find_term
from data.store import Store
from data.stored_files import read_file
from gazetteer.division_path import codes_above
from gazetteer.errors import WrongStep
from gazetteer.problem_reports.tables import problem_report, problem_reporter
from gazetteer.search import Lexicon

HANDLERS: Final = (Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
MOST_REPORTS: Final = 200
CLOSED: Final = frozenset({"settled", "dismissed"})
_AFTER_DIGITS: Final = ":"
_LISTED: Final = (
    "id", "kind", "about", "told", "place_text", "lon", "lat", "division_code", "received_on",
    "state", "handled_by", "closed_on", "version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class QueueQuery:
    """Which reports are asked for.

    Attributes:
        state: a code of `problem_states.csv`, `open` for all that are not closed; None for all.
        after: the id that the page begins after.
        limit: how many, 1 to 200.
    """

    state: str | None = "open"
    after: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Handling:
    """What is done about a report: its new state, what the reporter is told, what is not."""

    state: str
    answer: str = ""
    note: str = ""


def list_reports(
    connection: Connection, query: QueueQuery, actor: Actor, lexicon: Lexicon
) -> tuple[list[dict[str, Any]], int | None]:
    """Reports that the actor may handle, oldest first, and where the next page begins.

    Raises:
        Forbidden: the actor handles none anywhere.
        InvalidValue: there is no such state.
    """
    limit = min(max(query.limit, 1), MOST_REPORTS)
    statement = (
        select(*(problem_report.c[name] for name in _LISTED))
        .where(problem_report.c.id > query.after, _visible(actor, lexicon), *_in_state(query.state))
        .order_by(problem_report.c.id)
        .limit(limit + 1)
    )
    found = connection.execute(statement).mappings()
    rows = [{name: row[name] for name in _LISTED} for row in found]
    page = rows[:limit]
    return page, page[-1]["id"] if len(rows) > limit else None


def _in_state(state: str | None) -> Sequence[ColumnElement[bool]]:
    if state is None:
        return ()
    if state == "open":
        return (problem_report.c.state.not_in(sorted(CLOSED)),)
    return (problem_report.c.state == _state(state),)


def _state(text: str) -> str:
    term = find_term("problem_states", text)
    if term is None:
        raise InvalidValue(
            "state", text, "it is no state of a report", "give one of problem_states.csv",
            f"反映没有状态“{text}”",
        )  # fmt: skip
    return term.code


def _visible(actor: Actor, lexicon: Lexicon) -> ColumnElement[bool]:
    """The divisions where the actor handles reports; those of no division for whom it is all."""
    codes = {grant.division_code for grant in actor.grants if grant.role in HANDLERS}
    if not codes:
        raise Forbidden("read reported problems (查看群众反映)", HANDLERS, None)
    if None in codes:
        return true()
    return or_(false(), *(_under(code, lexicon) for code in sorted(filter(None, codes))))


def _under(code: str, lexicon: Lexicon) -> ColumnElement[bool]:
    digits, others = lexicon.codes_under(code)
    column = problem_report.c.division_code
    own = and_(column >= digits, column < digits + _AFTER_DIGITS)
    return or_(own, column.in_(others)) if others else own


def read_report(connection: Connection, identity: int, actor: Actor) -> dict[str, Any]:
    """A report whole, the reporter's contact with it while it is open.

    Raises:
        NotFound: there is none of that id.
        Forbidden: the actor handles none of its division.
    """
    row = _required(connection, identity, actor)
    contact = connection.scalar(
        select(problem_reporter.c.contact).where(problem_reporter.c.report_id == identity)
    )
    shown = {name: row[name] for name in (*_LISTED, "answer", "note")}
    return shown | {"contact": contact, "has_photo": row["photo_sha256"] is not None}


def read_photo(connection: Connection, identity: int, actor: Actor) -> bytes:
    """The picture of a report, as JPEG.

    Raises:
        NotFound: there is no such report, or it has no picture.
        Forbidden: as `read_report` says.
    """
    row = _required(connection, identity, actor)
    if row["photo_sha256"] is None:
        raise NotFound(f"report {identity} has no picture", f"反映 {identity} 没有照片")
    return read_file(connection, row["photo_sha256"])


def _required(connection: Connection, identity: int, actor: Actor) -> Mapping[str, Any]:
    statement = select(problem_report).where(problem_report.c.id == identity)
    row = connection.execute(statement).mappings().one_or_none()
    path = codes_above(connection, row["division_code"]) if row else []
    # Who may not read it is not told whether it exists.
    actor.require(HANDLERS, path, "handle a reported problem (处理群众反映)")
    if row is None:
        raise NotFound(f"there is no report {identity}", f"没有编号为 {identity} 的反映")
    return dict(row)


def handle(
    store: Store, identity: int, version: int, done: Handling, actor: Actor, today: date
) -> int:
    """Take a report up, settle or dismiss it; its new version. Closing it erases the contact.

    Raises:
        NotFound, Forbidden: as `read_report` says.
        WrongStep: it is closed.
        InvalidValue: there is no such state, or a closed report has no answer.
        Conflict: it has changed since the writer saw it.
    """
    state = _state(done.state)
    with store.write(actor.name, f"handle reported problem {identity}") as transaction:
        row = _required(transaction.connection, identity, actor)
        if row["state"] in CLOSED:
            raise WrongStep(f"report {identity} is closed", f"反映 {identity} 已办结")
        if state in CLOSED and not done.answer.strip():
            raise InvalidValue(
                "answer", "", "a closed report has an answer for its reporter", "write it",
                "办结须填写答复",
            )  # fmt: skip
        values: dict[str, Any] = {"state": state, "handled_by": actor.name}
        values |= {name: text for name in ("answer", "note") if (text := getattr(done, name))}
        if state in CLOSED:
            values["closed_on"] = today
            transaction.connection.execute(
                delete(problem_reporter).where(problem_reporter.c.report_id == identity)
            )
        return transaction.update(problem_report, identity, version, values)
