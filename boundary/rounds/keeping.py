"""Rounds from the plan to the filing: what may be written when, and by whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from boundary.authority import division_path, require
from boundary.errors import NotLawful, WrongState
from boundary.lines.keeping import parties_of, read_line
from boundary.lines.reading import markers_of_line
from boundary.round_tables import (
    joint_round,
    round_decision,
    round_file,
    round_line,
    round_signature,
    round_team,
)
from boundary.rounds.reconciling import CONFLICT, compare
from boundary.rounds.route import MOST_MARKERS, plan_route
from boundary.rows import plain
from boundary.status.keeping import refresh
from boundary.tables import inspection, submission
from data.actors import Actor, Role
from data.coordinates import ReferenceSystem
from data.errors import Conflict, InvalidValue, NotFound
from data.geometry import point_xy
from data.received import COMMITTED
from data.reference import find_term
from data.store import Store
from data.transaction import Transaction

PLANNED, FIELD, SIGNED, FILED, CANCELLED = "planned", "field", "signed", "filed", "cancelled"
REGULAR, SPECIAL = "regular", "special"
_EDITORS = (Role.EDITOR, Role.ADMINISTRATOR)
_RULE = "L353 Art 12"
_SPLIT = "|"
_STATES_OF: Mapping[str, tuple[str, ...]] = {
    "files": (PLANNED, FIELD),
    "decisions": (PLANNED, FIELD),
    "signatures": (FIELD,),
    "filing": (FIELD, SIGNED),
    "cancel": (PLANNED, FIELD),
}
"""The states of a round in which each act is taken."""
_VERDICTS = {"in_place", "suspect", "displaced", "cannot_tell"}


def read_round(connection: Connection, round_id: int) -> dict[str, Any]:
    """A round's record.

    Raises:
        NotFound: there is none of that id.
    """
    statement = select(joint_round).where(joint_round.c.id == round_id)
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no round {round_id}", f"没有编号为 {round_id} 的联检")
    return plain(row)


def lines_of(connection: Connection, round_id: int) -> list[dict[str, Any]]:
    """The lines of a round, as they were added."""
    ids = select(round_line.c.line_id).where(round_line.c.round_id == round_id)
    return [read_line(connection, one) for one in connection.scalars(ids.order_by(round_line.c.id))]


def parties_of_round(lines: Sequence[Mapping[str, Any]]) -> list[str]:
    """The parties of all lines of a round."""
    return list(dict.fromkeys(code for record in lines for code in parties_of(record)))


def markers_of_round(
    connection: Connection, lines: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The markers of all lines of a round, each once, by line and number."""
    found: dict[int, dict[str, Any]] = {}
    for record in lines:
        for one in markers_of_line(connection, record["code"]):
            found.setdefault(one["id"], one)
    return list(found.values())


def plan_round(
    store: Store,
    actor: Actor,
    line_ids: Sequence[int],
    values: Mapping[str, Any],
    teams: Sequence[Mapping[str, Any]] = (),
) -> int:
    """Plan a round with its route; returns its id.

    Args:
        store: the store.
        actor: an editor of any party of the lines.
        line_ids: the lines, or the parts of one.
        values: name, number, kind (regular, special), due_on, begins_on, ends_on, event, plan,
            remark; a special round names its event.
        teams: party, leader and members of each side.

    Raises:
        InvalidValue: no line, an unknown kind, a special round without its event.
        Conflict: a line is in another round that is neither filed nor cancelled.
    """
    _check_lines(line_ids)
    kind = values.get("kind") or REGULAR
    if kind not in {REGULAR, SPECIAL}:
        raise InvalidValue("kind", kind, "it is regular or special", "give one", "应为定期或专项")
    if kind == SPECIAL and not str(values.get("event") or "").strip():
        raise InvalidValue(
            "event", "", "a special round follows an event (Order 353, Art 12)", "name it",
            "专项联检须写明起因（条例第十二条）",
        )  # fmt: skip
    with store.read() as reading:
        lines = _plannable(reading, actor, line_ids, kind)
        markers = markers_of_round(reading, lines)
    # The tour of many markers takes its time: nobody who writes waits for it.
    route = _route(store, markers)
    with store.write(actor.name, "plan a joint inspection") as transaction:
        lines = _plannable(transaction.connection, actor, line_ids, kind)
        name = values.get("name") or f"{lines[0]['name']}联合检查"
        own = {k: v for k, v in values.items() if v is not None}
        key = transaction.insert(
            joint_round, {**own, **route, "name": name, "kind": kind, "state": PLANNED}
        )
        transaction.insert_many(round_line, ({"round_id": key, "line_id": one} for one in line_ids))
        transaction.insert_many(round_team, ({**team, "round_id": key} for team in teams))
    return key


def _plannable(
    connection: Connection, actor: Actor, line_ids: Sequence[int], kind: str
) -> list[dict[str, Any]]:
    """The lines of a round, where the actor may plan one and no other round has them."""
    lines = [read_line(connection, one) for one in line_ids]
    require(connection, actor, _EDITORS, parties_of_round(lines), "plan a joint inspection")
    _refuse_busy(connection, line_ids, kind)
    return lines


def _refuse_busy(connection: Connection, line_ids: Sequence[int], kind: str) -> None:
    if kind == SPECIAL:
        return
    busy = connection.execute(
        select(round_line.c.line_id, joint_round.c.id)
        .join(joint_round, joint_round.c.id == round_line.c.round_id)
        .where(
            round_line.c.line_id.in_(line_ids),
            joint_round.c.kind == REGULAR,
            joint_round.c.state.in_((PLANNED, FIELD, SIGNED)),
        )
    ).first()
    if busy is not None:
        raise Conflict(
            f"line {busy[0]} is in round {busy[1]}, which is not filed yet: go on with that",
            f"界线 {busy[0]} 已列入尚未备案的联检 {busy[1]}；请在该轮次上办理",
        )


def _route(store: Store, markers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    placed = [one for one in markers if one["geom"]][:MOST_MARKERS]
    ellipsoid = ReferenceSystem.parse(store.crs).datum.ellipsoid
    route = plan_route([point_xy(one["geom"]) for one in placed], ellipsoid)
    return {
        "route": _SPLIT.join(str(placed[k]["id"]) for k in route.order) or None,
        "route_m": round(route.length_m, 1),
        "route_bound_m": round(route.bound_m, 1),
    }


def _check_lines(line_ids: Sequence[int]) -> None:
    if not line_ids or len(set(line_ids)) != len(line_ids):
        raise InvalidValue(
            "lines", list(line_ids), "a round inspects lines, each once", "name them",
            "请至少选择一条界线，且不重复",
        )  # fmt: skip


def record_past_round(
    store: Store, actor: Actor, line_ids: Sequence[int], number: int | None, completed_on: date
) -> int:
    """Record a round of the time before this register, so that the next one is counted from it.

    Raises:
        InvalidValue: no line, or one twice; its day lies after today.
        Forbidden, NotFound: as they say.
    """
    _check_lines(line_ids)
    with store.write(actor.name, "record an earlier joint inspection") as transaction:
        lines = [read_line(transaction.connection, one) for one in line_ids]
        parties = parties_of_round(lines)
        require(transaction.connection, actor, _EDITORS, parties, "record an earlier round")
        _refuse_future("completed_on", completed_on, transaction.day)
        key = transaction.insert(
            joint_round,
            {
                "name": f"{lines[0]['name']}联合检查", "number": number, "kind": REGULAR,
                "state": FILED, "completed_on": completed_on,
                "remark": "recorded afterwards 补录",
            },
        )  # fmt: skip
        transaction.insert_many(round_line, ({"round_id": key, "line_id": one} for one in line_ids))
    return key


def acts_open(connection: Connection, round_id: int, actor: Actor) -> list[str]:
    """The acts that the actor may take on a round in its state."""
    path = division_path(connection, parties_of_round(lines_of(connection, round_id)))
    if not any(actor.may(role, path) for role in _EDITORS):
        return []
    state = read_round(connection, round_id)["state"]
    return [act for act, states in _STATES_OF.items() if state in states]


def round_for(
    connection: Connection, actor: Actor, round_id: int, kind: str, act: str
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The round and its lines, where its state and the actor allow the act.

    Args:
        connection: a reading connection.
        actor: who acts.
        round_id: the round.
        kind: of `_STATES_OF`.
        act: in words, for the refusal.

    Raises:
        NotFound: there is no such round.
        Forbidden: the actor is no editor of a party of it.
        WrongState: the round is not in a state for it.
    """
    record = read_round(connection, round_id)
    lines = lines_of(connection, round_id)
    require(connection, actor, _EDITORS, parties_of_round(lines), act)
    states = _STATES_OF[kind]
    if record["state"] not in states:
        raise WrongState(
            f"round {round_id} is {record['state']}; to {act} it must be {' or '.join(states)}",
            f"联检 {round_id} 当前为 {record['state']}；"
            f"此项（{act}）应在 {' 或 '.join(states)} 时办理",
        )
    return record, lines


def attach_file(
    store: Store, actor: Actor, round_id: int, submission_id: int, side: str
) -> dict[str, int]:
    """Take a committed inspection file as the observations of one side.

    Returns:
        How many inspections were taken, and how many are of markers that are not in the round.

    Raises:
        Conflict: the file was handed in by the other side or for another round: each side
            observes by itself.
        InvalidValue: the side is no party of the round.
        WrongState: the file is not committed, or the round is over.
    """
    with store.write(actor.name, f"take a file into round {round_id}") as transaction:
        connection = transaction.connection
        record, lines = round_for(connection, actor, round_id, "files", "take a file")
        party = _party(connection, side, parties_of_round(lines))
        known = connection.execute(
            select(round_file.c.round_id, round_file.c.side).where(
                round_file.c.submission_id == submission_id
            )
        ).one_or_none()
        if known is not None and tuple(known) != (round_id, party):
            raise Conflict(
                f"file {submission_id} is that of {known.side} in round {known.round_id}: each side"
                " observes by itself and hands in its own",
                f"文件 {submission_id} 已作为 {known.side} 在联检 {known.round_id} 中的记录；"
                "双方应各自检查、各自提交",
            )
        state = connection.scalar(
            select(submission.c.state).where(submission.c.id == submission_id)
        )
        if state is None:
            raise NotFound(f"there is no submission {submission_id}", f"没有提交 {submission_id}")
        if state != COMMITTED:
            raise WrongState(
                f"submission {submission_id} is {state}; commit it first",
                f"提交 {submission_id} 当前为 {state}，尚未入库；请先提交入库",
            )
        return _take(transaction, record, lines, submission_id, party, new=known is None)


def _take(
    transaction: Transaction,
    record: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    submission_id: int,
    party: str,
    *,
    new: bool,
) -> dict[str, int]:
    connection = transaction.connection
    own = {one["id"] for one in markers_of_round(connection, lines)}
    rows = connection.execute(
        select(inspection.c.id, inspection.c.marker_id).where(
            inspection.c.submission_id == submission_id
        )
    ).all()
    taken = [row.id for row in rows if row.marker_id in own]
    if new:
        transaction.change_many(inspection, taken, {"round_id": record["id"], "side": party})
        transaction.insert(
            round_file,
            {"round_id": record["id"], "submission_id": submission_id, "side": party},
        )
        refresh(transaction, sorted({row.marker_id for row in rows if row.marker_id in own}))
        if record["state"] == PLANNED:
            values = {"state": FIELD}
            transaction.update(joint_round, record["id"], record["version"], values)
    return {"taken": len(taken), "elsewhere": len(rows) - len(taken)}


def _refuse_future(name: str, day: date, today: date) -> None:
    """Refuse to record for a later day: from it the next round would be counted."""
    if day > today:
        raise InvalidValue(
            name, day.isoformat(), "what is recorded lies not after today", "correct the date",
            f"日期 {day} 晚于今天；请更正",
        )  # fmt: skip


def _party(connection: Connection, side: str, parties: Sequence[str]) -> str:
    """The party of a round that a code names: its own, or one inside it."""
    path = division_path(connection, [side])
    found = next((party for party in parties if party in path), None)
    if found is None:
        known = ", ".join(parties)
        raise InvalidValue(
            "side", side, "this is no party of the round", f"give one of {known}",
            f"“{side}”不是本次联检的当事方；可用：{known}",
        )  # fmt: skip
    return found


def decide(
    store: Store, actor: Actor, round_id: int, marker_id: int, values: Mapping[str, Any]
) -> int:
    """Record what the sides agreed on about a marker; returns the decision's id.

    Args:
        store: the store.
        actor: an editor of any party.
        round_id: the round.
        marker_id: a marker of the round.
        values: condition and verdict as agreed, note, agreed_by (who agreed, for every party),
            decided_on.

    Raises:
        InvalidValue: the marker is not in the round, a word is unknown, nothing is decided, or
            the day lies after today.
        NotLawful: not every party's agreement is named.
    """
    term = find_term("conditions", values["condition"]) if values.get("condition") else None
    if values.get("condition") and term is None:
        raise InvalidValue(
            "condition", values["condition"], "this names no condition", "give 完好, 损坏 …",
            "不是可识别的界桩状况",
        )  # fmt: skip
    verdict = values.get("verdict")
    if (verdict and verdict not in _VERDICTS) or not (term or verdict):
        raise InvalidValue(
            "verdict", verdict, "a decision names a condition or a verdict",
            f"give one of {', '.join(sorted(_VERDICTS))}", "请填写核定的状况或位置结论",
        )  # fmt: skip
    agreed = [name.strip() for name in values.get("agreed_by") or () if name.strip()]
    with store.write(actor.name, f"decide on marker {marker_id}") as transaction:
        connection = transaction.connection
        _, lines = round_for(connection, actor, round_id, "decisions", "decide")
        if values.get("decided_on"):
            _refuse_future("decided_on", values["decided_on"], transaction.day)
        if marker_id not in {one["id"] for one in markers_of_round(connection, lines)}:
            raise InvalidValue(
                "marker_id", marker_id, "it is no marker of the round", "choose one of its markers",
                "该界桩不在本次联检范围内",
            )  # fmt: skip
        parties = parties_of_round(lines)
        if len(set(agreed)) < len(parties):
            missing = [(f"who agreed for each of {len(parties)} parties", "各方同意人")]
            raise NotLawful(("a decision", "核定"), missing, _RULE)
        key = transaction.insert(
            round_decision,
            {
                "round_id": round_id, "marker_id": marker_id,
                "condition": term.code if term else None, "verdict": verdict,
                "note": str(values.get("note") or ""), "agreed_by": _SPLIT.join(agreed),
                "decided_on": values.get("decided_on"),
            },
        )  # fmt: skip
        refresh(transaction, [marker_id])
    return key


def sign(
    store: Store, actor: Actor, round_id: int, party: str, name: str, role: str, on: date
) -> str:
    """Sign a round's report for a party; with the last party's the round is signed.

    Returns:
        The round's state after it.

    Raises:
        InvalidValue: there is no name, or the day lies after today.
        NotLawful: observations contradict each other and are not decided, or markers were seen by
            nobody.
        Conflict: the party has signed.
    """
    if not name.strip():
        raise InvalidValue("name", name, "a signature has a name", "give it", "请填写签字人")
    with store.write(actor.name, f"sign round {round_id}") as transaction:
        connection = transaction.connection
        record, lines = round_for(connection, actor, round_id, "signatures", "sign")
        _refuse_future("signed_on", on, transaction.day)
        parties = parties_of_round(lines)
        own = _party(connection, party, parties)
        signed = set(
            connection.scalars(
                select(round_signature.c.party).where(round_signature.c.round_id == round_id)
            )
        )
        if own in signed:
            raise Conflict(
                f"{own} has signed round {round_id}", f"{own} 已在联检 {round_id} 上签字"
            )
        _refuse_unfinished(connection, round_id, lines)
        values = {"round_id": round_id, "party": own, "name": name.strip(), "signed_on": on}
        transaction.insert(round_signature, {**values, "role": role or None})
        if signed | {own} < set(parties):
            return FIELD
        transaction.update(
            joint_round, round_id, record["version"], {"state": SIGNED, "completed_on": on}
        )
    return SIGNED


def _refuse_unfinished(
    connection: Connection, round_id: int, lines: Sequence[Mapping[str, Any]]
) -> None:
    found = compare(connection, round_id, markers_of_round(connection, lines))
    counted = Counter(one["state"] for one in found)
    missing = []
    if counted[CONFLICT]:
        numbers = "、".join(one["marker_no"] for one in found if one["state"] == CONFLICT)
        missing.append((f"decisions on the contradictions at {numbers}", f"对 {numbers} 的核定"))
    if counted["missing"]:
        numbers = "、".join(one["marker_no"] for one in found if one["state"] == "missing")
        missing.append((f"observations or decisions on {numbers}", f"{numbers} 的检查或核定"))
    if missing:
        raise NotLawful(("signing", "签字"), missing, _RULE)


def file_round(
    store: Store, actor: Actor, round_id: int, filed_with: str | None, number: str | None, on: date
) -> None:
    """File a signed round with the authority that approved the line (Order 353, Art 12).

    Raises:
        InvalidValue: the day lies after today.
        NotLawful: it is not known with whom, or not every party has signed.
    """
    with store.write(actor.name, f"file round {round_id}") as transaction:
        connection = transaction.connection
        record, lines = round_for(connection, actor, round_id, "filing", "file")
        _refuse_future("filed_on", on, transaction.day)
        if record["state"] != SIGNED:
            missing = [("every party's signature", "各方签字")]
            raise NotLawful(("filing", "备案"), missing, _RULE)
        authority = filed_with or next(
            (one["approving_authority"] for one in lines if one["approving_authority"]), None
        )
        if not authority:
            missing = [("the authority that approved the line", "批准机关")]
            raise NotLawful(("filing", "备案"), missing, _RULE)
        values = {"state": FILED, "filed_on": on, "filed_with": authority, "filing_no": number}
        transaction.update(joint_round, round_id, record["version"], values)


def cancel_round(store: Store, actor: Actor, round_id: int, reason: str) -> None:
    """Cancel a round with a reason."""
    if not reason.strip():
        raise InvalidValue("remark", reason, "a reason is needed", "give it", "请写明撤销原因")
    with store.write(actor.name, f"cancel round {round_id}") as transaction:
        record, _ = round_for(transaction.connection, actor, round_id, "cancel", "cancel")
        values = {"state": CANCELLED, "remark": reason.strip()}
        transaction.update(joint_round, round_id, record["version"], values)
