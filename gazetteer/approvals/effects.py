"""What an approval does to the register: a name begins, a former one ends, nothing is lost."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from data.errors import Conflict
from data.geometry import point_wkb
from data.transaction import Transaction
from gazetteer.approvals.cases import Case, number_of
from gazetteer.name_rows import language_of
from gazetteer.names import is_language
from gazetteer.rules import name_class
from gazetteer.tables import place, place_name

_APPROVED: Final = "approved"
_STANDARD, _FORMER = "standard", "former"
_PINYIN: Final = "zh-Latn-pinyin"
_MONGOLIAN: Final = "mn"


def put_into_force(transaction: Transaction, case: Case) -> int | None:
    """Let an approved name begin, or end, on the day of the decision; the place's id.

    A division's own change is an event of its own with its own document; the register of divisions
    is left to it, and a place that stands for the division is renamed here.

    Raises:
        Conflict: the place has ended or been renamed since the application.
    """
    if case["place_id"] is not None:
        row = _place(transaction.connection, case)
        if case["kind"] == "ending":
            _end(transaction, case, row)
        else:
            _rename(transaction, case, row)
        return int(row.id)
    if name_class(case["name_class"]).is_division:
        return None
    return _begin(transaction, case)


def _place(connection: Connection, case: Case) -> Row[Any]:
    row = connection.execute(select(place).where(place.c.id == case["place_id"])).one()
    if row.status == _FORMER or row.name != case["former_name"]:
        raise Conflict(
            f"place {row.id} is now {row.name} ({row.status}), not {case['former_name']}: return"
            f" application {case['id']} for correction",
            f"地名 {row.id} 现为“{row.name}”（{row.status}），"
            f"与申请时的“{case['former_name']}”不符；请将申请 {case['id']} 退回补正",
        )
    return row


def _begin(transaction: Transaction, case: Case) -> int:
    where = point_wkb(case["lon"], case["lat"]) if case["lon"] is not None else None
    identity = transaction.insert(
        place,
        {
            "name": case["name"],
            "romanization": case["romanization"],
            "romanization_mark": _APPROVED,
            "category_code": case["category_code"],
            "status": _STANDARD,
            "division_code": case["division_code"],
            "valid_from": case["decided_on"],
            "meaning": case["meaning"],
            "origin": case["origin"],
            "description": case["extent"],
            "source": _source(case),
            "synthetic": case["synthetic"],
            "geom": where,
        },
    )
    transaction.insert_many(place_name, _names(case, identity))
    return identity


def _rename(transaction: Transaction, case: Case, row: Row[Any]) -> None:
    texts = {"meaning": case["meaning"], "origin": case["origin"]}
    transaction.update(
        place,
        row.id,
        row.version,
        {
            "name": case["name"],
            "romanization": case["romanization"],
            "romanization_mark": _APPROVED,
            "status": _STANDARD,
            "source": _source(case),
            **{column: text for column, text in texts.items() if text},
        },
    )
    new = transaction.insert_many(place_name, _names(case, row.id))
    _end_names(transaction, row, case, new, successor=new[0])


def _end(transaction: Transaction, case: Case, row: Row[Any]) -> None:
    day: date = case["decided_on"]
    transaction.update(
        place, row.id, row.version, {"status": _FORMER, "valid_to": day, "source": _source(case)}
    )
    successor = None
    if case["successor_place_id"] is not None:
        successor = transaction.connection.scalar(
            select(place_name.c.id)
            .where(
                place_name.c.place_id == case["successor_place_id"],
                place_name.c.kind == _STANDARD,
                place_name.c.valid_to.is_(None),
            )
            .order_by(place_name.c.id)
            .limit(1)
        )
    _end_names(transaction, row, case, (), successor=successor)


def _names(case: Mapping[str, Any], place_id: int) -> list[dict[str, Any]]:
    """The new forms: the name first, then its romanization and its Mongolian form."""
    common = {
        "place_id": place_id,
        "kind": _STANDARD,
        "status": _STANDARD,
        "valid_from": case["decided_on"],
        "source": _source(case),
    }
    forms = [(case["name"], language_of(case["name"])), (case["romanization"], _PINYIN)]
    if case["name_mong"]:
        forms.append((case["name_mong"], language_of(case["name_mong"])))
    return [common | {"text": text, "language": language} for text, language in forms]


def _end_names(
    transaction: Transaction, row: Row[Any], case: Case, new: Sequence[int], successor: int | None
) -> None:
    """What the place was called ends; forms that the case says nothing about stay in force.

    With the place all its names end, aliases as aliases.
    """
    day: date = case["decided_on"]
    rows = transaction.connection.execute(
        select(place_name).where(
            place_name.c.place_id == row.id,
            place_name.c.valid_to.is_(None),
            place_name.c.id.not_in(list(new)),
        )
    ).all()
    ended = {"kind": _FORMER, "status": _FORMER, "valid_to": day, "successor_id": successor}
    texts = set()
    for name in rows:
        if _is_replaced(name, row, case):
            texts.add(name.text)
            transaction.update(place_name, name.id, name.version, ended)
        elif not new:
            gone = {"status": _FORMER, "valid_to": day}
            transaction.update(place_name, name.id, name.version, gone)
    if row.name not in texts:
        # A place loaded without a list of its names has one all the same.
        transaction.insert(
            place_name,
            ended
            | {"place_id": row.id, "text": row.name, "language": language_of(row.name)}
            | {"valid_from": row.valid_from, "source": row.source},
        )


def _is_replaced(name: Row[Any], row: Row[Any], case: Case) -> bool:
    """The name, its romanization, and the Mongolian form where the case gives another."""
    if name.text in {row.name, row.romanization}:
        return True
    if name.kind != _STANDARD:
        return False
    mongolian = is_language(name.language, _MONGOLIAN)
    return case["kind"] == "ending" or not mongolian or bool(case["name_mong"])


def _source(case: Mapping[str, Any]) -> str:
    number = case["decision_no"] or number_of(case)
    return f"{case['approving_body']} {number}"
