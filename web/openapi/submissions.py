"""Inspection files: the paths of submissions."""

from web.openapi.parts import (
    FILE,
    Schema,
    body,
    get,
    may_fail,
    members,
    operation,
    query,
    report_answers,
)

MAP = (
    "a column and its field as COLUMN=FIELD, or several as a JSON object; a column is named as it"
    " is or by its place (#3), the field - leaves it unread"
)
"""What `map` says."""


def paths() -> Schema:
    """The family's paths."""
    send = operation("submissions.send", "Send an inspection file", "submissions", [])
    send["parameters"] += [
        query("file_name", {"type": "string"}, "the file's name, where the body is the file"),
        query("sent_by", {"type": "string"}, "who sends it"),
        query("map", {"type": "string"}, MAP),
        query("upload", {"type": "string"}, "a file that came in parts, by its secret"),
    ]
    send["requestBody"] = {
        "required": False,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": FILE,
                        "sent_by": {"type": "string"},
                        "map": {"type": "array", "items": {"type": "string"}, "description": MAP},
                    },
                }
            },
            "application/octet-stream": {"schema": FILE},
        },
    }
    send["responses"] |= may_fail(403, 404, 409, 413) | report_answers(send)
    show = get("submissions.show", "A submission's report", "submissions", ["id"])
    show["get"]["responses"] |= may_fail(404)
    final = operation("submissions.commit", "Commit a submission", "submissions", ["id"])
    final["responses"] |= may_fail(403, 404, 409)
    named = operation("submissions.columns", "Name the columns of a file", "submissions", ["id"])
    named["requestBody"] = body(members({"mapping": "object!"}))
    named["responses"] |= may_fail(403, 404, 409)
    listed = get("submissions.listed", "The files that one sent lately", "submissions", [])
    listed["get"]["responses"] |= may_fail(403)
    return {
        "/submissions": {**listed, "post": send},
        "/submissions/{id}": show,
        "/submissions/{id}/columns": {"post": named},
        "/submissions/{id}/commit": {"post": final},
    }
