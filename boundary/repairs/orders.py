"""Orders from opening to closing.

The side that manages a marker restores it in the neighbour's presence (Order 353, Art 6); a repair
without the neighbour is punishable (Art 16), so it cannot be recorded. A new inspection verifies
what was done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from boundary.authority import division_path, names_of, require
from boundary.errors import NotLawful, WrongState
from boundary.markers.versions import (
    Act,
    all_parties,
    insert_version,
    marker_parties,
    read_marker,
)
from boundary.repair_tables import repair_order
from boundary.rows import plain
from boundary.status.keeping import refresh, status_of
from boundary.tables import inspection, marker
from data.actors import Actor, Role
from data.errors import Conflict, InvalidValue, NotFound
from data.reference import boundary_rule, find_term, load_table, restoration_kind
from data.store import Store
from data.transaction import Transaction
from gazetteer.divisions.codes import codes_inside

OPEN, ASSIGNED, DONE, CLOSED, CANCELLED = "open", "assigned", "done", "closed", "cancelled"
UNFINISHED = (OPEN, ASSIGNED, DONE)
MOST_REPAIRS = 1_000
EDITORS = (Role.EDITOR, Role.ADMINISTRATOR)
_FINDERS = (Role.SURVEYOR, Role.EDITOR, Role.ADMINISTRATOR)
_RULE = "L353 Art 6, 16"
_SPLIT = "|"
_CHUNK = 2_000
_GOOD = {"sound", "position_unknown"}
_BY_CLOSING = "reopen"
"""What closing does by itself where the inspection found the marker unsound."""
_NO_REPAIR = {"relocate", "scrap", "set", "add"}


@dataclass(frozen=True, slots=True)
class RepairsQuery:
    """Which orders are asked for; None asks for all.

    Attributes:
        state: their state; `unfinished` for all that are neither closed nor cancelled.
        division: the managing side, or a division that contains it.
        severity: at least so grave, 1 to 5.
        overdue: only those past their day.
        marker_id: of one marker.
        limit: the most orders.
    """

    state: str | None = None
    division: str | None = None
    severity: int | None = None
    overdue: bool = False
    marker_id: int | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Work:
    """What was done: the kind of restoration, the day, who worked, who stood by for the neighbour.

    `witness_party` is the neighbour's division code; a replacement or re-setting needs its survey.
    """

    kind: str
    worked_on: date
    worked_by: str | None = None
    witness: str | None = None
    witness_party: str | None = None
    survey_method: str | None = None
    sigma_m: float | None = None
    surveyed_on: date | None = None
    cost_yuan: float | None = None
    note: str | None = None


def read_repair(connection: Connection, order_id: int) -> dict[str, Any]:
    """An order.

    Raises:
        NotFound: there is none of that id.
    """
    statement = select(repair_order).where(repair_order.c.id == order_id)
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no repair {order_id}", f"没有编号为 {order_id} 的修复任务")
    found = plain(row)
    return found | {"parties": (found["parties"] or "").split(_SPLIT) if found["parties"] else []}


def list_repairs(connection: Connection, query: RepairsQuery, today: date) -> list[dict[str, Any]]:
    """Orders, the gravest first and of these the oldest; each with its age and whether overdue."""
    table = repair_order.c
    conditions: list[Any] = []
    if query.state == "unfinished":
        conditions.append(table.state.in_(UNFINISHED))
    elif query.state is not None:
        conditions.append(table.state == query.state)
    if query.division is not None:
        conditions.append(table.managing_party.between(*codes_inside(query.division)))
    if query.severity is not None:
        conditions.append(table.severity >= query.severity)
    if query.overdue:
        conditions += [table.state.in_((OPEN, ASSIGNED)), table.due_on < today]
    if query.marker_id is not None:
        conditions.append(table.marker_id == query.marker_id)
    statement = (
        select(repair_order)
        .where(*conditions)
        .order_by(table.severity.desc(), table.opened_on, table.id)
        .limit(min(query.limit, MOST_REPAIRS))
    )
    return [aged(plain(row), today) for row in connection.execute(statement).mappings()]


def aged(row: dict[str, Any], today: date) -> dict[str, Any]:
    """An order with its age in days, and whether it is past its day."""
    waiting = row["state"] in {OPEN, ASSIGNED}
    return row | {
        "age_days": (today - row["opened_on"]).days if row["opened_on"] else None,
        "overdue": bool(waiting and row["due_on"] and row["due_on"] < today),
    }


def open_orders(transaction: Transaction, marker_ids: Sequence[int], today: date) -> list[int]:
    """Open an order for each of these markers that needs one and has none; their ids."""
    codes = [row["code"] for row in load_table("marker_states") if row["opens_order"] == "yes"]
    connection = transaction.connection
    wanted: list[dict[str, Any]] = []
    for start in range(0, len(marker_ids), _CHUNK):
        chunk = marker_ids[start : start + _CHUNK]
        busy = select(repair_order.c.marker_id).where(
            repair_order.c.marker_id.in_(chunk), repair_order.c.state.in_(UNFINISHED)
        )
        waiting = set(connection.scalars(busy))
        statement = select(marker).where(
            marker.c.id.in_(chunk), marker.c.valid_to.is_(None), marker.c.status.in_(codes)
        )
        rows = connection.execute(statement.order_by(marker.c.id)).mappings()
        wanted += [plain(row) for row in rows if row["id"] not in waiting]
    sides = all_parties(connection, wanted)
    return list(
        transaction.insert_many(
            repair_order,
            [
                _order(connection, record, record["status"], today, None, sides[record["id"]])
                for record in wanted
            ],
        )
    )


def order_for(transaction: Transaction, marker_id: int, reason: str, today: date, note: str) -> int:
    """The unfinished order of a marker, or a new one for a reason; its id."""
    connection = transaction.connection
    waiting = select(repair_order.c.id).where(
        repair_order.c.marker_id == marker_id, repair_order.c.state.in_(UNFINISHED)
    )
    known = connection.scalar(waiting.limit(1))
    if known is not None:
        return int(known)
    return _insert(transaction, read_marker(connection, marker_id), reason, today, note)


def open_order(
    store: Store, actor: Actor, marker_id: int, reason: str, today: date, note: str | None = None
) -> int:
    """Open an order by hand; returns its id.

    Args:
        store: the store.
        actor: a surveyor or editor of any party.
        marker_id: the marker.
        reason: one of `marker_states`, by any of its words.
        today: the day of opening.
        note: anything else.

    Raises:
        Conflict: the marker has an unfinished order already.
        InvalidValue: the reason is no state.
        WrongState: the marker has ended.
    """
    term = find_term("marker_states", reason)
    if term is None:
        raise InvalidValue(
            "reason", reason, "this names no state of a marker", "give damaged, displaced or lost",
            f"“{reason}”不是界桩状态；请填写 损坏、移位、丢失 等",
        )  # fmt: skip
    with store.write(actor.name, f"order a repair of marker {marker_id}") as transaction:
        connection = transaction.connection
        record = read_marker(connection, marker_id)
        require(connection, actor, _FINDERS, marker_parties(connection, record), "order a repair")
        if record["valid_to"] is not None:
            raise WrongState(f"marker {marker_id} has ended", f"界桩 {marker_id} 已终止")
        known = connection.scalar(
            select(repair_order.c.id).where(
                repair_order.c.marker_id == marker_id, repair_order.c.state.in_(UNFINISHED)
            )
        )
        if known is not None:
            raise Conflict(
                f"marker {record['marker_no']} has the unfinished repair {known}: go on with that",
                f"{record['marker_no']} 号界桩已有未结的修复任务 {known}；请在该任务上办理",
            )
        return _insert(transaction, record, term.code, today, note)


def _insert(
    transaction: Transaction, record: Mapping[str, Any], reason: str, today: date, note: str | None
) -> int:
    parties = marker_parties(transaction.connection, record)
    row = _order(transaction.connection, record, reason, today, note, parties)
    return transaction.insert(repair_order, row)


def _order(
    connection: Connection,
    record: Mapping[str, Any],
    reason: str,
    today: date,
    note: str | None,
    parties: Sequence[str],
) -> dict[str, Any]:
    severity = _severity(reason)
    return {
        "marker_id": record["id"],
        "marker_no": record["marker_no"],
        "reason": reason,
        "severity": severity,
        "state": OPEN,
        "opened_on": today,
        "due_on": today + timedelta(days=days_for(severity)),
        "managing_party": _managing(connection, record, parties),
        "parties": _SPLIT.join(parties) or None,
        "note": note,
    }


def _severity(state: str) -> int:
    return next(int(r["severity"]) for r in load_table("marker_states") if r["code"] == state)


def days_for(severity: int) -> int:
    """How many days a repair so grave may take (`repair_times`): the agreement's, not the law's."""
    rows = sorted(load_table("repair_times"), key=lambda row: -int(row["severity"]))
    return next(int(row["days"]) for row in rows if severity >= int(row["severity"]))


def _managing(
    connection: Connection, record: Mapping[str, Any], parties: Sequence[str]
) -> str | None:
    """The code of the side that manages a marker, which registers give as a code or a name."""
    said = (record["managing_party"] or "").strip()
    if not said or said in parties:
        return said or None
    names = names_of(connection, parties)
    return next((code for code in parties if names.get(code) == said), said)


def assign(
    store: Store, actor: Actor, order_id: int, version: int, to: str, managing_party: str | None
) -> int:
    """Hand an order to somebody of the managing side; returns the order's new version."""
    if not to.strip():
        raise InvalidValue("assigned_to", to, "a name is needed", "give it", "请填写承办人")
    values = {"assigned_to": to.strip()}
    if managing_party:
        values["managing_party"] = managing_party
    return _step(store, actor, order_id, version, "assign", values)


def cancel(store: Store, actor: Actor, order_id: int, version: int, reason: str) -> int:
    """Cancel an order with a reason; returns its new version."""
    if not reason.strip():
        raise InvalidValue("note", reason, "a reason is needed", "give it", "请写明撤销原因")
    return _step(store, actor, order_id, version, "cancel", {"note": reason.strip()})


def _step(
    store: Store, actor: Actor, order_id: int, version: int, act: str, values: Mapping[str, Any]
) -> int:
    with store.write(actor.name, f"{act} repair {order_id}") as transaction:
        order = _allowed(transaction.connection, actor, order_id, act)
        state = _steps()[act]["to_state"]
        return transaction.update(repair_order, order["id"], version, {**values, "state": state})


def _steps() -> dict[str, Mapping[str, str]]:
    return {row["act"]: row for row in load_table("repair_steps")}


def steps_from(state: str) -> list[str]:
    """The acts that people may take on an order in a state."""
    return [
        act
        for act, step in _steps().items()
        if act != _BY_CLOSING and state in step["from_state"].split(_SPLIT)
    ]


def work_kinds() -> list[str]:
    """The codes of what restores a marker in place (`restoration_kinds`)."""
    codes = [row["code"] for row in load_table("restoration_kinds")]
    return [code for code in codes if code not in _NO_REPAIR]


def _allowed(connection: Connection, actor: Actor, order_id: int, act: str) -> dict[str, Any]:
    """The order, where its state and the actor allow the act."""
    order = read_repair(connection, order_id)
    require(connection, actor, EDITORS, [order["managing_party"], *order["parties"]], act)
    step = _steps()[act]
    if order["state"] not in step["from_state"].split(_SPLIT):
        raise WrongState(
            f"repair {order_id} is {order['state']}; to {step['en']} it must be"
            f" {step['from_state']}",
            f"修复任务 {order_id} 当前为 {order['state']}；"
            f"“{step['zh']}”应在 {step['from_state']} 时办理",
        )
    return order


def restore(
    store: Store, actor: Actor, order_id: int, version: int, work: Work, today: date
) -> int:
    """Record that a marker was restored; returns the id of the marker's version.

    Args:
        store: the store.
        actor: an editor of the managing side or of any party.
        order_id: the order.
        version: the order's version that the writer saw.
        work: what was done.
        today: the day that dates must not lie after.

    Raises:
        NotLawful: the managing side, the neighbour's witness or the survey are missing.
        InvalidValue: the kind is none of a repair, or a date lies after today.
        WrongState, Conflict, Forbidden, NotFound: as they say.
    """
    kind = restoration_kind(work.kind)
    if kind is None or kind.code in _NO_REPAIR:
        raise InvalidValue(
            "kind", work.kind, "this is no restoration in place",
            "give 修复, 描红, 原址更换 or 重新埋设; a relocation needs an agreement of all parties",
            f"“{work.kind}”不是原址修复；移位须经各方协议另行办理",
        )  # fmt: skip
    for name in ("worked_on", "surveyed_on"):
        day: date | None = getattr(work, name)
        if day is not None and day > today:
            raise InvalidValue(
                name, day.isoformat(), "it lies after today", "correct it", "日期晚于今天"
            )
    with store.write(actor.name, f"record the work of repair {order_id}") as transaction:
        connection = transaction.connection
        order = _allowed(connection, actor, order_id, "done")
        missing = _missing(connection, order, work, survey=kind.survey)
        if missing:
            raise NotLawful(("a repair", "修复"), missing, _RULE)
        parties = tuple(filter(None, (order["managing_party"], work.witness_party)))
        act = Act(
            kind.code, work.worked_on, parties, work.witness, survey_method=work.survey_method,
            sigma_m=work.sigma_m, surveyed_on=work.surveyed_on, surveyor=work.worked_by,
            note=work.note,
        )  # fmt: skip
        record = read_marker(connection, order["marker_id"])
        identity = insert_version(transaction, record, kind, act, None)
        values = {
            "state": DONE, "work_kind": kind.code, "worked_on": work.worked_on,
            "worked_by": work.worked_by, "witness": work.witness,
            "witness_party": work.witness_party, "version_id": identity,
            "cost_yuan": work.cost_yuan, "note": work.note or order["note"],
        }  # fmt: skip
        transaction.update(repair_order, order_id, version, values)
        refresh(transaction, [order["marker_id"]])
    return identity


def _missing(
    connection: Connection, order: Mapping[str, Any], work: Work, *, survey: bool
) -> list[tuple[str, str]]:
    missing = []
    managing, neighbour = order["managing_party"], work.witness_party
    if not managing:
        missing.append(("the managing side (assign it)", "管理方（请先指派）"))
    if not (work.witness or "").strip() or not neighbour:
        missing.append(("the neighbour's witness: name and party", "邻方见证人（姓名与所属方）"))
    elif managing and managing in division_path(connection, [neighbour]):
        missing.append(
            ("a witness of the neighbour, not of the managing side", "邻方（而非管理方）见证人")
        )
    elif order["parties"] and not any(
        party in division_path(connection, [neighbour]) for party in order["parties"]
    ):
        missing.append(("a witness of a party of this line", "本界线当事方的见证人"))
    if survey and (work.surveyed_on is None or not (work.survey_method or "").strip()):
        missing.append(("the survey: its day and method", "测量（日期与方法）"))
    return missing


def close(store: Store, actor: Actor, order_id: int, version: int, today: date) -> str:
    """Close an order by a new inspection, or open it again where that found the marker unsound.

    Returns:
        The order's new state: closed or open.

    Raises:
        NotLawful: no inspection has verified the restoration yet.
    """
    with store.write(actor.name, f"verify repair {order_id}") as transaction:
        connection = transaction.connection
        order = _allowed(connection, actor, order_id, "close")
        status = status_of(connection, order["marker_id"])
        report = next(
            (
                one
                for one in reversed(status.evidence)
                if one.kind == "report" and one.counts and one.on and one.on >= order["worked_on"]
            ),
            None,
        )
        if report is None:
            missing = [("an inspection since the work", "修复后的核验检查")]
            raise NotLawful(("closing a repair", "结案"), missing, _RULE)
        good = status.state in _GOOD
        values: dict[str, Any] = {"state": CLOSED if good else OPEN, "verified_by": report.id}
        if good:
            values["closed_on"] = today
        transaction.update(repair_order, order_id, version, values)
        return str(values["state"])


def record_incident(
    store: Store, actor: Actor, order_id: int, version: int, values: Mapping[str, Any]
) -> None:
    """Record cause, liable person, cost and fine of damage (Order 353, Art 17).

    Raises:
        InvalidValue: the fine is above the highest one (1,000 yuan), or an amount is negative.
    """
    most = boundary_rule("fine_most_yuan")
    fine, cost = values.get("fine_yuan"), values.get("cost_yuan")
    if fine is not None and not 0.0 <= fine <= most:
        raise InvalidValue(
            "fine_yuan", fine, f"a fine is at most {most:g} yuan (Order 353, Art 17)",
            "correct it", f"罚款不得超过 {most:g} 元（条例第十七条）；请更正",
        )  # fmt: skip
    if cost is not None and cost < 0.0:
        raise InvalidValue(
            "cost_yuan", cost, "a cost is not negative", "correct it", "费用不能为负"
        )
    known = {k: v for k, v in values.items() if v is not None}
    with store.write(actor.name, f"record the incident of repair {order_id}") as transaction:
        order = read_repair(transaction.connection, order_id)
        codes = [order["managing_party"], *order["parties"]]
        require(transaction.connection, actor, EDITORS, codes, "record an incident")
        transaction.update(repair_order, order_id, version, known)


def verifying(connection: Connection, order: Mapping[str, Any]) -> dict[str, Any] | None:
    """The inspection that verified an order; None where there is none that the reader sees."""
    if order["verified_by"] is None:
        return None
    statement = select(inspection).where(inspection.c.id == order["verified_by"])
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else plain(row, ("geom", "raw"))
