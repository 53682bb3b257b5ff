"""The catalogue's paths."""

from web.catalogue import COLLECTIONS
from web.openapi.parts import OBJECT, Schema, get, query

_LINKS: Schema = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
_RECORD: Schema = {
    "type": "object",
    "required": ["id", "type", "geometry", "time", "properties", "links"],
    "properties": {
        "id": {"type": "string"},
        "type": {"type": "string", "enum": ["Feature"]},
        "conformsTo": {"type": "array", "items": {"type": "string"}},
        "geometry": {"type": "object", "nullable": True},
        "time": {"type": "object", "nullable": True},
        "properties": {
            "type": "object",
            "required": ["type", "title", "description", "keywords", "language"],
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "description": {"type": "string"},
                "keywords": {"type": "array", "items": {"type": "string"}},
                "language": OBJECT,
                "license": {"type": "string"},
                "updated": {"type": "string", "format": "date-time"},
            },
        },
        "links": _LINKS,
    },
}
_MEDIA = "application/geo+json"


def paths() -> Schema:
    """The family's paths."""
    narrowing = ["bbox", "datetime", "limit"]
    listed = get("records", "The collections as records", "capabilities", narrowing, _MEDIA)
    listed["get"]["parameters"] += [
        query("q", {"type": "string"}, "words; commas part alternatives"),
        query("ids", {"type": "string", "example": "places"}, "identifiers, parted by commas"),
        query("type", {"type": "string", "example": "dataset"}, "kinds, parted by commas"),
        query("externalIds", {"type": "string"}, "identifiers of other registers; none is kept"),
    ]
    listed["get"]["responses"]["200"]["content"][_MEDIA]["schema"] = {
        "type": "object",
        "required": ["type", "features", "links"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": _RECORD},
            "links": _LINKS,
        },
    }
    described: Schema = {"/records": listed}
    for name, collection in COLLECTIONS.items():
        title = f"The record of {collection.en}"
        one = get(f"records.{name}", title, "capabilities", media=_MEDIA)
        one["get"]["responses"]["200"]["content"][_MEDIA]["schema"] = _RECORD
        described[f"/records/{name}"] = one
    return described
