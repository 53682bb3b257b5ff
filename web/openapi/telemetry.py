"""Smart markers: the paths of readings and alarms."""

from web.api.telemetry import ONE
from web.openapi.lines import TEXT
from web.openapi.parts import Schema, body, get, may_fail, members, operation, query

_MOMENT: Schema = {"type": "string", "format": "date-time", "example": "2026-05-03T08:00:00Z"}


def paths() -> Schema:
    """The family's paths."""
    tag = "telemetry"
    reading = members(ONE)
    named = reading | {
        "properties": reading["properties"] | {"marker_id": {"type": "integer"}},
        "required": ["marker_id"],
    }
    many = operation("telemetry.many", "Take in many readings", tag, [])
    many["requestBody"] = body(
        {
            "type": "object",
            "required": ["readings"],
            "properties": {"readings": {"type": "array", "items": named, "maxItems": 20_000}},
        }
    )
    one = operation("telemetry.one", "Take in a reading of a marker", tag, ["id"])
    one["requestBody"] = body(reading)
    for said in (many, one):
        said["responses"]["201"] = said["responses"].pop("200")
        said["responses"] |= may_fail(403, 413, 422, 503)
    shown = get(
        "telemetry.show", "Readings of a marker, the newest first", tag, ["id", "limit_list"]
    )
    shown["get"]["parameters"] += [
        query("since", _MOMENT, "from that moment on"),
        query("until", _MOMENT, "up to that moment"),
        query("cursor", _MOMENT, "from a `next` link"),
    ]
    shown["get"]["responses"] |= may_fail(403, 404)
    alarms = get("telemetry.alarms", "Alarms that are not cleared", tag)
    alarms["get"]["parameters"] += [query("kind", TEXT | {"example": "tilt"}, "a kind of alarm")]
    alarms["get"]["responses"] |= may_fail(403)
    return {
        "/telemetry": {"post": many},
        "/markers/{id}/telemetry": shown | {"post": one},
        "/telemetry/alarms": alarms,
    }
