"""The pieces that every family's paths are made of: operations, parameters, answers."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

Schema = dict[str, Any]

OBJECT: Schema = {"type": "object"}
FILE: Schema = {"type": "string", "format": "binary"}
JSON: Final = "application/json"
URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"


def get(
    identity: str,
    summary: str,
    tag: str,
    parameters: list[str] | None = None,
    media: str = "application/json",
) -> Schema:
    """A path that is only read; see `operation`."""
    read = operation(identity, summary, tag, parameters or [], media)
    read["responses"] |= may_fail(406)
    return {"get": read}


def operation(
    identity: str, summary: str, tag: str, parameters: list[str], media: str = "application/json"
) -> Schema:
    """One operation.

    Args:
        identity: its operationId.
        summary: what it does.
        tag: its family.
        parameters: names of `components/parameters`; `f` and `lang` are known everywhere.
        media: the media type of its answer, beside HTML.
    """
    known = [{"$ref": f"#/components/parameters/{name}"} for name in [*parameters, "f", "lang"]]
    content: Schema = {media: {"schema": OBJECT}, "text/html": {"schema": {"type": "string"}}}
    return {
        "operationId": identity,
        "summary": summary,
        "tags": [tag],
        "parameters": known,
        "responses": {"200": {"description": summary, "content": content}} | may_fail(400, 500),
    }


def may_fail(*statuses: int) -> Schema:
    """Problem answers with these statuses."""
    return {str(status): {"$ref": "#/components/responses/problem"} for status in statuses}


def report_answers(send: Schema) -> Schema:
    """How sending a file of rows is answered: its report, refused too; a browser is led to it."""
    problem: Schema = {"schema": {"$ref": "#/components/schemas/problem"}}
    content: Schema = {"application/json": {"schema": OBJECT}, "application/problem+json": problem}
    return {
        "201": send["responses"].pop("200"),
        "303": {"description": "its report is a page"},
        "422": {"description": "the report of a refused file, or a problem", "content": content},
    }


def query(name: str, schema: Schema, description: str) -> Schema:
    """A query parameter."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


PROFILE: Final[Schema] = query(
    "profile",
    {"type": "array", "items": {"type": "string"}},
    "profiles by name, URI or CURIE; the first that is known counts, and none is no fault",
)


def most(count: int, default: int, of: str) -> Schema:
    """The parameter `limit` of a list: who asks for more than the most gets the most."""
    whole: Schema = {"type": "integer", "minimum": 1, "default": default}
    return query("limit", whole, f"{of} on a page, at most {count} whatever is asked for")


def with_formats(parameters: list[Schema], formats: Sequence[str]) -> list[Schema]:
    """The parameters of an operation whose `f` has values of its own."""
    shared = {"$ref": "#/components/parameters/f"}
    own = query("f", {"type": "string", "enum": [*formats]}, "representation")
    return [own if one == shared else one for one in parameters]


def path_text(name: str, known: list[str]) -> Schema:
    """A word in the path."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": f"one of {', '.join(known)}",
        "schema": {"type": "string", "enum": known},
    }


def path_id(name: str = "id") -> Schema:
    """A record's id in the path."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": "the record's id",
        "schema": {"type": "integer", "minimum": 0},
    }


def body(schema: Schema, files: Mapping[str, Schema] | None = None) -> Schema:
    """A body whose members come as JSON or as a form (see `web.bodies`).

    Args:
        schema: of the JSON object.
        files: parts of a form that are files, and what is said of them.
    """
    form = _as_form(schema)
    parts = form | {"properties": form["properties"] | (files or {})}
    return {
        "required": True,
        "content": {JSON: {"schema": schema}, URLENCODED: {"schema": form}}
        | {MULTIPART: {"schema": parts}},
    }


def _as_form(schema: Schema) -> Schema:
    """The same members as the fields of a form; of nested ones the names are their paths."""
    listed = schema.get("properties", {})
    flat = {name: one for name, one in listed.items() if not _is_nested(one)}
    found: Schema = {"type": "object", "properties": flat}
    if len(flat) < len(listed):
        found["additionalProperties"] = {"type": "string"}
        found["description"] = "objects and lists of them by the paths of their members: a.0.b"
    elif "additionalProperties" in schema:
        found["additionalProperties"] = schema["additionalProperties"]
    if needed := [name for name in schema.get("required", ()) if name in flat]:
        found["required"] = needed
    return found


def _is_nested(schema: Schema) -> bool:
    return schema.get("items", schema).get("type") not in {"string", "integer", "number", "boolean"}


_KINDS: Mapping[str, Schema] = {
    "text": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "texts": {"type": "array", "items": {"type": "string"}},
    "object": OBJECT,
    "objects": {"type": "array", "items": OBJECT},
}


def members(known: Mapping[str, str]) -> Schema:
    """The schema of a JSON body from the kinds of its members (see `web.bodies`)."""
    found: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _KINDS[kind.rstrip("!")] for name, kind in known.items()},
    }
    needed = [name for name, kind in known.items() if kind.endswith("!")]
    return found | ({"required": needed} if needed else {})
