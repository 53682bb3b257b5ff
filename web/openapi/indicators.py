"""Indicators of the plan and publications."""

from gazetteer import PlanStage
from web.downloads import DOCX
from web.openapi.parts import Schema, body, get, may_fail, operation, query

_TEXT: Schema = {"type": "string"}
_DAY: Schema = {"type": "string", "format": "date", "example": "2024-05-03"}


def paths() -> Schema:
    """The family's paths."""
    measured = get("indicators", "Indicators of the plan", "indicators")
    report = get("indicators.report", "The evaluation report", "indicators", media=DOCX)
    for path in (measured, report):
        path["get"]["parameters"] += [
            query("as_of", _DAY, "the day that is looked at"),
            query("since", _DAY | {"example": "2000-01-01"}, "the first day of the period"),
            query("within", _TEXT | {"example": "150100"}, "code of a division"),
            query("stage", _TEXT | {"enum": [one.value for one in PlanStage]}, "which targets"),
        ]
        path["get"]["responses"] |= may_fail(503)
    listed = get("publications", "What was published", "indicators")["get"]
    listed["parameters"] += [query("division", _TEXT, "code of a division")]
    return {
        "/indicators": measured,
        "/indicators/report": report,
        "/publications": {"get": listed, "post": _record()},
    }


def _record() -> Schema:
    found = operation("publications.record", "Record a publication", "indicators", [])
    found["requestBody"] = body(
        {
            "type": "object",
            "required": ["kind", "division_code", "title", "published_on"],
            "additionalProperties": False,
            "properties": {
                **dict.fromkeys(("kind", "division_code", "title", "publisher", "source"), _TEXT),
                "published_on": _DAY,
            },
        }
    )
    found["responses"] |= {"201": found["responses"].pop("200")} | may_fail(403, 422, 503)
    return found
