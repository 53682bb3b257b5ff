"""Reports that contradict each other: the paths of conflicts."""

from web.openapi.parts import Schema, body, get, may_fail, operation

_DECISION: Schema = {
    "type": "object",
    "required": ["outcome", "reason", "compared"],
    "properties": {
        "outcome": {"type": "string", "enum": ["holds", "again"]},
        "report": {"type": "integer", "description": "the inspection that holds"},
        "reason": {"type": "string"},
        "compared": {"type": "array", "items": {"type": "integer"}},
        "agreed_by": {"type": "array", "items": {"type": "string"}},
    },
}


def paths() -> Schema:
    """The family's paths."""
    tag = "conflicts"
    listed = get(
        "conflicts.listed",
        "Markers whose reports contradict each other",
        tag,
        ["limit_list", "cursor_id"],
    )
    show = get("conflicts.show", "A marker's reports side by side", tag, ["id"])
    decide = operation("conflicts.decide", "Decide which report holds", tag, ["id"])
    decide["requestBody"] = body(_DECISION)
    decide["responses"]["201"] = decide["responses"].pop("200")
    for one in (listed["get"], show["get"], decide):
        one["responses"] |= may_fail(403)
    show["get"]["responses"] |= may_fail(404)
    decide["responses"] |= may_fail(404, 409)
    return {
        "/conflicts": listed,
        "/markers/{id}/conflict": {**show, "post": decide},
    }
