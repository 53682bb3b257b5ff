"""`POST /photos`: photographs of markers, several at once; each finds its marker."""

from typing import Any, Final

from flask import Blueprint, Response, request

from boundary import PHOTO_SENDERS, Claim, add_photo, match_photo
from data import Forbidden, InvalidFile, InvalidValue, NotFound
from web.accounts import reader_store
from web.addresses import root
from web.bodies import body
from web.context import current_actor, current_store
from web.negotiation import json_response, page_text, render_page, wants_html
from web.parameters import query
from web.uploads import plain_name

blueprint = Blueprint("photos", __name__)

_MOST: Final = 30


@blueprint.post("/photos")
def send() -> Response:
    """Keep photographs: the form fields `file`, each with its marker's number or its position."""
    query(())
    current_actor().require_somewhere(PHOTO_SENDERS, "add a photograph")
    claimed_on = body(("claimed_on",)).day("claimed_on")
    files = [one for one in request.files.getlist("file") if one.filename]
    if not 0 < len(files) <= _MOST:
        raise InvalidValue(
            "file", len(files), f"1 to {_MOST} photographs are sent at once",
            "send them as form fields `file`", f"每次上传 1 至 {_MOST} 张照片（表单字段 file）",
        )  # fmt: skip
    told = [_kept(plain_name(one.filename or ""), one.read(), claimed_on) for one in files]
    status = 201 if any("photo_id" in one for one in told) else 422
    document = {"photos": told}
    if wants_html():
        return render_page("photos.html", document, page_text("photo.title"), status=status)
    return json_response(document, status)


def _kept(name: str, content: bytes, claimed_on: Any) -> dict[str, Any]:
    """One photograph with its marker, or why it was not kept; one is no hindrance to another."""
    actor = current_actor()
    try:
        with reader_store(actor, exact=True).read() as connection:
            found = match_photo(connection, name, content)
        record = add_photo(
            current_store(), actor, found.marker_id, content, Claim(name, claimed_on)
        )
    except (InvalidValue, InvalidFile, NotFound, Forbidden) as error:
        told = {"code": error.code, "zh": error.zh, "en": error.message}
        return {"file_name": name, "fault": told}
    return {
        "file_name": name,
        "marker_id": found.marker_id,
        "marker_no": found.marker_no,
        "by": found.by,
        "photo_id": record["id"],
        "findings": record["findings"],
        "href": f"{root()}photos/{record['id']}",
    }
