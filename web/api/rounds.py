"""`/rounds`: joint inspections from the plan to the filing, and the calendar of all lines."""

from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, Response

from boundary import rounds
from data import InvalidValue, today
from gazetteer import lexicon_of
from web.addresses import root
from web.api.lines import created, kind_asked
from web.bodies import Fields, body
from web.context import current_actor, current_store, whole_store
from web.downloads import DOCX, XLSX, download
from web.forms import done, pages
from web.negotiation import (
    JSON,
    bytes_response,
    json_response,
    page_text,
    render_page,
    respond,
    wants_html,
)
from web.pages.rounds import acts_page, plan_page, progress_of
from web.parameters import form_query, query, whole
from web.until_written import until_written

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
    values = form_query(("state", "line"))
    line = whole(values, "line", 0, 1, _HIGHEST) if "line" in values else None
    with current_store().read() as connection:
        found = rounds.list_rounds(connection, values.get("state"), line)
    rows = [one | {"links": [_link(f"rounds/{one['id']}", "item")]} for one in found]
    links = [_link("rounds", "self"), _link("rounds/calendar", "related")]
    document: dict[str, Any] = {"rounds": rows, "links": links}
    if not wants_html():
        return json_response(document)
    with current_store().read() as connection:
        document["page"] = {"progress": progress_of(connection, rows)}
    return render_page("rounds.html", document, page_text("round.title"))


def _link(path: str, rel: str, media_type: str = JSON, title: str = "") -> dict[str, str]:
    link = {"href": f"{root()}{path}", "rel": rel, "type": media_type}
    return link | {"title": title} if title else link


@blueprint.get("/rounds/new")
def new() -> Response:
    """The form of a plan, and of an earlier round; for programs, what may be sent."""
    line = whole(form_query(("line",)), "line", 0, 1, _HIGHEST)
    document: dict[str, Any] = {"fields": [*_PLAN], "links": [_link("rounds/new", "self")]}
    if not wants_html():
        return json_response(document)
    store, actor = current_store(), current_actor()
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        document["page"] = plan_page(connection, lexicon, actor, line, today())
    return render_page("round_new.html", document, page_text("round.new"))


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
    key = rounds.plan_round(store, actor, fields.wholes("lines"), values, teams)
    return done(f"rounds/{key}", lambda: created({"id": key}, f"rounds/{key}"))


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
    document = page | {"links": links}
    if not wants_html():
        return json_response(document)
    with current_store().read() as connection:
        document["page"] = acts_page(connection, identity, page, current_actor(), today())
    return render_page("round.html", document, str(page["round"]["name"]))


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
    taken = rounds.attach_file(current_store(), current_actor(), identity, key, side)
    return done(f"rounds/{identity}", lambda: json_response(taken))


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
    return done(f"rounds/{identity}", lambda: created({"id": key}, f"rounds/{identity}"))


@blueprint.post("/rounds/<int:identity>/signatures")
def sign(identity: int) -> Response:
    """Sign the report for a party."""
    query(())
    fields = body(("party", "name", "role", "signed_on"))
    party, name, role = fields.required("party"), fields.required("name"), fields.text("role") or ""
    day = fields.day("signed_on") or today()
    state = rounds.sign(current_store(), current_actor(), identity, party, name, role, day)
    answer = {"id": identity, "state": state}
    return done(f"rounds/{identity}", lambda: json_response(answer))


@blueprint.post("/rounds/<int:identity>/filing")
def file(identity: int) -> Response:
    """File a signed round with the authority that approved the line."""
    query(())
    fields = body(("filed_with", "filing_no", "filed_on"))
    authority, number = fields.text("filed_with"), fields.text("filing_no")
    day = fields.day("filed_on") or today()
    rounds.file_round(current_store(), current_actor(), identity, authority, number, day)
    answer = {"id": identity, "state": "filed"}
    return done(f"rounds/{identity}", lambda: json_response(answer))


@blueprint.post("/rounds/<int:identity>/cancel")
def cancel(identity: int) -> Response:
    """Cancel a round with a reason."""
    query(())
    reason = body(("reason",)).required("reason")
    rounds.cancel_round(current_store(), current_actor(), identity, reason)
    answer = {"id": identity, "state": "cancelled"}
    return done(f"rounds/{identity}", lambda: json_response(answer))


@blueprint.post("/rounds/past")
def past() -> Response:
    """Record a round of the time before this register."""
    query(())
    fields = body(("lines", "number", "completed_on"))
    day = fields.day("completed_on")
    if day is None:
        raise InvalidValue("completed_on", "", "its day is needed", "give it", "请填写完成日期")
    store, actor = current_store(), current_actor()
    key = rounds.record_past_round(
        store, actor, fields.wholes("lines"), fields.whole("number"), day
    )
    return done(f"rounds/{key}", lambda: created({"id": key}, f"rounds/{key}"))


@blueprint.get("/rounds/calendar")
@blueprint.get("/rounds/calendar.csv")
@blueprint.get("/rounds/calendar.xlsx")
@blueprint.get("/rounds/calendar.ics")
@blueprint.get("/rounds/calendar.png")
def calendar() -> Response:
    """When every line is due within some years."""
    years = whole(query(("years",)), "years", rounds.CALENDAR_YEARS, 1, _MOST_YEARS)
    kind, day = kind_asked(), today()
    found = _calendar(day, years)
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
    document = {"years": years, "lines": rows, "links": links, "first_year": day.year}
    return respond("calendar.html", document, page_text("work_tab.calendar"))


def _calendar(day: date, years: int) -> list[rounds.CalendarLine]:
    """The calendar of all lines that the reader sees, kept until the next write."""
    store = current_store()

    def read() -> list[rounds.CalendarLine]:
        with store.read() as connection:
            return rounds.calendar(connection, day, years)

    return until_written(store, whole_store(), ("calendar", day, years), read)


_FORMATS = {"csv": CSV, "xlsx": XLSX, "ics": ICS, "png": "image/png"}


pages(blueprint, show, new)
