"""Place-name signs: the paths of their inspections, checks and repair orders."""

from gazetteer import signs
from web.api.signs import CHANGES
from web.openapi.parts import (
    FILE,
    Schema,
    body,
    get,
    may_fail,
    members,
    most,
    operation,
    query,
    report_answers,
)
from web.openapi.submissions import MAP

_TEXT: Schema = {"type": "string"}
_TAG = "signs"


def paths() -> Schema:
    """The family's paths."""
    send = operation("signs.send", "Send a file of sign inspections", _TAG, [])
    send["parameters"] += [query("file_name", _TEXT, "the file's name, where the body is the file")]
    send["parameters"] += [query("map", _TEXT, MAP)]
    texts: Schema = {"type": "array", "items": _TEXT, "description": MAP}
    form = {"type": "object", "properties": {"file": FILE, "map": texts}}
    send["requestBody"] = {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": form},
            "application/octet-stream": {"schema": FILE},
        },
    }
    send["responses"] |= may_fail(403, 413) | report_answers(send)
    show = get("signs.report", "The report of a file of sign inspections", _TAG, ["id"])
    show["get"]["responses"] |= may_fail(403, 404)
    commit = operation("signs.commit", "Commit a file of sign inspections", _TAG, ["id"])
    commit["responses"] |= may_fail(403, 404, 409)
    named = operation("signs.columns", "Name the columns of a file", _TAG, ["id"])
    named["requestBody"] = body(members({"mapping": "object!"}))
    named["responses"] |= may_fail(403, 404, 409)
    check = get("signs.check", "What is wrong with a sign's text", _TAG, ["id"])
    check["get"]["responses"] |= may_fail(404)
    return {
        "/sign-inspections": get("signs.form", "What a file may hold; a page", _TAG)
        | {"post": send},
        "/sign-inspections/{id}": show,
        "/sign-inspections/{id}/columns": {"post": named},
        "/sign-inspections/{id}/commit": {"post": commit},
        "/signs/{id}/check": check,
        **_repairs(),
    }


def _repairs() -> Schema:
    listed = get("signs.repairs", "Repair orders, the soonest due first", _TAG)
    listed["get"]["parameters"] += [
        query("state", {"type": "string", "enum": [*signs.STATES], "default": "open"}, "the state"),
        query("overdue", {"type": "boolean"}, "only those past their due date"),
        query("cursor", _TEXT, "where the page begins, from a `next` link"),
        most(1000, 100, "orders"),
    ]
    listed["get"]["responses"] |= may_fail(403)
    one = get("signs.repair", "A repair order", _TAG, ["id"])
    change = operation("signs.change_repair", "Change a repair order", _TAG, ["id"])
    change["requestBody"] = body(members(CHANGES))
    change["responses"] |= may_fail(403, 404, 409, 422)
    return {"/sign-repairs": listed, "/sign-repairs/{id}": one | {"post": change}}
