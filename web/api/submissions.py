"""`/submissions`: a surveyor's file in, its verdicts out, and the commit."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Blueprint, Response, request

from boundary import (
    REFUSED,
    LinesQuery,
    commit,
    list_lines,
    markers_of,
    name_columns,
    newest_submissions,
    preview,
    read_submission,
    receive,
    seen_report,
    sender_of,
)
from data import (
    Actor,
    Conflict,
    Forbidden,
    InvalidValue,
    Level,
    NotFound,
    Role,
    find_table,
    passing,
)
from data.partial_uploads import upload_taken, whole_upload
from web.accounts import must_sign_in, present, reader_store
from web.addresses import root
from web.column_names import mapping_of, said_of_columns
from web.context import current_actor, current_store, whole_store
from web.negotiation import (
    JSON,
    json_response,
    lang_query,
    language,
    page_language,
    page_text,
    render_page,
    wants_html,
)
from web.pages.submissions import submission_extras
from web.parameters import query
from web.problems import problem
from web.uploads import plain_name

blueprint = Blueprint("submissions", __name__)

_SENDER = "anonymous"
_SENDERS = (Role.SURVEYOR, Role.EDITOR, Role.APPROVER)
_COMMITTERS = (Role.EDITOR, Role.APPROVER)
_LOOKED_AT, _SHOWN, _LINES = 200, 20, 1_000
"""How far back one's own files are looked for; how many are shown; of how many lines templates."""


@blueprint.post("/submissions")
def send() -> Response:
    """Receive a file: as the form field `file`, or as the body with `file_name`.

    `map` names columns that are not recognised; the same file sent again without it is read as
    it was.
    """
    values = query(("file_name", "sent_by", "map", "upload"))
    actor = current_actor()
    actor.require_somewhere(_SENDERS, "send an inspection file")
    name, content = _sent(values, actor)
    if not content:
        raise InvalidValue(
            "file", name, "nothing was sent", "choose a file and send it again",
            "没有收到文件内容；请选择文件后重新发送",
        )  # fmt: skip
    sender = request.form.get("sent_by") or values.get("sent_by") or _SENDER
    if must_sign_in():
        sender = actor.name
    # Judged by what its sender may see: an answer never tells where another's marker stands.
    store = reader_store(actor, exact=True)
    sent_by = f"{sender[:100]} ({request.remote_addr})"
    mapping = mapping_of([*request.form.getlist("map"), values.get("map", "")])
    identity = receive(store, content, plain_name(name), sent_by)
    _hold_own(identity)
    if mapping:
        name_columns(store, identity, mapping, sent_by)
    if "upload" in values:
        upload_taken(whole_store(), values["upload"], content)
    report = seen(preview(store, identity), own=True)
    if wants_html():
        return _see(identity)
    if report["state"] == REFUSED:
        return _refused(report)
    response = json_response(report, 201)
    response.headers["Location"] = f"{root()}submissions/{identity}"
    return response


def _hold_own(identity: int) -> None:
    """Refuse the very bytes that somebody else has sent, where that file is not seen either.

    Raises:
        Conflict: their submission is another's, of markers that the reader does not see.
    """
    try:
        with whole_store().read() as connection:
            sent_before = read_submission(connection, identity)
    except NotFound:
        return  # these bytes come for the first time
    try:
        seen(sent_before)
    except NotFound:
        raise Conflict(
            "another account has sent this very file; it is dealt with there",
            "其他账号已提交过内容完全相同的文件；请由该账号办理",
        ) from None


def _sent(values: Mapping[str, str], actor: Actor) -> tuple[str, bytes]:
    """The name and bytes of the file: one that came in parts, the form's, or the body."""
    if "upload" in values:
        with whole_store().read() as connection:
            return whole_upload(connection, values["upload"], actor.name, present())
    upload = request.files.get("file")
    if upload is not None:
        return upload.filename or "upload", upload.read()
    return values.get("file_name", "upload"), request.get_data()


@blueprint.get("/submissions")
def listed() -> Response:
    """The files that the reader sent lately, and where to send another."""
    query(())
    actor = current_actor()
    actor.require_somewhere(_SENDERS, "send an inspection file")
    with current_store().read() as connection:
        newest = newest_submissions(connection, _LOOKED_AT)
        lines = list_lines(connection, LinesQuery(limit=_LINES)) if wants_html() else []
    closed = must_sign_in()
    own = [one for one in newest if not closed or sender_of(one) == actor.name][:_SHOWN]
    document = {
        "submissions": [{**one, "href": f"{root()}submissions/{one['id']}"} for one in own],
        "links": [{"href": f"{root()}submissions", "rel": "self", "type": JSON}],
    }
    title = page_text("upload.title")
    if wants_html():
        return render_page("submissions.html", document | {"lines": lines}, title)
    return json_response(document)


def _refused(report: dict[str, Any]) -> Response:
    chinese = language() == "zh"
    count = len(report["faults"])
    first = report["faults"][0]
    detail = first["zh"] if chinese else first["en"]
    if count > 1:
        detail = f"{detail} （共 {count} 处）" if chinese else f"{detail} ({count} faults in all)"
    title = "文件无法读取" if chinese else "Unreadable file"
    return problem(422, "invalid-file", title, detail, report["faults"], submission=report["id"])


def _see(identity: int) -> Response:
    lang = lang_query()
    return Response(status=303, headers={"Location": f"/submissions/{identity}{lang}"})


@blueprint.get("/submissions/<int:identity>")
def show(identity: int) -> Response:
    """A submission's report as it stands."""
    query(())
    current_actor().require_somewhere(_SENDERS, "read a submission")
    with current_store().read() as connection:
        report = read_submission(connection, identity)
    report = seen(report)
    if wants_html():
        page = report | submission_extras(report, page_language())
        page["may_commit"] = _may_commit(report)
        return render_page("submission.html", page, str(report["file_name"]))
    return json_response(report)


@blueprint.post("/submissions/<int:identity>/columns")
def choose_columns(identity: int) -> Response:
    """Say which columns are which fields; the file is read and judged anew."""
    query(())
    actor = current_actor()
    actor.require_somewhere(_SENDERS, "name the columns of an inspection file")
    with current_store().read() as connection:
        report = seen(read_submission(connection, identity))
    mapping = said_of_columns(report)
    who = actor.name if must_sign_in() else f"{_SENDER} ({request.remote_addr})"
    store = reader_store(actor, exact=True)
    report = seen(name_columns(store, identity, mapping, who))
    return _see(identity) if wants_html() else json_response(report)


@blueprint.post("/submissions/<int:identity>/commit")
def make_final(identity: int) -> Response:
    """Turn a previewed submission into inspections; doing it again changes nothing."""
    query(())
    actor = current_actor()
    actor.require_somewhere(_COMMITTERS, "commit a submission")
    who = actor.name
    if must_sign_in():
        _refuse_strangers(identity, actor)
    else:
        who = f"{_SENDER} ({request.remote_addr})"
    report = seen(commit(current_store(), identity, who))
    return _see(identity) if wants_html() else json_response(report)


def _may_commit(report: Mapping[str, Any]) -> bool:
    """Whether the page offers the commit; the commit itself asks again, and more exactly."""
    actor = current_actor()
    own = must_sign_in() and sender_of(report) == actor.name
    return not own and any(grant.role in _COMMITTERS for grant in actor.grants)


def _refuse_strangers(identity: int, actor: Actor) -> None:
    """A second pair of eyes commits a file, of who may for every marker that it is about."""
    with current_store().read() as connection:
        report = read_submission(connection, identity)
    seen(report)
    if sender_of(report) == actor.name:
        raise Forbidden("commit one's own submission", ["another person's"], None)
    held = frozenset(grant for grant in actor.grants if grant.role in _COMMITTERS)
    wanted = markers_of(report)
    if wanted != _passing(Actor(actor.name, held), wanted, Level.INTERNAL):
        raise Forbidden("commit a file about markers of other divisions", _COMMITTERS, None)


def seen(report: dict[str, Any], *, own: bool = False) -> dict[str, Any]:
    """A report as its reader may see it; who sends the same bytes again has it as one's own.

    Raises:
        NotFound: it is another's, and of markers that the reader does not see.
    """
    actor = current_actor()
    if reader_store(actor) is whole_store():
        return report
    shown = _passing(actor, markers_of(report), Level.CLOSED)
    return seen_report(report, shown, own=own or sender_of(report) == actor.name)


def _passing(actor: Actor, markers: Iterable[int], level: Level) -> set[int]:
    store = reader_store(actor)
    with store.read() as connection:
        return passing(store, connection, find_table("marker"), markers, level)
