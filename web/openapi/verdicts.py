"""Corrections, causes and pictures: their paths."""

from web.openapi.parts import FILE, Schema, body, get, may_fail, members, operation


def paths() -> Schema:
    """The family's paths."""
    return {
        "/submissions/{id}/corrections": {
            "post": _write(
                "verdicts.correct", "Confirm proposed corrections, or take them back",
                {
                    "type": "object",
                    "required": ["rows"],
                    "properties": {
                        "rows": {"type": "array", "items": {"type": "integer"}},
                        "reason": {"type": "string"},
                        "withdraw": {"type": "boolean"},
                    },
                },
            )
        },
        "/submissions/{id}/causes": {
            "post": _write("verdicts.cause", "Confirm a found cause", members({"cause": "text!"}))
        },
        **_pictures("/submissions/{id}/picture", "verdicts.report_picture", "A report's vectors"),
        **_pictures("/markers/{id}/picture", "verdicts.marker_picture", "A marker through time"),
    }  # fmt: skip


def _write(identity: str, summary: str, schema: Schema) -> Schema:
    said = operation(identity, summary, "submissions", ["id"])
    said["requestBody"] = body(schema)
    said["responses"] |= may_fail(403, 404, 409, 422)
    return said


def _pictures(path: str, identity: str, summary: str) -> Schema:
    found: Schema = {}
    for ending, media in (("svg", "image/svg+xml"), ("png", "image/png")):
        said = get(f"{identity}_{ending}", f"{summary}, {ending.upper()}", "submissions", ["id"])
        said["get"]["responses"]["200"]["content"] = {media: {"schema": FILE}}
        said["get"]["responses"] |= may_fail(403, 404)
        found[f"{path}.{ending}"] = said
    return found
