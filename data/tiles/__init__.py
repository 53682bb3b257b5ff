"""Vector tiles of every collection (矢量瓦片): OGC API Tiles over Mapbox Vector Tiles 2.1."""

from data.tile_rows import IMPORTANCE, tile_keys
from data.tiles.cache import Content
from data.tiles.grids import (
    CGCS2000_QUAD,
    CRS84_QUAD,
    DEEPEST,
    EXTENT,
    GRIDS,
    WEB_MERCATOR,
    Grid,
    Tile,
)
from data.tiles.reading import Question, Tiles
from data.tiles.shapes import label_name

__all__ = [
    "CGCS2000_QUAD",
    "CRS84_QUAD",
    "DEEPEST",
    "EXTENT",
    "GRIDS",
    "IMPORTANCE",
    "WEB_MERCATOR",
    "Content",
    "Grid",
    "Question",
    "Tile",
    "Tiles",
    "label_name",
    "tile_keys",
]
