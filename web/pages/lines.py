"""The page of a boundary line: its strip of markers, where it runs, what is due."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from markupsafe import Markup
from sqlalchemy import Connection

from boundary import LINES, drafted_course
from data import read_item
from data.reference import verdict_signs
from web.pages.small_maps import lines_of, small_map
from web.site import translate
from web.site.drawings import Point, Shape, Station, strip
from web.site.helpers import metres

VERDICTS = tuple(sign.code for sign in verdict_signs())
"""Every verdict, the most urgent first, and `never`."""


def line_extras(
    connection: Connection, page: Mapping[str, Any], crs: str, lang: str
) -> dict[str, Any]:
    """What a line's page shows beside its document.

    Args:
        connection: a reading connection.
        page: the line's document.
        crs: the store's reference system.
        lang: of the words.
    """
    identity = page["line"]["id"]
    feature = orjson.loads(read_item(connection, LINES, identity))
    before = {
        one.to_marker: one.length_m
        for one in drafted_course(connection, identity, crs)
        if one.from_marker and one.to_marker
    }
    counted = Counter(one["verdict"] or "never" for one in page["markers"])
    return {
        "before": before,
        "strip": line_strip(page, before, lang),
        "map": line_map(connection, page, feature["geometry"], lang),
        "verdicts": [(one, counted[one]) for one in VERDICTS if counted[one]],
    }


def line_strip(page: Mapping[str, Any], before: Mapping[str, float], lang: str) -> Markup | None:
    """The line as a strip of its markers; nothing where it has none."""
    stations = [_station(one, before, lang) for one in page["markers"]]
    if not stations:
        return None
    line = page["line"]
    start = line["start_point"] or translate("line.start", lang)
    end = line["end_point"] or translate("line.end", lang)
    return strip(stations, start, end, translate("line.strip", lang))


def _station(marker: Mapping[str, Any], before: Mapping[str, float], lang: str) -> Station:
    number, verdict = marker["marker_no"], marker["verdict"] or "never"
    length = metres(before[number], lang) if number in before else ""
    return Station(number, verdict, length, f"{number}: {translate(f'verdict.{verdict}', lang)}")


def line_map(
    connection: Connection,
    page: Mapping[str, Any],
    geometry: Mapping[str, Any] | None,
    lang: str,
    only: int | None = None,
) -> Markup:
    """The line between its parties, with its markers; with `only`, that marker alone is named."""
    names = {one["code"]: one["name"] for one in page["parties"]}
    lines = [Shape(lines_of(geometry), "line", page["line"]["name"], closed=False)]
    title = translate("place.map", lang)
    return small_map(connection, names, (), names, title, lines, _points(page["markers"], only))


def _points(markers: Sequence[Mapping[str, Any]], only: int | None) -> list[Point]:
    found = [
        Point(one["lon"], one["lat"], one["verdict"] or "never", one["marker_no"],
              one["marker_no"] if one["id"] == only else "", verdict=True)
        for one in markers
        if one["lon"] is not None
    ]  # fmt: skip
    return sorted(found, key=lambda point: bool(point.label))
