"""Approvals: the paths of applications and their steps."""

from data.reference import load_table
from gazetteer import approvals, name_classes
from web.api.approvals import ACTED, APPLICATION, DECIDED, NOTED
from web.downloads import DOCX
from web.openapi.parts import (
    FILE,
    Schema,
    body,
    get,
    may_fail,
    members,
    most,
    operation,
    path_id,
    path_text,
    query,
)

_TAG = "approvals"
_STEPS = {
    "amendment": ("amend", "Correct an application", {"version": "integer!", **APPLICATION}),
    "acceptance": ("accept", "Take an application under review", NOTED),
    "return": ("return", "Return an application for correction", NOTED),
    "withdrawal": ("withdraw", "Take an application back", NOTED),
    "decision": ("decide", "Approve or refuse", DECIDED),
    "filing": ("file", "Send for filing", ACTED),
    "filing-return": ("return_filing", "Return an incomplete filing", ACTED),
    "filing-acceptance": ("accept_filing", "Take a filing as complete", ACTED),
    "announcement": ("announce", "Say that the name was announced", ACTED),
    "reminder": ("remind", "Remind the body that is late", ACTED),
    "invitations": (
        "invite",
        "Ask an expert",
        {"version": "integer!", "expert_id": "integer!"},
    ),
    "opinions": (
        "opine",
        "What an expert answers",
        {
            "version": "integer!",
            "expert_id": "integer!",
            "state": "text",
            "vote": "text",
            "opinion": "text",
            "paper_id": "integer",
        },
    ),
}


def paths() -> Schema:
    """The family's paths."""
    found = {
        "/approvals": {"get": _listed(), "post": _apply()},
        "/approvals/clocks": _clocks(),
        "/approvals/new": _new(),
        "/approvals/{id}": get("approvals.show", "One application whole", _TAG, ["id"]),
        "/approvals/{id}/papers": {"post": _papers()},
        "/approvals/{id}/papers/{paper}": {"get": _paper()},
        "/approvals/{id}/documents/{document}": {"get": _document()},
    }
    found["/approvals/{id}"]["get"]["responses"] |= may_fail(403, 404)
    for name, (identity, summary, known) in _STEPS.items():
        step = operation(f"approvals.{identity}", summary, _TAG, ["id"])
        step["requestBody"] = body(members(known))
        step["responses"] |= may_fail(403, 404, 409, 422)
        found[f"/approvals/{{id}}/{name}"] = {"post": step}
    return found


def _codes(table: str) -> Schema:
    return {"type": "string", "enum": [row["code"] for row in load_table(table)]}


def _listed() -> Schema:
    listed = operation("approvals.list", "Applications, newest first", _TAG, ["cursor_id"])
    text: Schema = {"type": "string"}
    listed["parameters"] += [
        query("state", _codes("approval_states"), "only in this state"),
        query("kind", _codes("approval_kinds"), "naming, renaming or end of use"),
        query("class", text | {"enum": list(name_classes())}, "only of this class of names"),
        query("division", text, "a division's code or name; everything below it counts"),
        query("name", text, "the proposed name, whole"),
        query("overdue", {"type": "boolean"}, "only overdue ones, or only others"),
        most(approvals.MAX_LIMIT, 20, "applications"),
    ]
    listed["responses"] |= may_fail(403)
    return listed


def _apply() -> Schema:
    apply = operation("approvals.apply", "Apply for a name", _TAG, [])
    known = {"kind": "text!", "class": "text!", "in": "text!", **APPLICATION}
    papers: Schema = {"type": "array", "items": FILE, "description": "the papers, in order"}
    kinds: Schema = {"type": "array", "items": {"type": "string"}, "description": "their kinds"}
    apply["requestBody"] = body(members(known), {"paper": papers, "paper_kind": kinds})
    apply["responses"] |= {"201": apply["responses"].pop("200")} | may_fail(403, 404, 422, 503)
    return apply


def _new() -> Schema:
    form = get("approvals.new", "The form of an application, with its fields", _TAG, [])
    form["get"]["parameters"] += [
        query("kind", _codes("approval_kinds"), "the kind that is chosen at first"),
        query("place", {"type": "integer", "minimum": 0}, "the place to be renamed or ended"),
    ]
    form["get"]["responses"] |= may_fail(404)
    return form


def _clocks() -> Schema:
    clocks = get("approvals.clocks", "Running clocks, the most urgent first", _TAG, [])
    states: Schema = {"type": "string", "enum": ["overdue", "soon", "running"]}
    cursor: Schema = {"type": "string", "example": "2026-05-03.1"}
    clocks["get"]["parameters"] += [
        query("state", states, "only these"),
        query("cursor", cursor, "where the page begins, from a `next` link"),
        most(approvals.MAX_LIMIT, 20, "applications"),
    ]
    clocks["get"]["responses"] |= may_fail(403)
    return clocks


def _papers() -> Schema:
    add = operation("approvals.add_paper", "Keep a paper with an application", _TAG, ["id"])
    add["parameters"] += [
        query("kind", _codes("paper_kinds"), "what it is"),
        query("title", {"type": "string"}, "its title"),
        query("file_name", {"type": "string"}, "the file's name, where the body is the file"),
    ]
    form: Schema = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": FILE, "kind": {"type": "string"}, "title": {"type": "string"}},
    }
    add["requestBody"] = {
        "required": True,
        "content": {
            "multipart/form-data": {"schema": form},
            "application/octet-stream": {"schema": FILE},
        },
    }
    add["responses"] |= {"201": add["responses"].pop("200")}
    add["responses"] |= may_fail(403, 404, 409, 413, 415, 422)
    return add


def _download(identity: str, summary: str, media: str, last: Schema) -> Schema:
    found = operation(identity, summary, _TAG, ["id"])
    found["parameters"].insert(1, last)
    found["responses"]["200"]["content"] = {media: {"schema": FILE}}
    found["responses"] |= may_fail(403, 404)
    return found


def _paper() -> Schema:
    return _download(
        "approvals.paper", "A paper as it came", "application/octet-stream", path_id("paper")
    )


def _document() -> Schema:
    names = [row["code"] for row in load_table("approval_documents")]
    return _download(
        "approvals.document", "A document of the case", DOCX, path_text("document", names)
    )
