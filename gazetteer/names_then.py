"""What places were called on a day: the standard name and its romanization as they then stood.

One rule for pages and tiles, so that both show the same name.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from sqlalchemy import Connection, or_, select

from gazetteer.name_rows import language_of
from gazetteer.names import is_language, script_of_language
from gazetteer.tables import place, place_name

_PINYIN: Final = "zh-Latn-pinyin"
_KINDS: Final = ("former", "standard")
_BATCH: Final = 5_000


def names_on(
    connection: Connection, place_ids: Iterable[int], day: date
) -> Mapping[int, Mapping[str, str | None]]:
    """The `name` and `romanization` that places had on a day, where they were others than now.

    Of names that have ended since, in the language of the name of now, the one that ended first;
    of those the one that began last. A name of then has the romanization of then or none: that of
    now spells another name.

    Args:
        connection: a reading connection.
        place_ids: of places.
        day: the day. A name counts from its first day up to but without its last.
    """
    ids = list(place_ids)
    found: dict[int, dict[str, str | None]] = {}
    for start in range(0, len(ids), _BATCH):
        _fill(connection, ids[start : start + _BATCH], day, found)
    return found


def _fill(
    connection: Connection, ids: list[int], day: date, found: dict[int, dict[str, str | None]]
) -> None:
    """Add what some places were called."""
    name = place_name.c
    rows = connection.execute(
        select(name.place_id, name.text, name.language, place.c.name, place.c.romanization)
        .join(place, place.c.id == name.place_id)
        .where(
            name.place_id.in_(ids),
            name.kind.in_(_KINDS),
            name.valid_to > day,
            or_(name.valid_from.is_(None), name.valid_from <= day),
        )
        .order_by(name.place_id, name.valid_to, name.valid_from.is_(None), name.valid_from.desc())
        .order_by(name.id)
    )
    own: dict[int, tuple[str, str | None]] = {}
    then: dict[int, dict[str, str]] = {}
    for row in rows:
        own[row.place_id] = row.name, row.romanization
        known = then.setdefault(row.place_id, {})
        if is_language(row.language, _PINYIN):
            known.setdefault("romanization", row.text)
        elif _is_of_language(row.language, row.text, language_of(row.name)):
            known.setdefault("name", row.text)
    for identity, (now, spelt) in own.items():
        known = then[identity]
        named = known.get("name", now)
        romanized = known.get("romanization", spelt if named == now else None)
        told: dict[str, str | None] = {}
        if named != now:
            told["name"] = named
        if romanized != spelt:
            told["romanization"] = romanized
        if told:
            found[identity] = told


def _is_of_language(tag: str, text: str, own: str) -> bool:
    """Whether a form is in a language, by its tag, or by its text where that names no script."""
    if is_language(tag, own):
        return True
    known = (own.partition("-")[0], "und")
    open_tag = script_of_language(tag) is None and any(is_language(tag, one) for one in known)
    return open_tag and language_of(text) == own
