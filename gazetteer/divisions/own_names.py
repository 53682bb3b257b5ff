"""The place (地名) of a division itself follows its name: the old one stays as a former name."""

from datetime import date
from typing import Any

from sqlalchemy import select

from data.transaction import Transaction
from gazetteer.divisions.reading import in_force, is_own
from gazetteer.divisions.values import DivisionState
from gazetteer.name_rows import language_of
from gazetteer.tables import place, place_name


def rename_own_places(
    transaction: Transaction, old: DivisionState, new: DivisionState, day: date
) -> int:
    """Rename the place records that are a division itself; returns how many.

    A place that has ended had the old name to its end, and keeps it. Of the others name and
    romanization end with the event's day as former names; other forms stay as they are. The name
    moves of the event must be done: the places carry the new code.
    """
    connection = transaction.connection
    found = connection.execute(
        select(place).where(place.c.division_code == new.code, place.c.name == old.name, in_force())
    ).mappings()
    own = [dict(row) for row in found if is_own(row["category_code"])]
    for row in own:
        values = {"name": new.name, "romanization": new.romanization}
        mark = "as-loaded" if new.romanization else None
        transaction.update(place, row["id"], row["version"], values | {"romanization_mark": mark})
        _end_names(transaction, row, day)
        _begin_names(transaction, row, new, day)
    return len(own)


def _end_names(transaction: Transaction, row: dict[str, Any], day: date) -> None:
    texts = {row["name"], row["romanization"]} - {None}
    names = transaction.connection.execute(
        select(place_name).where(
            place_name.c.place_id == row["id"], place_name.c.valid_to.is_(None)
        )
    ).mappings()
    for name in [dict(one) for one in names]:
        if name["kind"] == "standard" and name["text"] in texts:
            ended = {"kind": "former", "status": "former", "valid_to": day}
            transaction.update(place_name, name["id"], name["version"], ended)


def _begin_names(
    transaction: Transaction, row: dict[str, Any], new: DivisionState, day: date
) -> None:
    common = {"place_id": row["id"], "kind": "standard", "status": row["status"], "valid_from": day}
    transaction.insert(place_name, common | {"text": new.name, "language": language_of(new.name)})
    if new.romanization:
        transaction.insert(
            place_name, common | {"text": new.romanization, "language": "zh-Latn-pinyin"}
        )
