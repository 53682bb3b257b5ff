"""OGC API Tiles: tile matrix sets, tilesets, tiles, TileJSON, a style.

The ends of the operations' names are those of the standard (OGC 20-057, annex on OpenAPI).
"""

from data import Collection
from data.tiles import DEEPEST, GRIDS
from web.catalogue import COLLECTIONS
from web.openapi.parts import FILE, Schema, get, may_fail, path_text, query, with_formats
from web.tiling import MVT

_TAG = "tiles"
_FORMATS = ("json", "geojson", "html", "tilejson")


def paths() -> Schema:
    """The family's paths."""
    found: Schema = {
        "/tileMatrixSets": get("getTileMatrixSetsList", "Tile matrix sets", _TAG),
        "/tileMatrixSets/{grid}": get("getTileMatrixSet", "One tile matrix set", _TAG),
        "/tiles/{grid}/style": get(
            "tiles.style", "A style for MapLibre, Mapbox clients and QGIS", _TAG,
            media="application/vnd.mapbox.style+json",
        ),
        **_tilesets("/tiles", "dataset", "everything", [_chosen(), _day()]),
    }  # fmt: skip
    for path in ("/tileMatrixSets/{grid}", "/tiles/{grid}/style"):
        found[path]["get"]["parameters"] += [_grid()]
        found[path]["get"]["responses"] |= may_fail(404)
    for collection in COLLECTIONS.values():
        found |= _of_collection(collection)
    return found


def _of_collection(collection: Collection) -> Schema:
    title = f"{collection.en} {collection.zh}"
    return _tilesets(
        f"/collections/{collection.id}/tiles", f"{collection.id}.collection", title, [_day()]
    )


def _tilesets(path: str, identity: str, of: str, parameters: list[Schema]) -> Schema:
    listed = get(f"{identity}.vector.getTileSetsList", f"Tilesets of {of}", _TAG)
    one = get(f"{identity}.vector.getTileSet", f"A tileset of {of}", _TAG)
    tile = get(f"{identity}.vector.getTile", f"A vector tile of {of}", _TAG, media=MVT)
    one["get"]["parameters"] = with_formats(one["get"]["parameters"], _FORMATS)
    tile["get"]["parameters"] = with_formats(tile["get"]["parameters"], ["mvt"])
    for made in (listed, one, tile):
        made["get"]["parameters"] += parameters
        made["get"]["responses"] |= may_fail(404)
    for made in (one, tile):
        made["get"]["parameters"] += [_grid()]
    tile["get"]["parameters"] += [
        _number("level", DEEPEST),
        _number("row", (1 << DEEPEST) - 1),
        _number("column", (2 << DEEPEST) - 1),
    ]
    tile["get"]["responses"] |= {
        "200": {"description": "the tile", "content": {MVT: {"schema": FILE}}},
        "204": {"description": "nothing is in this tile"},
        "304": {"description": "unchanged"},
    }
    return {
        path: listed,
        f"{path}/{{grid}}": one,
        f"{path}/{{grid}}/{{level}}/{{row}}/{{column}}": tile,
    }


def _grid() -> Schema:
    return path_text("grid", list(GRIDS))


def _number(name: str, most: int) -> Schema:
    return {
        "name": name, "in": "path", "required": True,
        "description": f"the tile's {name}, from the upper left corner",
        "schema": {"type": "integer", "minimum": 0, "maximum": most},
    }  # fmt: skip


def _day() -> Schema:
    text = {"type": "string", "example": "2024-05-03"}
    return query("datetime", text, "a day; what was valid then is shown, by its name of then")


def _chosen() -> Schema:
    text = {"type": "string", "example": "places"}
    return query("collections", text, "names of collections, parted by commas; all by default")
