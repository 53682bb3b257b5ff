"""`/indicators` and `/publications`: the plan's targets measured, and what was published."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from data import InvalidValue, NotReady, today
from gazetteer import (
    MeasureScope,
    NewPublication,
    PlanStage,
    evaluate_plan,
    is_counted,
    list_publications,
    record_publication,
    write_plan_report,
)
from web.addresses import root
from web.bodies import json_body
from web.context import current_actor, current_store
from web.negotiation import HTML, JSON, bytes_response, json_response, language, respond
from web.parameters import day, query

blueprint = Blueprint("indicators", __name__)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KNOWN = ("as_of", "since", "within", "stage")


@blueprint.get("/indicators")
def indicators() -> Response:
    """Every indicator, measured on a day."""
    values = query(_KNOWN)
    scope, stage = _asked(values)
    with current_store().read() as connection:
        if not is_counted(connection):
            raise _not_counted()
        results = [one.as_json() for one in evaluate_plan(connection, scope, stage)]
    given = urlencode({name: values[name] for name in _KNOWN if name in values})
    address = f"{root()}indicators"
    document = {
        "as_of": scope.as_of.isoformat(),
        "since": scope.since.isoformat() if scope.since else None,
        "within": scope.within,
        "stage": str(stage),
        "indicators": results,
        "links": [
            {"href": request.url, "rel": "self", "type": JSON},
            {"href": f"{address}?f=html", "rel": "alternate", "type": HTML},
            {"href": f"{address}/report?{given}", "rel": "alternate", "type": DOCX},
        ],
    }
    return respond("document.html", document, _title())


@blueprint.get("/indicators/report")
def report() -> Response:
    """The evaluation report as DOCX."""
    scope, stage = _asked(query(_KNOWN))
    with current_store().read() as connection:
        if not is_counted(connection):
            raise _not_counted()
        content = write_plan_report(connection, scope, stage)
    response = bytes_response(content, DOCX)
    name = f"evaluation-{stage}-{scope.as_of}.docx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _not_counted() -> NotReady:
    return NotReady(
        "the names are being counted; ask again in a minute", "地名正在统计；请稍后再试"
    )


def _asked(values: Mapping[str, str]) -> tuple[MeasureScope, PlanStage]:
    stage = values.get("stage", PlanStage.FINAL)
    if stage not in set(PlanStage):
        told = ", ".join(PlanStage)
        raise InvalidValue(
            "stage", stage, f"it is one of {told}", f"give one of {told}", f"stage 应为 {told} 之一"
        )
    as_of = day(values, "as_of") or today()
    return MeasureScope(as_of, day(values, "since"), values.get("within")), PlanStage(stage)


def _title() -> str:
    return "规划指标" if language() == "zh" else "Indicators of the plan"


@blueprint.get("/publications")
def publications() -> Response:
    """What was published, for a division or for all."""
    values = query(("division",))
    with current_store().read() as connection:
        found = list_publications(connection, values.get("division"))
    title = "出版物" if language() == "zh" else "Publications"
    links = [{"href": request.url, "rel": "self", "type": JSON}]
    return respond("document.html", {"publications": list(found), "links": links}, title)


@blueprint.post("/publications")
def record() -> Response:
    """Record a publication; an editor of the division does."""
    query(())
    given = json_body(
        {"kind": "text!", "division_code": "text!", "title": "text!", "published_on": "date!"}
        | {"publisher": "text", "source": "text"}
    )
    identity = record_publication(
        current_store(), current_actor(), NewPublication(**given), today()
    )
    response = json_response({"id": identity}, 201)
    response.headers["Location"] = f"{root()}publications?division={given['division_code']}"
    return response
