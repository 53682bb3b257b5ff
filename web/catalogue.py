"""The collections of this service, by name, and how they describe themselves."""

from collections.abc import Mapping
from typing import Any

from boundary import INSPECTIONS, LINES, MARKERS
from data import CRS84, Box, Collection, NotFound, published_systems, storage_system
from data.reference import load_table
from gazetteer import DIVISIONS, PLACES, formats_of, heritage, profiles_of, signs
from web.schemas import SCHEMA_TYPE
from web.site import Lang
from web.summaries import Summary

COLLECTIONS: dict[str, Collection] = {
    collection.id: collection
    for collection in (
        DIVISIONS,
        PLACES,
        heritage.HERITAGE,
        LINES,
        MARKERS,
        INSPECTIONS,
        signs.SIGNS,
    )
}
POSITIONED = frozenset(one.id for one in COLLECTIONS.values() if one.has_closed_positions)
"""Of which each reading of a position is written down: see `web.readings`."""
_EXPORT: dict[Lang, str] = {"zh": "导出整个集合", "en": "Export the whole collection"}
_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
_GREGORIAN = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"
_WHOLE_EARTH = Box(-180.0, -90.0, 180.0, 90.0)


def find_collection(name: str) -> Collection:
    """A collection by its name.

    Raises:
        NotFound: there is none of that name.
    """
    if name not in COLLECTIONS:
        known = ", ".join(COLLECTIONS)
        raise NotFound(
            f"there is no collection {name}; there are {known}",
            f"没有集合“{name}”；可用集合：{known}",
        )
    return COLLECTIONS[name]


def describe(
    collection: Collection,
    summary: Summary,
    root: str,
    lang: Lang,
    srid: int,
) -> dict[str, Any]:
    """A collection's description (OGC API Features, clause 7.14).

    Args:
        collection: the collection.
        summary: what it holds.
        root: the service's own address, ending in a slash.
        lang: the language of titles.
        srid: the EPSG code of the store's system.
    """
    address = f"{root}collections/{collection.id}"
    title = collection.zh if lang == "zh" else collection.en
    return {
        "id": collection.id,
        "title": title,
        **_told(collection, summary, lang),
        "itemType": "feature",
        "extent": _extent(summary),
        "crs": [system.uri for system in published_systems(srid)],
        "storageCrs": storage_system(srid),
        "links": [
            _link(address, "self", "application/json", title),
            _link(f"{address}?f=html", "alternate", "text/html", title),
            _link(f"{address}/schema", f"{_REL}schema", SCHEMA_TYPE, title),
            _link(f"{address}/queryables", f"{_REL}queryables", SCHEMA_TYPE, title),
            _link(f"{address}/sortables", f"{_REL}sortables", SCHEMA_TYPE, title),
            _link(f"{address}/tiles", f"{_REL}tilesets-vector", "application/json", title),
            _link(f"{address}/items", "items", "application/geo+json", title),
            _link(f"{address}/items?f=html", "items", "text/html", title),
            _link(f"{address}/items?f=geojsonseq", "items", "application/geo+json-seq", title),
            _link(f"{address}/items?f=csv", "items", "text/csv", title),
            _link(f"{address}/export", "enclosure", "application/json", _EXPORT[lang]),
            *_files(collection, address, lang),
            _link(f"{root}records/{collection.id}", "describedby", "application/geo+json", title),
        ],
    }


def _told(collection: Collection, summary: Summary, lang: Lang) -> dict[str, Any]:
    """What people want to know of a collection, as far as it is known."""
    row = record_of(collection.id)
    told = {
        "description": row[f"description_{lang}"],
        "keywords": row[f"keywords_{lang}"].split("|"),
        "language": row["language"],
        "license": row["licence"],
        "attribution": summary.attribution,
        "providers": providers(row, lang),
        "updated": summary.updated,
    }
    return {name: value for name, value in told.items() if value}


def _extent(summary: Summary) -> dict[str, Any]:
    box = summary.box or _WHOLE_EARTH
    found: dict[str, Any] = {
        "spatial": {"bbox": [[box.min_x, box.min_y, box.max_x, box.max_y]], "crs": CRS84}
    }
    if summary.interval is not None:
        found["temporal"] = {"interval": [list(summary.interval)], "trs": _GREGORIAN}
    return found


def record_of(name: str) -> Mapping[str, str]:
    """What the table `collection_records` says of a collection."""
    return next(row for row in load_table("collection_records") if row["collection"] == name)


def providers(row: Mapping[str, str], lang: Lang) -> list[dict[str, Any]]:
    """Who provides a collection and how to reach them; nobody until the office has said so."""
    name = row[f"provider_{lang}"]
    if not name:
        return []
    return [{"name": name, "roles": ["publisher"], "contact": row["contact"] or None}]


def _files(collection: Collection, address: str, lang: Lang) -> list[dict[str, str]]:
    """The whole collection as a file, in every format and profile."""
    known = [
        (f"f={one.name}", one.media_type, one.zh if lang == "zh" else one.en)
        for one in formats_of(collection)
    ]
    known += [
        (f"profile={one.name}", one.content_type, one.zh if lang == "zh" else one.en)
        for one in profiles_of(collection)
    ]
    return [
        _link(f"{address}/export?{asked}", "enclosure", media_type, title)
        for asked, media_type, title in known
    ]


def _link(href: str, rel: str, media_type: str, title: str) -> dict[str, str]:
    return {"href": href, "rel": rel, "type": media_type, "title": title}
