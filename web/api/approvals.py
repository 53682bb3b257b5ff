"""`/approvals`: applications for names, their steps, papers, clocks and documents."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from data import Actor, InvalidValue, Store
from data.deadlines import today
from data.reference import find_term, terms
from gazetteer import approvals, lexicon_of
from web.addresses import root
from web.bodies import json_body
from web.context import current_actor, current_store
from web.downloads import DOCX, download
from web.form_fields import is_form
from web.forms import done, pages
from web.negotiation import (
    JSON,
    json_response,
    language,
    page_text,
    render_page,
    respond,
    wants_html,
)
from web.pages.approvals import application_page, case_page
from web.paging import page_links
from web.parameters import form_query, one_of, query, whole
from web.uploads import plain_name, uploads

blueprint = Blueprint("approvals", __name__)

LISTED = ("state", "kind", "class", "division", "name", "overdue", "cursor", "limit")
APPLICATION: Mapping[str, str] = {
    **dict.fromkeys(("name", "romanization", "name_mong", "reasons", "position"), "text"),
    **dict.fromkeys(("extent", "nature", "meaning", "origin", "applicant"), "text"),
    **dict.fromkeys(("approving_body", "approving_division"), "text"),
    **dict.fromkeys(("place_id", "successor_place_id"), "integer"),
    **dict.fromkeys(("lon", "lat"), "number"),
    "measures": "object",
    "applied_on": "date",
}
_NEW: Mapping[str, str] = {"kind": "text!", "class": "text!", "in": "text!", **APPLICATION}
_KINDS_OF_PAPERS: Mapping[str, str] = {"paper_kind": "texts"}
"""What a form of an application says of the files that come with it."""
_CHANGED: Mapping[str, str] = {"version": "integer!", "class": "text", "in": "text", **APPLICATION}
NOTED: Mapping[str, str] = {"version": "integer!", "note": "text"}
DECIDED: Mapping[str, str] = {
    "version": "integer!",
    "approved": "flag!",
    "decided_on": "date",
    "number": "text",
    "note": "text",
    "answers": "object",
    "romanization": "text",
}
ACTED: Mapping[str, str] = {
    "version": "integer!",
    "done_on": "date",
    "number": "text",
    "medium": "text",
    "note": "text",
    "deadline": "date",
}
_DEFAULT = 20
_RENAMED = {"class": "name_class", "in": "division"}


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """What is in hand is nobody's but the reader's to keep."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/approvals")
def listed() -> Response:
    """Cases that the reader may see, newest first."""
    values = form_query(LISTED)
    store, actor = current_store(), current_actor()
    asked = approvals.CaseQuery(
        state=values.get("state"),
        kind=values.get("kind"),
        name_class=values.get("class"),
        division=values.get("division"),
        name=values.get("name"),
        overdue=_flag("overdue", values.get("overdue")),
        before=whole(values, "cursor", 0, 0, 2**62),
        limit=whole(values, "limit", _DEFAULT, 1, approvals.MAX_LIMIT),
    )
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        page = approvals.list_cases(connection, asked, actor, lexicon, today())
    cases = [{**case, "href": f"{root()}approvals/{case['id']}"} for case in page.cases]
    after = None if page.next_before is None else str(page.next_before)
    document = {"approvals": cases, "links": page_links("approvals", after)}
    return respond("approvals.html", document, page_text("approval.title"))


@blueprint.get("/approvals/new")
def new() -> Response:
    """The form of an application; for programs, what may be sent."""
    values = form_query(("kind", "place"))
    one_of("kind", values.get("kind"), [one.code for one in terms("approval_kinds")])
    place = whole(values, "place", 0, 0, 2**62)
    document: dict[str, Any] = {
        "fields": dict(_NEW),
        "asked": {name: values[name] for name in values if name in {"kind", "place"}},
        "links": [{"href": f"{root()}approvals/new", "rel": "self", "type": JSON}],
    }
    if not wants_html():
        return json_response(document)
    store = current_store()
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        document["page"] = application_page(connection, lexicon, current_actor(), place)
    title = page_text("approval.new")
    return render_page("approval_new.html", document, title)


@blueprint.post("/approvals")
def apply() -> Response:
    """Receive an application; by a form with its papers."""
    query(())
    given = json_body({**_NEW, **_KINDS_OF_PAPERS} if is_form() else _NEW)
    papers = [
        approvals.NewPaper(kind, sent.content, sent.name)
        for kind, sent in zip(request.form.getlist("paper_kind"), uploads("paper"), strict=False)
        if sent is not None
    ]
    application = approvals.Application(**_renamed(given))
    store, actor = current_store(), current_actor()
    identity = approvals.apply(store, application, actor, today(), papers)

    def made() -> Response:
        response = _shown(store, identity, actor, 201)
        response.headers["Location"] = f"{root()}approvals/{identity}"
        return response

    return done(f"approvals/{identity}", made)


@blueprint.get("/approvals/clocks")
def clocks() -> Response:
    """Running clocks, the most urgent first: overdue, soon, running."""
    values = form_query(("state", "cursor", "limit"))
    store, actor = current_store(), current_actor()
    with store.read() as connection:
        found, following = approvals.list_clocks(
            connection,
            actor,
            lexicon_of(store, connection),
            today(),
            state=values.get("state"),
            after=_clock_cursor(values.get("cursor")),
            limit=whole(values, "limit", _DEFAULT, 1, approvals.MAX_LIMIT),
        )
    after = f"{following[0].isoformat()}.{following[1]}" if following else None
    document = {"clocks": found, "links": page_links("approvals/clocks", after)}
    return respond("clocks.html", document, page_text("work_tab.clocks"))


@blueprint.get("/approvals/<int:identity>")
def show(identity: int) -> Response:
    """One case whole."""
    query(())
    return _shown(current_store(), identity, current_actor())


@blueprint.post("/approvals/<int:identity>/papers")
def add_paper(identity: int) -> Response:
    """Keep a paper: as the form field `file`, or as the body with `file_name`."""
    values = query(("kind", "title", "file_name"))
    upload = request.files.get("file")
    content = upload.read() if upload is not None else request.get_data()
    name = (upload.filename if upload is not None else values.get("file_name")) or "upload"
    kind = request.form.get("kind") or values.get("kind", "")
    title = request.form.get("title") or values.get("title", "")
    store, actor = current_store(), current_actor()
    paper = approvals.add_paper(
        store, identity, kind, content, plain_name(name), plain_name(title) if title else "", actor
    )

    def made() -> Response:
        response = _shown(store, identity, actor, 201)
        response.headers["Location"] = f"{root()}approvals/{identity}/papers/{paper}"
        return response

    return done(f"approvals/{identity}", made)


@blueprint.get("/approvals/<int:identity>/papers/<int:paper>")
def paper(identity: int, paper: int) -> Response:
    """A paper as it came."""
    query(())
    with current_store().read() as connection:
        approvals.show_case(connection, identity, current_actor(), today())
        row, content = approvals.read_paper(connection, identity, paper)
    return download(content, row["media_type"], row["file_name"])


@blueprint.get("/approvals/<int:identity>/documents/<document>")
def written(identity: int, document: str) -> Response:
    """A document of the case as DOCX, made anew from the case."""
    query(())
    with current_store().read() as connection:
        made = approvals.write_document(connection, identity, document, current_actor())
    return download(made.content, DOCX, made.file_name)


@blueprint.post("/approvals/<int:identity>/amendment")
def amend(identity: int) -> Response:
    """Correct an application."""
    given = _body(_CHANGED)
    version = given.pop("version")
    store, actor = current_store(), current_actor()
    approvals.amend(store, identity, version, _renamed(given), actor, today())
    return _after(store, identity, actor)


@blueprint.post("/approvals/<int:identity>/acceptance")
def accept(identity: int) -> Response:
    """Take an application under review."""
    return _noted(identity, approvals.accept)


@blueprint.post("/approvals/<int:identity>/return")
def give_back(identity: int) -> Response:
    """Return an application for correction."""
    return _noted(identity, approvals.give_back)


@blueprint.post("/approvals/<int:identity>/withdrawal")
def withdraw(identity: int) -> Response:
    """Take an application back."""
    return _noted(identity, approvals.withdraw)


@blueprint.post("/approvals/<int:identity>/decision")
def decide(identity: int) -> Response:
    """Approve or refuse."""
    given = _body(DECIDED)
    store, actor = current_store(), current_actor()
    answers = given.get("answers", {})
    for code, text in answers.items():
        if not isinstance(text, str):
            raise InvalidValue(
                f"answers.{code}", text, "an answer is a text", "write it", "答复应为文字"
            )
    decision = approvals.Decision(
        given["approved"],
        given.get("decided_on", today()),
        given.get("number", ""),
        given.get("note", ""),
        answers,
        given.get("romanization", ""),
    )
    approvals.decide(store, identity, given["version"], decision, actor, today())
    return _after(store, identity, actor)


@blueprint.post("/approvals/<int:identity>/filing")
def file(identity: int) -> Response:
    """Send an approved name for filing."""
    return _acted(identity, approvals.file)


@blueprint.post("/approvals/<int:identity>/filing-return")
def return_filing(identity: int) -> Response:
    """Return an incomplete filing."""
    return _acted(identity, approvals.return_filing)


@blueprint.post("/approvals/<int:identity>/filing-acceptance")
def accept_filing(identity: int) -> Response:
    """Take a filing as complete."""
    return _acted(identity, approvals.accept_filing)


@blueprint.post("/approvals/<int:identity>/announcement")
def announce(identity: int) -> Response:
    """Say that the name was announced."""
    return _acted(identity, approvals.announce)


@blueprint.post("/approvals/<int:identity>/reminder")
def remind(identity: int) -> Response:
    """Remind the body that is late."""
    return _acted(identity, approvals.remind)


@blueprint.post("/approvals/<int:identity>/invitations")
def invite(identity: int) -> Response:
    """Ask an expert about the case."""
    given = _body({"version": "integer!", "expert_id": "integer!"})
    store, actor = current_store(), current_actor()
    approvals.invite(store, identity, given["version"], given["expert_id"], actor, today())
    return _after(store, identity, actor)


@blueprint.post("/approvals/<int:identity>/opinions")
def give_opinion(identity: int) -> Response:
    """What an expert answers."""
    given = _body(
        {
            "version": "integer!",
            "expert_id": "integer!",
            "state": "text",
            "vote": "text",
            "opinion": "text",
            "paper_id": "integer",
        }
    )
    opinion = approvals.Opinion(
        given.get("state", "answered"),
        given.get("vote", ""),
        given.get("opinion", ""),
        given.get("paper_id"),
    )
    store, actor = current_store(), current_actor()
    approvals.give_opinion(
        store, identity, given["version"], given["expert_id"], opinion, actor, today()
    )
    return _after(store, identity, actor)


def _noted(identity: int, step: Callable[[Store, int, int, str, Actor, date], None]) -> Response:
    given = _body(NOTED)
    store, actor = current_store(), current_actor()
    step(store, identity, given["version"], given.get("note", ""), actor, today())
    return _after(store, identity, actor)


def _acted(
    identity: int, step: Callable[[Store, int, int, approvals.Act, Actor, date], None]
) -> Response:
    given = _body(ACTED)
    act = approvals.Act(
        given.get("done_on", today()),
        given.get("number", ""),
        given.get("medium", ""),
        given.get("note", ""),
        given.get("deadline"),
    )
    store, actor = current_store(), current_actor()
    step(store, identity, given["version"], act, actor, today())
    return _after(store, identity, actor)


def _body(known: Mapping[str, str]) -> dict[str, Any]:
    query(())
    return json_body(known)


def _renamed(given: Mapping[str, Any]) -> dict[str, Any]:
    known = {one.name for one in fields(approvals.Application)}
    named = {_RENAMED.get(name, name): value for name, value in given.items()}
    return {name: value for name, value in named.items() if name in known}


def _after(store: Store, identity: int, actor: Actor) -> Response:
    """The case after an act."""
    return done(f"approvals/{identity}", lambda: _shown(store, identity, actor))


def _shown(store: Store, identity: int, actor: Actor, status: int = 200) -> Response:
    with store.read() as connection:
        case = approvals.show_case(connection, identity, actor, today())
    own = f"{root()}approvals/{identity}"
    case["papers"] = [{**paper, "href": f"{own}/papers/{paper['id']}"} for paper in case["papers"]]
    case["documents"] = [
        {**one, "href": f"{own}/documents/{one['document']}"} for one in case["documents"]
    ]
    case["links"] = [
        {"href": own, "rel": "self", "type": JSON},
        *(
            {"href": one["href"], "rel": "related", "type": DOCX, "title": one["zh"]}
            for one in case["documents"]
        ),
    ]
    if status == 201:  # noqa: PLR2004 - Created
        return json_response(case, status)
    if not wants_html():
        return json_response(case)
    with store.read() as connection:
        case["page"] = case_page(connection, case, actor, today())
    return render_page("approval.html", case, f"{_kind(case)} {case['name']}")


def _kind(case: Mapping[str, Any]) -> str:
    found = find_term("approval_kinds", case["kind"])
    return case["kind_zh"] if found is None else _title(found.zh, found.en)


def _clock_cursor(text: str | None) -> tuple[date, int] | None:
    if text is None:
        return None
    day, _, identity = text.partition(".")
    try:
        return date.fromisoformat(day), int(identity)
    except ValueError:
        raise InvalidValue(
            "cursor", text, "it comes from a page's link", "follow that link", "请使用上一页的链接"
        ) from None


def _flag(name: str, text: str | None) -> bool | None:
    known = {None: None, "true": True, "1": True, "false": False, "0": False}
    if text not in known:
        raise InvalidValue(
            name, text, "it is true or false", "give one of them", f"“{name}”应为 true 或 false"
        )
    return known[text]


def _title(zh: str, en: str) -> str:
    return zh if language() == "zh" else en


pages(blueprint, show, new)
