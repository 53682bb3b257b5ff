"""Problems that the public reports: handing in, asking, the queue."""

from web.openapi.parts import (
    FILE,
    Schema,
    body,
    get,
    may_fail,
    operation,
    path_id,
    query,
)

_TEXT: Schema = {"type": "string"}
_STATES: Schema = {
    "type": "string",
    "enum": ["open", "received", "in_work", "settled", "dismissed", "all"],
}
_NUMBER: Schema = {"type": "number"}
_REPORT: Schema = {
    "type": "object",
    "required": ["kind", "told"],
    "properties": {
        "kind": {
            "type": "string",
            "enum": ["sign_wrong", "marker_damaged", "name_misused", "other"],
        },
        "told": _TEXT | {"maxLength": 4000},
        "about": _TEXT | {"description": "the record it is on, such as markers/12"},
        "place": _TEXT | {"description": "where, in words"},
        "lon": _NUMBER,
        "lat": _NUMBER,
        "contact": _TEXT | {"description": "kept apart, erased when the report is closed"},
    },
}
_CODE: Schema = {"type": "object", "required": ["code"], "properties": {"code": _TEXT}}
_HANDLING: Schema = {
    "type": "object",
    "required": ["version", "state"],
    "properties": {
        "version": {"type": "integer"},
        "state": {"type": "string", "enum": ["in_work", "settled", "dismissed"]},
        "answer": _TEXT,
        "note": _TEXT,
    },
}


def paths() -> Schema:
    """The family's paths."""
    form = get("report_problem.form", "What may be reported; the form", "problems")
    form["get"]["parameters"].append(query("about", _TEXT, "the record it is on"))
    made = _post("report_problem", "Report a problem, without an account", _REPORT)
    made["responses"]["201"] = made["responses"].pop("200")
    made["requestBody"] = body(_REPORT, {"photo": FILE})
    ask = get("report_problem.ask", "The form to ask what became of a report", "problems")
    queue = get("problem_reports", "Reports that the reader may handle", "problems")
    queue["get"]["parameters"] += [
        query("state", _STATES, "which reports"),
        {"$ref": "#/components/parameters/cursor_id"},
        {"$ref": "#/components/parameters/limit_list"},
    ]
    one = _with_id(get("problem_report", "A report with its contact", "problems"))
    picture = _with_id(get("problem_report.photo", "Its picture", "problems", media="image/jpeg"))
    handled = _post("problem_report.handle", "Take up, settle or dismiss a report", _HANDLING)
    for described in (queue, one, picture):
        described["get"]["responses"] |= may_fail(401, 403, 404)
    return {
        "/report-problem": form | {"post": made},
        "/report-problem/status": ask
        | {"post": _post("report_problem.status", "Its state", _CODE)},
        "/problem-reports": queue,
        "/problem-reports/{id}": one,
        "/problem-reports/{id}/photo": picture,
        "/problem-reports/{id}/handling": _with_id({"post": handled}),
    }


def _post(identity: str, title: str, schema: Schema) -> Schema:
    described = operation(identity, title, "problems", [])
    described["requestBody"] = body(schema)
    described["responses"] |= may_fail(401, 403, 404, 409, 413, 415, 422, 429)
    return described


def _with_id(described: Schema) -> Schema:
    for one in described.values():
        one["parameters"].append(path_id())
    return described
