"""Links from one page of a list to itself and to the next."""

from flask import request

from web.addresses import root
from web.negotiation import JSON


def page_links(path: str, cursor: str | None) -> list[dict[str, str]]:
    """The links of a page; `cursor` is where the next one begins, None on the last."""
    links = [{"href": request.url, "rel": "self", "type": JSON}]
    if cursor is not None:
        sent = request.query_string.decode(errors="replace").split("&")
        kept = [one for one in sent if one and not one.startswith("cursor=")]
        href = f"{root()}{path}?{'&'.join([*kept, f'cursor={cursor}'])}"
        links.append({"href": href, "rel": "next", "type": JSON})
    return links
