"""Identifiers: the paths that find records by any code, and give codes to them."""

from gazetteer import IDENTIFIER_SCHEMES
from web.openapi.parts import Schema, body, get, may_fail, operation, query

_TEXT: Schema = {"type": "string"}
_DAY: Schema = {"type": "string", "format": "date"}


def paths() -> Schema:
    """The family's paths."""
    value: Schema = {
        "name": "value",
        "in": "path",
        "required": True,
        "description": "a code in any scheme",
        "schema": _TEXT,
    }
    look_up = get("identifiers.value", "Records by a code", "identifiers")
    look_up["get"]["parameters"] += [value]
    by_query = get("identifiers.lookup", "Records by a code", "identifiers")
    by_query["get"]["parameters"] += [query("code", _TEXT, "a code in any scheme")]
    return {
        "/identifiers": {"post": _assign()},
        "/identifiers/{value}": look_up,
        "/lookup": by_query,
        "/identifiers/{id}/end": {"post": _end()},
    }


def _assign() -> Schema:
    schemes = [code for code, scheme in IDENTIFIER_SCHEMES.items() if not scheme.native]
    found = operation("identifiers.assign", "Give an identifier", "identifiers", [])
    found["requestBody"] = body(
        {
            "type": "object",
            "required": ["scheme", "value"],
            "additionalProperties": False,
            "properties": {
                "scheme": _TEXT | {"enum": schemes},
                "value": _TEXT,
                "place_id": {"type": "integer"},
                "division_code": _TEXT,
                "valid_from": _DAY,
                "source": _TEXT,
            },
        }
    )
    found["responses"] |= {"201": found["responses"].pop("200")} | may_fail(403, 409, 422, 503)
    return found


def _end() -> Schema:
    found = operation("identifiers.end", "End an identifier", "identifiers", ["id"])
    found["requestBody"] = body(
        {
            "type": "object",
            "required": ["version"],
            "additionalProperties": False,
            "properties": {"version": {"type": "integer"}, "ended_on": _DAY},
        }
    )
    found["responses"] |= may_fail(403, 404, 409, 422, 503)
    return found
