"""OGC API Features, part 1: landing page, conformance, collections, items."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import orjson
from flask import Blueprint, Response, request

from data import (
    CRS84,
    Collection,
    InvalidValue,
    NotFound,
    Page,
    PublishedSystem,
    read_item,
    read_page,
    today,
)
from gazetteer import PLACES, approvals
from web import answers
from web.addresses import root as own_root
from web.api import exports, tiles
from web.as_of import PARAMETER as AS_OF
from web.as_of import as_then, item_then, wanted_day
from web.catalogue import COLLECTIONS, describe, find_collection
from web.conditions import is_known, item_tag
from web.context import current_settings, current_store, whole_store
from web.negotiation import (
    GEOJSON,
    HTML,
    JSON,
    bytes_response,
    json_response,
    language,
    page_language,
    page_text,
    ready_response,
    render_page,
    respond,
    wants_html,
)
from web.openapi import OPENAPI_TYPE, document
from web.openapi.editions import EDITIONS, in_edition, media_type
from web.pages.home import home_page
from web.pages.places import place_page
from web.parameters import (
    FORMATS,
    PROFILE,
    chosen_properties,
    items_query,
    one_of,
    query,
    query_text,
    wanted_system,
)
from web.placing import as_asked
from web.profiles import KEY, OF_REFERENCES, chosen_profile, with_references
from web.summaries import summary_of
from web.transport import policy_with

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
        f"http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/{name}"
        for name in ("create-replace-delete", "update", "features", "optimistic-locking-etags")
    ),
    # The draft really spells this one `req`.
    "http://www.opengis.net/spec/ogcapi-features-4/1.0/req/optimistic-locking-etags",
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
        for name in (
            *("schemas", "core-roles-features", "references", "returnables-and-receivables"),
            *("queryables", "sortables", "profile-parameter", "profile-references"),
            *("profile-codelists", "profile-domains"),
        )
    ),
    "http://www.opengis.net/spec/ogcapi-records-1/1.0/conf/record-core",
    *(
        f"http://www.opengis.net/spec/ogcapi-features-8/1.0/conf/{name}"
        for name in ("sortables", "sorting", "features-sorting")
    ),
    *tiles.CONFORMANCE,
)
_MOST_ON_A_PAGE = 200
"""Features on a page for people, whatever `limit` says: more than that nobody reads, and a browser
takes seconds to show them. Programs get what they ask for."""
_REL = "http://www.opengis.net/def/rel/ogc/1.0/"
_OWN_PAGES = {
    "divisions": ("divisions", "code"),
    "lines": ("lines", "id"),
    "markers": ("markers", "id"),
    "heritage": ("heritage", "id"),
}
"""Collections whose records have a page of their own: its address and what names it."""
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
    """The landing page; for a browser, the front page."""
    query(())
    root = own_root()
    title, description, collections, conformance = _TITLES[language()]
    links = [
        _link(f"{root}?f=json", "self", JSON, title),
        _link(f"{root}?f=html", "alternate", HTML, title),
        _link(f"{root}api", "service-desc", OPENAPI_TYPE, "OpenAPI 3.0"),
        _link(f"{root}api?version=3.1", "service-desc", media_type("3.1"), "OpenAPI 3.1"),
        _link(f"{root}api?f=html", "service-doc", HTML, "OpenAPI"),
        _link(f"{root}conformance", "conformance", JSON, conformance),
        _link(f"{root}collections", "data", JSON, collections),
        _link(f"{root}records", "service-meta", GEOJSON, collections),
        _link(f"{root}tiles", f"{_REL}tilesets-vector", JSON, "OGC API Tiles"),
        _link(f"{root}tileMatrixSets", f"{_REL}tiling-schemes", JSON, "OGC API Tiles"),
        _link(f"{root}search?q={{q}}", "search", GEOJSON) | {"templated": True},
    ]
    document = {"title": title, "description": description, "links": links}
    if wants_html():
        page = home_page(current_store(), whole_store(), page_language())
        return render_page("home.html", document | page, page_text("home.title"))
    return json_response(document)


@blueprint.get("/map")
def map_page() -> Response:
    """The map, by its own address."""
    query(("q",))
    title = page_text("nav.map")
    base = current_settings().base_map
    told = None if base is None else {"url": base.url, "grid": base.grid, "credit": base.credit}
    page = render_page("map.html", {"title": title, "links": [], "base": told}, title)
    if base is not None:
        page.headers["Content-Security-Policy"] = policy_with(base.policy)
        page.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return page


@blueprint.get("/conformance")
def conformance() -> Response:
    """The standards this service keeps to."""
    query(())
    return respond("conformance.html", {"conformsTo": list(CONFORMANCE)}, _TITLES[language()][3])


@blueprint.get("/api")
def api() -> Response:
    """The API's own description."""
    edition = query(("version",)).get("version", "3.0")
    one_of("version", edition, tuple(EDITIONS))
    described = document(own_root())
    if wants_html():
        return render_page("api.html", described, "OpenAPI 3.0")
    return bytes_response(orjson.dumps(in_edition(described, edition)), media_type(edition))


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
    root, lang, store = own_root(), language(), current_store()
    return [
        describe(one, summary_of(store, whole_store(), one), root, lang, store.srid)
        for one in wanted
    ]


@blueprint.get("/collections/<name>/items", provide_automatic_options=False)
def items(name: str) -> Response:
    """One page of a collection's features."""
    found = find_collection(name)
    asked, values = items_query(found, (*FORMATS, *exports.page_formats(found)))
    system = wanted_system(values)
    chosen = chosen_properties(found, values)
    root = own_root()
    if wants_html():
        asked = replace(asked, limit=min(asked.limit, _MOST_ON_A_PAGE))
    with current_store().read() as connection:
        page = read_page(connection, found, asked)
        if (when := wanted_day(found, values)) is not None:
            page = Page.of(
                as_then(connection, found, page.features, when), page.next_cursor, page.prev_cursor
            )
        wanted = exports.page_format(found, values.get("f"))
        profile = KEY if wanted else chosen_profile(values.get(PROFILE, ""), OF_REFERENCES)
        links = answers.page_links(
            root, found, query_text(), page.next_cursor, page.prev_cursor, profile
        )
        if wanted is not None:
            _only_plain(system, chosen, wanted)
            narrow = [as_asked(one, wanted_system({}), chosen) for one in page.features]
            return exports.page(connection, found, narrow, wanted, links)
    features = page.text
    if system.uri != CRS84 or chosen is not None or profile != KEY:
        asked_for = [as_asked(one, system, chosen) for one in page.features]
        features = b",".join([with_references(one, found, profile, root) for one in asked_for])
    body = answers.page_body(page, features, links)
    if wants_html():
        title = found.zh if language() == "zh" else found.en
        return render_page("items.html", orjson.loads(body), title)
    tag = answers.tag_of_page(page, features, system.uri, links)
    return _unless_known(body, answers.page_headers(root, found, system.uri, links, tag), tag)


def _unless_known(body: bytes, headers: answers.Headers, tag: str) -> Response:
    """An answer, or that it is the one that the reader has already."""
    asked = request.headers.get("If-None-Match")
    if asked and is_known(asked, tag):
        return Response(status=304, headers=answers.not_modified(headers))
    return ready_response(body, headers)


def _only_plain(system: PublishedSystem, chosen: frozenset[str] | None, wanted: str) -> None:
    """Refuse what a format does not give: another system, or a part of a linked document."""
    if system.uri != CRS84:
        raise InvalidValue(
            "crs", system.uri, f"a page as {wanted} is in longitude and latitude",
            "leave crs out, or take the export with crs",
            f"以 {wanted} 输出的分页只提供经纬度；请去掉 crs，或使用导出",
        )  # fmt: skip
    if chosen is not None and wanted == exports.LINKED:
        raise InvalidValue(
            "properties", ",".join(sorted(chosen)), f"a document as {wanted} is whole",
            "leave properties out", f"以 {wanted} 输出的文档是完整的；请去掉 properties",
        )  # fmt: skip


@blueprint.get("/collections/<name>/items/<identity>", provide_automatic_options=False)
def item(name: str, identity: str) -> Response:
    """One feature."""
    found = find_collection(name)
    linked = [one for one in exports.page_formats(found) if one == exports.LINKED]
    timed = (AS_OF,) if len(found.time) > 1 else ()
    profiled = (PROFILE,) if found.references else ()
    values = query(("crs", "properties", *timed, *profiled), (*FORMATS, *linked))
    system, chosen = wanted_system(values), chosen_properties(found, values)
    if not (identity.isascii() and identity.isdigit() and len(identity) < 19):  # noqa: PLR2004
        raise NotFound(f"{name} has no item {identity}", f"{name} 中没有编号为“{identity}”的要素")
    with current_store().read() as connection:
        feature = read_item(connection, found, int(identity))
        if (when := wanted_day(found, values)) is not None:
            feature = item_then(connection, found, feature, when)
        if exports.page_format(found, values.get("f")) == exports.LINKED:
            _only_plain(system, chosen, exports.LINKED)
            return exports.linked_item(connection, found, feature)
    root, profile = own_root(), chosen_profile(values.get(PROFILE, ""), OF_REFERENCES)
    links = answers.item_links(root, found, identity, profile)
    shown = with_references(as_asked(feature, system, chosen), found, profile, root)
    body = answers.item_body(shown, links)
    if wants_html():
        return _item_page(
            found, orjson.loads(body), plain="crs" in values or "properties" in values
        )
    tag = item_tag(name, identity, feature, body)
    return _unless_known(body, answers.item_headers(system.uri, links, tag), tag)


def _item_page(found: Collection, feature: dict[str, Any], *, plain: bool) -> Response:
    """A feature's page; records that have an address of their own are shown there."""
    properties, lang = feature["properties"], page_language()
    title = properties.get("name") or properties.get("marker_no") or feature["id"]
    if found.id == PLACES.id and not plain:
        store = current_store()
        with store.read() as connection:
            page = place_page(store, connection, feature, lang, today())
        # What was announced is public whatever the release of the case it came from.
        with whole_store().read() as whole:
            page["decisions"] = approvals.announced_of(whole, feature["id"])
        return render_page("place.html", page, str(title))
    own = _OWN_PAGES.get(found.id)
    if own is not None and not plain:
        given = f"?{query_text()}" if query_text() else ""
        location = f"/{own[0]}/{quote(str(properties.get(own[1], feature['id'])), safe='')}{given}"
        return Response(status=303, headers={"Location": location})
    return render_page("item.html", feature, str(title))
