"""`/rounds`: joint inspections from the plan to the filing, and the calendar of all lines."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response

from boundary import rounds
from data import InvalidValue
from web.addresses import root
from web.api.lines import created, kind_asked, today
from web.bodies import Fields, body
from web.context import current_actor, current_store
from web.downloads import DOCX, XLSX, download
from web.negotiation import JSON, bytes_response, json_response, respond
from web.parameters import query, whole

blueprint = Blueprint("rounds", __name__)

CSV, ICS, GPX, ZIP = "text/csv; charset=utf-8", "text/calendar", "application/gpx+xml", (
    "application/zip"
)  # fmt: skip
_PLAN = (
    *("lines", "name", "number", "kind", "due_on", "begins_on", "ends_on", "event", "plan"),
    *("remark", "teams"),
)
_TEAM = ("party", "leader", "members")
_HIGHEST = 2**62
_MOST_YEARS = 30


@blueprint.get("/rounds")
def listed() -> Response:
    """Rounds, the newest first."""
    values = query(("state", "line"))
    line = whole(values, "line", 0, 1, _HIGHEST) if "line" in values else None
    with current_store().read() as connection:
        found = rounds.list_rounds(connection, values.get("state"), line)
    rows = [one | {"links": [_link(f"rounds/{one['id']}", "item")]} for one in found]
    links = [_link("rounds", "self"), _link("rounds/calendar", "related")]
    return respond("document.html", {"rounds": rows, "links": links}, "联检 Joint inspections")


def _link(path: str, rel: str, media_type: str = JSON, title: str = "") -> dict[str, str]:
    link = {"href": f"{root()}{path}", "rel": rel, "type": media_type}
    return link | {"title": title} if title else link


@blueprint.post("/rounds")
def plan() -> Response:
    """Plan a round of some lines."""
    query(())
    fields = body(_PLAN)
    values: dict[str, Any] = {
        name: fields.text(name) for name in ("name", "kind", "event", "plan", "remark")
    }
    values |= {name: fields.day(name) for name in ("due_on", "begins_on", "ends_on")}
    values["number"] = fields.whole("number")
    teams = [_team(one) for one in fields.records("teams")] if fields.values.get("teams") else []
    store, actor = current_store(), current_actor()
    key = rounds.plan_round(store, actor, _ids(fields), values, teams)
    return created({"id": key}, f"rounds/{key}")


def _ids(fields: Fields) -> list[int]:
    given = fields.values.get("lines")
    if not isinstance(given, list) or not all(isinstance(one, int) for one in given):
        raise InvalidValue("lines", given, "a list of lines is needed", "give ids", "应为界线列表")
    return given


def _team(values: Any) -> dict[str, Any]:
    fields = Fields({name: values.get(name) for name in _TEAM})
    texts = {name: fields.text(name) for name in _TEAM}
    return texts | {"party": fields.required("party")}


@blueprint.get("/rounds/<int:identity>")
def show(identity: int) -> Response:
    """A round with its progress and the observations of both sides."""
    query(())
    with current_store().read() as connection:
        page = rounds.round_page(connection, identity)
    own = f"rounds/{identity}"
    links = [
        _link(own, "self"),
        _link(f"{own}/route.gpx", "enclosure", GPX, "路线 GPX"),
        _link(f"{own}/field.zip", "enclosure", ZIP, "外业包 QField / QGIS"),
        _link(f"{own}/report.docx", "enclosure", DOCX, "联检报告 DOCX"),
        _link(f"{own}/records.xlsx", "enclosure", XLSX, "记录表 XLSX"),
    ]
    return respond("round.html", page | {"links": links}, str(page["round"]["name"]))


@blueprint.get("/rounds/<int:identity>/route.gpx")
@blueprint.get("/rounds/<int:identity>/field.zip")
@blueprint.get("/rounds/<int:identity>/report.docx")
@blueprint.get("/rounds/<int:identity>/records.xlsx")
def paper(identity: int) -> Response:
    """What goes into the field, and what comes out of it."""
    query(())
    store, kind = current_store(), kind_asked()
    with store.read() as connection:
        if kind in {"docx", "xlsx"}:
            papers = rounds.read_papers(connection, identity)
            name = papers.page["round"]["name"]
            if kind == "docx":
                content = rounds.report_docx(papers, datetime.now(UTC))
                return download(content, DOCX, f"{name}报告.docx")
            return download(rounds.records_xlsx(papers), XLSX, f"{name}记录表.xlsx")
        page = rounds.round_page(connection, identity)
        lines = rounds.lines_of(connection, identity)
    name = page["round"]["name"]
    if kind == "gpx":
        return download(rounds.route_gpx(name, page["route"]), GPX, f"{name}路线.gpx")
    shapes = [(one["name"], one["geom"]) for one in lines if one["geom"]]
    sides = {one["code"]: one["name"] for one in page["parties"]}
    content = rounds.field_package(name, page["route"], shapes, sides, store.srid)
    return download(content, ZIP, f"{name}外业包.zip")


@blueprint.post("/rounds/<int:identity>/files")
def take(identity: int) -> Response:
    """Take a committed inspection file as the observations of one side."""
    query(())
    fields = body(("submission", "side"))
    key = fields.whole("submission")
    if key is None:
        raise InvalidValue(
            "submission", "", "a submission is needed", "give its id", "请填写提交编号"
        )
    side = fields.required("side")
    return json_response(rounds.attach_file(current_store(), current_actor(), identity, key, side))


@blueprint.post("/rounds/<int:identity>/decisions")
def decide(identity: int) -> Response:
    """Record what the sides agreed on about a marker."""
    query(())
    fields = body(("marker", "condition", "verdict", "note", "agreed_by", "decided_on"))
    marker = fields.whole("marker")
    if marker is None:
        raise InvalidValue("marker", "", "a marker is needed", "give its id", "请填写界桩")
    values: dict[str, Any] = {n: fields.text(n) for n in ("condition", "verdict", "note")}
    values |= {
        "agreed_by": fields.texts("agreed_by"),
        "decided_on": fields.day("decided_on") or today(),
    }
    key = rounds.decide(current_store(), current_actor(), identity, marker, values)
    return created({"id": key}, f"rounds/{identity}")


@blueprint.post("/rounds/<int:identity>/signatures")
def sign(identity: int) -> Response:
    """Sign the report for a party."""
    query(())
    fields = body(("party", "name", "role", "signed_on"))
    party, name, role = fields.required("party"), fields.required("name"), fields.text("role") or ""
    day = fields.day("signed_on") or today()
    state = rounds.sign(current_store(), current_actor(), identity, party, name, role, day)
    return json_response({"id": identity, "state": state})


@blueprint.post("/rounds/<int:identity>/filing")
def file(identity: int) -> Response:
    """File a signed round with the authority that approved the line."""
    query(())
    fields = body(("filed_with", "filing_no", "filed_on"))
    authority, number = fields.text("filed_with"), fields.text("filing_no")
    day = fields.day("filed_on") or today()
    rounds.file_round(current_store(), current_actor(), identity, authority, number, day)
    return json_response({"id": identity, "state": "filed"})


@blueprint.post("/rounds/<int:identity>/cancel")
def cancel(identity: int) -> Response:
    """Cancel a round with a reason."""
    query(())
    reason = body(("reason",)).required("reason")
    rounds.cancel_round(current_store(), current_actor(), identity, reason)
    return json_response({"id": identity, "state": "cancelled"})


@blueprint.post("/rounds/past")
def past() -> Response:
    """Record a round of the time before this register."""
    query(())
    fields = body(("lines", "number", "completed_on"))
    day = fields.day("completed_on")
    if day is None:
        raise InvalidValue("completed_on", "", "its day is needed", "give it", "请填写完成日期")
    store, actor = current_store(), current_actor()
    key = rounds.record_past_round(store, actor, _ids(fields), fields.whole("number"), day)
    return created({"id": key}, f"rounds/{key}")


@blueprint.get("/rounds/calendar")
@blueprint.get("/rounds/calendar.csv")
@blueprint.get("/rounds/calendar.xlsx")
@blueprint.get("/rounds/calendar.ics")
@blueprint.get("/rounds/calendar.png")
def calendar() -> Response:
    """When every line is due within some years."""
    years = whole(query(("years",)), "years", rounds.CALENDAR_YEARS, 1, _MOST_YEARS)
    kind, day = kind_asked(), today()
    with current_store().read() as connection:
        found = rounds.calendar(connection, day, years)
    if kind == "csv":
        return download(rounds.calendar_csv(found), CSV, "联检日历.csv")
    if kind == "xlsx":
        return download(rounds.calendar_xlsx(found), XLSX, "联检日历.xlsx")
    if kind == "ics":
        return download(rounds.calendar_ics(found, datetime.now(UTC)), ICS, "联检日历.ics")
    if kind == "png":
        return bytes_response(rounds.calendar_png(found, day, years), "image/png")
    rows = [
        {
            "line_id": one.line_id, "code": one.code, "name": one.name, "level": one.level,
            "parties": one.parties, "last_on": one.last_on, "last_number": one.last_number,
            "overdue": one.overdue, "due": [due.isoformat() for due in one.due],
        }
        for one in found
    ]  # fmt: skip
    links = [
        _link(f"rounds/calendar.{k}?years={years}", "alternate", m) for k, m in _FORMATS.items()
    ]
    return respond("document.html", {"years": years, "lines": rows, "links": links}, "联检日历")


_FORMATS = {"csv": CSV, "xlsx": XLSX, "ics": ICS, "png": "image/png"}
