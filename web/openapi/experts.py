"""Experts: the paths of the pool."""

from data.reference import load_table
from gazetteer import approvals
from web.api.experts import MEMBERS
from web.openapi.parts import Schema, body, get, may_fail, members, most, operation, query

_TAG = "experts"


def paths() -> Schema:
    """The family's paths."""
    codes = [row["code"] for row in load_table("expert_fields")]
    listed = operation("experts.list", "Experts; nothing personal in public", _TAG, ["cursor_id"])
    day: Schema = {"type": "string", "format": "date", "example": "2026-05-03"}
    listed["parameters"] += [
        query("field", {"type": "string", "enum": codes}, "only of this field"),
        query("division", {"type": "string"}, "only of this division's pool"),
        query("available_on", day, "only who may be asked on that day"),
        most(approvals.MAX_LIMIT, 50, "experts"),
    ]
    enter = operation("experts.enter", "Enter an expert", _TAG, [])
    enter["requestBody"] = body(members(MEMBERS))
    enter["responses"] |= {"201": enter["responses"].pop("200")} | may_fail(403, 422)
    show = get("experts.show", "One expert", _TAG, ["id"])
    show["get"]["responses"] |= may_fail(404)
    change = operation("experts.change", "Change an expert", _TAG, ["id"])
    change["requestBody"] = body(members({"version": "integer!", **MEMBERS}))
    change["responses"] |= may_fail(403, 404, 409, 422)
    return {"/experts": {"get": listed, "post": enter}, "/experts/{id}": show | {"post": change}}
