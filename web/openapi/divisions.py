"""Divisions in time: codes on any day, events, previews."""

from gazetteer import EventKind
from web.openapi.parts import OBJECT, Schema, body, get, may_fail, operation, query

_TEXT: Schema = {"type": "string"}
_DAY: Schema = {"type": "string", "format": "date", "example": "2024-05-03"}
_NEW: Schema = {
    "type": "object",
    "nullable": True,
    "required": ["code"],
    "additionalProperties": False,
    "properties": dict.fromkeys(("code", "name", "level", "parent_code", "seat"), _TEXT)
    | {"romanization": _TEXT, "outline": OBJECT, "takes_rest": {"type": "boolean"}},
}
EVENT: Schema = {
    "type": "object",
    "required": ["kind", "effective_on", "changes"],
    "additionalProperties": False,
    "properties": {
        "kind": _TEXT | {"description": "a kind of event, by code or in words"},
        "effective_on": _DAY,
        "approved_on": _DAY,
        "below": _TEXT | {"enum": ["named", "same-ending", "keep-codes"]},
        "changes": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"old": _TEXT | {"nullable": True}, "new": _NEW},
            },
        },
    }
    | dict.fromkeys(("document", "authority", "source", "remark", "measures"), _TEXT),
}


def paths() -> Schema:
    """The family's paths."""
    code = {
        "name": "code",
        "in": "path",
        "required": True,
        "description": "a division code of 6, 9 or 12 digits",
        "schema": _TEXT,
    }
    show = get("divisions.code", "A code's history", "divisions", ["as_of"])
    show["get"]["parameters"] += [code]
    show["get"]["responses"] |= may_fail(404)
    event = get("divisions.event", "A division event", "divisions", ["id"])
    event["get"]["responses"] |= may_fail(404)
    return {
        "/divisions/{code}": show,
        "/division-events": {"get": _list(), "post": _apply()},
        "/division-events/new": _form(),
        "/division-events/{id}": event,
        "/division-events/preview": {"post": _preview()},
        "/division-events/{id}/settle": {"post": _settle()},
    }


def _list() -> Schema:
    listed = operation("divisions.events", "Division events", "divisions", ["limit_events"])
    listed["parameters"] += [
        query("cursor", _TEXT | {"example": "2024-05-03_7"}, "from a `next` link"),
        query("code", _TEXT, "a code that takes part"),
        query(
            "kind",
            _TEXT | {"enum": [kind.value for kind in EventKind], "example": "renamed"},
            "a kind of event",
        ),
        query("since", _DAY, "effective from that day on"),
        query("until", _DAY, "effective up to that day"),
        query("overdue", {"type": "boolean"}, "with a period that has run out"),
    ]
    return listed


def _form() -> Schema:
    form = get("divisions.form", "The form of a change of divisions", "divisions")
    form["get"]["parameters"] += [query("code", _TEXT, "the division that is named at first")]
    return form


def _preview() -> Schema:
    found = operation("divisions.preview", "What an event would do", "divisions", [])
    found["requestBody"] = body(
        {"type": "object", "required": ["event"], "properties": {"event": EVENT}}
    )
    found["responses"] |= may_fail(403, 422)
    return found


def _apply() -> Schema:
    found = operation("divisions.apply", "Apply a previewed event", "divisions", [])
    found["requestBody"] = body(
        {
            "type": "object",
            "required": ["event", "basis"],
            "properties": {"event": EVENT, "basis": _TEXT | {"description": "from the preview"}},
        }
    )
    found["responses"] |= {"201": found["responses"].pop("200")} | may_fail(403, 409, 422, 503)
    return found


def _settle() -> Schema:
    found = operation("divisions.settle", "What was done after an event", "divisions", ["id"])
    found["requestBody"] = body(
        {
            "type": "object",
            "required": ["version"],
            "additionalProperties": False,
            "properties": {
                "version": {"type": "integer"},
                "completed_on": _DAY,
                "codes_published_on": _DAY,
                "extended": {"type": "boolean"},
            },
        }
    )
    found["responses"] |= may_fail(403, 404, 409, 422, 503)
    return found
