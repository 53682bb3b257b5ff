"""Features as answers: body, links and headers, made of values alone.

The views of `web.api.features` and the quick door (`web.quick`) make their answers here, so that
both give the same bytes.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from data import Collection, Page
from web.conditions import page_tag
from web.negotiation import GEOJSON, HTML, JSON, VARY
from web.profiles import KEY, address_of
from web.schemas import SCHEMA_TYPE

_QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"

Link = dict[str, str]
Headers = list[tuple[str, str]]
_KEPT = frozenset(
    {
        *("Cache-Control", "Vary", "Content-Crs", "ETag", "Access-Control-Allow-Origin"),
        *("Access-Control-Expose-Headers", "Cross-Origin-Resource-Policy"),
    }
)


def page_links(
    root: str,
    collection: Collection,
    query: str,
    next_cursor: str | None,
    prev_cursor: str | None = None,
    profile: str = KEY,
) -> list[Link]:
    """The links of a page.

    Args:
        root: the service's own address, ending in a slash.
        collection: the collection.
        query: the query as it was sent.
        next_cursor: where the next page begins; None on the last.
        prev_cursor: what the page before ends with; None on the first.
        profile: how it gives references to other features.
    """
    address = f"{root}collections/{collection.id}"
    items = f"{address}/items"
    asked = _without(query, "f")
    links = [
        {"href": _address(items, asked), "rel": "self", "type": GEOJSON},
        {"href": _address(items, asked, "f=html"), "rel": "alternate", "type": HTML},
        {"href": address, "rel": "collection", "type": JSON},
        *_profile_links(collection, profile),
    ]
    if next_cursor is not None or prev_cursor is not None:
        others = _without(_without(asked, "cursor"), "offset")
        for rel, cursor in (("next", next_cursor), ("prev", prev_cursor)):
            if cursor is not None:
                href = _address(items, others, f"cursor={cursor}")
                links.append({"href": href, "rel": rel, "type": GEOJSON})
    return links


def _without(parameters: str, name: str) -> str:
    """A query string as it was sent, without one parameter."""
    if f"{name}=" not in parameters:
        return parameters
    return "&".join(one for one in parameters.split("&") if not one.startswith(f"{name}="))


def _address(path: str, *parameters: str) -> str:
    given = "&".join(filter(None, parameters))
    return f"{path}?{given}" if given else path


def page_body(page: Page, features: bytes, links: Sequence[Link]) -> bytes:
    """A page as a FeatureCollection; `features` are its features, joined by commas."""
    head: dict[str, Any] = {
        "type": "FeatureCollection",
        "timeStamp": f"{datetime.now(UTC).isoformat()[:19]}Z",
        "numberReturned": page.count,
        "links": links,
    }
    if page.matched is not None:
        head["numberMatched"] = page.matched
    return b'%b,"features":[%b]}' % (orjson.dumps(head)[:-1], features)


def page_headers(
    root: str, collection: Collection, crs: str, links: Sequence[Link], tag: str
) -> Headers:
    """The headers of a page in the system `crs`; the link to the queryables stands only here."""
    href = f"{root}collections/{collection.id}/queryables"
    return _headers(crs, [*links, {"href": href, "rel": _QUERYABLES, "type": SCHEMA_TYPE}], tag)


def tag_of_page(page: Page, features: bytes, crs: str, links: Sequence[Link]) -> str:
    """The weak tag of a page whose features are these, in the system `crs`."""
    return page_tag(features, crs.encode(), orjson.dumps([page.matched, *links]))


def _profile_links(collection: Collection, profile: str) -> list[Link]:
    """By what profile references are given, where there are any."""
    return [{"href": address_of(profile), "rel": "profile"}] if collection.references else []


def item_links(root: str, collection: Collection, identity: str, profile: str = KEY) -> list[Link]:
    """The links of one feature."""
    address = f"{root}collections/{collection.id}"
    one = f"{address}/items/{identity}"
    return [
        {"href": one, "rel": "self", "type": GEOJSON},
        {"href": f"{one}?f=html", "rel": "alternate", "type": HTML},
        {"href": address, "rel": "collection", "type": JSON},
        {"href": f"{one}/history", "rel": "version-history", "type": JSON},
        *_profile_links(collection, profile),
    ]


def item_body(feature: bytes, links: Sequence[Link]) -> bytes:
    """One feature with its links."""
    return b'%b,"links":%b}' % (feature[:-1], orjson.dumps(links))


def item_headers(crs: str, links: Sequence[Link], tag: str) -> Headers:
    """The headers of one feature in the system `crs`."""
    return _headers(crs, links, tag)


def not_modified(headers: Headers) -> Headers:
    """The headers of a 304: what describes the answer that the reader has already."""
    return [pair for pair in headers if pair[0] in _KEPT]


def link_value(link: Mapping[str, str]) -> str:
    """A link as it stands in the header `Link` (RFC 8288)."""
    kind = f'; type="{link["type"]}"' if "type" in link else ""
    return f'<{link["href"]}>; rel="{link["rel"]}"{kind}'


def _headers(crs: str, links: Sequence[Mapping[str, str]], tag: str) -> Headers:
    """Links stand in the header too (RFC 8288): some clients do not read the body."""
    listed = ", ".join([link_value(one) for one in links])
    return [
        ("Content-Type", GEOJSON),
        ("Vary", VARY),
        ("Content-Crs", f"<{crs}>"),
        ("Link", listed),
        ("ETag", tag),
    ]
