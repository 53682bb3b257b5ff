"""Naming rules: the path that checks a name."""

from web.openapi.parts import OBJECT, Schema, body, may_fail, operation

_TEXT: Schema = {"type": "string"}
QUESTION: Schema = {
    "type": "object",
    "required": ["name", "class", "in"],
    "additionalProperties": False,
    "properties": {
        "name": _TEXT | {"example": "丁香路"},
        "class": _TEXT | {"description": "a class of names or a category", "example": "street"},
        "in": _TEXT | {"description": "a division's code or name", "example": "150102"},
        "replaces": {"type": "integer", "description": "the place whose name it would replace"},
        "measures": OBJECT | {"description": "sizes, such as area_m2, length_m, floors"},
    },
}


def paths() -> Schema:
    """The family's paths."""
    check = operation("names.check", "Hold a name against the naming rules", "names", [])
    check["requestBody"] = body(QUESTION)
    check["responses"] |= may_fail(403, 404, 422, 503)
    return {"/names/check": {"post": check}}
