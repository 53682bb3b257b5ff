"""The API's own description: OpenAPI 3.0, built from the collections, complete in itself."""

from typing import Any

from data import MAX_LIMIT, Collection, Property
from web.catalogue import COLLECTIONS

OPENAPI_TYPE = "application/vnd.oai.openapi+json;version=3.0"

_TAGS = ("capabilities", "data", "search", "submissions")

Schema = dict[str, Any]

_JSON_TYPES: dict[str, Schema] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
_OBJECT: Schema = {"type": "object"}


def document(root: str) -> Schema:
    """The whole description; `root` is the service's own address, ending in a slash."""
    return {
        "openapi": "3.0.3",
        "info": {
            "title": "Ovoo",
            "version": "0.1.0",
            "description": "Place names 地名, divisions 行政区划, lines 界线, markers 界桩.",
            "license": {"name": "MIT"},
        },
        "servers": [{"url": root.rstrip("/")}],
        "tags": [{"name": name} for name in _TAGS],
        "paths": _paths(),
        "components": {
            "parameters": _parameters(),
            "responses": _responses(),
            "schemas": {"problem": _PROBLEM, "link": _LINK},
        },
    }


def _paths() -> Schema:
    paths: Schema = {
        "/": _get("landing", "Landing page", "capabilities"),
        "/map": _get("map", "The map, a page", "capabilities", parameters=["q"], media="text/html"),
        "/conformance": _get("conformance", "Standards kept to", "capabilities"),
        "/api": _get("api", "This description", "capabilities", media=OPENAPI_TYPE),
        "/collections": _get("collections", "Every collection", "capabilities"),
    }
    for collection in COLLECTIONS.values():
        paths |= _collection_paths(collection)
    asked = ["q", "limit_search", "cursor", "within", "class", "status", "heritage"]
    for name, title in (("search", "Names by any form"), ("suggest", "Names as they are typed")):
        paths[f"/{name}"] = _get(
            name, title, "search", [*asked, "bbox", "as_of", "near"], "application/geo+json"
        )
    return paths | _submission_paths()


def _collection_paths(collection: Collection) -> Schema:
    name, title = collection.id, f"{collection.en} {collection.zh}"
    items = _get(
        f"{name}.items",
        f"Features of {title}",
        "data",
        ["bbox", "limit", "datetime", "cursor", "offset"],
        "application/geo+json",
    )
    items["get"]["parameters"] += [_filter(known) for known in collection.filterable.values()]
    items["get"]["responses"]["200"]["content"]["application/geo+json"]["schema"] = (
        _feature_collection(collection)
    )
    item = _get(f"{name}.item", f"One feature of {title}", "data", ["id"], "application/geo+json")
    item["get"]["responses"]["200"]["content"]["application/geo+json"]["schema"] = _feature(
        collection
    )
    item["get"]["responses"]["404"] = {"$ref": "#/components/responses/problem"}
    return {
        f"/collections/{name}": _get(f"{name}.description", title, "capabilities"),
        f"/collections/{name}/items": items,
        f"/collections/{name}/items/{{id}}": item,
    }


def _submission_paths() -> Schema:
    send = _operation("submissions.send", "Send an inspection file", "submissions", [])
    send["parameters"] += [
        _query("file_name", {"type": "string"}, "the file's name, where the body is the file"),
        _query("sent_by", {"type": "string"}, "who sends it"),
    ]
    send["requestBody"] = {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "sent_by": {"type": "string"},
                    },
                }
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
    send["responses"] |= {"201": send["responses"].pop("200")} | _may_fail(403, 413, 422)
    show = _get("submissions.show", "A submission's report", "submissions", ["id"])
    show["get"]["responses"] |= _may_fail(404)
    final = _operation("submissions.commit", "Commit a submission", "submissions", ["id"])
    final["responses"] |= _may_fail(403, 404, 409)
    return {
        "/submissions": {"post": send},
        "/submissions/{id}": show,
        "/submissions/{id}/commit": {"post": final},
    }


def _get(
    identity: str,
    summary: str,
    tag: str,
    parameters: list[str] | None = None,
    media: str = "application/json",
) -> Schema:
    return {"get": _operation(identity, summary, tag, parameters or [], media)}


def _operation(
    identity: str, summary: str, tag: str, parameters: list[str], media: str = "application/json"
) -> Schema:
    known = [{"$ref": f"#/components/parameters/{name}"} for name in [*parameters, "f", "lang"]]
    content: Schema = {media: {"schema": _OBJECT}, "text/html": {"schema": {"type": "string"}}}
    return {
        "operationId": identity,
        "summary": summary,
        "tags": [tag],
        "parameters": known,
        "responses": {"200": {"description": summary, "content": content}} | _may_fail(400, 500),
    }


def _may_fail(*statuses: int) -> Schema:
    return {str(status): {"$ref": "#/components/responses/problem"} for status in statuses}


def _filter(known: Property) -> Schema:
    return _query(known.name, _JSON_TYPES[known.kind], f"{known.en} {known.zh}")


def _query(name: str, schema: Schema, description: str) -> Schema:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


def _parameters() -> Schema:
    whole: Schema = {"type": "integer", "minimum": 0, "default": 0}
    limit: Schema = {"type": "integer", "minimum": 1, "default": 10}
    box: Schema = {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}}
    time = "an instant or interval: 2024-05-03, 2020-01-01/2024-12-31, ../2024-12-31"
    return {
        "f": _query("f", {"type": "string", "enum": ["json", "geojson", "html"]}, "representation"),
        "lang": _query("lang", {"type": "string", "enum": ["zh", "en"]}, "language of texts"),
        "q": _query("q", {"type": "string"}, "any form of a name"),
        "within": _query("within", {"type": "string"}, "code or name of a containing division"),
        "class": _query("class", {"type": "string"}, "the beginning of a category code"),
        "status": _query("status", {"type": "string"}, "a status of names"),
        "heritage": _query("heritage", {"type": "boolean"}, "only heritage names, or only others"),
        "as_of": _query("as_of", {"type": "string", "format": "date"}, "names as they then were"),
        "near": _query("near", {"type": "string"}, "lon,lat: nearer matches come first"),
        "bbox": _query("bbox", box, "minlon,minlat,maxlon,maxlat; may cross 180°"),
        "limit": _query("limit", limit | {"maximum": MAX_LIMIT}, "most features on a page"),
        "limit_search": _query("limit", limit | {"maximum": 100}, "most places"),
        "datetime": _query("datetime", {"type": "string"}, time),
        "cursor": _query("cursor", {"type": "string"}, "where the page begins, from a `next` link"),
        "offset": _query("offset", whole, "features to pass over; `next` links are faster"),
        "id": {
            "name": "id",
            "in": "path",
            "required": True,
            "description": "the record's id",
            "schema": {"type": "integer", "minimum": 0},
        },
    }


_LINK: Schema = {
    "type": "object",
    "required": ["href", "rel"],
    "properties": {
        name: {"type": "string"} for name in ("href", "rel", "type", "title", "templated")
    },
}
_PROBLEM: Schema = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {"type": "array", "items": _OBJECT},
    },
}


def _responses() -> Schema:
    reference: Schema = {"schema": {"$ref": "#/components/schemas/problem"}}
    content: Schema = {
        "application/problem+json": reference,
        "text/html": {"schema": {"type": "string"}},
    }
    return {"problem": {"description": "A problem (RFC 9457)", "content": content}}


def _feature(collection: Collection) -> Schema:
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
                    known.name: _JSON_TYPES[known.kind] | {"nullable": True, "title": known.en}
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
            "features": {"type": "array", "items": _feature(collection)},
            "numberReturned": {"type": "integer", "minimum": 0},
            "numberMatched": {"type": "integer", "minimum": 0},
            "timeStamp": {"type": "string", "format": "date-time"},
            "links": {"type": "array", "items": {"$ref": "#/components/schemas/link"}},
        },
    }
