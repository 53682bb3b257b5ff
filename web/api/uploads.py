"""`/uploads`: a large file in parts, so that a lost connection costs one part (tus 1.0.0).

The core protocol with the extensions creation, expiration and termination. A file that has come
whole is handed in by `POST /submissions?upload=SECRET`.
"""

import base64
import binascii
from datetime import datetime
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.http import http_date

from data import FileTooLarge, InvalidValue, Role
from data.partial_uploads import (
    PartialUpload,
    add_part,
    begin_upload,
    drop_upload,
    look_at_upload,
)
from web.accounts import present
from web.addresses import root
from web.context import current_actor, current_settings, whole_store
from web.errors import OtherProtocol, WrongMediaType
from web.negotiation import json_response
from web.parameters import query
from web.uploads import plain_name

blueprint = Blueprint("uploads", __name__)

VERSION: Final = "1.0.0"
_PARTS: Final = ("application/offset+octet-stream", "application/octet-stream")
"""The protocol's own type first; programs that only know plain bytes are let in."""
_EXTENSIONS: Final = "creation,expiration,termination"
_SENDERS: Final = (Role.SURVEYOR, Role.EDITOR, Role.APPROVER)
_DIGITS: Final = 15


@blueprint.after_request
def speak(response: Response) -> Response:
    """Every answer says which protocol is spoken, and is kept by nobody."""
    response.headers["Tus-Resumable"] = VERSION
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.route("/uploads", methods=["OPTIONS"])
@blueprint.route("/uploads/<secret>", methods=["OPTIONS"])
def offered(secret: str = "") -> Response:
    """What of the protocol is spoken, and how large a file may be."""
    methods = "GET, HEAD, OPTIONS, PATCH, DELETE" if secret else "OPTIONS, POST"
    response = Response(status=204, headers={"Allow": methods})
    response.headers["Tus-Version"] = VERSION
    response.headers["Tus-Extension"] = _EXTENSIONS
    response.headers["Tus-Max-Size"] = str(current_settings().max_upload_bytes)
    return response


@blueprint.post("/uploads")
def begin() -> Response:
    """Announce a file: `Upload-Length` and its name; it is refused for its size before it comes."""
    query(())
    owner = _sender()
    length, most = _whole("Upload-Length"), current_settings().max_upload_bytes
    if length > most:
        raise FileTooLarge(
            f"the file has {length} bytes; this server takes {most}: split it",
            f"文件有 {length} 字节，超过上限 {most} 字节；请拆分后上传",
        )
    if length == 0:
        raise InvalidValue(
            "Upload-Length", 0, "an empty file says nothing", "choose another file",
            "文件是空的；请另选文件",
        )  # fmt: skip
    name = plain_name(_metadata().get("filename", ""))
    store, now = whole_store(), present()
    secret = begin_upload(store, owner, name, length, now)
    with store.read() as connection:
        found = look_at_upload(connection, secret, owner, now)
    response = json_response(_said(found), 201)
    response.headers["Location"] = f"{root()}uploads/{secret}"
    return _with_offset(response, found)


@blueprint.get("/uploads/<secret>")
def look(secret: str) -> Response:
    """How far a file has come: HEAD for clients of the protocol, GET for people."""
    query(())
    owner = _sender()
    with whole_store().read() as connection:
        found = look_at_upload(connection, secret, owner, present())
    return _with_offset(json_response(_said(found)), found)


@blueprint.patch("/uploads/<secret>")
def add(secret: str) -> Response:
    """Send the part of a file that begins at `Upload-Offset`."""
    query(())
    owner = _sender()
    if request.mimetype not in _PARTS:
        raise WrongMediaType(request.content_type or "", "Accept-Patch", _PARTS)
    store, now = whole_store(), present()
    add_part(store, secret, owner, _whole("Upload-Offset"), request.get_data(), now)
    with store.read() as connection:
        found = look_at_upload(connection, secret, owner, now)
    return _with_offset(Response(status=204), found)


@blueprint.delete("/uploads/<secret>")
def drop(secret: str) -> Response:
    """Forget a file under way."""
    query(())
    drop_upload(whole_store(), secret, _sender(), present())
    return Response(status=204)


def _sender() -> str:
    """Whose the file is: nobody else sees, continues or takes it."""
    spoken = request.headers.get("Tus-Resumable", VERSION if request.method == "GET" else "")
    if spoken != VERSION:
        raise OtherProtocol(spoken, VERSION)
    actor = current_actor()
    actor.require_somewhere(_SENDERS, "send an inspection file")
    return actor.name


def _whole(name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise InvalidValue(
            name, text, "this header is a whole number of bytes", f"send {name}: 0 or more",
            f"请求头 {name} 应为字节数",
        )  # fmt: skip
    return int(text)


def _metadata() -> dict[str, str]:
    """`Upload-Metadata`: names, each with its text in Base64."""
    found = {}
    for pair in filter(None, request.headers.get("Upload-Metadata", "").split(",")):
        name, _, coded = pair.strip().partition(" ")
        try:
            found[name] = base64.b64decode(coded, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise InvalidValue(
                "Upload-Metadata", pair[:80], "it is a name and a text in Base64",
                "send filename and the Base64 of the file's name in UTF-8",
                "Upload-Metadata 应为名称和 Base64 编码的 UTF-8 文字",
            ) from None  # fmt: skip
    return found


def _said(found: PartialUpload) -> dict[str, str | int]:
    return {
        "file_name": found.file_name,
        "length": found.length,
        "offset": found.received,
        "expires_at": found.expires_at,
    }


def _with_offset(response: Response, found: PartialUpload) -> Response:
    response.headers["Upload-Offset"] = str(found.received)
    response.headers["Upload-Length"] = str(found.length)
    response.headers["Upload-Expires"] = http_date(datetime.fromisoformat(found.expires_at))
    return response
