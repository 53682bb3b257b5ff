"""Topology: the paths of findings, their pictures and the report."""

from web.downloads import DOCX, XLSX
from web.openapi.lines import TEXT
from web.openapi.parts import FILE, Schema, get, may_fail, operation, path_id, query

_LEVEL = query(
    "level", TEXT | {"enum": ["region", "prefecture", "county", "township"]},
    "level of the outlines that are compared",
)  # fmt: skip


def paths() -> Schema:
    """The family's paths."""
    listed = get(
        "topology.list", "What does not fit, the gravest first", "topology", ["limit_list"]
    )
    whole = {"type": "integer", "minimum": 0, "example": 100}
    listed["get"]["parameters"] += [*_selecting(), query("cursor", whole, "from a `next` link")]
    listed["get"]["responses"] |= may_fail(403, 503)
    shown = operation("topology.picture", "A finding as PNG", "topology", [], "image/png")
    shown["parameters"] += [path_id("number"), _LEVEL]
    shown["responses"]["200"]["content"] = {"image/png": {"schema": FILE}}
    shown["responses"] |= may_fail(403, 404, 503)
    found: Schema = {"/topology": listed, "/topology/{number}/picture.png": {"get": shown}}
    for kind, media in {"docx": DOCX, "xlsx": XLSX}.items():
        said = operation(f"topology.{kind}", f"The report, {kind.upper()}", "topology", [], media)
        said["parameters"] += _selecting()
        said["responses"]["200"]["content"] = {media: {"schema": FILE}}
        said["responses"] |= may_fail(403, 503)
        found[f"/topology.{kind}"] = {"get": said}
    return found


def _selecting() -> list[Schema]:
    return [
        query("within", TEXT | {"example": "150000"}, "a division code"),
        _LEVEL,
        query("kind", TEXT | {"example": "gap"}, "a kind of finding, by any of its words"),
        query("grade", TEXT | {"example": "moderate"}, "at least so grave"),
        query("line", TEXT | {"example": "1521"}, "the code of a line"),
    ]
