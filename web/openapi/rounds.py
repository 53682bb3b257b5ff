"""Rounds: the paths of joint inspections and of their calendar."""

from web.downloads import DOCX, XLSX
from web.openapi.lines import DAY, TEXT, TEXTS, WHOLE, write
from web.openapi.parts import FILE, OBJECT, Schema, get, may_fail, query

_ONE_OR_MORE: Schema = {"type": "integer", "minimum": 1}
_IDS: Schema = {"type": "array", "items": WHOLE}
_PLAN: Schema = {
    **dict.fromkeys(("name", "kind", "event", "plan", "remark"), TEXT),
    **dict.fromkeys(("due_on", "begins_on", "ends_on"), DAY),
    "lines": _IDS,
    "number": WHOLE,
    "teams": {"type": "array", "items": OBJECT},
}
_FILES = {
    "route.gpx": ("The tour as GPX", "application/gpx+xml"),
    "field.zip": ("The package for QField and QGIS", "application/zip"),
    "report.docx": ("The report 联检报告", DOCX),
    "records.xlsx": ("The record tables", XLSX),
}
_CALENDARS = {
    "": "application/json",
    ".csv": "text/csv",
    ".xlsx": XLSX,
    ".ics": "text/calendar",
    ".png": "image/png",
}


def paths() -> Schema:
    """The family's paths."""
    listed = get("rounds.list", "Rounds, the newest first", "rounds")
    listed["get"]["parameters"] += [
        query("state", TEXT, "planned, field, signed, filed or cancelled"),
        query("line", _ONE_OR_MORE, "of one line"),
    ]
    found: Schema = {
        "/rounds": listed | {"post": _whole("plan", "Plan a round", _PLAN, "lines")},
        "/rounds/new": _new(),
        "/rounds/past": {
            "post": _whole(
                "past", "Record an earlier round",
                {"lines": _IDS, "number": WHOLE, "completed_on": DAY}, "lines", "completed_on",
            )
        },
        "/rounds/{id}": get("rounds.show", "A round with its progress", "rounds", ["id"]),
        **_act("files", "Take a file of one side", {"submission": WHOLE, "side": TEXT}),
        **_act(
            "decisions", "Decide on a marker",
            dict.fromkeys(("condition", "verdict", "note"), TEXT)
            | {"marker": WHOLE, "agreed_by": TEXTS, "decided_on": DAY},
        ),
        **_act(
            "signatures", "Sign for a party",
            dict.fromkeys(("party", "name", "role"), TEXT) | {"signed_on": DAY},
        ),
        **_act(
            "filing", "File it with the approving authority",
            dict.fromkeys(("filed_with", "filing_no"), TEXT) | {"filed_on": DAY},
        ),
        **_act("cancel", "Cancel it", {"reason": TEXT}),
    }  # fmt: skip
    for name, (summary, media) in _FILES.items():
        said = get(f"rounds.{name.replace('.', '_')}", summary, "rounds", ["id"], media)
        said["get"]["responses"]["200"]["content"] = {media: {"schema": FILE}}
        said["get"]["responses"] |= may_fail(404)
        found[f"/rounds/{{id}}/{name}"] = said
    for ending, media in _CALENDARS.items():
        said = get(
            f"rounds.calendar{ending.replace('.', '_')}", "When every line is due", "rounds", [],
            media,
        )  # fmt: skip
        said["get"]["parameters"].append(query("years", _ONE_OR_MORE, "how many years ahead"))
        found[f"/rounds/calendar{ending}"] = said
    return found


def _whole(name: str, summary: str, fields: Schema, *required: str) -> Schema:
    said = write(f"rounds.{name}", summary, "rounds", fields, required=required)
    said["parameters"] = [p for p in said["parameters"] if not p["$ref"].endswith("/id")]
    return said


def _act(name: str, summary: str, fields: Schema) -> Schema:
    said = write(f"rounds.{name}", summary, "rounds", fields, made=name == "decisions")
    return {f"/rounds/{{id}}/{name}": {"post": said}}


def _new() -> Schema:
    form = get("rounds.new", "The form of a plan, with its fields", "rounds")
    form["get"]["parameters"] += [query("line", _ONE_OR_MORE, "the line that is chosen at first")]
    form["get"]["responses"] |= may_fail(403)
    return form
