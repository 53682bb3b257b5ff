"""`/report-problem` for everybody, `/problem-reports` for those who handle what is reported."""

from typing import Any

from flask import Blueprint, Response, request

from data import today
from gazetteer import lexicon_of, problem_reports
from web.addresses import root
from web.bodies import Fields, body
from web.context import current_actor, whole_store
from web.forms import pages
from web.negotiation import (
    bytes_response,
    json_response,
    lang_query,
    page_text,
    render_page,
    respond,
    wants_html,
)
from web.paging import page_links
from web.parameters import form_query, query, whole
from web.uploads import upload

blueprint = Blueprint("problem_reports", __name__)

FIELDS = ("kind", "told", "about", "place", "lon", "lat", "contact")
_MOST = problem_reports.MOST_REPORTS


@blueprint.get("/report-problem")
def form() -> Response:
    """The form to report a problem; for programs, what may be sent."""
    values = query(("about",)) if request.method == "GET" else {}
    document = {"fields": [*FIELDS, "photo"], "about": values.get("about", "")}
    return respond("report_problem.html", document, page_text("problem_report.title"))


@blueprint.post("/report-problem")
def report() -> Response:
    """Take a report; the answer holds the code to ask with, this once."""
    query(())
    fields = body(FIELDS)
    code = problem_reports.report(whole_store(), _new(fields), today())
    document = {
        "code": code,
        "links": [{"href": f"{root()}report-problem/status", "rel": "status"}],
    }
    if wants_html():
        title = page_text("problem_report.thanks")
        return _private(render_page("report_problem_done.html", document, title, 201))
    return _private(json_response(document, 201))


def _new(fields: Fields) -> problem_reports.NewReport:
    photo = upload("photo")
    return problem_reports.NewReport(
        kind=fields.required("kind"),
        told=fields.required("told"),
        about=fields.text("about") or "",
        place_text=fields.text("place") or "",
        lon=fields.number("lon"),
        lat=fields.number("lat"),
        photo=photo.content if photo is not None and photo.content else None,
        contact=fields.text("contact") or "",
    )


pages(blueprint, form, form, only=("report",))


@blueprint.get("/report-problem/status")
def ask() -> Response:
    """The form to ask what became of a report."""
    query(())
    title = page_text("problem_report.ask")
    return respond("report_problem_status.html", {"fields": ["code"], "report": None}, title)


@blueprint.post("/report-problem/status")
def status() -> Response:
    """What became of the report of a code; the code stands in no address and no log."""
    query(())
    code = body(("code",)).required("code")
    with whole_store().read() as connection:
        found = problem_reports.track(connection, code)
    if wants_html():
        title = page_text("problem_report.ask")
        page = render_page("report_problem_status.html", {"report": found}, title)
        return _private(page)
    return _private(json_response(found))


@blueprint.get("/problem-reports")
def listed() -> Response:
    """The queue of reports that the reader may handle, oldest first; open ones by default."""
    values = form_query(("state", "cursor", "limit"))
    state = values.get("state", "open")
    asked = problem_reports.QueueQuery(
        None if state == "all" else state,
        whole(values, "cursor", 0, 0, 2**62),
        whole(values, "limit", 50, 1, _MOST),
    )
    store = whole_store()
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        found, following = problem_reports.list_reports(connection, asked, current_actor(), lexicon)
        for one in found:
            one["division_path"] = " › ".join(lexicon.path_names(one["division_code"]))
    document = {
        "reports": found,
        "state": state,
        "links": page_links("problem-reports", None if following is None else str(following)),
    }
    return _private(respond("problem_reports.html", document, page_text("problem_report.queue")))


@blueprint.get("/problem-reports/<int:identity>")
def show(identity: int) -> Response:
    """A report whole, for those who may handle it."""
    query(())
    found = _read(identity)
    title = f"{page_text('problem_report.queue')} {identity}"
    return _private(respond("problem_report.html", found, title))


def _read(identity: int) -> dict[str, Any]:
    store = whole_store()
    with store.read() as connection:
        found = problem_reports.read_report(connection, identity, current_actor())
        lexicon = lexicon_of(store, connection)
        found["division_path"] = " › ".join(lexicon.path_names(found["division_code"]))
    own = f"{root()}problem-reports/{identity}"
    found["links"] = [{"href": own, "rel": "self", "type": "application/json"}]
    if found.pop("has_photo"):
        found["links"].append({"href": f"{own}/photo", "rel": "photo", "type": "image/jpeg"})
    return found


@blueprint.get("/problem-reports/<int:identity>/photo")
def photo(identity: int) -> Response:
    """The picture of a report, without what cameras write."""
    query(())
    with whole_store().read() as connection:
        content = problem_reports.read_photo(connection, identity, current_actor())
    return _private(bytes_response(content, "image/jpeg"))


@blueprint.post("/problem-reports/<int:identity>/handling")
def handle(identity: int) -> Response:
    """Take a report up, settle or dismiss it; closing it erases the reporter's contact."""
    query(())
    fields = body(("version", "state", "answer", "note"))
    done = problem_reports.Handling(
        fields.required("state"), fields.text("answer") or "", fields.text("note") or ""
    )
    version = fields.version()
    problem_reports.handle(whole_store(), identity, version, done, current_actor(), today())
    if wants_html():
        lang = lang_query()
        return Response(status=303, headers={"Location": f"/problem-reports/{identity}{lang}"})
    return _private(json_response(_read(identity)))


def _private(response: Response) -> Response:
    """What people report is kept by no cache."""
    response.headers["Cache-Control"] = "private, no-store"
    return response
