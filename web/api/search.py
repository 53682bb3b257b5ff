"""`/search` and `/suggest`: places and divisions by any form of their names."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request

from data import Box, InvalidValue, Store
from gazetteer import (
    DIVISIONS,
    PLACES,
    Result,
    SearchRequest,
    category_names,
    lexicon_of,
    search_names,
    suggest_names,
)
from web.addresses import root
from web.context import current_store
from web.negotiation import (
    GEOJSON,
    HTML,
    json_response,
    language,
    render_page,
    respond,
    wants_html,
)
from web.parameters import day, form_query, whole
from web.readiness import searchable_store
from web.site import translate

blueprint = Blueprint("search", __name__)

MOST = 100
PARAMETERS = (
    *("q", "limit", "cursor", "within", "class"),
    *("status", "heritage", "bbox", "as_of", "near"),
)
_DEFAULT = 10
_COLLECTIONS = {"place": PLACES.id, "division": DIVISIONS.id}


@blueprint.get("/search")
def search() -> Response:
    """Places and divisions that `q` names, best first, as GeoJSON points."""
    return _answer(search_names)


@blueprint.get("/suggest")
def suggest() -> Response:
    """What a name that is being typed may become: the same order, no second pass."""
    return _answer(suggest_names)


def _answer(ask: Callable[[Store, SearchRequest], Any]) -> Response:
    values = form_query(PARAMETERS)
    text = values.get("q", "")
    if not text:
        return _empty()
    asked = _request(values, text)
    page = ask(searchable_store(), asked)
    names = category_names(language())
    features = [_feature(result, names) for result in page.results]
    return respond("search.html", _collection(features, page.next_after), _title(text), GEOJSON)


def _empty() -> Response:
    """Nothing was asked; a page offers the divisions to browse."""
    document = _collection([], None)
    if not wants_html():
        return json_response(document, media_type=GEOJSON)
    store = current_store()
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
    held = [one for one in lexicon.entries if one.holds_on(None)]
    document["browse"] = [
        {"code": one.code, "name": one.name} for one in held if one.level == "prefecture"
    ]
    return render_page("search.html", document, _title(""))


def _request(values: Mapping[str, str], text: str) -> SearchRequest:
    asked = SearchRequest(
        text,
        limit=whole(values, "limit", _DEFAULT, 1, MOST),
        after=values.get("cursor"),
        within=values.get("within"),
        category=values.get("class"),
        status=values.get("status"),
        box=Box.parse(values["bbox"]) if "bbox" in values else None,
    )
    if "heritage" in values:
        asked = replace(asked, heritage=PLACES.filterable["heritage"].parse(values["heritage"]))
    if "as_of" in values:
        asked = replace(asked, as_of=day(values, "as_of"))
    return replace(asked, near=_near(values["near"])) if "near" in values else asked


def _near(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidValue(
            "near", text, "longitude and latitude are needed", "give lon,lat such as 111.7,40.8",
            "near 应为“经度,纬度”；请填写如 111.7,40.8",
        ) from None  # fmt: skip
    return lon, lat


def _feature(result: Result, categories: Mapping[str, str]) -> dict[str, Any]:
    said = result.as_json()
    address = f"{root()}collections/{_COLLECTIONS[result.feature]}/items/{result.id}"
    point = {"type": "Point", "coordinates": [result.lon, result.lat]}
    properties = {
        **{key: value for key, value in said.items() if key not in {"id", "lon", "lat", "path"}},
        "division_path": " › ".join(result.path),
        "category_name": categories.get(result.category_code or ""),
    }
    return {
        "type": "Feature",
        "id": f"{_COLLECTIONS[result.feature]}/{result.id}",
        "geometry": None if result.lon is None else point,
        "properties": properties,
        "links": [{"href": address, "rel": "self", "type": GEOJSON}],
    }


def _title(text: str) -> str:
    return f"{translate('page.find', language())} {text}".strip()


def _collection(features: list[dict[str, Any]], cursor: str | None) -> dict[str, Any]:
    asked = request.query_string.decode(errors="replace")
    address = f"{root()}{request.path.lstrip('/')}"
    own = f"{address}?{asked}" if asked else address
    links = [{"href": own, "rel": "self", "type": GEOJSON}]
    if cursor is not None:
        kept = [one for one in asked.split("&") if not one.startswith("cursor=")]
        href = f"{address}?{'&'.join([*kept, f'cursor={cursor}'])}"
        links.append({"href": href, "rel": "next", "type": GEOJSON})
    links.append({"href": f"{root()}search?f=html", "rel": "alternate", "type": HTML})
    return {
        "type": "FeatureCollection",
        "numberReturned": len(features),
        "links": links,
        "features": features,
    }
