"""`/heritage`: the protection lists, their entries, pictures, inspections and coverage."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from data import InvalidValue
from data.deadlines import today
from gazetteer import heritage, lexicon_of
from web.addresses import root
from web.bodies import body, json_body
from web.context import current_actor, current_store
from web.downloads import DOCX, XLSX, download
from web.negotiation import (
    bytes_response,
    json_response,
    lang_query,
    language,
    page_language,
    page_text,
    render_page,
    respond,
    wants_html,
)
from web.pages.heritage import entry_page, gallery
from web.paging import page_links
from web.parameters import form_query, query, whole

blueprint = Blueprint("heritage", __name__)

FILTERS = ("level", "category", "state", "batch", "division")
NOMINATED: Mapping[str, str] = {
    "place_id": "integer!",
    "list_level": "text!",
    "category": "text!",
    "first_record": "text!",
    "first_record_source": "text!",
    "first_record_year": "integer",
    "evidence": "objects",
    **dict.fromkeys(("measures", "custodian", "intangible_link", "remark"), "text"),
}
LISTED: Mapping[str, str] = {
    "version": "integer!",
    "listed_on": "date",
    "document": "text!",
    "batch": "text!",
}
REMOVED: Mapping[str, str] = {"version": "integer!", "removed_on": "date", "reason": "text!"}
CHANGED: Mapping[str, str] = {
    "version": "integer!",
    **dict.fromkeys(("measures", "custodian", "intangible_link", "remark"), "text"),
}
VISITED: Mapping[str, str] = {
    "inspected_on": "date",
    "condition": "text!",
    "finding": "text",
    "wanted": "text",
}
_EVIDENCE: Mapping[str, type] = {
    "criterion": str,
    "since_year": int,
    "evidence": str,
    "source": str,
    "interruptions": str,
}


@blueprint.get("/heritage")
def listed() -> Response:
    """Entries of the lists in order; listed ones unless a state is asked."""
    values = form_query((*FILTERS, "cursor", "limit"))
    limit = whole(values, "limit", 50, 1, heritage.MAX_LIMIT)
    asked = _asked(values, whole(values, "cursor", 0, 0, 2**62), limit)
    store = current_store()
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        found, following = heritage.list_entries(connection, asked, lexicon)
    entries = [{**one, "href": f"{root()}heritage/{one['id']}"} for one in found]
    links = page_links("heritage", None if following is None else str(following))
    links += [
        {"href": f"{root()}heritage/list.{kind}", "rel": "alternate", "type": media}
        for kind, media in (("docx", DOCX), ("xlsx", XLSX))
    ]
    title = "地名文化遗产保护名录" if language() == "zh" else "Protection list"
    document = {"entries": entries, "links": links}
    if not wants_html():
        return json_response(document)
    with store.read() as connection:
        pictures = heritage.first_pictures(connection, [one["id"] for one in found])
    page = gallery(document, values, pictures)
    return render_page("heritage.html", page, title)


@blueprint.get("/heritage/list.docx")
def as_document() -> Response:
    """The list as DOCX."""
    found, scope, day = _whole_list()
    content = heritage.list_document(found, scope, day)
    return download(content, DOCX, f"{scope}地名文化遗产保护名录.docx")


@blueprint.get("/heritage/list.xlsx")
def as_workbook() -> Response:
    """The list as XLSX."""
    found, scope, day = _whole_list()
    content = heritage.list_workbook(found, scope, day)
    return download(content, XLSX, f"{scope}地名文化遗产保护名录.xlsx")


@blueprint.get("/heritage/coverage")
def covered() -> Response:
    """How far the lists reach, county by county."""
    values = query(("division",))
    store = current_store()
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        found = heritage.coverage(connection, lexicon, values.get("division"))
    document = {
        "counties": len(found),
        "with_list": sum(one["has_list"] for one in found),
        "listed": sum(one["listed"] for one in found),
        "coverage": found,
    }
    title = "名录覆盖情况" if language() == "zh" else "Coverage of the lists"
    return respond("document.html", document, title)


@blueprint.post("/heritage")
def nominate() -> Response:
    """Put a name forward."""
    query(())
    given = json_body(NOMINATED)
    evidence = [_evidence(one) for one in given.pop("evidence", [])]
    nomination = heritage.Nomination(**given, evidence=evidence)
    identity = heritage.nominate(current_store(), nomination, current_actor(), today())
    response = json_response(_read(identity), 201)
    response.headers["Location"] = f"{root()}heritage/{identity}"
    return response


@blueprint.get("/heritage/<int:identity>")
def show(identity: int) -> Response:
    """An entry whole."""
    query(())
    found = _read(identity)
    if not wants_html():
        return json_response(found)
    store = current_store()
    with store.read() as connection:
        page = entry_page(store, connection, found, page_language(), current_actor())
    return render_page("heritage_entry.html", page, str(found["name"]))


@blueprint.get("/heritage/<int:identity>/story")
def story_form(identity: int) -> Response:
    """An entry's story as it was written; for its keepers, the form to write it."""
    query(())
    found = _read(identity)
    title = f"{found['name']} · {page_text('heritage.story')}"
    document = {"id": identity, "name": found["name"], "story": found["story"]}
    return respond("heritage_story.html", document | {"pictures": found["pictures"]}, title)


@blueprint.post("/heritage/<int:identity>/story")
def write_story(identity: int) -> Response:
    """Write or rewrite an entry's story, in Markdown."""
    query(())
    fields = body(("version", "text"))
    version, text = fields.version(), fields.required("text")
    heritage.write_story(current_store(), identity, version, text, current_actor(), today())
    if wants_html():
        lang = lang_query()
        return Response(status=303, headers={"Location": f"/heritage/{identity}{lang}"})
    return json_response(_read(identity))


@blueprint.post("/heritage/<int:identity>/listing")
def put_on_list(identity: int) -> Response:
    """List a candidate."""
    query(())
    given = json_body(LISTED)
    listing = heritage.Listing(given.get("listed_on", today()), given["document"], given["batch"])
    heritage.put_on_list(
        current_store(), identity, given["version"], listing, current_actor(), today()
    )
    return json_response(_read(identity))


@blueprint.post("/heritage/<int:identity>/removal")
def remove(identity: int) -> Response:
    """Take a name off its list."""
    query(())
    given = json_body(REMOVED)
    heritage.remove_from_list(
        current_store(),
        identity,
        given["version"],
        given.get("removed_on", today()),
        given["reason"],
        current_actor(),
        today(),
    )
    return json_response(_read(identity))


@blueprint.post("/heritage/<int:identity>/change")
def change(identity: int) -> Response:
    """Change measures, custodian, links."""
    query(())
    given = json_body(CHANGED)
    version = given.pop("version")
    heritage.change(current_store(), identity, version, given, current_actor())
    return json_response(_read(identity))


@blueprint.post("/heritage/<int:identity>/inspections")
def inspect(identity: int) -> Response:
    """Record an inspection."""
    query(())
    given = json_body(VISITED)
    visit = heritage.Visit(
        given.get("inspected_on", today()),
        given["condition"],
        given.get("finding", ""),
        given.get("wanted", ""),
    )
    heritage.inspect(current_store(), identity, visit, current_actor(), today())
    return json_response(_read(identity), 201)


@blueprint.post("/heritage/<int:identity>/pictures")
def add_picture(identity: int) -> Response:
    """Keep a picture: as the form field `file`, or as the body."""
    values = query(("title", "credit"))
    sent = request.files.get("file")
    content = sent.read() if sent is not None else request.get_data()
    title = request.form.get("title") or values.get("title", "")
    credit = request.form.get("credit") or values.get("credit", "")
    heritage.add_picture(
        current_store(), identity, content, title[:200], credit[:200], current_actor()
    )
    return json_response(_read(identity), 201)


@blueprint.get("/heritage/<int:identity>/pictures/<int:picture>")
def picture(identity: int, picture: int) -> Response:
    """The public copy of a picture."""
    query(())
    with current_store().read() as connection:
        content = heritage.read_picture_copy(connection, identity, picture)
    return bytes_response(content, "image/jpeg")


def _asked(values: Mapping[str, str], after: int, limit: int | None) -> heritage.EntryQuery:
    return heritage.EntryQuery(
        level=values.get("level"),
        category=values.get("category"),
        state=values.get("state", "listed"),
        batch=values.get("batch"),
        division=values.get("division"),
        after=after,
        limit=limit,
    )


def _whole_list() -> tuple[list[dict[str, Any]], str, date]:
    values = query(FILTERS)
    store = current_store()
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        found, _ = heritage.list_entries(connection, _asked(values, 0, None), lexicon)
        division = values.get("division")
        scope = "" if division is None else lexicon.resolve(division, field="division").name
    return found, scope, today()


def _read(identity: int) -> dict[str, Any]:
    store = current_store()
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
        found = heritage.show_entry(connection, identity, lexicon, today())
    own = f"{root()}heritage/{identity}"
    found["pictures"] = [
        {**one, "href": f"{own}/pictures/{one['id']}"} for one in found["pictures"]
    ]
    place = f"{root()}collections/places/items/{found['place_id']}"
    found["links"] = [
        {"href": own, "rel": "self", "type": "application/json"},
        {"href": place, "rel": "related", "type": "application/geo+json", "title": found["name"]},
    ]
    return found


def _evidence(given: Mapping[str, Any]) -> heritage.Evidence:
    for name, value in given.items():
        kind = _EVIDENCE.get(name)
        if kind is None or not isinstance(value, kind) or isinstance(value, bool):
            known = ", ".join(_EVIDENCE)
            raise InvalidValue(
                f"evidence.{name}", value, f"evidence has {known}", "correct it",
                f"证据的成员为 {known}；请更正",
            )  # fmt: skip
    return heritage.Evidence(
        given.get("criterion", "other"),
        given.get("since_year", 0),
        given.get("evidence", ""),
        given.get("source", ""),
        given.get("interruptions", ""),
    )
