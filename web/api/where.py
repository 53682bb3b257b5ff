"""`/where`: the divisions around a position, the nearest edge, line and names."""

import math
from collections.abc import Mapping

from flask import Blueprint, Response

from boundary import nearest_line
from data import InvalidValue
from gazetteer import parse_position, where
from web.addresses import own_links
from web.context import current_store
from web.negotiation import JSON, language, respond
from web.parameters import day, query, whole

blueprint = Blueprint("where", __name__)

PARAMETERS = ("lon", "lat", "as_of", "limit", "radius", "uncertainty")
MOST_NAMES = 100
_NAMES = 5
_TITLES = {"zh": "所在政区", "en": "Where am I"}


@blueprint.get("/where")
def answer() -> Response:
    """Where a position is, today or on a day, and how sure that is."""
    values = query(PARAMETERS)
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
    found = where(
        current_store(),
        lon,
        lat,
        as_of=on,
        edge_uncertainty_m=_metres(values, "uncertainty"),
        names=whole(values, "limit", _NAMES, 0, MOST_NAMES),
        reach_m=math.inf if reach_m is None else reach_m,
    )
    line = nearest_line(current_store(), lon, lat, on)
    told = found.as_json() | {"line": line and line.as_json(), "links": own_links(JSON)}
    return respond("document.html", told, _TITLES[language()])


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
