"""The dashboard: figures and parts of a division, and one part as CSV."""

from web.openapi.parts import Schema, get, may_fail, query, with_formats

_TEXT: Schema = {"type": "string"}
_WITHIN: Schema = query("within", _TEXT, "code or name of a division in force")
_PARTS = ["markers", "verdicts", "due", "classes", "clocks", "risk"]


def paths() -> Schema:
    """The family's paths."""
    shown = get("dashboard", "Figures, and tables of each part", "statistics")
    shown["get"]["parameters"].append(_WITHIN | {"example": "150100"})
    table = get("dashboard.csv", "One part as CSV", "statistics", media="text/csv")
    part: Schema = {"type": "string", "enum": _PARTS, "default": "markers"}
    table["get"]["parameters"] = [
        *with_formats(table["get"]["parameters"], ["json", "geojson", "html", "csv"]),
        query("part", part, "which part; markers without one"),
        _WITHIN | {"example": "150100"},
    ]
    for one in (shown, table):
        one["get"]["responses"] |= may_fail(404, 503)
    return {"/dashboard": shown, "/dashboard.csv": table}
