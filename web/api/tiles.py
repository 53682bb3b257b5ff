"""OGC API Tiles, part 1: tile matrix sets, tilesets, vector tiles; TileJSON and a style."""

from collections.abc import Mapping

import orjson
from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from data import CRS84, Box, Collection, NotFound
from data.tiles import GRIDS, WEB_MERCATOR, Grid
from web.accounts import must_sign_in
from web.addresses import root
from web.catalogue import COLLECTIONS, find_collection
from web.context import current_store, whole_store
from web.negotiation import JSON, ReadyBytes, bytes_response, language, respond
from web.parameters import FORMATS, query
from web.summaries import CREDITS_APART, summary_of
from web.tile_style import map_style
from web.tilesets import (
    TILEJSON_TYPE,
    grid_document,
    grid_links,
    limits,
    tilejson,
    tileset,
    tileset_links,
)
from web.tiling import Asked, chosen, current_tiles, find_matrix_set, question, tile_answer

blueprint = Blueprint("tiles", __name__)

CONFORMANCE = tuple(
    f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}"
    for name in (
        *("core", "tileset", "tilesets-list", "geodata-tilesets", "dataset-tilesets"),
        *("collections-selection", "mvt", "oas30"),
    )
)
STYLE_TYPE = "application/vnd.mapbox.style+json"
_WORLD = Box(-180.0, -90.0, 180.0, 90.0)
_TITLES = {
    "zh": ("瓦片矩阵集", "矢量瓦片", "全部数据的矢量瓦片"),
    "en": ("Tile matrix sets", "Vector tiles", "Vector tiles of everything"),
}


@blueprint.get("/tileMatrixSets")
def grids() -> Response:
    """Every tile matrix set."""
    query(())
    lang = language()
    listed = [
        {
            "id": grid.id,
            "title": grid.zh if lang == "zh" else grid.en,
            **({"uri": grid.uri} if grid.uri else {}),
            "crs": grid.crs,
            "links": grid_links(root(), grid),
        }
        for grid in GRIDS.values()
    ]
    return respond("document.html", {"tileMatrixSets": listed}, _TITLES[lang][0])


@blueprint.get("/tileMatrixSets/<grid>")
def one_grid(grid: str) -> Response:
    """One tile matrix set."""
    found = find_matrix_set(grid)
    query(())
    return respond("document.html", grid_document(found, language()), found.id)


@blueprint.get("/tiles")
def dataset_tilesets() -> Response:
    """The tilesets of everything at once."""
    values = query(("collections", "datetime"))
    shown, asked = chosen(values), values.get("collections")
    return _listed("tiles", shown, _TITLES[language()][2], asked)


@blueprint.get("/collections/<name>/tiles")
def tilesets(name: str) -> Response:
    """The tilesets of a collection."""
    found = find_collection(name)
    query(("datetime",))
    lang = language()
    title = f"{found.zh if lang == 'zh' else found.en} · {_TITLES[lang][1]}"
    return _listed(f"collections/{name}/tiles", (found,), title)


def _listed(
    path: str, shown: tuple[Collection, ...], title: str, asked: str | None = None
) -> Response:
    address = f"{root()}{path}"
    described = [tileset(root(), path, grid, shown, language(), asked) for grid in GRIDS.values()]
    short = ("title", "dataType", "crs", "tileMatrixSetURI", "links")
    listed = [{name: one[name] for name in short if name in one} for one in described]
    own, further = (f"?collections={asked}", f"&collections={asked}") if asked else ("", "")
    links = [
        {"href": f"{address}{own}", "rel": "self", "type": JSON, "title": title},
        {
            "href": f"{address}?f=html{further}",
            "rel": "alternate",
            "type": "text/html",
            "title": title,
        },
    ]
    return respond("document.html", {"links": links, "tilesets": listed}, title)


@blueprint.get("/tiles/<grid>")
def dataset_tileset(grid: str) -> Response:
    """One tileset of everything; as TileJSON by `f=tilejson`."""
    found = find_matrix_set(grid)
    values = query(("collections", "datetime"), (*FORMATS, "tilejson"))
    return _described("tiles", found, chosen(values), values, _TITLES[language()][2])


@blueprint.get("/collections/<name>/tiles/<grid>")
def collection_tileset(name: str, grid: str) -> Response:
    """One tileset of a collection; as TileJSON by `f=tilejson`."""
    collection, found = find_collection(name), find_matrix_set(grid)
    values = query(("datetime",), (*FORMATS, "tilejson"))
    title = collection.zh if language() == "zh" else collection.en
    return _described(f"collections/{name}/tiles", found, (collection,), values, title)


def _described(
    path: str,
    grid: Grid,
    shown: tuple[Collection, ...],
    values: Mapping[str, str],
    title: str,
) -> Response:
    asked = values.get("collections")
    extent, attribution = _extent_and_credit(shown)
    if values.get("f") == "tilejson":
        _only_mercator(grid, "TileJSON")
        made = tilejson(root(), path, grid, shown, extent or _WORLD, attribution, title, asked)
        return bytes_response(orjson.dumps(made), TILEJSON_TYPE)
    described = tileset(root(), path, grid, shown, language(), asked)
    if extent is not None:
        described["boundingBox"] = {
            "lowerLeft": [extent.min_x, extent.min_y],
            "upperRight": [extent.max_x, extent.max_y],
            "crs": CRS84,
        }
        described["tileMatrixSetLimits"] = limits(grid, extent)
    described["links"] = [*described["links"], *tileset_links(root(), path, grid, asked)]
    return respond("document.html", described, title)


def _only_mercator(grid: Grid, what: str) -> None:
    """TileJSON and styles know no other grid."""
    if grid is not WEB_MERCATOR:
        raise NotFound(
            f"there is no {what} in {grid.id}; ask for {WEB_MERCATOR.id}",
            f"{grid.id} 没有 {what}；请使用 {WEB_MERCATOR.id}",
        )


@blueprint.get("/tiles/<grid>/style")
def style(grid: str) -> Response:
    """A style for MapLibre and Mapbox clients, QGIS among them."""
    found = find_matrix_set(grid)
    query(())
    _only_mercator(found, "style")
    extent, attribution = _extent_and_credit(tuple(COLLECTIONS.values()))
    made = map_style(root(), language(), extent or _WORLD, attribution)
    return bytes_response(orjson.dumps(made), STYLE_TYPE)


@blueprint.get("/tiles/<grid>/<level>/<row>/<column>")
def dataset_tile(grid: str, level: str, row: str, column: str) -> Response:
    """One tile of everything, a layer for each collection."""
    values = query(("collections", "datetime"), ("mvt",))
    return _tile(Asked("", grid, level, row, column), dict(values))


@blueprint.get("/collections/<name>/tiles/<grid>/<level>/<row>/<column>")
def collection_tile(name: str, grid: str, level: str, row: str, column: str) -> Response:
    """One tile of a collection."""
    values = query(("datetime",), ("mvt",))
    return _tile(Asked(name, grid, level, row, column), dict(values))


def _tile(asked: Asked, values: dict[str, str]) -> Response:
    content = current_tiles().read(current_store(), question(asked, values))
    status, headers, body = tile_answer(content, request.environ, private=must_sign_in())
    response = ReadyBytes(body, status, Headers(headers))
    if not any(name == "Content-Type" for name, _ in headers):
        del response.headers["Content-Type"]
    return response


def _extent_and_credit(shown: tuple[Collection, ...]) -> tuple[Box | None, str]:
    """The box of what collections hold, None where they are empty; whom their data come from."""
    found = [summary_of(current_store(), whole_store(), one) for one in shown]
    named = dict.fromkeys(
        credit for one in found for credit in one.attribution.split(CREDITS_APART) if credit
    )
    boxes = [one.box for one in found if one.box is not None]
    if not boxes:
        return None, ""
    whole = Box(
        min(box.min_x for box in boxes), min(box.min_y for box in boxes),
        max(box.max_x for box in boxes), max(box.max_y for box in boxes),
    )  # fmt: skip
    return whole, CREDITS_APART.join(named)
