"""Fieldwork: the paths of the page for tablets and of the visits that it sends."""

from web.openapi.lines import TEXT, TEXTS, write
from web.openapi.parts import FILE, OBJECT, Schema, body, get, may_fail, members, operation


def paths() -> Schema:
    """The family's paths."""
    page = get("field.page", "The page that works without a network 外业", "field")
    page["get"]["responses"]["200"]["content"] = {"text/html": {"schema": {"type": "string"}}}
    worker = get("field.worker", "Its service worker", "field", media="text/javascript")
    worker["get"]["responses"]["200"]["content"] = {"text/javascript": {"schema": FILE}}
    manifest = get("field.manifest", "What installs the page", "field")
    manifest["get"]["responses"]["200"]["content"] = {
        "application/manifest+json": {"schema": OBJECT}
    }
    session = get("field.session", "Who would send now, with the session's mark", "field")
    take = get("field.take", "What is taken along of a round", "field", ["id"])
    take["get"]["responses"] |= may_fail(404)
    send = operation("field.send", "Send one visit; again is the same", "field", [])
    send["requestBody"] = body(members(_VISIT))
    again = send["responses"]["200"]
    send["responses"] |= {"201": again | {"description": "received"}} | may_fail(403, 404, 409, 422)
    send["responses"]["200"] = again | {"description": "it was received before; nothing is done"}
    visits = get("field.visits", "Visits from the field of a joint inspection", "field", ["id"])
    visits["get"]["responses"] |= may_fail(404)
    into = write(
        "field.take_in", "Commit visits and take them into the inspection", "field",
        {"visits": TEXTS, "side": TEXT}, made=False,
    )  # fmt: skip
    return {
        "/field": page,
        "/field/worker.js": worker,
        "/field/manifest.webmanifest": manifest,
        "/field/session": session,
        "/field/inspections": {"post": send},
        "/rounds/{id}/field.json": take,
        "/rounds/{id}/visits": visits | {"post": into},
    }


_VISIT = {
    **dict.fromkeys(("client_id", "observed_at", "condition"), "text!"),
    "marker_id": "integer!",
    "round_id": "integer",
    **dict.fromkeys(
        ("side", "fixed_at", "position", "crs", "method", "surveyor", "device", "remark"), "text"
    ),
    **dict.fromkeys(
        ("lon", "lat", "accuracy_95_m", "tie1_distance_m", "tie2_distance_m", "tie3_distance_m"),
        "number",
    ),
    "proof": "flag",
    "photos": "texts",
}
