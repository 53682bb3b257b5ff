"""`/duplicates`: names that are alike where the law wants them told apart, page by page."""

from flask import Blueprint, Response

from gazetteer import duplicate_page
from web.addresses import own_links
from web.negotiation import JSON, language, respond
from web.paging import page_links
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
    _, *around = page_links("duplicates", page.next_after)
    links = [*own_links(JSON), *around]
    document = {"numberReturned": len(page.pairs), "pairs": list(page.pairs), "links": links}
    return respond("document.html", document, _TITLES[language()])
