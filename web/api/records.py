"""`/records`: the collections as records of a catalogue (OGC API Records, part 1: record core)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from flask import Blueprint, Response

from data import MAX_LIMIT, Box, Collection, Interval
from web.addresses import root as own_root
from web.catalogue import COLLECTIONS, describe, find_collection
from web.context import current_store, whole_store
from web.negotiation import GEOJSON, JSON, language, respond
from web.parameters import query, whole
from web.site import Lang
from web.summaries import Summary, summary_of

blueprint = Blueprint("records", __name__)

CORE: Final = "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core"
_PROFILE: Final = "http://www.opengis.net/def/profile/OGC/0/ogc-record"
_KNOWN: Final = ("q", "ids", "type", "externalIds", "bbox", "datetime", "limit")
_TITLE: Final[Mapping[Lang, str]] = {"zh": "数据目录", "en": "Catalogue"}


@blueprint.get("/records")
def records() -> Response:
    """The records, or those that the parameters narrow them to; a page holds them all."""
    values = query(_KNOWN)
    most = whole(values, "limit", MAX_LIMIT, 1, MAX_LIMIT)
    found = [_record(one) for one in _narrowed(values)]
    if "ids" in values:
        wanted = values["ids"].split(",")
        found = [one for one in found if one["id"] in wanted]
    if "type" in values:
        kinds = values["type"].split(",")
        found = [one for one in found if one["properties"]["type"] in kinds]
    if "externalIds" in values:
        found = []  # the records have no identifiers of other registers
    if "q" in values:
        found = [one for one in found if _holds(one, values["q"])]
    address = f"{own_root()}records"
    shown = found[:most]
    document = {
        "type": "FeatureCollection",
        "features": shown,
        "numberMatched": len(found),
        "numberReturned": len(shown),
        "links": [{"href": address, "rel": "self", "type": GEOJSON}],
    }
    return respond("document.html", document, _TITLE[language()], GEOJSON)


def _narrowed(values: Mapping[str, str]) -> Iterator[Collection]:
    """The collections whose extent touches `bbox` and which tell of some day of `datetime`.

    One without an extent touches no box; one without times counts for every day.
    """
    box = Box.parse(values["bbox"]) if "bbox" in values else None
    when = Interval.parse(values["datetime"]) if "datetime" in values else None
    for one in COLLECTIONS.values():
        summary = summary_of(current_store(), whole_store(), one)
        if box is not None and (summary.box is None or not box.touches(summary.box)):
            continue
        if when is None or summary.interval is None or when.overlaps(*map(_day, summary.interval)):
            yield one


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text[:10])


@blueprint.get("/records/<name>")
def record(name: str) -> Response:
    """One collection's record."""
    found = find_collection(name)
    query(())
    document = _record(found)
    return respond("document.html", document, document["properties"]["title"], GEOJSON)


def _holds(found: Mapping[str, Any], words: str) -> bool:
    """Whether a record holds any of the words between commas; blanks part words that all count."""
    properties = found["properties"]
    text = " ".join([properties["title"], properties["description"], *properties["keywords"]])
    asked = [one.lower().split() for one in words.split(",")]
    return any(parts and all(part in text.lower() for part in parts) for parts in asked)


def _record(found: Collection) -> dict[str, Any]:
    store, lang, root = current_store(), language(), own_root()
    summary = summary_of(store, whole_store(), found)
    told = describe(found, summary, root, lang, store.srid)
    address = f"{root}collections/{found.id}"
    files = [link for link in told["links"] if link["rel"] == "enclosure"]
    properties = {
        "type": "dataset",
        "title": told["title"],
        "description": told["description"],
        "keywords": told["keywords"],
        "language": {"code": told["language"]},
        "formats": [{"mediaType": link["type"], "name": link["title"]} for link in files],
        "license": told.get("license"),
        "contacts": _contacts(told),
        "updated": summary.updated,
    }
    return {
        "id": found.id,
        "type": "Feature",
        "conformsTo": [CORE],
        "time": _time(summary),
        "geometry": _outline(summary),
        "properties": {name: value for name, value in properties.items() if value},
        "links": [
            {"href": f"{root}records/{found.id}", "rel": "self", "type": GEOJSON},
            {"href": f"{root}records", "rel": "collection", "type": GEOJSON},
            {"href": _PROFILE, "rel": "profile", "type": JSON},
            {"href": address, "rel": "data", "type": JSON, "title": told["title"]},
            {"href": f"{address}/items", "rel": "items", "type": GEOJSON, "title": told["title"]},
            *files,
        ],
    }


def _contacts(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": one["name"], "roles": one["roles"]}
        | ({"contactInstructions": one["contact"]} if one["contact"] else {})
        for one in told.get("providers", ())
    ]


def _time(summary: Summary) -> dict[str, Any] | None:
    if summary.interval is None:
        return None
    return {"interval": [day or ".." for day in summary.interval]}


def _outline(summary: Summary) -> dict[str, Any] | None:
    """The extent as a polygon, counter-clockwise; what is one point or a line has no area."""
    box = summary.box
    if box is None or box.min_x >= box.max_x or box.min_y >= box.max_y:
        return None
    west, south, east, north = (
        round(one, 9) for one in (box.min_x, box.min_y, box.max_x, box.max_y)
    )
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}
