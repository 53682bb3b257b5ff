"""Repairs: the paths of orders to restore markers."""

from web.openapi.lines import DAY, NUMBER, TEXT, WHOLE, write
from web.openapi.parts import Schema, get, may_fail, query

_WORK: Schema = {
    **dict.fromkeys(("kind", "worked_by", "witness", "witness_party"), TEXT),
    **dict.fromkeys(("survey_method", "note"), TEXT),
    **dict.fromkeys(("worked_on", "surveyed_on"), DAY),
    **dict.fromkeys(("sigma_m", "cost_yuan"), NUMBER),
    "version": WHOLE,
}
_INCIDENT: Schema = {
    **dict.fromkeys(("cause", "liable", "fine_document"), TEXT),
    **dict.fromkeys(("cost_yuan", "fine_yuan"), NUMBER),
    "version": WHOLE,
}


def paths() -> Schema:
    """The family's paths."""
    listed = get(
        "repairs.list", "The queue of repairs, the gravest first", "repairs", ["limit_list"]
    )
    listed["get"]["parameters"] += [
        query("state", TEXT, "a state, or `unfinished`"),
        query("division", TEXT, "the managing side, or a division around it"),
        query("severity", WHOLE | {"minimum": 1}, "at least so grave, 1 to 5"),
        query("overdue", {"type": "boolean"}, "only those past their day"),
        query("marker", WHOLE | {"minimum": 1}, "of one marker"),
    ]
    opened = write(
        "repairs.open", "Open an order", "repairs",
        {"marker_id": WHOLE, "reason": TEXT, "note": TEXT}, required=("marker_id", "reason"),
    )  # fmt: skip
    opened["parameters"] = [p for p in opened["parameters"] if not p["$ref"].endswith("/id")]
    show = get("repairs.show", "An order", "repairs", ["id"])
    show["get"]["responses"] |= may_fail(404)
    return {
        "/repairs": listed | {"post": opened},
        "/repairs/{id}": show,
        **_act("assign", "Hand it to somebody", _fields("assigned_to", "managing_party"),
               "assigned_to"),
        **_act("done", "Record the work, with the neighbour's witness", _WORK, "kind"),
        **_act("close", "Close it by a new inspection", _fields()),
        **_act("cancel", "Cancel it", _fields("reason"), "reason"),
        **_act("incident", "Record cause, cost and fine", _INCIDENT),
    }  # fmt: skip


def _fields(*names: str) -> Schema:
    return {"version": WHOLE, **dict.fromkeys(names, TEXT)}


def _act(name: str, summary: str, fields: Schema, *required: str) -> Schema:
    said = write(
        f"repairs.{name}", summary, "repairs", fields, required=("version", *required), made=False
    )
    return {f"/repairs/{{id}}/{name}": {"post": said}}
