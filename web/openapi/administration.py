"""Administration: how the service stands, the journal, its proof."""

from web.openapi.parts import Schema, get, may_fail, operation, query

_TEXT: Schema = {"type": "string"}


def paths() -> Schema:
    """The family's paths."""
    tag = "administration"
    shown = get("administration", "Health, settings with their origin, tokens", tag)
    entries = get("administration.journal", "Entries of the journal, newest first", tag)
    entries["get"]["parameters"] += [
        query("actor", _TEXT, "who wrote them"),
        query("table", _TEXT, "the table of their record"),
        query("record", {"type": "integer", "minimum": 0}, "the id of their record"),
        {"$ref": "#/components/parameters/cursor"},
        {"$ref": "#/components/parameters/limit"},
    ]
    proof = operation("administration.verify", "Prove the journal's whole chain", tag, [])
    for one in (shown["get"], entries["get"], proof):
        one["responses"] |= may_fail(401, 403)
    return {
        "/administration": shown,
        "/administration/journal": entries,
        "/administration/journal/verification": {"post": proof},
    }
