"""The gallery of the protection lists, and the page of one name with its story."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import Connection

from data import Actor, NotFound, Store, read_item
from gazetteer import PLACES, heritage, lexicon_of
from web.pages.small_maps import small_map
from web.site import translate
from web.site.drawings import Point
from web.site.stories import story_html

_PLATE_LETTERS = 1


def gallery(
    document: Mapping[str, Any], asked: Mapping[str, str], pictures: Mapping[int, int]
) -> dict[str, Any]:
    """The list with the first picture of each entry, and what was asked."""
    entries = [
        one | {"picture": pictures.get(one["id"]), "plate": one["name"][:_PLATE_LETTERS]}
        for one in document["entries"]
    ]
    return {**document, "entries": entries, "asked": dict(asked)}


def entry_page(
    store: Store, connection: Connection, found: Mapping[str, Any], lang: str, actor: Actor
) -> dict[str, Any]:
    """An entry with its story as markup, its place, and whether the reader may write.

    Args:
        store: the store as the reader sees it.
        connection: a reading connection.
        found: the entry's document.
        lang: of the words.
        actor: who reads.
    """
    lexicon = lexicon_of(store, connection)
    path = lexicon.path(found["division_code"])
    place = _place(connection, found["place_id"])
    point = place["geometry"]["coordinates"][:2] if place and place["geometry"] else None
    codes = [one.code for one in path[-2:]]
    story = found["story"]
    return {
        **found,
        "place": place,
        "path": [{"code": one.code, "name": one.name} for one in path],
        "story_html": story_html(story["text"]) if story else None,
        "may_write": _may_write(actor, [one.code for one in reversed(path)]),
        "map": small_map(
            connection, codes, codes[-1:], {one.code: one.name for one in path},
            translate("place.map", lang),
            points=[Point(point[0], point[1], "here", found["name"])] if point else (),
        ),
    }  # fmt: skip


def _may_write(actor: Actor, path: list[str]) -> bool:
    return any(actor.may(role, path) for role in heritage.KEEPERS)


def _place(connection: Connection, identity: int) -> dict[str, Any] | None:
    try:
        place: dict[str, Any] = orjson.loads(read_item(connection, PLACES, identity))
    except NotFound:  # a place that is not released to the reader
        return None
    return place
