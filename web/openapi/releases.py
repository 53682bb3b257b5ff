"""Release levels: how the records of tables and single records are released."""

from web.openapi.parts import Schema, body, get, may_fail, operation, query

_TEXT: Schema = {"type": "string"}
_LEVEL: Schema = {"type": "string", "enum": ["public", "internal", "closed"]}
_VERSION: Schema = {"type": "integer", "minimum": 0, "description": "the version that was read"}


def paths() -> Schema:
    """The family's paths."""
    tag = "administration"
    shown = get("releases", "How the records of every table are released", tag)
    shown["get"]["parameters"] += [
        query("table", _TEXT, "single records of that table alone"),
        {"$ref": "#/components/parameters/cursor_id"},
        {"$ref": "#/components/parameters/limit_list"},
    ]
    rule = operation("releases.table", "Release the records of a table at a level", tag, [])
    rule["requestBody"] = body(
        {
            "type": "object",
            "required": ["table", "level", "version"],
            "properties": {
                "table": _TEXT,
                "level": _LEVEL,
                "position": {"type": "string", "enum": ["full", "grid", "withheld"]},
                "grid_deg": {"type": "number", "minimum": 1e-7, "maximum": 10},
                "version": _VERSION,
            },
        }
    )
    record = operation("releases.record", "Release one record otherwise than its table", tag, [])
    record["requestBody"] = body(
        {
            "type": "object",
            "required": ["table", "number", "level", "version"],
            "properties": {
                "table": _TEXT,
                "number": {"type": "integer", "minimum": 0},
                "level": {"type": "string", "enum": [*_LEVEL["enum"], "default"]},
                "reason": _TEXT,
                "version": _VERSION,
            },
        }
    )
    for one in (rule, record):
        one["responses"] |= may_fail(401, 403, 404, 409)
        one["responses"]["303"] = {"description": "the page of release levels"}
    shown["get"]["responses"] |= may_fail(401, 403)
    return {
        "/administration/releases": shown | {"post": rule},
        "/administration/releases/records": {"post": record},
    }
