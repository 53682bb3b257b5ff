"""Duplicates: the path that lists names that are alike."""

from web.openapi.parts import Schema, get, may_fail, most, query

_KINDS = (
    *("same-name", "same-sound-and-tone", "same-sound", "same-family"),
    "double-registration",
)


def paths() -> Schema:
    """The family's paths."""
    said = get("duplicates", "Names that are alike where the law wants them told apart", "names")
    division: Schema = {"type": "string"}
    said["get"]["parameters"] += [
        query("within", division, "code or name of a division; names outside are not compared")
        | {"example": "150000"},
        query("kind", {"type": "string", "enum": [*_KINDS]}, "only pairs alike in this way"),
        most(1000, 20, "pairs"),
        query("cursor", {"type": "string"}, "where the page begins, from a `next` link")
        | {"example": "county150102.0"},
    ]
    said["get"]["responses"] |= may_fail(503)
    return {"/duplicates": said}
