"""`/duplicates`: names that are alike where the law wants them told apart, page by page."""

from flask import Blueprint, Response, request

from gazetteer import duplicate_page
from web.addresses import own_links, root
from web.negotiation import JSON, language, respond
from web.parameters import query, whole
from web.readiness import searchable_store

blueprint = Blueprint("duplicates", __name__)

PARAMETERS = ("within", "kind", "limit", "cursor")
MOST = 1_000
_DEFAULT = 20
_TITLES = {"zh": "重名与同音", "en": "Names that are alike"}


@blueprint.get("/duplicates")
def answer() -> Response:
    """One page of pairs, scope by scope."""
    values = query(PARAMETERS)
    page = duplicate_page(
        searchable_store(),
        values.get("within"),
        values.get("kind"),
        values.get("cursor"),
        whole(values, "limit", _DEFAULT, 1, MOST),
    )
    links = own_links(JSON)
    if page.next_after is not None:
        kept = [
            one
            for one in request.query_string.decode(errors="replace").split("&")
            if one and not one.startswith("cursor=")
        ]
        href = f"{root()}duplicates?{'&'.join([*kept, f'cursor={page.next_after}'])}"
        links.append({"href": href, "rel": "next", "type": JSON})
    document = {"numberReturned": len(page.pairs), "pairs": list(page.pairs), "links": links}
    return respond("document.html", document, _TITLES[language()])
