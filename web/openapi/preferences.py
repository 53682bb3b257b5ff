"""How pages look for a reader: the path that keeps it."""

from web.openapi.parts import Schema, may_fail, operation

_FORM: Schema = {
    "type": "object",
    "required": ["theme"],
    "properties": {
        "theme": {"type": "string", "enum": ["auto", "light", "dark"]},
        "back": {"type": "string", "description": "the path to go back to"},
    },
}


def paths() -> Schema:
    """The family's paths."""
    choose = operation("preferences", "Keep the theme of the pages in a cookie", "data", [])
    choose["requestBody"] = {
        "required": True,
        "content": {"application/x-www-form-urlencoded": {"schema": _FORM}},
    }
    del choose["responses"]["200"]
    choose["responses"] |= {"303": {"description": "back to the page"}} | may_fail(403)
    return {"/preferences": {"post": choose}}
