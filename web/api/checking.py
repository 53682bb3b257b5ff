"""`/check-text`: whether a text uses standard names (规范使用地名)."""

from typing import Any

from flask import Blueprint, Response, request

from data import InvalidValue, work_file
from gazetteer import CheckedDocument, check_document, check_pasted, marked_copy, marked_html
from web.bodies import json_body
from web.context import current_store
from web.negotiation import JSON, bytes_response, language, page_text, respond, wants_html
from web.parameters import query

blueprint = Blueprint("checking", __name__)

MARKED = "marked"
FORMATS = ("json", "html", MARKED)
_MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@blueprint.get("/check-text")
def form() -> Response:
    """The page to paste or send a text; for programs, what may be sent."""
    query((), ("json", "html"))
    shown = {"formats": ["txt", "docx", "xlsx", "pdf"], "marked": list(_MEDIA), "report": None}
    return respond("check_text.html", shown, page_text("check.title"))


@blueprint.post("/check-text")
def check() -> Response:
    """Check a file (form field `file`, or the body) or a text (form field or JSON member)."""
    values = query(("file_name",), FORMATS)
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return _checked_file(upload.read(), upload.filename)
    if request.form or request.files:
        pasted = request.form.get("text", "")
        return _answer(check_pasted(current_store(), pasted), pasted)
    if request.mimetype == JSON:
        text = json_body({"text": "whole_text!"})["text"]
        return _answer(check_pasted(current_store(), text))
    return _checked_file(request.get_data(), values.get("file_name", "text"))


def _checked_file(content: bytes, name: str) -> Response:
    if not content:
        raise InvalidValue(
            "file", name, "nothing was sent", "choose a file, or paste the text",
            "没有收到内容；请选择文件或粘贴文字",
        )  # fmt: skip
    shown = plain_name(name)
    with work_file(content) as path:
        checked = check_document(current_store(), path, shown)
        if _wants_marked():
            return _attachment(checked, marked_copy(checked, path, language()), shown)
    return _answer(checked)


def plain_name(name: str) -> str:
    """A file's name for people to read: no folders, no control characters, not long."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[:200] or "text"


def _wants_marked() -> bool:
    return MARKED in {request.args.get("f"), request.form.get("output")}


def _attachment(checked: CheckedDocument, content: bytes, name: str) -> Response:
    kind = checked.document.format
    response = bytes_response(content, _MEDIA[kind])
    stem = name.rsplit(".", 1)[0]
    response.headers.set(
        "Content-Disposition", "attachment", filename=f"checked.{kind}",
        **{"filename*": f"UTF-8''{_percent(f'{stem}-checked.{kind}')}"},
    )  # fmt: skip
    return response


def _percent(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="")


def _answer(checked: CheckedDocument, pasted: str = "") -> Response:
    report: dict[str, Any] = checked.as_json()
    if wants_html():
        marked = marked_html(checked, language())
        report = {"report": report, "marked": marked, "pasted": pasted}
    return respond("check_text.html", report, page_text("check.title"))
