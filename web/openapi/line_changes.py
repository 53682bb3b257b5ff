"""Changes of divisions → lines: the paths of previews, papers and the history of a line."""

from web.api.line_changes import SURVEY
from web.downloads import DOCX, XLSX
from web.openapi.divisions import EVENT
from web.openapi.parts import FILE, Schema, body, get, may_fail, members, operation


def paths() -> Schema:
    """The family's paths."""
    tag = "divisions"
    own = "/division-events/{id}/lines"
    seen = get("line_changes.show", "What an applied event does to lines", tag, ["id"])
    seen["get"]["responses"] |= may_fail(403, 404)
    applied = operation("line_changes.apply", "Write what an event does to lines", tag, ["id"])
    applied["requestBody"] = body(
        {"type": "object", "required": ["basis"], "properties": {"basis": {"type": "string"}}}
    )
    applied["responses"]["201"] = applied["responses"].pop("200")
    applied["responses"] |= may_fail(403, 404, 409, 422, 503)
    preview = operation("line_changes.preview", "What an event would do to lines", tag, [])
    preview["requestBody"] = body(
        {"type": "object", "required": ["event"], "properties": {"event": EVENT}}
    )
    preview["responses"] |= may_fail(403, 422)
    history = get("line_changes.history", "What a line was in time", "lines", ["id", "as_of"])
    history["get"]["responses"] |= may_fail(404)
    taken = operation("line_changes.survey", "Take the survey of a drafted line", "lines", ["id"])
    taken["parameters"].append(
        {
            "name": "Content-Crs", "in": "header", "required": False,
            "description": "the system of the geometry, CRS84 by default",
            "schema": {"type": "string"},
        }
    )  # fmt: skip
    taken["requestBody"] = body(members(SURVEY))
    taken["responses"]["201"] = {"description": "the surveyed line"}
    taken["responses"] |= may_fail(401, 403, 404, 409, 422, 503)
    found: Schema = {
        "/lines/{id}/survey": {"post": taken},
        own: seen | {"post": applied},
        "/line-changes/preview": {"post": preview},
        "/lines/{id}/history": history,
    }
    for kind, media in {"docx": DOCX, "xlsx": XLSX}.items():
        said = operation(f"line_changes.{kind}", f"Draft agreement, {kind}", tag, ["id"], media)
        said["responses"]["200"]["content"] = {media: {"schema": FILE}}
        said["responses"] |= may_fail(403, 404)
        found[f"{own}.{kind}"] = {"get": said}
    return found
