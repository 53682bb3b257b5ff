"""`/where`: the divisions around a position, the nearest edge, line and names."""

from flask import Blueprint, Response

from web.addresses import own_links
from web.context import current_store
from web.negotiation import JSON, language, respond
from web.parameters import query
from web.whereabouts import PARAMETERS, document_of

blueprint = Blueprint("where", __name__)

_TITLES = {"zh": "所在政区", "en": "Where am I"}


@blueprint.get("/where")
def answer() -> Response:
    """Where a position is, today or on a day, and how sure that is."""
    document = document_of(current_store(), query(PARAMETERS), own_links(JSON))
    return respond("document.html", document, _TITLES[language()])
