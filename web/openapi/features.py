"""OGC API Features: the paths of every collection."""

from data import Collection, Property
from gazetteer import profiles_of
from web.catalogue import COLLECTIONS
from web.openapi.editions import EDITIONS, media_type
from web.openapi.parts import FILE, OBJECT, PROFILE, Schema, get, query, with_formats

OPENAPI_TYPE = media_type("3.0")

_ONE = ("json", "geojson", "html")
ITEM_FORMATS = (*_ONE, "geojsonseq", "csv")

_JSON_TYPES: dict[str, Schema] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}


_AS_OF: Schema = {"$ref": "#/components/parameters/as_of"}
_ITEMS = [
    *("bbox", "bbox-crs", "limit", "datetime", "cursor", "offset"),
    *("filter", "filter-lang", "filter-crs", "sortby", "crs", "properties"),
]


def paths() -> Schema:
    """The family's paths."""
    described: Schema = {
        "/": get("landing", "Landing page", "capabilities"),
        "/map": get("map", "The map, a page", "capabilities", parameters=["q"], media="text/html"),
        "/conformance": get("conformance", "Standards kept to", "capabilities"),
        "/api": _description(),
        "/collections": get("collections", "Every collection", "capabilities"),
    }
    for collection in COLLECTIONS.values():
        described |= _collection_paths(collection)
    return described


def _description() -> Schema:
    own = get("api", "This description", "capabilities", media=OPENAPI_TYPE)
    edition: Schema = {"type": "string", "enum": [*EDITIONS], "default": "3.0"}
    own["get"]["parameters"].append(query("version", edition, "the edition of OpenAPI"))
    own["get"]["responses"]["200"]["content"][media_type("3.1")] = {"schema": OBJECT}
    return own


def _collection_paths(collection: Collection) -> Schema:
    name, title = collection.id, f"{collection.en} {collection.zh}"
    items = get(
        f"{name}.items",
        f"Features of {title}",
        "data",
        _ITEMS,
        "application/geo+json",
    )
    linked = [one.name for one in profiles_of(collection) if one.name == "lpf"]
    formats = [*ITEM_FORMATS, *linked]
    items["get"]["parameters"] = with_formats(items["get"]["parameters"], formats)
    items["get"]["responses"]["200"]["content"] |= {
        media: {"schema": FILE} for media in ("application/geo+json-seq", "text/csv")
    }
    timed = len(collection.time) > 1
    if timed:
        items["get"]["parameters"].append(_AS_OF)
    if collection.references:
        items["get"]["parameters"].append(PROFILE)
    items["get"]["parameters"] += filter_parameters(collection)
    items["get"]["responses"]["200"]["content"]["application/geo+json"]["schema"] = (
        _feature_collection(collection)
    )
    item = get(
        f"{name}.item",
        f"One feature of {title}",
        "data",
        ["id", "crs", "properties"],
        "application/geo+json",
    )
    item["get"]["responses"]["200"]["content"]["application/geo+json"]["schema"] = feature_schema(
        collection
    )
    if timed:
        item["get"]["parameters"].append(_AS_OF)
    if collection.references:
        item["get"]["parameters"].append(PROFILE)
    item["get"]["parameters"] = with_formats(item["get"]["parameters"], [*_ONE, *linked])
    if linked:
        item["get"]["responses"]["200"]["content"]["application/ld+json"] = {"schema": OBJECT}
        items["get"]["responses"]["200"]["content"]["application/ld+json"] = {"schema": OBJECT}
    item["get"]["responses"]["404"] = {"$ref": "#/components/responses/problem"}
    return {
        f"/collections/{name}": get(f"{name}.description", title, "capabilities"),
        f"/collections/{name}/items": items,
        f"/collections/{name}/items/{{id}}": item,
    }


def filter_parameters(collection: Collection) -> list[Schema]:
    """The id and every property as query parameters."""
    identity = query("id", {"type": "integer", "example": 1}, "the id of a feature 编号")
    return [identity, *map(_filter_parameter, collection.properties)]


def _filter_parameter(known: Property) -> Schema:
    example = {"example": "2024-05-03"} if known.kind == "date" else {}
    return query(known.name, _JSON_TYPES[known.kind] | example, f"{known.en} {known.zh}")


def value_schema(known: Property) -> Schema:
    """The values of a property."""
    return _JSON_TYPES[known.kind]


def _as_read(known: Property) -> Schema:
    """A property's values; a reference is given as the profile says: a key, an address, a link."""
    if not known.refers_to:
        return _JSON_TYPES[known.kind] | {"nullable": True}
    link: Schema = {"type": "object", "required": ["href"], "nullable": True}
    return {"anyOf": [_JSON_TYPES[known.kind], {"type": "string", "format": "uri"}, link]}


def feature_schema(collection: Collection) -> Schema:
    """One feature as it is read."""
    return {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "integer"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {
                "type": "object",
                "properties": {
                    known.name: _as_read(known) | {"title": known.en}
                    for known in collection.properties
                },
            },
            "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}},
        },
    }


def _feature_collection(collection: Collection) -> Schema:
    return {
        "type": "object",
        "required": ["type", "features", "numberReturned", "timeStamp", "links"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": feature_schema(collection)},
            "numberReturned": {"type": "integer", "minimum": 0},
            "numberMatched": {"type": "integer", "minimum": 0},
            "timeStamp": {"type": "string", "format": "date-time"},
            "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}},
        },
    }
