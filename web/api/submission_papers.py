"""What a sender takes away of an inspection file: the annotated workbook, the receipt."""

from pathlib import PurePath
from typing import Any

from flask import Blueprint, Response

from boundary import annotated_workbook, read_submission, receipt, sender_of
from data import NotFound, Role
from web.accounts import must_sign_in
from web.addresses import root
from web.api.submissions import seen
from web.context import current_actor, current_store, whole_store
from web.downloads import XLSX, download
from web.negotiation import HTML, JSON, language, page_text, respond
from web.parameters import query
from web.site import translate

blueprint = Blueprint("submission_papers", __name__)

_READERS = (Role.SURVEYOR, Role.EDITOR, Role.APPROVER)


@blueprint.get("/submissions/<int:identity>/annotated.xlsx")
def annotated(identity: int) -> Response:
    """The file's rows with their verdicts, its faulty cells coloured."""
    query(())
    report = _read(identity)
    lang = language()
    with current_store().read() as connection:
        content = annotated_workbook(connection, report, lang)
    stem = PurePath(str(report["file_name"])).stem[:100] or str(identity)
    return download(content, XLSX, f"{stem}-{translate('upload.annotated_name', lang)}.xlsx")


def _read(identity: int) -> dict[str, Any]:
    """A report whose file's own text may be handed out: one's own, or seen whole."""
    actor = current_actor()
    actor.require_somewhere(_READERS, "read a submission")
    with current_store().read() as connection:
        kept = read_submission(connection, identity)
    report = seen(kept)
    if report is not kept and not (must_sign_in() and sender_of(kept) == actor.name):
        raise NotFound(
            f"no rows of submission {identity} are handed out", f"提交 {identity} 的内容不予提供"
        )
    return report


@blueprint.get("/submissions/<int:identity>/receipt")
def show_receipt(identity: int) -> Response:
    """What was received and what became of it, to print or to keep."""
    query(())
    current_actor().require_somewhere(_READERS, "read a submission")
    with current_store().read() as connection:
        report = seen(read_submission(connection, identity))
    with whole_store().read() as connection:
        document = receipt(connection, report)
    own = f"{root()}submissions/{identity}"
    document["links"] = [
        {"href": f"{own}/receipt", "rel": "self", "type": JSON},
        {"href": f"{own}/receipt?f=html", "rel": "alternate", "type": HTML},
        {"href": own, "rel": "up", "type": JSON},
    ]
    title = page_text("receipt.title")
    return respond("receipt.html", document, title)
