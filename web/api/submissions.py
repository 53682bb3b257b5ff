"""`/submissions`: a surveyor's file in, its verdicts out, and the commit."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, request

from boundary import (
    REFUSED,
    commit,
    markers_of,
    preview,
    read_submission,
    receive,
    seen_report,
    sender_of,
)
from data import Actor, Forbidden, InvalidValue, Level, Role, find_table, passing
from web.accounts import must_sign_in, reader_store
from web.addresses import root
from web.context import current_actor, current_store, whole_store
from web.negotiation import json_response, language, respond, wants_html
from web.parameters import query
from web.problems import problem

blueprint = Blueprint("submissions", __name__)

_SENDER = "anonymous"
_SENDERS = (Role.SURVEYOR, Role.EDITOR, Role.APPROVER)
_COMMITTERS = (Role.EDITOR, Role.APPROVER)


@blueprint.post("/submissions")
def send() -> Response:
    """Receive a file: as the form field `file`, or as the body with `file_name`."""
    values = query(("file_name", "sent_by"))
    actor = current_actor()
    actor.require_somewhere(_SENDERS, "send an inspection file")
    upload = request.files.get("file")
    if upload is not None:
        content, name = upload.read(), upload.filename or "upload"
    else:
        content, name = request.get_data(), values.get("file_name", "upload")
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
    identity = receive(store, content, _plain_name(name), f"{sender[:100]} ({request.remote_addr})")
    report = seen(preview(store, identity), own=True)
    if wants_html():
        return _see(identity)
    if report["state"] == REFUSED:
        return _refused(report)
    response = json_response(report, 201)
    response.headers["Location"] = f"{root()}submissions/{identity}"
    return response


def _plain_name(name: str) -> str:
    """A file's name for people to read: no folders, no control characters, not long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[:200] or "upload"


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
    lang = "?lang=en" if language() == "en" else ""
    return Response(status=303, headers={"Location": f"/submissions/{identity}{lang}"})


@blueprint.get("/submissions/<int:identity>")
def show(identity: int) -> Response:
    """A submission's report as it stands."""
    query(())
    current_actor().require_somewhere(_SENDERS, "read a submission")
    with current_store().read() as connection:
        report = read_submission(connection, identity)
    report = seen(report)
    return respond("submission.html", report, str(report["file_name"]))


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
