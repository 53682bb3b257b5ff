"""The front page: what the register holds today, and the region at a glance."""

from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection

from boundary import count_in_force
from data import Store
from gazetteer import CountsQuestion, ask_counts, is_counted, lexicon_of
from web.pages.small_maps import small_map
from web.site import translate
from web.until_written import until_written


def home_page(store: Store, whole: Store, lang: str) -> dict[str, Any]:
    """Figures as {key, value, address}, and a small map; none of names while these are counted.

    Args:
        store: the store as the reader sees it.
        whole: the store itself.
        lang: of the map's words.
    """
    with store.read() as connection:
        counted = is_counted(connection)  # counting anew is no write of the register

    def read() -> dict[str, Any]:
        with store.read() as connection:
            figures = _figures(connection, counted=counted)
            return {"figures": figures, "map": _map(store, connection, lang)}

    return until_written(store, whole, ("home", lang, counted), read)


def _figures(connection: Connection, *, counted: bool) -> list[dict[str, Any]]:
    lines, markers = count_in_force(connection)
    figures = [
        {"key": "lines", "value": lines, "address": "/lines"},
        {"key": "markers", "value": markers, "address": "/dashboard"},
    ]
    if counted:
        rows = ask_counts(connection, CountsQuestion.parse("heritage")).rows
        counts = {bool(row["heritage"]): row["count"] for row in rows}
        figures = [
            {"key": "places", "value": sum(counts.values()), "address": "/search"},
            {"key": "heritage", "value": counts.get(True, 0), "address": "/heritage"},
            *figures,
        ]
    return figures


def _map(store: Store, connection: Connection, lang: str) -> Markup:
    """The region's prefectures, or the region itself where it has none."""
    held = [one for one in lexicon_of(store, connection).entries if one.holds_on(None)]
    own = [one for one in held if one.level == "prefecture"] or [
        one for one in held if one.level == "region"
    ]
    names = {one.code: one.name for one in own}
    return small_map(connection, names, (), names, translate("home.map", lang))
