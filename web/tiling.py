"""Vector tiles as answers: what is asked, what may be shown, the bytes and their headers.

The views of `web.api.tiles` and the quick door (`web.quick`) answer from here, so that both give
the same bytes.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple, cast

from flask import current_app

from data import Collection, Interval, InvalidValue, NotFound, geometry_kind, today
from data.tiles import GRIDS, Content, Grid, Question, Tile, Tiles
from web.catalogue import COLLECTIONS, find_collection
from web.codings import accepts_gzip
from web.conditions import is_known
from web.transport import Headers

MVT: Final = "application/vnd.mapbox-vector-tile"
ADDRESS: Final = re.compile(
    r"/(?:collections/([a-z]+)/)?tiles/(\w{1,40})/([0-9]{1,2})/([0-9]{1,7})/([0-9]{1,7})"
)
_TILES: Final = "ovoo_tiles"


def make_tiles() -> Tiles:
    """The tiles of every collection."""
    return Tiles([one for one in COLLECTIONS.values() if geometry_kind(one) != "POINT"])


def keep_tiles(extensions: dict[str, object], tiles: Tiles) -> None:
    """Hand the views their tiles."""
    extensions[_TILES] = tiles


def current_tiles() -> Tiles:
    """The tiles of this application's store."""
    return cast("Tiles", current_app.extensions[_TILES])


def find_matrix_set(name: str) -> Grid:
    """A tile matrix set by its name.

    Raises:
        NotFound: there is none of that name.
    """
    if name not in GRIDS:
        known = ", ".join(GRIDS)
        raise NotFound(
            f"there is no tile matrix set {name}; there are {known}",
            f"没有瓦片矩阵集“{name}”；可用：{known}",
        )
    return GRIDS[name]


def find_tile(grid: Grid, level: str, row: str, column: str) -> Tile:
    """A tile of a grid by the words of its address.

    Raises:
        NotFound: the grid has no such tile.
    """
    numbers = [int(one) if _is_short_number(one) else -1 for one in (level, row, column)]
    tile = Tile(*numbers)
    if not grid.has(tile):
        raise NotFound(
            f"{grid.id} has no tile {level}/{row}/{column}",
            f"{grid.id} 没有瓦片 {level}/{row}/{column}",
        )
    return tile


def _is_short_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10  # noqa: PLR2004 - more than any


class Asked(NamedTuple):
    """The words of a tile's address; `collection` is empty for a tile of the whole dataset."""

    collection: str
    grid: str
    level: str
    row: str
    column: str


def question(asked: Asked, values: Mapping[str, str]) -> Question:
    """What a request asks for.

    Args:
        asked: its address.
        values: its parameters.

    Raises:
        NotFound: there is no such collection, grid or tile.
        InvalidValue: a parameter has an unknown value.
    """
    grid = find_matrix_set(asked.grid)
    one = (find_collection(asked.collection),) if asked.collection else None
    shown = one or chosen(values)
    tile = find_tile(grid, asked.level, asked.row, asked.column)
    day = instant(values)
    return Question(
        shown, grid, tile, day or today(), then=day is not None, labels=not asked.collection
    )


def chosen(values: Mapping[str, str]) -> tuple[Collection, ...]:
    """The collections that the parameter `collections` names; all of them where it is not given.

    Raises:
        InvalidValue: one of them is unknown.
    """
    text = values.get("collections")
    if text is None:
        return tuple(COLLECTIONS.values())
    wanted = text.split(",")
    for name in wanted:
        if name not in COLLECTIONS:
            listed = ", ".join(COLLECTIONS)
            raise InvalidValue(
                "collections", name, "it names collections, parted by commas",
                f"name some of {listed}", f"collections 中没有“{name}”；可用：{listed}",
            )  # fmt: skip
    return tuple([one for one in COLLECTIONS.values() if one.id in wanted])


def instant(values: Mapping[str, str]) -> date | None:
    """The day that the parameter `datetime` names; None where it is not given.

    Raises:
        InvalidValue: it is no instant.
    """
    text = values.get("datetime")
    if text is None:
        return None
    asked = Interval.parse(text)
    if asked.start is None or asked.start != asked.end:
        raise InvalidValue(
            "datetime", text, "tiles show one day", "give a date such as 1990-05-03",
            f"瓦片只显示某一天；“{text}”应为日期，如 1990-05-03",
        )  # fmt: skip
    return asked.start


def tile_answer(
    content: Content, environ: Mapping[str, Any], *, private: bool
) -> tuple[str, Headers, bytes]:
    """Status, headers and body of a tile; 204 where it is empty, 304 where it is known.

    Args:
        content: the tile.
        environ: the request's environment.
        private: whether it is for this reader alone.
    """
    headers = [("Vary", "Accept-Encoding")]
    # What all may see is kept by the reader's side and asked about again: a write shows at once.
    headers.append(("Cache-Control", "private, no-store" if private else "no-cache"))
    if not content.body:
        return "204 No Content", headers, b""
    squeezed = accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    headers.append(("ETag", f"W/{content.tag}" if squeezed else content.tag))
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and is_known(asked, content.tag):
        return "304 Not Modified", headers, b""
    headers.append(("Content-Type", MVT))
    if squeezed:
        headers.append(("Content-Encoding", "gzip"))
    body = content.squeezed if squeezed else content.body
    return "200 OK", headers, body
