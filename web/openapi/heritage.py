"""The protection lists: the paths of `/heritage`."""

from data.reference import load_table
from gazetteer import heritage
from web.api.heritage import CHANGED, LISTED, NOMINATED, REMOVED, VISITED
from web.downloads import DOCX, XLSX
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
    query,
)

_TAG = "heritage"
_STEPS = {
    "listing": ("list_entry", "List a candidate", LISTED),
    "removal": ("remove", "Take a name off its list", REMOVED),
    "change": ("change", "Change measures, custodian, links", CHANGED),
    "inspections": ("inspect", "Record an inspection", VISITED),
}


def paths() -> Schema:
    """The family's paths."""
    found: Schema = {
        "/heritage": {"get": _listed(), "post": _nominate()},
        "/heritage/coverage": {"get": _coverage()},
        "/heritage/list.docx": {"get": _file("docx", DOCX)},
        "/heritage/list.xlsx": {"get": _file("xlsx", XLSX)},
        "/heritage/{id}": get("heritage.show", "One entry whole", _TAG, ["id"]),
        "/heritage/{id}/story": {
            "get": operation("heritage.story", "An entry's story, in Markdown", _TAG, ["id"]),
            "post": _story(),
        },
        "/heritage/{id}/pictures": {"post": _pictures()},
        "/heritage/{id}/pictures/{picture}": {"get": _picture()},
    }
    found["/heritage/{id}"]["get"]["responses"] |= may_fail(404)
    for name, (identity, summary, known) in _STEPS.items():
        step = operation(f"heritage.{identity}", summary, _TAG, ["id"])
        step["requestBody"] = body(members(known))
        if name == "inspections":
            step["responses"] |= {"201": step["responses"].pop("200")}
        step["responses"] |= may_fail(403, 404, 409, 422)
        found[f"/heritage/{{id}}/{name}"] = {"post": step}
    return found


def _filters() -> list[Schema]:
    def codes(table: str) -> Schema:
        return {"type": "string", "enum": [row["code"] for row in load_table(table)]}

    text: Schema = {"type": "string", "minLength": 1}
    return [
        query("level", codes("heritage_levels"), "only of lists of this level"),
        query("category", codes("heritage_categories"), "only of this category"),
        query("state", codes("heritage_states"), "in this state; listed by default"),
        query("batch", {"type": "string"}, "only of this batch"),
        query("division", text, "a division's code or name; everything below it counts"),
    ]


def _listed() -> Schema:
    listed = operation("heritage.list", "Entries of the protection lists", _TAG, ["cursor_id"])
    listed["parameters"] += [*_filters(), most(heritage.MAX_LIMIT, 50, "entries")]
    return listed


def _nominate() -> Schema:
    nominate = operation("heritage.nominate", "Put a name forward", _TAG, [])
    nominate["requestBody"] = body(members(NOMINATED))
    nominate["responses"] |= {"201": nominate["responses"].pop("200")}
    nominate["responses"] |= may_fail(403, 404, 409, 422)
    return nominate


def _coverage() -> Schema:
    covered = operation("heritage.coverage", "How far the lists reach, by county", _TAG, [])
    text: Schema = {"type": "string"}
    covered["parameters"].append(query("division", text, "only counties below it"))
    return covered


def _file(kind: str, media: str) -> Schema:
    found = operation(f"heritage.{kind}", f"The list as {kind.upper()}", _TAG, [])
    found["parameters"] += _filters()
    found["responses"]["200"]["content"] = {media: {"schema": FILE}}
    return found


def _pictures() -> Schema:
    add = operation("heritage.add_picture", "Keep a picture", _TAG, ["id"])
    add["parameters"] += [
        query("title", {"type": "string"}, "what it shows"),
        query("credit", {"type": "string"}, "who took it"),
    ]
    form: Schema = {
        "type": "object",
        "required": ["file"],
        "properties": {"file": FILE, "title": {"type": "string"}, "credit": {"type": "string"}},
    }
    content = {"multipart/form-data": {"schema": form}}
    add["requestBody"] = {
        "required": True,
        "content": content | {"application/octet-stream": {"schema": FILE}},
    }
    add["responses"] |= {"201": add["responses"].pop("200")}
    add["responses"] |= may_fail(403, 404, 413, 415, 422)
    return add


def _story() -> Schema:
    written = operation("heritage.write_story", "Write or rewrite a story", _TAG, ["id"])
    form: Schema = {
        "type": "object",
        "required": ["version", "text"],
        "properties": {
            "version": {"type": "integer", "description": "the one that was read, 0 for none"},
            "text": {"type": "string", "description": "Markdown"},
        },
    }
    written["requestBody"] = body(form)
    written["responses"] |= may_fail(401, 403, 404, 409)
    return written


def _picture() -> Schema:
    found = operation("heritage.picture", "The public copy of a picture", _TAG, ["id"])
    found["parameters"].insert(1, path_id("picture"))
    found["responses"]["200"]["content"] = {"image/jpeg": {"schema": FILE}}
    found["responses"] |= may_fail(404)
    return found
