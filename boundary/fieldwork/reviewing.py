"""Visits from the field in the office: looked at by another person, and taken into their round."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from boundary.field_tables import field_visit
from boundary.round_tables import round_file
from boundary.rounds.keeping import attach_file, read_round, round_for
from boundary.rows import plain
from boundary.submissions import commit, read_submission
from boundary.tables import marker, submission, submission_report
from data.actors import Actor
from data.errors import Conflict, Fault, InvalidValue, NotCommittable, OvooError
from data.received import COMMITTED
from data.store import Store

_RESULT: Final = ("verdict", "condition", "distance_m", "bearing_deg", "zh", "en")
_DOUBTFUL: Final = "resubmit"
_MOST: Final = 2_000


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of visits: ids of the submissions taken in, and why others were not."""

    taken: tuple[int, ...]
    left: tuple[Fault, ...]


def visits_of_round(connection: Connection, round_id: int) -> list[dict[str, Any]]:
    """The visits to a round's markers, the newest first, at most 2,000.

    Returns:
        Of each: `client_id`, `account`, `marker_id`, `marker_no`, `side`, `received_at`,
        `submission`, `state` of that, `taken` (the side it was taken for; None where it was not),
        `sound` (whether its verdict asks for no second visit), and of its report `verdict`,
        `condition`, `distance_m`, `bearing_deg`, `zh`, `en`.

    Raises:
        NotFound: there is no round of that id.
    """
    read_round(connection, round_id)
    return _visits(connection, round_id)


def _visits(connection: Connection, round_id: int, *only: Any) -> list[dict[str, Any]]:
    names = ("client_id", "account", "marker_id", "side", "received_at", "accuracy_95_m")
    statement = (
        select(
            *(field_visit.c[name] for name in names),
            marker.c.marker_no,
            submission.c.id.label("submission"),
            submission.c.state,
            submission_report.c.json,
            round_file.c.side.label("taken"),
        )
        .join(marker, marker.c.id == field_visit.c.marker_id)
        .join(submission, submission.c.id == field_visit.c.submission_id)
        .join(submission_report, submission_report.c.submission_id == submission.c.id)
        .outerjoin(round_file, round_file.c.submission_id == submission.c.id)
        .where(field_visit.c.round_id == round_id, *only)
        .order_by(field_visit.c.id.desc())
        .limit(_MOST)
    )
    return [_shown(dict(row)) for row in connection.execute(statement).mappings()]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    (result, *_) = orjson.loads(row.pop("json"))["results"]
    told = {name: result.get(name) for name in _RESULT}
    return plain(row) | told | {"sound": told["verdict"] != _DOUBTFUL}


def take_in(
    store: Store,
    actor: Actor,
    round_id: int,
    client_ids: Collection[str],
    side: str | None = None,
    *,
    second_person: bool = True,
) -> TakenIn:
    """Commit visits of a round, and take each into it for its side; what is taken already stays.

    Each visit is a transaction of its own: one that cannot be taken keeps none of the others.

    Args:
        store: the store.
        actor: an editor of any party of the round.
        round_id: the round.
        client_ids: the visits.
        side: the party of those that name none.
        second_person: whether another person than the sender must commit.

    Raises:
        NotFound: there is no such round.
        WrongState: the round is over.
        InvalidValue: no visit is named, or one that is not of the round.
        Forbidden: the actor may not.
    """
    with store.read() as connection:
        round_for(connection, actor, round_id, "files", "take in visits from the field")
        rows = _visits(connection, round_id, field_visit.c.client_id.in_(client_ids))
    known = {one["client_id"]: one for one in rows}
    _check(client_ids, known)
    taken, left = [], []
    for one in sorted((known[key] for key in client_ids), key=lambda row: row["submission"]):
        try:
            _take(store, actor, round_id, one, side, second_person=second_person)
            taken.append(one["submission"])
        except (Conflict, InvalidValue, NotCommittable) as error:
            left.append(_why(one, error))
    return TakenIn(tuple(taken), tuple(left))


def _check(client_ids: Collection[str], known: Collection[str]) -> None:
    strange = sorted(set(client_ids) - set(known))
    if strange or not client_ids:
        raise InvalidValue(
            "visits", ", ".join(strange), "visits of this round are named", "choose some of them",
            "请选择本次联检的外业记录",
        )  # fmt: skip


def _take(
    store: Store,
    actor: Actor,
    round_id: int,
    one: dict[str, Any],
    side: str | None,
    *,
    second_person: bool,
) -> None:
    own = one["side"] or side
    if not own:
        raise InvalidValue("side", "", "it is taken for a party", "say for which", "请说明检查方")
    if one["state"] != COMMITTED:
        if second_person and one["account"] == actor.name:
            raise NotCommittable("another person commits it", "须由他人审核入库")
        _commit(store, actor, one)
    attach_file(store, actor, round_id, one["submission"], own)


def _commit(store: Store, actor: Actor, one: dict[str, Any]) -> None:
    """Commit a visit as it was seen: those before it may have changed words, not the verdict."""
    try:
        commit(store, one["submission"], actor.name)
    except Conflict:
        with store.read() as connection:
            (now, *_) = read_submission(connection, one["submission"])["results"]
        if now["verdict"] != one["verdict"]:
            raise
        commit(store, one["submission"], actor.name)


def _why(one: dict[str, Any], error: OvooError) -> Fault:
    return Fault(error.code, None, None, one["marker_no"], error.zh, error.message)
