"""OGC API Features, part 4: the operations that write features."""

from typing import Any

from data import CRS84, Collection, Property
from data.editing import CREATION, DELETION, editable_fields
from web.catalogue import COLLECTIONS
from web.feature_bodies import MERGE_PATCH
from web.negotiation import GEOJSON, JSON
from web.openapi.features import feature_schema, value_schema
from web.openapi.parts import Schema, may_fail, operation

_TAG = "data"
_HEADERS: dict[str, Any] = {
    "ETag": {"schema": {"type": "string"}, "description": "the version of what was written"},
}


def paths() -> Schema:
    """The family's paths."""
    described: Schema = {}
    for collection in COLLECTIONS.values():
        items = f"/collections/{collection.id}/items"
        described[items] = {"post": _create(collection), "options": _options(collection, "items")}
        described[f"{items}/{{id}}"] = {
            "put": _change(collection, "replace"),
            "patch": _change(collection, "update"),
            "delete": _delete(collection),
            "options": _options(collection, "item"),
        }
    return described


def _create(collection: Collection) -> Schema:
    made = operation(f"{collection.id}.create", f"Add {collection.en} {collection.zh}", _TAG, [])
    made["parameters"] += [_CONTENT_CRS, _PREFER, _KEY]
    one = _sent(collection, needed=True)
    several: Schema = {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": one},
        },
    }
    made["requestBody"] = _body({"oneOf": [one, several]}, GEOJSON, JSON)
    if editable_fields(collection.id)[CREATION].created:
        made["responses"] = {"201": _written(collection, "what was added")}
        made["responses"]["201"]["headers"]["Location"] = {"schema": {"type": "string"}}
    else:
        del made["responses"]["200"]
    made["responses"] |= may_fail(400, 401, 403, 409, 413, 415, 422, 429, 503)
    return made


def _change(collection: Collection, act: str) -> Schema:
    made = operation(
        f"{collection.id}.{act}", f"{act.title()} one of {collection.en}", _TAG, ["id"]
    )
    made["parameters"] += [_IF_MATCH, _CONTENT_CRS, _PREFER]
    if act == "replace":
        made["requestBody"] = _body(_sent(collection, needed=True), GEOJSON, JSON)
    else:
        made["requestBody"] = _body(_sent(collection, needed=False), MERGE_PATCH)
    made["responses"] = {
        "200": _written(collection, "the feature as it is now"),
        "204": {"description": "done, where the client prefers return=minimal"},
    } | may_fail(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503)
    return made


def _delete(collection: Collection) -> Schema:
    made = operation(f"{collection.id}.delete", f"Delete one of {collection.en}", _TAG, ["id"])
    made["parameters"] += [_IF_MATCH]
    done = {"204": {"description": "it is deleted"}}
    made["responses"] = may_fail(400, 401, 403, 404, 409, 412, 428, 429, 503)
    if editable_fields(collection.id)[DELETION].change != "no":
        made["responses"] |= done
    return made


def _options(collection: Collection, what: str) -> Schema:
    known = ["id"] if what == "item" else []
    made = operation(f"{collection.id}.{what}.options", "What this reader may do", _TAG, known)
    made["parameters"] = [one for one in made["parameters"] if one["$ref"].endswith("/id")]
    allowed = {"Allow": {"schema": {"type": "string"}, "description": "the methods"}}
    made["responses"] = {"200": {"description": "see Allow", "headers": allowed}}
    return made


def _written(collection: Collection, description: str) -> Schema:
    return {
        "description": description,
        "headers": dict(_HEADERS),
        "content": {
            GEOJSON: {"schema": feature_schema(collection)},
            JSON: {"schema": {"type": "object"}},
        },
    }


def _body(schema: Schema, *media_types: str) -> Schema:
    return {"required": True, "content": {one: {"schema": schema} for one in media_types}}


def _sent(collection: Collection, *, needed: bool) -> Schema:
    """A feature as it may be sent; `needed` where it is whole."""
    fields = editable_fields(collection.id)
    known = [one for one in collection.properties if not fields[one.name].read_only]
    properties: Schema = {
        "type": "object",
        "properties": {one.name: _value(one) for one in known},
        "additionalProperties": False,
    }
    required = [one.name for one in known if fields[one.name].required]
    if needed and required:
        properties["required"] = required
    schema: Schema = {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "geometry": {"type": "object", "nullable": True},
            "properties": properties,
        },
    }
    return schema | ({"required": ["type", "geometry", "properties"]} if needed else {})


def _value(known: Property) -> Schema:
    return {**value_schema(known), "nullable": True, "title": known.en}


def _header(name: str, description: str, *, required: bool = False, **schema: Any) -> Schema:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": description,
        "schema": {"type": "string", **schema},
    }


_IF_MATCH = _header(
    "If-Match", "the ETag of the feature as it was read; 428 without", required=True
)
_CONTENT_CRS = _header(
    "Content-Crs", "the system of the body's geometries; see /collections", example=f"<{CRS84}>"
)
_PREFER = _header("Prefer", "return=minimal or return=representation")
_KEY = _header(
    "Idempotency-Key", "a retry with the same key and body gets the first answer", maxLength=255
)
