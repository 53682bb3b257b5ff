"""Inspection files: the paths of submissions."""

from web.openapi.parts import FILE, Schema, get, may_fail, operation, query, report_answers


def paths() -> Schema:
    """The family's paths."""
    send = operation("submissions.send", "Send an inspection file", "submissions", [])
    send["parameters"] += [
        query("file_name", {"type": "string"}, "the file's name, where the body is the file"),
        query("sent_by", {"type": "string"}, "who sends it"),
    ]
    send["requestBody"] = {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": FILE,
                        "sent_by": {"type": "string"},
                    },
                }
            },
            "application/octet-stream": {"schema": FILE},
        },
    }
    send["responses"] |= may_fail(403, 413) | report_answers(send)
    show = get("submissions.show", "A submission's report", "submissions", ["id"])
    show["get"]["responses"] |= may_fail(404)
    final = operation("submissions.commit", "Commit a submission", "submissions", ["id"])
    final["responses"] |= may_fail(403, 404, 409)
    return {
        "/submissions": {"post": send},
        "/submissions/{id}": show,
        "/submissions/{id}/commit": {"post": final},
    }
