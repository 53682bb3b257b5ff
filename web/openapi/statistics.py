"""Statistics: the path that counts names."""

from gazetteer import COUNT_DIMENSIONS, COUNT_LEVELS
from web.openapi.parts import Schema, get, query

_TEXT: Schema = {"type": "string"}


def paths() -> Schema:
    """The family's paths."""
    told = ", ".join(COUNT_DIMENSIONS)
    counts = get("statistics", "Counts of names", "statistics", ["status", "heritage", "class"])
    counts["get"]["parameters"] += [
        query("by", _TEXT | {"example": "division,class"}, f"parted by, of {told}"),
        query("level", _TEXT | {"enum": list(COUNT_LEVELS)}, "the level of divisions"),
        query(
            "depth",
            {"type": "integer", "minimum": 1, "maximum": 5, "default": 2},
            "digits of a category",
        ),
        query("within", _TEXT | {"example": "150100"}, "code of the division that holds the names"),
    ]
    content = counts["get"]["responses"]["200"]["content"]
    content["text/csv"] = {"schema": _TEXT}
    counts["get"]["responses"]["503"] = {"$ref": "#/components/responses/problem"}
    return {"/statistics": counts}
