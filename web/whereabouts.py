"""Answers of `/where`, made of values alone.

The view of `web.api.where` and the quick door (`web.quick`) make their answers here, so that both
give the same bytes.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl

from sqlalchemy import Connection

from boundary import nearest_line
from data import InvalidValue, Store
from gazetteer import parse_position, where_in
from web.parameters import day, pairs_of, whole

PATH: Final = "/where"
PARAMETERS: Final = ("lon", "lat", "as_of", "limit", "radius", "uncertainty")
MOST_NAMES: Final = 100
_NAMES: Final = 5
_LONGEST: Final = 1_000


def plain_where(query: str) -> dict[str, str] | None:
    """The parameters of a query that asks for nothing unusual; None where it does.

    >>> plain_where("lon=111.5&lat=41")
    {'lon': '111.5', 'lat': '41'}
    >>> plain_where("lon=111.5&lat=41&f=html"), plain_where("lon=111&lon=112&lat=41")
    (None, None)
    """
    if not query.isascii() or len(query) > _LONGEST:
        return None
    pairs = pairs_of(query) or parse_qsl(query, keep_blank_values=True)
    values = dict(pairs)
    plain = len(values) == len(pairs) and values.keys() <= set(PARAMETERS)
    sound = all(value and "\ufffd" not in value for value in values.values())
    return values if plain and sound else None


def document_of(
    store: Store, values: Mapping[str, str], links: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """Where the position is that the parameters name.

    Raises:
        InvalidValue: a parameter is missing or has a value that it cannot have.
    """
    with store.read() as connection:
        return document_in(store, connection, store.change_mark(connection), values, links)


def document_in(
    store: Store,
    connection: Connection,
    state: str,
    values: Mapping[str, str],
    links: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """The same on a connection that reads the store, whose `change_mark` is known."""
    for name in ("lon", "lat"):
        if not values.get(name):
            raise InvalidValue(
                name, "", "a position has a longitude and a latitude",
                "give lon and lat in degrees, such as lon=111.75&lat=40.84",
                f"缺少参数“{name}”；请填写经纬度，如 lon=111.75&lat=40.84",
            )  # fmt: skip
    lon, lat = parse_position(values["lon"], values["lat"])
    reach_m = _metres(values, "radius")
    on = day(values, "as_of")
    found = where_in(
        store,
        connection,
        state,
        lon,
        lat,
        as_of=on,
        edge_uncertainty_m=_metres(values, "uncertainty"),
        names=whole(values, "limit", _NAMES, 0, MOST_NAMES),
        reach_m=math.inf if reach_m is None else reach_m,
    )
    line = nearest_line(store, connection, state, lon, lat, on)
    return found.as_json() | {"line": line and line.as_json(), "links": links}


def _metres(values: Mapping[str, str], name: str) -> float | None:
    text = values.get(name)
    if text is None:
        return None
    try:
        metres = float(text)
    except ValueError:
        metres = math.nan
    if not 0 <= metres < math.inf:
        raise InvalidValue(
            name, text, "a length in metres is needed, 0 or more", "give a number such as 500",
            f"参数“{name}”应为不小于 0 的米数，如 500",
        )  # fmt: skip
    return metres
