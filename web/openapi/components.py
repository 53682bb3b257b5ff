"""What the paths share: parameters, the problem answer, schemas."""

from data import CRS84, MAX_LIMIT
from data.filters import LANGUAGES, TEXT
from gazetteer import category_beginnings, name_statuses
from web.openapi.parts import OBJECT, Schema, most, path_id, query
from web.site import spoken

_URI: Schema = {"type": "string", "format": "uri", "default": CRS84, "example": CRS84}
_ORDER: Schema = {"type": "string", "example": "-id"}
_LANGUAGES: Schema = {"type": "string", "enum": list(LANGUAGES), "default": TEXT}


def parameters() -> Schema:
    """Every shared parameter by its name."""
    whole: Schema = {"type": "integer", "minimum": 0, "default": 0}
    # Map clients take the size of their pages from the maximum; the standard has a larger number
    # answered by the maximum, not refused.
    limit: Schema = {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 10}
    count: Schema = {"type": "integer", "minimum": 1}
    some: Schema = {"type": "string", "minLength": 1}
    box: Schema = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    day: Schema = {"type": "string", "format": "date", "example": "1990-05-03"}
    time = "an instant or interval: 2024-05-03, 2020-01-01/2024-12-31, ../2024-12-31"
    return {
        "f": query("f", {"type": "string", "enum": ["json", "geojson", "html"]}, "representation"),
        "lang": query(
            "lang", {"type": "string", "enum": list(spoken().accepted)}, "language of texts"
        ),
        "q": query("q", {"type": "string", "example": "敖包"}, "any form of a name"),
        "within": query(
            "within", some | {"example": "150100"}, "code or name of a containing division"
        ),
        "class": query(
            "class",
            {"type": "string", "enum": list(category_beginnings())},
            "the beginning of a category code",
        ),
        "status": query(
            "status", {"type": "string", "enum": list(name_statuses())}, "a status of names"
        ),
        "heritage": query("heritage", {"type": "boolean"}, "only heritage names, or only others"),
        "as_of": query("as_of", day, "what was in force on that day, by the names it then had"),
        "near": query(
            "near",
            {"type": "string", "example": "111.7,40.8"},
            "lon,lat: nearer matches come first",
        ),
        "bbox": query("bbox", box, "minlon,minlat,maxlon,maxlat; may cross 180°"),
        "limit": query("limit", limit, "most features on a page"),
        "limit_search": most(100, 10, "places"),
        "limit_list": query("limit", count, "records on a page; each list has a most of its own"),
        "limit_events": most(100, 10, "events"),
        "datetime": query("datetime", some | {"example": "2024-05-03"}, time),
        "cursor": query("cursor", {"type": "string"}, "where the page begins, from a `next` link"),
        "cursor_id": query("cursor", whole, "the record before the page, from a `next` link"),
        "offset": query("offset", whole, "features to pass over; `next` links are faster"),
        "crs": query("crs", _URI, "reference system of the answer; see /collections"),
        "bbox-crs": query("bbox-crs", _URI, "reference system of bbox"),
        "filter": query("filter", {"type": "string", "example": "id > 0"}, "a condition in CQL2"),
        "filter-lang": query("filter-lang", _LANGUAGES, "language of the filter"),
        "filter-crs": query("filter-crs", _URI, "reference system of the filter's geometries"),
        "sortby": query(
            "sortby", {"type": "string", "example": "-id"}, "properties, each with + or - before it"
        ),
        "properties": query(
            "properties",
            {"type": "string", "example": "version"},
            "names of properties parted by commas; the others are left out",
        ),
        "id": path_id(),
    }


LINK: Schema = {
    "type": "object",
    "required": ["href", "rel"],
    "properties": {
        **{name: {"type": "string"} for name in ("href", "rel", "type", "title")},
        "templated": {"type": "boolean"},
    },
}
PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "field": {"type": "string"},
        "value": {"type": "string"},
        "errors": {"type": "array", "items": OBJECT},
    },
}


def responses() -> Schema:
    """Every shared answer by its name."""
    reference: Schema = {"schema": {"$ref": "#/components/schemas/problem"}}
    content: Schema = {
        "application/problem+json": reference,
        "text/html": {"schema": {"type": "string"}},
    }
    return {"problem": {"description": "A problem (RFC 9457)", "content": content}}
