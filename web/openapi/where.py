"""Where am I: the path that places a position."""

from web.openapi.parts import Schema, get, query


def paths() -> Schema:
    """The family's paths."""
    said = get("where", "The divisions around a position, edges, lines and names near it", "search")
    metres: Schema = {"type": "number", "minimum": 0}
    count: Schema = {"type": "integer", "minimum": 0, "maximum": 100, "default": 5}
    said["get"]["parameters"] += [
        _degrees("lon", "longitude", "111.75"),
        _degrees("lat", "latitude", "40.84"),
        {"$ref": "#/components/parameters/as_of"},
        query("limit", count, "how many of the nearest names"),
        query("radius", metres, "how far they may be, in metres"),
        query("uncertainty", metres, "how far edges may be from the true ones, in metres"),
    ]
    return {"/where": said}


def _degrees(name: str, description: str, example: str) -> Schema:
    said = query(name, {"type": "string"}, f"{description}, in degrees as people write them")
    return said | {"required": True, "example": example}
