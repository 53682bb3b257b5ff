"""The standard names that signs are held against, read from the store."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, select

from data.hot import fetch
from data.transaction import Transaction
from gazetteer.names import MONGOLIAN_LANGUAGE, is_language
from gazetteer.signs.tables import sign
from gazetteer.signs.texts import SignFault, SignTexts, Standard, TextState, check_texts
from gazetteer.tables import place, place_name

_BATCH: Final = 500
_SIGNED: Final = "SELECT 1 FROM sign WHERE place_id BETWEEN :first AND :last LIMIT 1"
"""Whether any of some places may have a sign: most that are written have none."""


def standards_of(connection: Connection, place_ids: Iterable[int]) -> dict[int, Standard]:
    """The standards of places, by id."""
    found: dict[int, Standard] = {}
    waiting = iter(sorted(set(place_ids)))
    while batch := list(islice(waiting, _BATCH)):
        minority: dict[int, list[str]] = {}
        names = select(place_name.c.place_id, place_name.c.text, place_name.c.language).where(
            place_name.c.place_id.in_(batch)
        )
        for identity, text, language in connection.execute(names):
            if is_language(language, MONGOLIAN_LANGUAGE):
                minority.setdefault(identity, []).append(text)
        columns = ("id", "name", "romanization", "romanization_mark", "status")
        for row in connection.execute(
            select(*(place.c[name] for name in columns)).where(place.c.id.in_(batch))
        ):
            found[row.id] = Standard(
                row.name,
                row.romanization,
                row.romanization_mark,
                tuple(minority.get(row.id, ())),
                sure=row.status == "standard",
            )
    return found


def texts_of(row: Mapping[str, Any]) -> SignTexts:
    """The texts of a sign's record."""
    return SignTexts(row["text_han"], row["text_roman"], row["text_minority"])


def check_sign(connection: Connection, row: Mapping[str, Any]) -> tuple[TextState, list[SignFault]]:
    """Hold one sign's texts against the register as it stands."""
    known = standards_of(connection, [row["place_id"]] if row["place_id"] else [])
    return check_texts(texts_of(row), known.get(row["place_id"] or 0))


def recheck(transaction: Transaction, place_ids: Iterable[int] | None = None) -> int:
    """Check the texts of signs anew and keep what changed; how many did.

    Args:
        transaction: a writing transaction.
        place_ids: of these places; of every sign without.
    """
    changed = 0
    for batch in _batches(transaction.connection, place_ids):
        known = standards_of(
            transaction.connection, [row["place_id"] for row in batch if row["place_id"]]
        )
        for row in batch:
            state, _ = check_texts(texts_of(row), known.get(row["place_id"] or 0))
            if state.value != row["text_state"]:
                transaction.update(sign, row["id"], row["version"], {"text_state": state.value})
                changed += 1
    return changed


def _batches(
    connection: Connection, place_ids: Iterable[int] | None
) -> Iterator[list[dict[str, Any]]]:
    names = ("id", "version", "place_id", "text_han", "text_roman", "text_minority", "text_state")
    columns = [sign.c[name] for name in names]
    if place_ids is not None:
        waiting = iter(sorted(set(place_ids)))
        while batch := list(islice(waiting, _BATCH)):
            if not fetch(connection, _SIGNED, {"first": batch[0], "last": batch[-1]}):
                continue
            rows = connection.execute(select(*columns).where(sign.c.place_id.in_(batch)))
            yield [dict(row) for row in rows.mappings()]
        return
    last = 0
    while True:
        statement = select(*columns).where(sign.c.id > last).order_by(sign.c.id).limit(_BATCH)
        found = [dict(row) for row in connection.execute(statement).mappings()]
        if not found:
            return
        last = found[-1]["id"]
        yield found
