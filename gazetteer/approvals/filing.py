"""After the approval (备案、公告): filing, its return, the announcement, reminders."""

from dataclasses import dataclass
from datetime import date

from data.actors import Actor
from data.errors import InvalidValue
from data.store import Store
from gazetteer.approvals.cases import begin, check_day, clocks_of, finish
from gazetteer.approvals.clocks import ClockState, clock_rule
from gazetteer.errors import WrongStep


@dataclass(frozen=True, slots=True)
class Act:
    """A step after the approval.

    Attributes:
        done_on: the day it counts for.
        number: the number of its document (文号).
        medium: where it was announced.
        note: reasons, or what is wanted.
        deadline: the day that a reminder sets.
    """

    done_on: date
    number: str = ""
    medium: str = ""
    note: str = ""
    deadline: date | None = None


def file(store: Store, identity: int, version: int, act: Act, actor: Actor, today: date) -> None:
    """Send an approved name for filing; again, after it was returned.

    Raises:
        InvalidValue: the day lies before the approval or after today.
        Conflict, WrongStep, Forbidden: as `check_step` says.
    """
    with store.write(actor.name, f"file application {identity}") as transaction:
        case, step = begin(transaction.connection, identity, "file", actor, version)
        check_day("done_on", act.done_on, case["decided_on"], today, "approval")
        values = {"filing_sent_on": act.done_on, "filing_no": act.number or case["filing_no"]}
        finish(transaction, case, step, act.done_on, values, act.note)


def return_filing(
    store: Store, identity: int, version: int, act: Act, actor: Actor, today: date
) -> None:
    """Return an incomplete filing for correction or supplement (FB23); its clock runs on.

    Raises:
        InvalidValue: it does not say what is wanted, or the day does not fit.
        Conflict, WrongStep, Forbidden, OwnCase: as `check_step` says.
    """
    with store.write(actor.name, f"return the filing of application {identity}") as transaction:
        case, step = begin(transaction.connection, identity, "return-filing", actor, version)
        check_day("done_on", act.done_on, case["filing_sent_on"], today, "filing")
        if not act.note.strip():
            raise InvalidValue(
                "note", act.note, "a returned filing says what is wanted", "give it",
                "退回备案须说明需补正的内容；请填写",
            )  # fmt: skip
        finish(transaction, case, step, act.done_on, {"filing_sent_on": None}, act.note)


def accept_filing(
    store: Store, identity: int, version: int, act: Act, actor: Actor, today: date
) -> None:
    """Take a filing as correct and complete, which makes it filed (FB23).

    A name that another department approved is now to be announced.

    Raises:
        InvalidValue: the day does not fit.
        Conflict, WrongStep, Forbidden, OwnCase: as `check_step` says.
    """
    with store.write(actor.name, f"accept the filing of application {identity}") as transaction:
        case, step = begin(transaction.connection, identity, "accept-filing", actor, version)
        check_day("done_on", act.done_on, case["filing_sent_on"], today, "filing")
        values: dict[str, object] = {"filed_on": act.done_on}
        if act.number:
            values["filing_no"] = act.number
        if clock_rule(case["announcement_clock"]).start == "filing":
            values["announcement_state"] = "due"
        finish(transaction, case, step, act.done_on, values, act.note)


def announce(
    store: Store, identity: int, version: int, act: Act, actor: Actor, today: date
) -> None:
    """Say that a name was announced, where and when.

    Raises:
        InvalidValue: it does not say where, or the day lies before the clock's start.
        Conflict, WrongStep, Forbidden: as `check_step` says.
    """
    with store.write(actor.name, f"announce application {identity}") as transaction:
        case, step = begin(transaction.connection, identity, "announce", actor, version)
        waits = clock_rule(case["announcement_clock"]).start == "filing"
        start = case["filed_on"] if waits else case["decided_on"]
        check_day("done_on", act.done_on, start, today, "filing" if waits else "approval")
        if not act.medium.strip():
            raise InvalidValue(
                "medium", act.medium, "an announcement stands in some medium", "name it",
                "缺少公告发布媒介；请填写，如政府门户网站、国家地名信息库",
            )  # fmt: skip
        values = {"announced_on": act.done_on, "announced_in": act.medium}
        finish(transaction, case, step, act.done_on, values, act.note)


def remind(store: Store, identity: int, version: int, act: Act, actor: Actor, today: date) -> None:
    """Remind the body that is late with a filing or an announcement (L753 Art 35).

    Raises:
        InvalidValue: the deadline it sets is past.
        Conflict, WrongStep, Forbidden: nothing is late, or as `check_step` says.
    """
    with store.write(actor.name, f"remind of application {identity}") as transaction:
        case, step = begin(transaction.connection, identity, "remind", actor, version)
        late = [c for c in clocks_of(case) if c.state_on(today) is ClockState.OVERDUE]
        if not late:
            raise WrongStep(
                f"no clock of application {identity} is overdue, so there is nothing to remind of",
                f"申请 {identity} 没有逾期事项，无须催办",
            )
        check_day("done_on", act.done_on, case["decided_on"], today, "approval")
        if act.deadline is not None and act.deadline <= act.done_on:
            raise InvalidValue(
                "deadline", act.deadline.isoformat(), "it lies after the day of the reminder",
                "give a later day", "限期应晚于催办日期；请更正",
            )  # fmt: skip
        details = {"late": [c.rule.code for c in late]}
        if act.deadline is not None:
            details["deadline"] = [act.deadline.isoformat()]
        finish(transaction, case, step, act.done_on, {}, act.note, details)
