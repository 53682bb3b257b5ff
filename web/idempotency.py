"""Idempotency-Key: a POST that is sent again is done once and answered as it was.

The keys of accounts are not kept, since their answers are secrets; nor are those of addresses that
only read.
"""

import re
from hashlib import sha256
from typing import Final

import orjson
from flask import Flask, Response, g, request

from data import InvalidValue
from data.kept_answers import KeptAnswer, claim, keep, release
from web.accounts import present
from web.context import current_actor, whole_store
from web.cors import is_open
from web.errors import KeyInUse, KeyReused
from web.sights import ANONYMOUS

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
_KEY: Final = re.compile("[\x21-\x7e]{1,255}")
_SECRET: Final = frozenset({"accounts"})
_KEPT_HEADERS: Final = frozenset(
    {
        *("Content-Type", "Location", "ETag", "Link", "Vary", "Content-Crs"),
        *("Content-Disposition", "Preference-Applied"),
    }
)
_FOR_NOW: Final = frozenset({401, 403, 408, 429})
"""Refusals that say nothing of the request itself."""
_FAULT: Final = 500
_LARGEST: Final = 1_000_000
"""Longer answers are not kept whole: the status, the headers and an empty body are."""


def install(app: Flask) -> None:
    """Look for a kept answer before each POST, and keep it afterwards."""
    app.before_request(_before)
    app.after_request(_after)


def _before() -> Response | None:
    sent = request.headers.get(HEADER)
    if sent is None or not _counts():
        return None
    if not _KEY.fullmatch(sent):
        raise InvalidValue(
            HEADER, sent, "it has 1 to 255 visible ASCII characters", "send a UUID",
            f"{HEADER} 应为 1 至 255 个可见 ASCII 字符，例如 UUID",
        )  # fmt: skip
    key = _hash(current_actor().name, request.full_path, sent)
    said = _request_hash()
    kept = claim(whole_store(), key, said, present())
    if kept is None:
        g.claimed = key
        g.claimed_request = said
        return None
    if kept.request != said:
        raise KeyReused
    if kept.status is None:
        raise KeyInUse
    return Response(kept.body, kept.status, [*kept.headers, (REPLAYED, "true")])


def _counts() -> bool:
    """Whether this request does something in somebody's name."""
    return (
        request.method == "POST"
        and request.endpoint is not None
        and request.blueprint not in _SECRET
        and not is_open(request.path)
        and current_actor() != ANONYMOUS
    )


def _request_hash() -> str:
    """The request's body; of a form its fields and files, for each sending has other boundaries."""
    if request.mimetype != "multipart/form-data":
        g.body = request.get_data()
        return _hash(request.content_type or "", sha256(g.body).hexdigest())
    fields = sorted(request.form.items(multi=True))
    files = []
    for name, file in request.files.items(multi=True):
        files.append((name, file.filename or "", sha256(file.read()).hexdigest()))
        file.seek(0)
    return _hash(orjson.dumps([fields, sorted(files)]).decode())


def _hash(*parts: str) -> str:
    return sha256(orjson.dumps(parts)).hexdigest()


def _after(response: Response) -> Response:
    key = g.pop("claimed", None)
    if key is None:
        return response
    if response.status_code >= _FAULT or response.status_code in _FOR_NOW:
        release(whole_store(), key)
        return response
    headers = tuple(
        (name, value) for name, value in response.headers.items() if name in _KEPT_HEADERS
    )
    body = b"" if response.is_streamed else response.get_data()
    short = body if len(body) <= _LARGEST else b""
    answer = KeptAnswer(g.claimed_request, response.status_code, headers, short)
    keep(whole_store(), key, answer)
    return response
