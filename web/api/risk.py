"""`/risk`: the risk of lines (平安边界) as a table, as a map, as a report."""

from datetime import UTC, datetime

from flask import Blueprint, Response

from boundary import risk
from data import today
from web.context import current_store, whole_store
from web.downloads import DOCX, download
from web.negotiation import GEOJSON, bytes_response, respond
from web.paging import page_links
from web.parameters import query, whole
from web.until_written import until_written

blueprint = Blueprint("risk", __name__)

SELECTING = ("within", "level", "grade")
_MOST, _DEFAULT, _HIGHEST = 1_000, 100, 2**62


def _asked(*more: str) -> tuple[risk.RiskQuery, dict[str, str]]:
    values = dict(query((*SELECTING, *more)))
    return risk.RiskQuery(*(values.get(name) for name in SELECTING)), values


def _found(asked: risk.RiskQuery) -> list[risk.LineRisk]:
    """The lines asked for; the risk of all is kept for each reader until the next write."""
    store, day = current_store(), today()

    def read() -> list[risk.LineRisk]:
        with store.read() as connection:
            return risk.all_risks(connection, day)

    return risk.chosen_risks(until_written(store, whole_store(), ("risk", day), read), asked)


@blueprint.get("/risk")
def listed() -> Response:
    """Lines with their index, the highest first, with the formula and its weights."""
    asked, values = _asked("cursor", "limit")
    limit = whole(values, "limit", _DEFAULT, 1, _MOST)
    start = whole(values, "cursor", 0, 0, _HIGHEST)
    found = _found(asked)
    more = start + limit < len(found)
    document = {
        "formula": risk.FORMULA,
        "factors": [one.as_json() for one in risk.factors()],
        "as_of": today(),
        "matched": len(found),
        "lines": [one.as_json() for one in found[start : start + limit]],
        "links": page_links("risk", str(start + limit) if more else None),
    }
    return respond("document.html", document, "平安边界风险 Risk of lines")


@blueprint.get("/risk.geojson")
def features() -> Response:
    """The lines with their index as a map."""
    asked, _ = _asked()
    found = _found(asked)
    with current_store().read() as connection:
        content = risk.risk_features(connection, found)
    return bytes_response(content, GEOJSON)


@blueprint.get("/risk.csv")
def table() -> Response:
    """The lines with their index as CSV."""
    asked, _ = _asked()
    found = _found(asked)
    return download(risk.risk_csv(found), "text/csv; charset=utf-8", "平安边界风险.csv")


@blueprint.get("/risk.docx")
def report() -> Response:
    """The report as DOCX."""
    asked, _ = _asked()
    found = _found(asked)
    with current_store().read() as connection:
        shapes = risk.line_shapes(connection, found)
    content = risk.risk_docx(found, shapes, asked.within or "", datetime.now(UTC))
    return download(content, DOCX, "平安边界风险报告.docx")
