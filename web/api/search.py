"""`/search`: places by any of their names."""

from typing import Any

import orjson
from flask import Blueprint, Response, request

from data import read_features
from gazetteer import PLACES, category_names, division_paths, find_places
from web.addresses import root
from web.context import current_store
from web.negotiation import GEOJSON, HTML, language, respond
from web.parameters import query, whole
from web.site import translate

blueprint = Blueprint("search", __name__)

_MOST = 100
_DEFAULT = 10


@blueprint.get("/search")
def search() -> Response:
    """Places whose name is, or begins with, `q`, as GeoJSON in order of fit."""
    values = query(("q", "limit"))
    text = values.get("q", "")
    limit = whole(values, "limit", _DEFAULT, 1, _MOST)
    with current_store().read() as connection:
        matches = find_places(connection, text, limit)
        ids = [match.place_id for match in matches]
        paths = division_paths(connection, ids)
        features = [orjson.loads(one) for one in read_features(connection, PLACES, ids)]
    names = category_names(language())
    for feature, match in zip(features, matches, strict=True):
        feature["properties"] |= {
            "matched": match.matched,
            "matched_language": match.language,
            "pass": match.how,
            "division_path": paths[match.place_id],
            "category_name": names.get(feature["properties"]["category_code"] or ""),
        }
        feature["links"] = [_record_link(feature["id"])]
    title = translate("page.find", language())
    return respond("search.html", _collection(features), f"{title} {text}".strip(), GEOJSON)


def _record_link(identity: int) -> dict[str, str]:
    address = f"{root()}collections/{PLACES.id}/items/{identity}"
    return {"href": address, "rel": "self", "type": GEOJSON}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    links = [
        {"href": request.url, "rel": "self", "type": GEOJSON},
        {"href": f"{root()}search?f=html", "rel": "alternate", "type": HTML},
    ]
    return {
        "type": "FeatureCollection",
        "numberReturned": len(features),
        "links": links,
        "features": features,
    }
