"""What a sender takes away of an inspection file: the paths of its papers."""

from web.downloads import XLSX
from web.openapi.parts import FILE, Schema, get, may_fail


def paths() -> Schema:
    """The family's paths."""
    annotated = get(
        "submissions.annotated", "A file's rows with their verdicts", "submissions", ["id"], XLSX
    )
    annotated["get"]["responses"]["200"]["content"] = {XLSX: {"schema": FILE}}
    annotated["get"]["responses"] |= may_fail(403, 404)
    receipt = get("submissions.receipt", "The receipt of a committed file", "submissions", ["id"])
    receipt["get"]["responses"] |= may_fail(403, 404, 409)
    return {
        "/submissions/{id}/annotated.xlsx": annotated,
        "/submissions/{id}/receipt": receipt,
    }
