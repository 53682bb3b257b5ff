"""`/submissions`: a surveyor's file in, its verdicts out, and the commit."""

from typing import Any

from flask import Blueprint, Response, request
from werkzeug.exceptions import Forbidden

from boundary import REFUSED, commit, preview, read_submission, receive
from data import InvalidValue
from web.addresses import root
from web.context import current_store
from web.negotiation import json_response, language, respond, wants_html
from web.parameters import query
from web.problems import problem

blueprint = Blueprint("submissions", __name__)

_SENDER = "anonymous"
_SAME = {"same-origin", "same-site", "none"}


@blueprint.before_request
def refuse_other_sites() -> None:
    """A page of another site must not send files or commits in a visitor's name."""
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in _SAME:
        raise Forbidden("Requests from pages of other sites are refused.")


@blueprint.post("/submissions")
def send() -> Response:
    """Receive a file: as the form field `file`, or as the body with `file_name`."""
    values = query(("file_name", "sent_by"))
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
    with current_store().read() as connection:
        report = read_submission(connection, identity)
    return respond("submission.html", report, str(report["file_name"]))


@blueprint.post("/submissions/<int:identity>/commit")
def make_final(identity: int) -> Response:
    """Turn a previewed submission into inspections; doing it again changes nothing."""
    query(())
    report = commit(current_store(), identity, f"{_SENDER} ({request.remote_addr})")
    return _see(identity) if wants_html() else json_response(report)
