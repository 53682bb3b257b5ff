"""Lines: the paths of lines, their sections, documents and findings."""

from typing import Any

from web.downloads import DOCX, XLSX
from web.openapi.parts import FILE, OBJECT, Schema, body, get, may_fail, operation, query

TEXT: Schema = {"type": "string"}
DAY: Schema = {"type": "string", "format": "date"}
NUMBER: Schema = {"type": "number"}
WHOLE: Schema = {"type": "integer"}
TEXTS: Schema = {"type": "array", "items": TEXT}


def write(
    identity: str,
    summary: str,
    tag: str,
    fields: Schema,
    *,
    required: tuple[str, ...] = (),
    file: bool = False,
    made: bool = True,
) -> Schema:
    """An operation on one record that brings fields, as JSON or a form, and a file where it may.

    Args:
        identity: its operationId.
        summary: what it does.
        tag: its family.
        fields: schemas by field name.
        required: fields that must be there.
        file: whether a file may come with it.
        made: whether it answers 201 for a new record.
    """
    said = operation(identity, summary, tag, ["id"])
    schema: dict[str, Any] = {"type": "object", "properties": fields}
    if required:
        schema["required"] = list(required)
    said["requestBody"] = body(schema, {"file": FILE} if file else None) | {
        "required": bool(required)
    }
    if made:
        said["responses"]["201"] = said["responses"].pop("200")
    said["responses"] |= may_fail(403, 404, 409, 413, 415, 422)
    return said


def file_paths(path: str, identity: str, summary: str, tag: str) -> Schema:
    """The paths of one paper in each format that it is made in."""
    media = {"docx": DOCX, "xlsx": XLSX, "json": "application/json"}
    found: Schema = {}
    for kind, type_ in media.items():
        said = operation(f"{identity}_{kind}", f"{summary}, {kind.upper()}", tag, ["id"], type_)
        schema = OBJECT if kind == "json" else FILE
        said["responses"]["200"]["content"] = {type_: {"schema": schema}}
        said["responses"] |= may_fail(404)
        found[f"{path}.{kind}"] = {"get": said}
    return found


def paths() -> Schema:
    """The family's paths."""
    tag = "lines"
    listed = get("lines.list", "Lines in force", tag, ["cursor_id", "limit_list"])
    listed["get"]["parameters"] += [
        query("level", TEXT, "province, prefecture, county or township"),
        query("state", TEXT, "agreed, undetermined or disputed"),
        query("party", TEXT, "a division code on any side"),
        query("name", TEXT, "name or code, whole"),
    ]
    own = dict.fromkeys(_SECTION, TEXT) | {"length_m": NUMBER}
    section = {"type": "object", "properties": own}
    return {
        "/lines": listed,
        "/lines/{id}": _one("lines.show", "A line with all that belongs to it"),
        "/lines/{id}/course": _one("lines.course", "A draft of the course description 走向说明"),
        "/lines/{id}/checks": _one("lines.checks", "What does not fit about the line's record"),
        **file_paths("/lines/{id}/results", "lines.results", "Table of markers 界桩成果表", tag),
        "/lines/{id}/inspection-template.xlsx": _template(),
        "/lines/{id}/sections": {
            "put": write(
                "lines.sections", "Replace the sections", tag,
                {"version": WHOLE, "sections": {"type": "array", "items": section}},
                required=("version", "sections"), made=False,
            )
        },
        "/lines/{id}/documents": {
            "post": write(
                "lines.document", "Keep a document", tag,
                {"kind": TEXT, "title": TEXT, "number": TEXT, "dated_on": DAY},
                required=("kind", "title"), file=True,
            )
        },
        "/lines/{id}/safe-boundaries": {
            "post": write(
                "lines.safe_boundary", "Keep a safe-boundary agreement 平安边界协议", tag,
                dict.fromkeys(("title", "level", "number", "remark"), TEXT)
                | dict.fromkeys(("signed_on", "valid_from", "valid_to"), DAY),
                required=("title",), file=True,
            )
        },
        "/lines/{id}/findings": {
            "post": write(
                "lines.finding", "Record a finding; the agreed line stays", tag,
                dict.fromkeys(("kind", "text", "feature_state", "found_by"), TEXT)
                | {"section_ordinal": WHOLE, "found_on": DAY},
                required=("kind", "text"),
            )
        },
        "/findings/{id}/settle": {
            "post": write(
                "lines.settle", "Close a finding", tag,
                {"settlement": TEXT, "settled_on": DAY}, required=("settlement",), made=False,
            )
        },
        "/documents/{id}": _one("lines.document_file", "A document's bytes"),
    }  # fmt: skip


_SECTION = (
    *("kind", "state", "from_marker", "to_marker", "feature", "direction", "course", "source"),
)


def _template() -> Schema:
    summary = "A workbook to fill in along the line, with its markers' numbers"
    said = operation("lines.inspection_template", summary, "lines", ["id"], XLSX)
    said["responses"]["200"]["content"] = {XLSX: {"schema": FILE}}
    said["responses"] |= may_fail(404)
    return {"get": said}


def _one(identity: str, summary: str) -> Schema:
    said = get(identity, summary, "lines", ["id"])
    said["get"]["responses"] |= may_fail(404)
    return said
