"""A reader that takes none of the formats of an address is told so (RFC 9110, 12.5.1 and 15.5.7).

Few are refused. Who takes JSON of any kind, pages, texts or anything at all has what is there:
clients of maps name `application/geo+json` for documents that are none, and browsers name
everything. Who asks by `f` has chosen; an answer that does not vary by Accept has no other form.
"""

import re
from typing import Final

from flask import Flask, Response, request

from web.problems import plain_problem

_EASY: Final = re.compile(r"json|html|(\*|text)/\*", re.IGNORECASE)
_READING: Final = frozenset({"GET", "HEAD"})


def install(app: Flask) -> None:
    """Look at each answer before the other doors do."""
    app.after_request(_refuse_untaken)


def is_easy(accepted: str) -> bool:
    """Whether an Accept header takes what any address gives.

    >>> is_easy(""), is_easy("text/html, */*;q=0.1"), is_easy("application/x-unknown")
    (True, True, False)
    """
    return not accepted or _EASY.search(accepted) is not None


def _refuse_untaken(response: Response) -> Response:
    if is_easy(request.environ.get("HTTP_ACCEPT", "")) or not _is_negotiated(response):
        return response
    if request.accept_mimetypes.quality(response.mimetype or "") > 0:
        return response
    response.close()
    return plain_problem(406)


def _is_negotiated(response: Response) -> bool:
    return (
        response.status_code == 200  # noqa: PLR2004 - what is told instead of it is told in any case
        and request.method in _READING
        and "accept" in response.vary
        and "f" not in request.args
    )
