"""Answers of `/search` and `/suggest`, made of values alone.

The views of `web.api.search` and the quick door (`web.quick`) make their answers here, so that
both give the same bytes.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import Connection

from data import Box, InvalidValue, Store
from gazetteer import (
    DIVISIONS,
    PLACES,
    Page,
    Result,
    SearchRequest,
    category_names,
    search_at_once,
    search_by_statement,
    search_with,
    suggest_with,
)
from web.negotiation import GEOJSON, HTML
from web.parameters import day, pairs_of, whole
from web.trails import BACK, is_trail, ways

Ask: TypeAlias = Callable[[Store, Connection, SearchRequest, str | None], Page]

MOST: Final = 100
PARAMETERS: Final = (
    *("q", "limit", "cursor", "within", "class"),
    *("status", "heritage", "bbox", "as_of", "near"),
)
WAYS: Final[Mapping[str, Ask]] = {"/search": search_with, "/suggest": suggest_with}
"""How each address asks."""

_MOMENT_S: Final = 0.01
"""What others may be kept waiting for."""
_DEFAULT: Final = 10
_LONGEST: Final = 4_000
_KNOWN: Final = frozenset({*PARAMETERS, BACK})
_COLLECTIONS: Final = {"place": PLACES.id, "division": DIVISIONS.id}


class Address(NamedTuple):
    """Where was asked: the service's own address, ending in a slash; path; query as sent."""

    root: str
    path: str
    query: str


def plain_search(query: str) -> dict[str, str] | None:
    """The parameters of a query that asks for nothing unusual; None where it does.

    >>> plain_search("q=%E6%95%96%E5%8C%85&limit=5")
    {'q': '敖包', 'limit': '5'}
    >>> plain_search("q=a&q=b"), plain_search("q=a&f=html")
    (None, None)
    """
    pairs = pairs_of(query) if len(query) <= _LONGEST else None
    if pairs is None:
        return None
    values = dict(pairs)
    plain = len(values) == len(pairs) and values.keys() <= _KNOWN and values.get("q")
    if not is_trail(values.get(BACK, "-")):
        return None
    return values if plain and all(values.values()) else None


def request_of(values: Mapping[str, str]) -> SearchRequest:
    """The question that the parameters ask.

    Raises:
        InvalidValue: a parameter has a value that it cannot have.
    """
    asked = SearchRequest(
        values["q"],
        limit=whole(values, "limit", _DEFAULT, 1, MOST),
        after=values.get("cursor"),
        within=values.get("within"),
        category=values.get("class"),
        status=values.get("status"),
    )
    more: dict[str, Any] = {}
    if "bbox" in values:
        more["box"] = Box.parse(values["bbox"])
    if "heritage" in values:
        more["heritage"] = PLACES.filterable["heritage"].parse(values["heritage"])
    if "as_of" in values:
        more["as_of"] = day(values, "as_of")
    if "near" in values:
        more["near"] = _near(values["near"])
    return replace(asked, **more) if more else asked


def _near(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidValue(
            "near", text, "longitude and latitude are needed", "give lon,lat such as 111.7,40.8",
            "near 应为“经度,纬度”；请填写如 111.7,40.8",
        ) from None  # fmt: skip
    return lon, lat


def found_at_once(
    path: str, store: Store, connection: Connection, request: SearchRequest, state: str
) -> Page | None:
    """What `WAYS[path]` would find, where that takes a moment; None where it may take longer."""
    asked = replace(request, second="never") if path == "/suggest" else request
    return search_at_once(store, connection, asked, state, _MOMENT_S)


def found_by_statement(path: str, store: Store, request: SearchRequest) -> tuple[str, Page] | None:
    """What `WAYS[path]` would find, where one statement of a server tells it, with the state."""
    asked = replace(request, second="never") if path == "/suggest" else request
    return search_by_statement(store, asked)


def document_of(page: Page, address: Address, lang: str) -> dict[str, Any]:
    """A page of results as GeoJSON points."""
    categories = category_names(lang)
    features = [_feature(result, address.root, categories) for result in page.results]
    return collection_of(features, page.next_after, address)


def collection_of(
    features: list[dict[str, Any]], cursor: str | None, address: Address
) -> dict[str, Any]:
    """Features with their links."""
    root, path, asked = address
    own = f"{root}{path.lstrip('/')}"
    links = [{"href": f"{own}?{asked}" if asked else own, "rel": "self", "type": GEOJSON}]
    links += [
        {"href": f"{own}?{query}", "rel": rel, "type": GEOJSON}
        for rel, query in ways(asked, cursor).items()
    ]
    page = "&".join([*(one for one in asked.split("&") if one and one[:2] != "f="), "f=html"])
    links.append({"href": f"{root}search?{page}", "rel": "alternate", "type": HTML})
    return {
        "type": "FeatureCollection",
        "numberReturned": len(features),
        "links": links,
        "features": features,
    }


def _feature(result: Result, root: str, categories: Mapping[str, str]) -> dict[str, Any]:
    told = f"{_COLLECTIONS[result.feature]}/{result.id}"
    address = f"{root}collections/{_COLLECTIONS[result.feature]}/items/{result.id}"
    properties = result.properties()
    properties["division_path"] = " › ".join(result.path)
    properties["category_name"] = categories.get(result.category_code or "")
    placed = result.lon is not None
    return {
        "type": "Feature",
        "id": told,
        "geometry": {"type": "Point", "coordinates": (result.lon, result.lat)} if placed else None,
        "properties": properties,
        "links": ({"href": address, "rel": "self", "type": GEOJSON},),
    }
