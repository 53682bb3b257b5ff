"""`/submissions`: a surveyor's file in, its verdicts out, and the commit."""

from typing import Any

from flask import Blueprint, Response, request

from boundary import REFUSED, commit, preview, read_submission, receive
from data import Forbidden, InvalidValue, Role
from web.accounts import must_sign_in
from web.addresses import root
from web.context import current_actor, current_store
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
    store = current_store()
    identity = receive(store, content, _plain_name(name), f"{sender[:100]} ({request.remote_addr})")
    report = preview(store, identity)
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
    return respond("submission.html", report, str(report["file_name"]))


@blueprint.post("/submissions/<int:identity>/commit")
def make_final(identity: int) -> Response:
    """Turn a previewed submission into inspections; doing it again changes nothing."""
    query(())
    actor = current_actor()
    actor.require_somewhere(_COMMITTERS, "commit a submission")
    who = actor.name
    if must_sign_in():
        _refuse_own(identity, who)
    else:
        who = f"{_SENDER} ({request.remote_addr})"
    report = commit(current_store(), identity, who)
    return _see(identity) if wants_html() else json_response(report)


def _refuse_own(identity: int, who: str) -> None:
    """Nobody approves their own submission: a second pair of eyes commits it."""
    with current_store().read() as connection:
        sent_by = str(read_submission(connection, identity)["sent_by"])
    if sent_by.rsplit(" (", 1)[0] == who:
        raise Forbidden("commit one's own submission", ["another person's"], None)
