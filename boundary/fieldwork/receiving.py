"""Visits from the field are received: each once, however often and however late it is sent.

    claimed under its client's number → a file like any other → judged → answered

A visit with any fault is refused before anything is kept, so that it can be corrected under the
number it has. From then on the number stands for what was sent with it, for ever.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from boundary.authority import division_path, require
from boundary.field_tables import field_visit
from boundary.fieldwork.visits import Visit
from boundary.markers.versions import marker_parties, read_marker
from boundary.rounds.keeping import lines_of, parties_of_round, read_round
from boundary.submissions import preview, receive
from data.actors import Actor, Role
from data.errors import Conflict, Fault, FaultsFound, InvalidValue
from data.received import Report
from data.store import Store

SENDERS = (Role.SURVEYOR, Role.EDITOR, Role.APPROVER)


@dataclass(frozen=True, slots=True)
class Received:
    """A visit that is kept.

    Attributes:
        submission_id: the file that it became.
        report: what is said of it, as of any file.
        received_at: when it was first received, UTC.
        repeated: whether it had been received before.
    """

    submission_id: int
    report: Report
    received_at: str
    repeated: bool


def receive_visit(
    store: Store, seen: Store, actor: Actor, visit: Visit, sent_from: str, today: date
) -> Received:
    """Keep a visit and judge it; the same visit again is the same, and changes nothing.

    Args:
        store: the store.
        seen: the store as the actor may judge positions in it.
        actor: who sends; who may for the marker's divisions.
        visit: the visit.
        sent_from: the address that it came from.
        today: the calendar day in China.

    Raises:
        NotFound: the actor sees no such marker or round.
        Forbidden: the marker lies in none of the actor's divisions.
        FaultsFound: something of it is wrong; nothing is kept.
        Conflict: another visit has that number.
    """
    with seen.read() as connection:
        record = read_marker(connection, visit.marker_id)
        require(
            connection, actor, SENDERS, marker_parties(connection, record), "send an inspection"
        )
        faults = [*visit.faults(today), *_round_faults(connection, visit)]
    known = _known(store, actor, visit)
    if known is None and faults:
        raise FaultsFound(faults)
    claimed = known or _claim(store, actor, visit)
    submission_id = claimed.submission_id
    if submission_id is None:
        content = visit.as_file(record["marker_no"], record["line_code"])
        name = f"{record['marker_no']}-{visit.client_id[:8]}.csv"
        submission_id = receive(seen, content, name, f"{actor.name} ({sent_from})")
    report = preview(seen, submission_id, today)
    if claimed.submission_id is None:
        submission_id = _settle(store, actor, visit, submission_id)
    return Received(submission_id, report, claimed.received_at, known is not None)


def _round_faults(connection: Connection, visit: Visit) -> list[Fault]:
    """What does not fit between a visit and the round that it names."""
    if visit.round_id is None:
        return []
    read_round(connection, visit.round_id)
    parties = parties_of_round(lines_of(connection, visit.round_id))
    if not visit.side or set(parties) & set(division_path(connection, [visit.side])):
        return []
    known = ", ".join(parties)
    error = InvalidValue(
        "side", visit.side, "this is no party of the round", f"give one of {known}",
        f"“{visit.side}”不是本次联检的当事方；可用：{known}",
    )  # fmt: skip
    return [Fault(error.code, None, "side", visit.side, error.zh, error.message)]


def _known(store: Store, actor: Actor, visit: Visit) -> Row[Any] | None:
    with store.read() as connection:
        return _claimed(connection, actor, visit)


def _claimed(connection: Connection, actor: Actor, visit: Visit) -> Row[Any] | None:
    """What was received under the visit's number; None where nothing was."""
    row = connection.execute(
        select(field_visit).where(field_visit.c.client_id == visit.client_id)
    ).one_or_none()
    if row is not None and (row.content_sha256, row.account) != (visit.sha256, actor.name):
        raise Conflict(
            f"another inspection was received under the number {visit.client_id}: what was sent"
            " stays as it is; make a new inspection",
            f"编号 {visit.client_id} 已收到另一份检查记录；已发送的内容不再更改，请新建检查记录",
        )
    return row


def _claim(store: Store, actor: Actor, visit: Visit) -> Row[Any]:
    """Let the number stand for this visit from now on."""
    with store.write(actor.name, f"receive visit {visit.client_id}") as transaction:
        known = _claimed(transaction.connection, actor, visit)
        if known is not None:
            return known
        values = {
            "client_id": visit.client_id,
            "content_sha256": visit.sha256,
            "account": actor.name,
            "marker_id": visit.marker_id,
            "round_id": visit.round_id,
            "side": visit.side,
            "accuracy_95_m": visit.accuracy_95_m,
            "fixed_at": visit.fixed_at,
            "received_at": transaction.at,
        }
        transaction.insert(field_visit, values)
        own = select(field_visit).where(field_visit.c.client_id == visit.client_id)
        return transaction.connection.execute(own).one()


def _settle(store: Store, actor: Actor, visit: Visit, submission_id: int) -> int:
    """Say which file the visit became, unless another sending of it has; returns which."""
    with store.write(actor.name, f"keep visit {visit.client_id}") as transaction:
        own = select(field_visit).where(field_visit.c.client_id == visit.client_id)
        row = transaction.connection.execute(own).one()
        if row.submission_id is not None:
            return int(row.submission_id)
        transaction.update(field_visit, row.id, row.version, {"submission_id": submission_id})
    return submission_id
