"""Risk of lines: the paths of the table, the map and the report."""

from web.downloads import DOCX
from web.negotiation import GEOJSON
from web.openapi.lines import TEXT
from web.openapi.parts import FILE, OBJECT, Schema, get, may_fail, operation, query


def paths() -> Schema:
    """The family's paths."""
    listed = get("risk.list", "Lines by their risk, the highest first", "risk", ["limit_list"])
    whole = {"type": "integer", "minimum": 0, "example": 100}
    listed["get"]["parameters"] += [*_selecting(), query("cursor", whole, "from a `next` link")]
    listed["get"]["responses"] |= may_fail(403)
    found: Schema = {"/risk": listed}
    for kind, media in {"geojson": GEOJSON, "csv": "text/csv", "docx": DOCX}.items():
        said = operation(f"risk.{kind}", f"Risk of lines, {kind}", "risk", [], media)
        said["parameters"] += _selecting()
        schema = OBJECT if kind == "geojson" else FILE
        said["responses"]["200"]["content"] = {media: {"schema": schema}}
        said["responses"] |= may_fail(403)
        found[f"/risk.{kind}"] = {"get": said}
    return found


def _selecting() -> list[Schema]:
    return [
        query("within", TEXT | {"example": "150000"}, "a division: lines with a party in it"),
        query("level", TEXT | {"example": "county"}, "level of the lines"),
        query("grade", TEXT | {"enum": ["high", "medium", "low"]}, "at least so high"),
    ]
