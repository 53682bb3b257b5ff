"""The paths of features' histories."""

from web.catalogue import COLLECTIONS
from web.openapi.parts import Schema, get, may_fail, most, query

_VERSION: Schema = {
    "type": "object",
    "required": ["version", "action", "at", "actor", "reason", "changes"],
    "properties": {
        "version": {"type": "integer"},
        "action": {"type": "string", "enum": ["insert", "update", "delete"]},
        "at": {"type": "string", "format": "date-time"},
        "actor": {"type": "string"},
        "reason": {"type": "string"},
        "changes": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["property", "before", "after"],
                "properties": {
                    "property": {"type": "string"},
                    "before": {"nullable": True},
                    "after": {"nullable": True},
                },
            },
        },
    },
}
_CURSOR: Schema = {"type": "string", "minLength": 1}
_HISTORY: Schema = {
    "type": "object",
    "required": ["id", "versions", "links"],
    "properties": {
        "id": {"type": "integer"},
        "versions": {"type": "array", "items": _VERSION},
        "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}},
    },
}


def paths() -> Schema:
    """The family's paths."""
    described: Schema = {}
    for name, collection in COLLECTIONS.items():
        path = get(f"{name}.history", f"Versions of one of {collection.en}", "data", ["id"])
        path["get"]["parameters"] += [
            query("cursor", _CURSOR, "where the page begins, from a `next` link"),
            most(500, 50, "versions"),
        ]
        path["get"]["responses"]["200"]["content"]["application/json"]["schema"] = _HISTORY
        path["get"]["responses"] |= may_fail(404)
        described[f"/collections/{name}/items/{{id}}/history"] = path
    return described
