"""`/search` and `/suggest`: places and divisions by any form of their names."""

from flask import Blueprint, Response, request

from gazetteer import lexicon_of
from web.addresses import root
from web.context import current_store
from web.finding import PARAMETERS, WAYS, Address, collection_of, document_of, request_of
from web.negotiation import (
    GEOJSON,
    json_response,
    language,
    page_text,
    render_page,
    respond,
    wants_html,
)
from web.parameters import form_query

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
def search() -> Response:
    """Places and divisions that `q` names, best first, as GeoJSON points."""
    return _answer("/search")


@blueprint.get("/suggest")
def suggest() -> Response:
    """What a name that is being typed may become: the same order, no second pass."""
    return _answer("/suggest")


def _answer(path: str) -> Response:
    values = form_query(PARAMETERS)
    text = values.get("q", "")
    asked, store = request_of({**values, "q": text}), current_store()
    if not text:
        return _empty()
    with store.read() as connection:
        page = WAYS[path](store, connection, asked, None)
    document = document_of(page, _address(), language())
    return respond("search.html", document, _title(text), GEOJSON)


def _empty() -> Response:
    """Nothing was asked; a page offers the divisions to browse."""
    document = collection_of([], None, _address())
    if not wants_html():
        return json_response(document, media_type=GEOJSON)
    store = current_store()
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
    held = [one for one in lexicon.entries if one.holds_on(None)]
    document["browse"] = [
        {"code": one.code, "name": one.name} for one in held if one.level == "prefecture"
    ]
    return render_page("search.html", document, _title(""))


def _address() -> Address:
    return Address(root(), request.path, request.query_string.decode(errors="replace"))


def _title(text: str) -> str:
    return f"{page_text('page.find')} {text}".strip()
