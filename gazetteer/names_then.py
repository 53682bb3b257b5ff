"""What places were called on a day: the standard name and its romanization as they then stood."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from sqlalchemy import Connection, or_, select

from gazetteer.name_rows import language_of
from gazetteer.tables import place, place_name

_PINYIN: Final = "zh-Latn-pinyin"
_FORMER: Final = "former"


def names_on(
    connection: Connection, place_ids: Iterable[int], day: date
) -> Mapping[int, Mapping[str, str]]:
    """The `name` and `romanization` that places had on a day, where they were others than now.

    Args:
        connection: a reading connection.
        place_ids: of at most a page of places.
        day: the day. A name counts from its first day up to but without its last.
    """
    ids = list(place_ids)
    rows = connection.execute(
        select(place_name.c.place_id, place_name.c.text, place_name.c.language, place.c.name)
        .join(place, place.c.id == place_name.c.place_id)
        .where(
            place_name.c.place_id.in_(ids),
            place_name.c.kind == _FORMER,
            place_name.c.valid_to > day,
            or_(place_name.c.valid_from.is_(None), place_name.c.valid_from <= day),
        )
        .order_by(place_name.c.place_id, place_name.c.valid_to, place_name.c.id)
    )
    found: dict[int, dict[str, str]] = {}
    for row in rows:
        if row.language == _PINYIN:
            found.setdefault(row.place_id, {}).setdefault("romanization", row.text)
        elif row.language == language_of(row.name):
            found.setdefault(row.place_id, {}).setdefault("name", row.text)
    return found
