"""Links from one page of a list to itself, the first, the one before and the next."""

from flask import request

from web.addresses import root
from web.negotiation import JSON
from web.trails import ways


def page_links(path: str, cursor: str | None, media_type: str = JSON) -> list[dict[str, str]]:
    """The links of a page; `cursor` is where the next one begins, None on the last."""
    sent = request.query_string.decode(errors="replace")
    links = [{"href": request.url, "rel": "self", "type": media_type}]
    return links + [
        {"href": f"{root()}{path}?{asked}".rstrip("?"), "rel": rel, "type": media_type}
        for rel, asked in ways(sent, cursor).items()
    ]
