"""`/sign-inspections`, `/sign-repairs`, `/signs`: place-name signs (地名标志)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import Connection

from data import Forbidden, InvalidValue, Role
from data.deadlines import today
from gazetteer import lexicon_of, signs
from web.accounts import must_sign_in
from web.addresses import root
from web.bodies import json_body
from web.column_names import mapping_of, said_of_columns
from web.context import current_actor, current_store
from web.forms import done, pages
from web.negotiation import (
    json_response,
    lang_query,
    language,
    page_language,
    page_text,
    render_page,
    respond,
    wants_html,
)
from web.pages.submissions import column_extras
from web.paging import page_links
from web.parameters import form_query, query, whole
from web.uploads import plain_name

blueprint = Blueprint("signs", __name__)

_SENDERS = (Role.SURVEYOR, Role.EDITOR, Role.APPROVER)
_COMMITTERS = (Role.EDITOR, Role.APPROVER)
CHANGES: Mapping[str, str] = {
    "version": "integer!", "state": "text", "due_on": "date", "responsible": "text",
    "done_on": "date", "done_by": "text", "remark": "text",
}  # fmt: skip
_DEFAULT, _MOST = 100, 1_000
_IDS, _LONGEST_CURSOR = 2**40, 20


@blueprint.get("/sign-inspections")
def form() -> Response:
    """The page to send a file of inspections; for programs, what it may hold."""
    query(())
    return respond("sign_inspections.html", {"report": None}, _title())


def _title() -> str:
    return "地名标志检查" if language() == "zh" else "Sign inspections"


@blueprint.post("/sign-inspections")
def send() -> Response:
    """Receive a file of sign inspections and answer with its preview."""
    values = query(("file_name", "map"))
    actor = current_actor()
    actor.require_somewhere(_SENDERS, "send sign inspections")
    upload = request.files.get("file")
    content = upload.read() if upload is not None else request.get_data()
    name = (upload.filename if upload is not None else values.get("file_name")) or "upload"
    if not content:
        raise InvalidValue(
            "file", name, "nothing was sent", "choose a file and send it again",
            "没有收到文件内容；请选择文件后重新发送",
        )  # fmt: skip
    store, files = current_store(), signs.sign_files()
    identity = files.receive(store, content, plain_name(name), actor.name)
    if mapping := mapping_of([*request.form.getlist("map"), values.get("map", "")]):
        signs.name_sign_columns(store, identity, mapping, actor.name, today())
    report = files.preview(store, identity, today())
    if wants_html():
        return _see(identity)
    response = json_response(report, 201 if report["state"] != "refused" else 422)
    response.headers["Location"] = f"{root()}sign-inspections/{identity}"
    return response


def _see(identity: int) -> Response:
    lang = lang_query()
    return Response(status=303, headers={"Location": f"/sign-inspections/{identity}{lang}"})


@blueprint.get("/sign-inspections/<int:identity>")
def show(identity: int) -> Response:
    """A file's report as it stands."""
    query(())
    current_actor().require_somewhere(_SENDERS, "read sign inspections")
    with current_store().read() as connection:
        report = signs.sign_files().read(connection, identity)
    if not wants_html():
        return json_response(report)
    return render_page("sign_inspections.html", {"report": report | _extras(report)}, _title())


def _extras(report: Mapping[str, Any]) -> dict[str, Any]:
    return column_extras("sign_inspections", report, page_language())


@blueprint.post("/sign-inspections/<int:identity>/columns")
def choose_columns(identity: int) -> Response:
    """Say which columns are which fields; the file is read and judged anew."""
    query(())
    actor, store = current_actor(), current_store()
    actor.require_somewhere(_SENDERS, "name the columns of sign inspections")
    with store.read() as connection:
        report = signs.sign_files().read(connection, identity)
    mapping = said_of_columns(report)
    report = signs.name_sign_columns(store, identity, mapping, actor.name, today())
    return _see(identity) if wants_html() else json_response(report)


@blueprint.post("/sign-inspections/<int:identity>/commit")
def commit(identity: int) -> Response:
    """Turn a previewed file into inspections and repair orders; again changes nothing."""
    query(())
    actor, store, files = current_actor(), current_store(), signs.sign_files()
    actor.require_somewhere(_COMMITTERS, "commit sign inspections")
    if must_sign_in():
        with store.read() as connection:
            if files.read(connection, identity)["sent_by"] == actor.name:
                raise Forbidden("commit one's own submission", ["another person's"], None)
    report = files.commit(store, identity, actor.name, today())
    return _see(identity) if wants_html() else json_response(report)


@blueprint.get("/signs/<int:identity>/check")
def check(identity: int) -> Response:
    """What is wrong with a sign's text, as the register stands now."""
    query(())
    with current_store().read() as connection:
        found = signs.sign_check(connection, identity)
    return respond("document.html", found, found["sign_no"])


@blueprint.get("/sign-repairs")
def repairs() -> Response:
    """Repair orders of one state, the soonest due first."""
    values = form_query(("state", "overdue", "cursor", "limit"))
    current_actor().require_somewhere(tuple(Role), "read repair orders")
    overdue = values.get("overdue", "false")
    if overdue not in {"true", "false"}:
        raise InvalidValue(
            "overdue", overdue, "it is true or false", "give true", "overdue 应为 true 或 false"
        )
    limit = whole(values, "limit", _DEFAULT, 1, _MOST)
    asked = signs.RepairsQuery(
        values.get("state", "open"), today() if overdue == "true" else None,
        _after(values["cursor"]) if "cursor" in values else None, limit + 1,
    )  # fmt: skip
    with current_store().read() as connection:
        found = signs.list_repairs(connection, asked)
    page = found[:limit]
    cursor = None
    if len(found) > limit:
        cursor = str(page[-1]["due_on"].toordinal() * _IDS + page[-1]["id"])
    links = page_links("sign-repairs", cursor)
    document = {"repairs": page, "links": links, "today": today().isoformat()}
    return respond("sign_repairs.html", document, page_text("sign_repair.title"))


def _after(cursor: str) -> tuple[date, int]:
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < _LONGEST_CURSOR):
        raise InvalidValue(
            "cursor", cursor, "it comes from a `next` link", "leave it out",
            "cursor 应取自 next 链接",
        )  # fmt: skip
    day, identity = divmod(int(cursor), _IDS)
    return date.fromordinal(max(1, min(day, date.max.toordinal()))), identity


@blueprint.get("/sign-repairs/<int:identity>")
def repair(identity: int) -> Response:
    """One repair order."""
    query(())
    current_actor().require_somewhere(tuple(Role), "read repair orders")
    with current_store().read() as connection:
        found = signs.read_repair(connection, identity)
        if not wants_html():
            return json_response(found)
        found["may_change"] = _may_change(connection, found)
    found["today"] = today().isoformat()
    title = f"{page_text('sign_repair.title')} {found['sign_no']}"
    return render_page("sign_repair.html", found, title)


def _may_change(connection: Connection, order: Mapping[str, Any]) -> bool:
    path = _path(connection, order)
    return any(current_actor().may(role, path) for role in _COMMITTERS)


def _path(connection: Connection, order: Mapping[str, Any]) -> list[str]:
    """The codes of a sign's division and of all that contain it, lowest first."""
    lexicon = lexicon_of(current_store(), connection)
    return [one.code for one in lexicon.path(order["division_code"])][::-1]


@blueprint.post("/sign-repairs/<int:identity>")
def change(identity: int) -> Response:
    """Change a repair order: done, cancelled, another due date, who is responsible."""
    query(())
    given = json_body(CHANGES)
    version = given.pop("version")
    store, actor = current_store(), current_actor()
    with store.read() as connection:
        path = _path(connection, signs.read_repair(connection, identity))
    actor.require(_COMMITTERS, path, "change a repair order")
    changed = signs.change_repair(store, identity, version, given, actor.name)
    return done(f"sign-repairs/{identity}", lambda: json_response(changed))


pages(blueprint, repair, only=("change",))
