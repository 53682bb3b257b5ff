"""Tile matrix sets and tilesets as documents (OGC 17-083r4), and as TileJSON 3.0."""

from collections.abc import Sequence
from typing import Any, Final

from data import Box, Collection, geometry_kind
from data.tiles import DEEPEST, IMPORTANCE, WEB_MERCATOR, Grid, label_name, tile_keys
from web.negotiation import JSON
from web.site import Lang
from web.tiling import MVT

TILEJSON_TYPE: Final = "application/json"
NEEDED: Final = 14
"""The deepest level that a client has to ask for; it may enlarge those tiles further."""
_REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/"
_DIMENSIONS: Final = {"POINT": 0, "MULTILINESTRING": 1, "MULTIPOLYGON": 2}
_TYPES: Final = {
    "text": {"type": "string"}, "integer": {"type": "integer"}, "number": {"type": "number"},
    "flag": {"type": "boolean"}, "date": {"type": "string", "format": "date"},
}  # fmt: skip
_TILEJSON_TYPES: Final = {
    "text": "String", "date": "String", "integer": "Number", "number": "Number", "flag": "Boolean",
}  # fmt: skip
_OWN_NOTE: Final = {
    "zh": "本服务自定的矩阵集：与 WorldCRS84Quad 相同的分幅，坐标系为 EPSG:4490，未在 OGC 登记。",
    "en": (
        "This service's own: the squares of WorldCRS84Quad in EPSG:4490; not registered at the OGC."
    ),
}

Document = dict[str, Any]


def grid_links(root: str, grid: Grid) -> list[Document]:
    """Where a tile matrix set is described."""
    href = f"{root}tileMatrixSets/{grid.id}"
    return [{"href": href, "rel": "self", "type": JSON, "title": grid.en}]


def grid_document(grid: Grid, lang: Lang) -> Document:
    """A tile matrix set as the standard's JSON, and by the names of the edition before.

    Clients such as GDAL 3.6 know the former edition only (OGC 17-083r2). None of its names means
    something else in the latter, so one document serves both.
    """
    return {
        "id": grid.id,
        "title": grid.zh if lang == "zh" else grid.en,
        **({"uri": grid.uri} if grid.uri else {"description": _OWN_NOTE[lang]}),
        "crs": grid.crs,
        "orderedAxes": list(grid.axes),
        "tileMatrices": [
            {
                "id": str(level),
                **_matrix(grid, level),
                "cellSize": grid.cell_size(level),
                "cornerOfOrigin": "topLeft",
                "pointOfOrigin": list(grid.origin),
            }
            for level in range(DEEPEST + 1)
        ],
        "type": "TileMatrixSetType",
        "identifier": grid.id,
        "supportedCRS": grid.crs,
        "tileMatrix": [
            {
                "type": "TileMatrixType",
                "identifier": str(level),
                **_matrix(grid, level),
                "topLeftCorner": list(grid.origin),
            }
            for level in range(DEEPEST + 1)
        ],
    }


def _matrix(grid: Grid, level: int) -> Document:
    """What both editions name alike."""
    return {
        "scaleDenominator": grid.scale_denominator(level),
        "tileWidth": 256,
        "tileHeight": 256,
        "matrixWidth": grid.columns << level,
        "matrixHeight": 1 << level,
    }


def tileset(
    root: str,
    path: str,
    grid: Grid,
    shown: Sequence[Collection],
    lang: Lang,
    chosen: str | None = None,
) -> Document:
    """A tileset's description.

    Args:
        root: the service's own address, ending in a slash.
        path: that of its list of tilesets.
        grid: its tile matrix set.
        shown: its collections.
        lang: the language of titles.
        chosen: the parameter `collections` that chose them, which its links keep; None where none
            was given.
    """
    asked = f"?collections={chosen}" if chosen else ""
    address = f"{root}{path}/{grid.id}"
    template = f"{address}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}{asked}"
    return {
        "title": grid.zh if lang == "zh" else grid.en,
        "dataType": "vector",
        "crs": grid.crs,
        **({"tileMatrixSetURI": grid.uri} if grid.uri else {}),
        "layers": [_layer(collection, lang) for collection in shown],
        "links": [
            {"href": f"{address}{asked}", "rel": "self", "type": JSON},
            {
                "href": f"{root}tileMatrixSets/{grid.id}",
                "rel": f"{_REL}tiling-scheme",
                "type": JSON,
                "title": grid.id,
            },
            {"href": template, "rel": "item", "type": MVT, "templated": True},
        ],
    }


def limits(grid: Grid, extent: Box) -> list[Document]:
    """The tiles of each level in which a box lies; beyond them there is nothing."""
    found = []
    for level in range(DEEPEST + 1):
        first, last = grid.tiles_over(extent, level)
        found.append(
            {
                "tileMatrix": str(level),
                "minTileRow": first.row,
                "maxTileRow": last.row,
                "minTileCol": first.column,
                "maxTileCol": last.column,
            }
        )
    return found


def tileset_links(root: str, path: str, grid: Grid, chosen: str | None = None) -> list[Document]:
    """Other forms of a tileset, of the same chosen collections."""
    if grid is not WEB_MERCATOR:
        return []
    address = f"{root}{path}/{grid.id}"
    further = f"&collections={chosen}" if chosen else ""
    found: list[Document] = [
        {
            "href": f"{address}?f=tilejson{further}",
            "rel": "describedby",
            "type": JSON,
            "title": "TileJSON",
        }
    ]
    if path == "tiles":
        style = {"href": f"{address}/style", "rel": f"{_REL}styles", "title": "MapLibre"}
        found.append({**style, "type": "application/vnd.mapbox.style+json"})
    return found


def _layer(collection: Collection, lang: Lang) -> Document:
    known = collection.parameters
    properties = {
        name: {
            **_TYPES[known[name].kind],
            "title": known[name].zh if lang == "zh" else known[name].en,
        }
        for name in collection.tiled
    }
    return {
        "id": collection.id,
        "title": collection.zh if lang == "zh" else collection.en,
        "dataType": "vector",
        "geometryDimension": _DIMENSIONS[geometry_kind(collection)],
        "propertiesSchema": {
            "type": "object",
            "properties": {**properties, IMPORTANCE: {"type": "integer"}},
        },
    }


def tilejson(
    root: str,
    path: str,
    grid: Grid,
    shown: Sequence[Collection],
    extent: Box,
    attribution: str,
    title: str,
    chosen: str | None = None,
) -> Document:
    """A tileset as TileJSON, for clients that know the web's own grid only."""
    asked = f"?collections={chosen}" if chosen else ""
    return {
        "tilejson": "3.0.0",
        "name": title,
        "scheme": "xyz",
        "tiles": [f"{root}{path}/{grid.id}/{{z}}/{{y}}/{{x}}{asked}"],
        "vector_layers": _vector_layers(shown, labels=path == "tiles"),
        "minzoom": 0,
        "maxzoom": NEEDED,
        "bounds": [extent.min_x, extent.min_y, extent.max_x, extent.max_y],
        **({"attribution": attribution} if attribution else {}),
    }


def _vector_layers(shown: Sequence[Collection], *, labels: bool) -> list[Document]:
    found = []
    for collection in shown:
        kinds = {name: known.kind for name, known in collection.parameters.items()}
        fields = {
            name: _TILEJSON_TYPES[kinds.get(name, "integer")] for name in tile_keys(collection)
        }
        about = {"fields": fields, "minzoom": 0, "maxzoom": NEEDED}
        found.append({"id": collection.id, "description": collection.en, **about})
        if labels and collection.has_areas:
            text = f"{collection.en}: where their names stand"
            found.append({"id": label_name(collection), "description": text, **about})
    return found
