"""OGC API Features, part 1: landing page, conformance, collections, items."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Blueprint, Response, request

from data import (
    CRS84,
    Collection,
    InvalidValue,
    NotFound,
    Page,
    PublishedSystem,
    read_attributions,
    read_extent,
    read_item,
    read_page,
)
from web.addresses import root as own_root
from web.api import exports
from web.catalogue import COLLECTIONS, describe, find_collection
from web.context import current_store
from web.negotiation import (
    GEOJSON,
    HTML,
    JSON,
    bytes_response,
    language,
    render_page,
    respond,
    wants_html,
)
from web.openapi import OPENAPI_TYPE, document
from web.parameters import FORMATS, items_query, query, wanted_system
from web.placing import placed_feature, placed_page
from web.schemas import SCHEMA_TYPE

blueprint = Blueprint("features", __name__)

CONFORMANCE = (
    *(
        f"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/{name}"
        for name in ("core", "landing-page", "json", "html", "oas30")
    ),
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    *(
        f"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/{name}"
        for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
    ),
    *(
        f"http://www.opengis.net/spec/cql2/1.0/conf/{name}"
        for name in (
            *("basic-cql2", "cql2-text", "cql2-json", "advanced-comparison-operators"),
            *("case-insensitive-comparison", "accent-insensitive-comparison"),
            *("basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions"),
            *("temporal-functions", "property-property", "arithmetic"),
        )
    ),
    *(
        f"http://www.opengis.net/spec/ogcapi-features-5/1.0/conf/{name}"
        for name in ("schemas", "core-roles-features", "queryables", "sortables")
    ),
    *(
        f"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/{name}"
        for name in ("sortables", "sorting", "features-sorting")
    ),
)
_QUERYABLES = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
_TITLES = {
    "zh": (
        "敖包 Ovoo：地名与行政区域界线",
        "地名、行政区划、界线、界桩和检查",
        "数据集",
        "符合的标准",
    ),
    "en": (
        "Ovoo: place names and boundaries",
        "Place names, divisions, boundary lines, markers and inspections",
        "Collections",
        "Conformance",
    ),
}


def _link(href: str, rel: str, media_type: str, title: str = "") -> dict[str, str]:
    link = {"href": href, "rel": rel, "type": media_type}
    return link | {"title": title} if title else link


@blueprint.get("/")
def landing() -> Response:
    """The landing page; for a browser, the map."""
    query(())
    root = own_root()
    title, description, collections, conformance = _TITLES[language()]
    links = [
        _link(f"{root}?f=json", "self", JSON, title),
        _link(f"{root}?f=html", "alternate", HTML, title),
        _link(f"{root}api", "service-desc", OPENAPI_TYPE, "OpenAPI 3.0"),
        _link(f"{root}api?f=html", "service-doc", HTML, "OpenAPI"),
        _link(f"{root}conformance", "conformance", JSON, conformance),
        _link(f"{root}collections", "data", JSON, collections),
        _link(f"{root}search?q={{q}}", "search", GEOJSON) | {"templated": "true"},
    ]
    return respond("home.html", {"title": title, "description": description, "links": links}, title)


@blueprint.get("/map")
def map_page() -> Response:
    """The map, by its own address."""
    query(("q",))
    title, description, *_ = _TITLES[language()]
    return render_page(
        "home.html", {"title": title, "description": description, "links": []}, title
    )


@blueprint.get("/conformance")
def conformance() -> Response:
    """The standards this service keeps to."""
    query(())
    return respond("conformance.html", {"conformsTo": list(CONFORMANCE)}, _TITLES[language()][3])


@blueprint.get("/api")
def api() -> Response:
    """The API's own description."""
    query(())
    described = document(own_root())
    if wants_html():
        return render_page("api.html", described, "OpenAPI 3.0")
    return bytes_response(orjson.dumps(described), OPENAPI_TYPE)


@blueprint.get("/collections")
def collections() -> Response:
    """Every collection."""
    query(())
    root, title = own_root(), _TITLES[language()][2]
    listed = _described(list(COLLECTIONS.values()))
    links = [
        _link(f"{root}collections", "self", JSON, title),
        _link(f"{root}collections?f=html", "alternate", HTML, title),
    ]
    return respond("collections.html", {"links": links, "collections": listed}, title)


@blueprint.get("/collections/<name>")
def collection(name: str) -> Response:
    """One collection."""
    found = find_collection(name)
    query(())
    (described,) = _described([found])
    return respond("collection.html", described, described["title"])


def _described(wanted: Sequence[Collection]) -> list[dict[str, Any]]:
    root, lang = own_root(), language()
    with current_store().read() as connection:
        return [
            describe(
                one,
                read_extent(connection, one.table),
                "；".join(read_attributions(connection, one)),
                root,
                lang,
                current_store().srid,
            )
            for one in wanted
        ]


@blueprint.get("/collections/<name>/items")
def items(name: str) -> Response:
    """One page of a collection's features."""
    found = find_collection(name)
    asked = items_query(found, (*FORMATS, *exports.page_formats(found)))
    system = wanted_system(request.args)
    with current_store().read() as connection:
        page = read_page(connection, found, asked)
        head = _page_head(found, page)
        if (wanted := exports.page_format(found)) is not None:
            _only_degrees(system, wanted)
            return exports.page(connection, found, page.features, wanted, head["links"])
    text = page.text if system.uri == CRS84 else placed_page(page, system)
    text = orjson.dumps(head)[:-1] + b',"features":[' + text + b"]}"
    if wants_html():
        title = found.zh if language() == "zh" else found.en
        return render_page("items.html", orjson.loads(text), title)
    response = bytes_response(text, GEOJSON)
    response.headers["Content-Crs"] = f"<{system.uri}>"
    queryables = f"{own_root()}collections/{found.id}/queryables"
    return _with_links(response, [*head["links"], _link(queryables, _QUERYABLES, SCHEMA_TYPE)])


def _only_degrees(system: PublishedSystem, wanted: str) -> None:
    """Refuse another system for a format that gives longitude and latitude."""
    if system.uri != CRS84:
        raise InvalidValue(
            "crs", system.uri, f"a page as {wanted} is in longitude and latitude",
            "leave crs out, or take the export with crs",
            f"以 {wanted} 输出的分页只提供经纬度；请去掉 crs，或使用导出",
        )  # fmt: skip


def _with_links(response: Response, links: Sequence[Mapping[str, str]]) -> Response:
    """Repeat links in the header, for clients that do not read the body (RFC 8288)."""
    response.headers["Link"] = ", ".join(
        f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"' for one in links
    )
    return response


def _page_head(found: Collection, page: Page) -> dict[str, Any]:
    collection_address = f"{own_root()}collections/{found.id}"
    address = f"{collection_address}/items"
    asked = _without(request.query_string.decode(errors="replace"), "f")
    links = [
        _link(_address(address, asked), "self", GEOJSON),
        _link(_address(address, asked, "f=html"), "alternate", HTML),
        _link(collection_address, "collection", JSON),
    ]
    if page.next_cursor is not None:
        following = _without(_without(asked, "cursor"), "offset")
        links.append(
            _link(_address(address, following, f"cursor={page.next_cursor}"), "next", GEOJSON)
        )
    head: dict[str, Any] = {
        "type": "FeatureCollection",
        "timeStamp": f"{datetime.now(UTC).isoformat()[:19]}Z",
        "numberReturned": page.count,
        "links": links,
    }
    return head if page.matched is None else head | {"numberMatched": page.matched}


def _without(parameters: str, name: str) -> str:
    """A query string as it was sent, without one parameter."""
    if f"{name}=" not in parameters:
        return parameters
    return "&".join(one for one in parameters.split("&") if not one.startswith(f"{name}="))


def _address(path: str, *parameters: str) -> str:
    given = "&".join(filter(None, parameters))
    return f"{path}?{given}" if given else path


@blueprint.get("/collections/<name>/items/<identity>")
def item(name: str, identity: str) -> Response:
    """One feature."""
    found = find_collection(name)
    linked = [one for one in exports.page_formats(found) if one == exports.LINKED]
    system = wanted_system(query(("crs",), (*FORMATS, *linked)))
    if not (identity.isascii() and identity.isdigit() and len(identity) < 19):  # noqa: PLR2004
        raise NotFound(f"{name} has no item {identity}", f"{name} 中没有编号为“{identity}”的要素")
    with current_store().read() as connection:
        feature = read_item(connection, found, int(identity))
        if exports.page_format(found) == exports.LINKED:
            _only_degrees(system, exports.LINKED)
            return exports.linked_item(connection, found, feature)
    if system.uri != CRS84:
        feature = placed_feature(feature, system)
    address = f"{own_root()}collections/{name}"
    links = [
        _link(f"{address}/items/{identity}", "self", GEOJSON),
        _link(f"{address}/items/{identity}?f=html", "alternate", HTML),
        _link(address, "collection", JSON),
    ]
    text = feature[:-1] + b',"links":' + orjson.dumps(links) + b"}"
    if wants_html():
        shown = orjson.loads(text)
        properties = shown["properties"]
        title = properties.get("name") or properties.get("marker_no") or identity
        return render_page("item.html", shown, str(title))
    response = bytes_response(text, GEOJSON)
    response.headers["Content-Crs"] = f"<{system.uri}>"
    return _with_links(response, links)
