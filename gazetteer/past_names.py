"""What places were called on a day: names that have ended since."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, or_, select

from gazetteer.tables import place_name

_KINDS = ("standard", "former")
_LANGUAGES = ("zh", "zh-Hans", "zh-CN", "und")
_BATCH = 5_000


def names_on(connection: Connection, ids: Sequence[int], day: date) -> Mapping[int, str]:
    """The names that places bore on a day, where they have ended since.

    Args:
        connection: a reading connection.
        ids: of places.
        day: the day.
    """
    found: dict[int, str] = {}
    for start in range(0, len(ids), _BATCH):
        batch = list(ids[start : start + _BATCH])
        statement = (
            select(place_name.c.place_id, place_name.c.text)
            .where(
                place_name.c.place_id.in_(batch),
                place_name.c.kind.in_(_KINDS),
                place_name.c.language.in_(_LANGUAGES),
                place_name.c.valid_to > day,
                or_(place_name.c.valid_from.is_(None), place_name.c.valid_from <= day),
            )
            # Of several the one that began last; the lowest number among those.
            .order_by(place_name.c.valid_from.is_not(None), place_name.c.valid_from)
            .order_by(place_name.c.id.desc())
        )
        found.update({row.place_id: row.text for row in connection.execute(statement)})
    return found
