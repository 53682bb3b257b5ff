"""A person's word for what a report proposes, and pictures of reports and markers."""

from typing import Any

from flask import Blueprint, Response, request

from boundary import (
    PictureFormat,
    confirm_cause,
    confirm_corrections,
    marker_picture,
    read_submission,
    submission_picture,
    withdraw_corrections,
)
from data import InvalidValue, NotFound, Role
from web.accounts import must_sign_in
from web.api.submissions import seen
from web.bodies import Fields, body
from web.context import current_actor, current_store
from web.negotiation import json_response, lang_query, language, wants_html
from web.parameters import query

blueprint = Blueprint("verdicts", __name__)

_PEOPLE = (Role.SURVEYOR, Role.EDITOR, Role.APPROVER)
_DRAWING = "default-src 'none'; sandbox"
"""A drawing carries its looks as attributes: no style, no script runs in it, nothing is loaded."""
_MEDIA = {"svg": "image/svg+xml", "png": "image/png"}


@blueprint.post("/submissions/<int:identity>/corrections")
def correct(identity: int) -> Response:
    """Confirm the corrections proposed for some rows, or take them back."""
    query(())
    who = _who("confirm a correction")
    _look(identity)
    given = body(("rows", "reason", "withdraw"))
    rows = _rows(given)
    store = current_store()
    if given.values.get("withdraw") in {True, "true"}:
        report = withdraw_corrections(store, identity, rows, who)
    else:
        report = confirm_corrections(store, identity, rows, who, given.text("reason") or "")
    return _answer(identity, report)


@blueprint.post("/submissions/<int:identity>/causes")
def confirm_found_cause(identity: int) -> Response:
    """Confirm a cause that the report finds, so that it is learned from."""
    query(())
    who = _who("confirm a cause")
    _look(identity)
    cause = body(("cause",)).required("cause")
    return _answer(identity, confirm_cause(current_store(), identity, cause, who))


def _look(identity: int) -> None:
    """Refuse who may see nothing of a file as if there were none."""
    with current_store().read() as connection:
        seen(read_submission(connection, identity))


def _who(act: str) -> str:
    actor = current_actor()
    actor.require_somewhere(_PEOPLE, act)
    return actor.name if must_sign_in() else f"anonymous ({request.remote_addr})"


def _rows(given: Fields) -> list[int]:
    """Row numbers: a list of whole numbers, or one text with commas between."""
    value = given.values.get("rows") if request.is_json else ",".join(request.form.getlist("rows"))
    parts: list[Any] = value.split(",") if isinstance(value, str) else value or []
    try:
        rows = [int(part) for part in parts if not isinstance(part, bool)]
    except (TypeError, ValueError):
        rows = []
    if not rows or len(rows) != len(parts):
        raise InvalidValue(
            "rows", value, "a list of row numbers is needed", "write for example [3, 7]",
            "应为行号列表，例如 [3, 7]",
        )  # fmt: skip
    return rows


def _answer(identity: int, report: dict[str, Any]) -> Response:
    if not wants_html():
        return json_response(seen(report))
    lang = lang_query()
    return Response(status=303, headers={"Location": f"/submissions/{identity}{lang}"})


@blueprint.get("/submissions/<int:identity>/picture.svg")
@blueprint.get("/submissions/<int:identity>/picture.png")
def report_picture(identity: int) -> Response:
    """A submission's vectors before and after the diagnosed cause is taken off."""
    query(())
    current_actor().require_somewhere(_PEOPLE, "read a submission")
    with current_store().read() as connection:
        report = read_submission(connection, identity)
        if seen(report) is not report:
            raise NotFound(
                f"no picture of submission {identity} is shown", f"提交 {identity} 的图不予显示"
            )
        content = submission_picture(connection, identity, _format(), language())
    return _picture(content)


@blueprint.get("/markers/<int:identity>/picture.svg")
@blueprint.get("/markers/<int:identity>/picture.png")
def history(identity: int) -> Response:
    """A marker's inspections through time."""
    query(())
    with current_store().read() as connection:
        content = marker_picture(connection, identity, _format(), language())
    return _picture(content)


def _format() -> PictureFormat:
    return "png" if request.path.endswith(".png") else "svg"


def _picture(content: bytes) -> Response:
    response = Response(content, content_type=_MEDIA[_format()])
    response.headers["Content-Security-Policy"] = _DRAWING
    response.headers["Cache-Control"] = "private, no-store"
    return response
