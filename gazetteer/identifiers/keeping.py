"""Give identifiers to records, end them, and find records by any of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from data.actors import Actor, Role
from data.errors import Conflict, InvalidValue, NotFound
from data.store import Store
from gazetteer.division_path import codes_above, in_force
from gazetteer.divisions.history import find_code
from gazetteer.identifiers.schemes import SCHEMES, readings, scheme_of
from gazetteer.identifiers.tables import identifier
from gazetteer.tables import division, place


@dataclass(frozen=True, slots=True)
class NewIdentifier:
    """An identifier to be given.

    Attributes:
        scheme: one of `SCHEMES` that is not native.
        value: as its bearer writes it.
        place_id, division_code: whom it belongs to; one of the two.
        valid_from: its first day, where known.
        source: where it was read.
    """

    scheme: str
    value: str
    place_id: int | None = None
    division_code: str | None = None
    valid_from: date | None = None
    source: str = ""


def assign(store: Store, actor: Actor, new: NewIdentifier) -> int:
    """Give an identifier to a place or a division; returns the record's id.

    Args:
        store: the register.
        actor: an editor of the division.
        new: what to give.

    Raises:
        InvalidValue: the value breaks its scheme's rule, or the record is not one.
        Conflict: another record has the identifier.
        Forbidden: the actor is no editor there.
    """
    scheme = scheme_of(new.scheme)
    if scheme.native:
        raise InvalidValue(
            "scheme", new.scheme, "the record keeps it in a field of its own",
            "change the record itself", f"“{scheme.zh}”记在记录本身的字段中；请修改该记录",
        )  # fmt: skip
    value = scheme.read(new.value)
    with store.write(actor.name, f"identifier {scheme.code} {value}") as transaction:
        connection = transaction.connection
        path = _path(connection, new)
        actor.require([Role.EDITOR], path, "give an identifier")
        _refuse_taken(connection, scheme.code, value)
        return transaction.insert(
            identifier,
            {
                "scheme": scheme.code,
                "value": value,
                "place_id": new.place_id,
                "division_code": new.division_code,
                "valid_from": new.valid_from,
                "source": new.source or None,
            },
        )


def _path(connection: Connection, new: NewIdentifier) -> list[str]:
    """The divisions of the bearer, lowest first."""
    if (new.place_id is None) == (new.division_code is None):
        raise InvalidValue(
            "place_id", new.place_id, "an identifier belongs to one place or one division",
            "give place_id or division_code", "请填写 place_id 或 division_code 之一",
        )  # fmt: skip
    if new.division_code is not None:
        return [one.code for one in in_force(connection, new.division_code, "division_code")]
    row = connection.execute(
        select(place.c.division_code).where(place.c.id == new.place_id)
    ).one_or_none()
    if row is None:
        raise InvalidValue(
            "place_id", new.place_id, "no place has that id", "give the id of a place",
            f"没有编号为 {new.place_id} 的地名",
        )  # fmt: skip
    return codes_above(connection, row.division_code)


def _refuse_taken(connection: Connection, scheme: str, value: str) -> None:
    row = connection.execute(
        select(identifier).where(
            identifier.c.value == value,
            identifier.c.scheme == scheme,
            identifier.c.valid_to.is_(None),
        )
    ).first()
    if row is not None:
        bearer = row.division_code or f"place {row.place_id}"
        raise Conflict(
            f"{value} belongs to {bearer} already (identifier {row.id}); end that one first",
            f"{value} 已属于 {bearer}（标识 {row.id}）；请先终止原标识",
        )


def end(store: Store, actor: Actor, identity: int, version: int, ended_on: date) -> int:
    """End an identifier; it is kept and still found. Returns its new version.

    Raises:
        NotFound: there is none with that id.
        InvalidValue: the day is before its first.
        Conflict: the record has changed since.
        Forbidden: the actor is no editor there.
    """
    with store.write(actor.name, f"end identifier {identity}") as transaction:
        connection = transaction.connection
        row = connection.execute(
            select(identifier).where(identifier.c.id == identity)
        ).one_or_none()
        if row is None:
            raise NotFound(f"there is no identifier {identity}", f"没有第 {identity} 号标识")
        code = row.division_code or connection.scalar(
            select(place.c.division_code).where(place.c.id == row.place_id)
        )
        actor.require([Role.EDITOR], codes_above(connection, code), "end an identifier")
        if row.valid_from is not None and ended_on < row.valid_from:
            raise InvalidValue(
                "ended_on", ended_on.isoformat(), f"it began on {row.valid_from}",
                "give a day after that", f"终止日期不得早于起始日期 {row.valid_from}",
            )  # fmt: skip
        return transaction.update(identifier, identity, version, {"valid_to": ended_on})


def look_up(connection: Connection, text: str) -> dict[str, Any]:
    """Every record that carries a code, in whichever scheme, and what the code says by itself.

    Args:
        connection: of a store.
        text: a code as people write it.

    Returns:
        A JSON document: `code`; `matches` by scheme with `parts`, `records` and, where it nearly
        fits a scheme, the `fault`.
    """
    matches: list[dict[str, Any]] = []
    for scheme_code, read in readings(text).items():
        scheme = SCHEMES[scheme_code]
        common: dict[str, Any] = {"scheme": scheme_code, "zh": scheme.zh, "en": scheme.en}
        if isinstance(read, InvalidValue):
            if _nearly(scheme_code, text):
                matches.append(common | {"fault": {"zh": read.zh, "en": read.message}})
            continue
        records = _records(connection, scheme_code, read)
        if records or scheme_code != "heritage_no":
            parts = scheme.explain(read)
            matches.append(common | {"value": read, "parts": parts, "records": records})
    return {"code": text, "matches": matches}


def _nearly(scheme: str, text: str) -> bool:
    """Whether a text that breaks a scheme's rule was surely meant for it: by its length."""
    size = sum(not letter.isspace() and letter != "-" for letter in text)
    return (scheme, size) in {("uscc", 18), ("place_code", 20)}


def _records(connection: Connection, scheme: str, value: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if scheme == "division_code":
        found += _divisions(connection, value)
    if scheme == "place_code":
        rows = connection.execute(
            select(place.c.id, place.c.name, place.c.division_code, place.c.status).where(
                place.c.place_code == value
            )
        )
        found += [
            {"feature": "place", "id": row.id, "name": row.name}
            | {"division_code": row.division_code, "status": row.status}
            for row in rows
        ]
    rows = connection.execute(
        select(
            identifier.c.id, identifier.c.place_id, identifier.c.division_code,
            identifier.c.valid_from, identifier.c.valid_to, identifier.c.source,
            identifier.c.version,
        )
        .where(identifier.c.value == value, identifier.c.scheme == scheme)
        .order_by(identifier.c.id)
    )  # fmt: skip
    return found + [_bearer(connection, row) for row in rows]


def _divisions(connection: Connection, code: str) -> list[dict[str, Any]]:
    try:
        history = find_code(connection, code)
    except NotFound:
        return []
    last = history.states[-1]
    return [
        {"feature": "division", "code": code, "name": last["name"], "level": last["level"]}
        | {"in_force": last["valid_to"] is None}
        | {"successors": [{"code": c, "name": n} for c, n in history.successors]}
    ]


def _bearer(connection: Connection, row: Any) -> dict[str, Any]:
    """The record that an identifier belongs to."""
    known = {
        "identifier_id": row.id,
        "version": row.version,
        "valid_from": row.valid_from.isoformat() if row.valid_from else None,
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "source": row.source,
    }
    if row.division_code is not None:
        name = connection.scalar(
            select(division.c.name)
            .where(division.c.code == row.division_code)
            .order_by(division.c.valid_to.is_not(None), division.c.id.desc())
            .limit(1)
        )
        return {"feature": "division", "code": row.division_code, "name": name} | known
    found = connection.execute(
        select(place.c.id, place.c.name, place.c.division_code).where(place.c.id == row.place_id)
    ).one()
    return {
        "feature": "place",
        "id": found.id,
        "name": found.name,
        "division_code": found.division_code,
    } | known
