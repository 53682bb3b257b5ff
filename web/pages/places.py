"""The page of a place name: names in time, scripts, meaning, where it lies then and now."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from data import Store
from gazetteer import (
    MONGOLIAN_LANGUAGE,
    category_names,
    explain_name,
    heritage,
    is_language,
    lexicon_of,
    signs,
    where,
)
from web.pages.small_maps import features_where, small_map
from web.site import told_in, translate
from web.site.drawings import Point, Span, ribbon
from web.site.formatting import day

_NEARBY, _MOST_SIGNS = 8, 50
_OWN_KINDS = frozenset({"standard"})
_OTHER_SPELLINGS = frozenset({"variant", "foreign"})
"""Kinds of names that a page folds away: a famous place has dozens."""


def place_page(
    store: Store, connection: Connection, feature: Mapping[str, Any], lang: str, today: date
) -> dict[str, Any]:
    """A place's feature with all that its page shows beside it."""
    shown = feature["properties"]
    names = shown.get("names") or []
    lexicon = lexicon_of(store, connection)
    code = shown.get("division_code")
    path = lexicon.path(code)
    return {
        **feature,
        "category": category_names(told_in(lang)).get(shown.get("category_code") or ""),
        "names_main": [one for one in names if one["kind"] not in _OTHER_SPELLINGS],
        "names_more": [one for one in names if one["kind"] in _OTHER_SPELLINGS],
        "scripts": [one for one in names if _is_in_mongolian(one)],
        "ribbon": _ribbon(names, lang, today),
        "explained": _explained(shown["name"], lang),
        "path": [{"code": one.code, "name": one.name, "level": one.level} for one in path],
        "then": _earlier(lexicon, code),
        "map": _map(connection, lexicon, path, feature, lang),
        "nearby": _nearby(store, feature, lang),
        "heritage": features_where(connection, heritage.HERITAGE, place_id=feature["id"]),
        "signs": features_where(connection, signs.SIGNS, _MOST_SIGNS, place_id=feature["id"]),
        "sources": _sources(shown, names),
    }


def _ribbon(names: Sequence[Mapping[str, Any]], lang: str, today: date) -> Any:
    """Names in time; nothing where no name has a year."""
    if not any(one.get("valid_from") or one.get("valid_to") for one in names):
        return None
    spans = [
        Span(one["text"], _year(one["valid_from"]), _year(one["valid_to"]), _span(one, lang),
             _kind(one))
        for one in sorted(names, key=_begins)
        if not _is_in_mongolian(one)
    ]  # fmt: skip
    return ribbon(spans, today.year, translate("place.in_time", lang))


def _is_in_mongolian(name: Mapping[str, Any]) -> bool:
    return is_language(str(name["language"]), MONGOLIAN_LANGUAGE)


def _begins(name: Mapping[str, Any]) -> tuple[str, str]:
    return (name["valid_from"] or name["valid_to"] or "9999", name["text"])


def _year(text: str | None) -> int | None:
    return int(text[:4]) if text and text[:4].isdigit() else None


def _span(name: Mapping[str, Any], lang: str) -> str:
    first, last = name["valid_from"], name["valid_to"]
    if not first and not last:
        return translate("place.years_unknown", lang)
    begins = day(first, lang) if first else translate("place.since_unknown", lang)
    return f"{begins} – {day(last, lang) if last else translate('place.until_now', lang)}"


def _kind(name: Mapping[str, Any]) -> str:
    if name["kind"] in _OWN_KINDS and not name["valid_to"]:
        return "bar"
    return "bar-former" if name["kind"] == "former" or name["valid_to"] else "bar-other"


def _explained(name: str, lang: str) -> dict[str, Any] | None:
    """What the parts of a name mean by the transliteration families; None where none is known."""
    found = explain_name(name)
    if not found.parts:
        return None
    meaning = "meaning_en" if lang == "en" else "meaning_zh"
    return {
        "whole": found.whole,
        "parts": [
            {"text": one.text, "word": one.mongolian, "meaning": getattr(one, meaning)}
            | {"script": one.script, "cyrillic": one.cyrillic}
            | {"confidence": one.confidence}
            for one in found.parts
        ],
    }


def _earlier(lexicon: Any, code: str | None) -> list[dict[str, Any]]:
    """The paths that a division had before each day on which one of its units changed."""
    if not code:
        return []
    now = lexicon.path(code)
    days = {
        one.from_day
        for unit in now
        for one in lexicon.by_code.get(unit.code, ())
        if one.from_day is not None
    }
    found: list[dict[str, Any]] = []
    current = tuple(one.name for one in now)
    for ordinal in sorted(days, reverse=True):
        before = lexicon.path_names(code, date.fromordinal(ordinal - 1))
        if before and before != current:
            found.append({"until": date.fromordinal(ordinal).isoformat(), "names": list(before)})
            current = before
    return found


def _map(
    connection: Connection,
    lexicon: Any,
    path: Sequence[Any],
    feature: Mapping[str, Any],
    lang: str,
) -> Any:
    if not path:
        return None
    own = path[-1].code
    around = path[-2].code if len(path) > 1 else own
    codes = sorted({own, *lexicon.children.get(around, ())})
    held = [entry for one in codes if (entry := lexicon.at(one, None))]
    geometry = feature["geometry"]
    points = []
    if geometry:
        lon, lat = geometry["coordinates"][:2]
        points = [Point(lon, lat, "here", feature["properties"]["name"])]
    return small_map(
        connection, [one.code for one in held], [own], {one.code: one.name for one in held},
        translate("place.map", lang), points=points,
    )  # fmt: skip


def _nearby(store: Store, feature: Mapping[str, Any], lang: str) -> list[dict[str, Any]]:
    if not feature["geometry"]:
        return []
    lon, lat = feature["geometry"]["coordinates"][:2]
    found = where(store, lon, lat, names=_NEARBY + 1).nearest
    categories = category_names(told_in(lang))
    return [
        {"id": one.id, "name": one.name, "distance_m": one.distance_m,
         "bearing_deg": one.bearing_deg, "category": categories.get(one.category_code or "")}
        for one in found
        if one.id != feature["id"]
    ][:_NEARBY]  # fmt: skip


def _sources(shown: Mapping[str, Any], names: Sequence[Mapping[str, Any]]) -> list[str]:
    given = [shown.get("source"), *(one.get("source") for one in names)]
    return list(dict.fromkeys(filter(None, given)))
