"""`/topology`: what does not fit about outlines, lines and markers; each finding with a picture."""

from datetime import UTC, datetime

from flask import Blueprint, Response

from boundary import topology
from data import NotFound, Role
from web.addresses import root
from web.api.lines import kind_asked
from web.context import current_actor, current_store
from web.downloads import DOCX, XLSX, download
from web.negotiation import bytes_response, respond
from web.paging import page_links
from web.parameters import query, whole

blueprint = Blueprint("topology", __name__)

SELECTING = ("within", "level", "kind", "grade", "line")
_MOST, _DEFAULT, _HIGHEST = 1_000, 100, 2**62
_PATIENCE_S = 20.0
_ACT = "read the check of topology"


def _found(level: str) -> tuple[topology.Inputs, topology.Checked]:
    current_actor().require_somewhere(tuple(Role), _ACT)
    return topology.current_topology(current_store(), level, _PATIENCE_S)


@blueprint.get("/topology")
def listed() -> Response:
    """Findings, the gravest first, by division, kind, grade or line."""
    values = query((*SELECTING, "cursor", "limit"))
    limit = whole(values, "limit", _DEFAULT, 1, _MOST)
    start = whole(values, "cursor", 0, 0, _HIGHEST)
    level = values.get("level", topology.DEFAULT_LEVEL)
    asked = topology.TopologyQuery(
        values.get("within"), values.get("kind"), values.get("grade"), values.get("line")
    )
    current_actor().require_somewhere(tuple(Role), _ACT)
    checked, selected = topology.current_findings(current_store(), level, asked, _PATIENCE_S)
    chosen = selected.found
    page = chosen[start : start + limit]
    more = start + limit < len(chosen)
    suffix = "" if level == topology.DEFAULT_LEVEL else f"?level={level}"
    rows = [
        one.as_json()
        | {
            "links": [
                {
                    "href": f"{root()}topology/{number}/picture.png{suffix}",
                    "rel": "preview",
                    "type": "image/png",
                }
            ]
        }
        for number, one in page
    ]
    document = {
        "checked": {
            "areas": checked.areas,
            "lines": checked.lines,
            "markers": checked.markers,
        },
        "summary": selected.counted,
        "matched": len(chosen),
        "findings": rows,
        "links": page_links("topology", str(start + limit) if more else None),
    }
    return respond("document.html", document, "拓扑检查 Topology")


@blueprint.get("/topology/<int:number>/picture.png")
def picture(number: int) -> Response:
    """A finding as a picture, by its number in the list of all."""
    values = query(("level",))
    inputs, checked = _found(values.get("level", topology.DEFAULT_LEVEL))
    if number >= len(checked.findings):
        raise NotFound(f"there is no finding {number}", f"没有编号为 {number} 的问题")
    view = topology.View(checked.findings[number], inputs.areas, inputs.lines, inputs.points)
    return bytes_response(topology.draw_finding(view), "image/png")


@blueprint.get("/topology.docx")
@blueprint.get("/topology.xlsx")
def report() -> Response:
    """The report of the findings asked for, as DOCX or XLSX."""
    values = query(SELECTING)
    inputs, checked = _found(values.get("level", topology.DEFAULT_LEVEL))
    asked = topology.TopologyQuery(
        values.get("within"), values.get("kind"), values.get("grade"), values.get("line")
    )
    chosen = [one for _, one in topology.select_findings(checked, inputs, asked)]
    papers = topology.TopologyPapers(inputs, checked, chosen, values.get("within", ""))
    if kind_asked() == "xlsx":
        return download(topology.topology_xlsx(papers), XLSX, "拓扑检查.xlsx")
    content = topology.topology_docx(papers, datetime.now(UTC), lambda *_: None)
    return download(content, DOCX, "拓扑检查.docx")
