"""What features are made of: `/schema`, `/queryables`, `/sortables` of each collection."""

from collections.abc import Callable

import orjson
from flask import Blueprint, Response

from data import Collection
from web import schemas
from web.addresses import root
from web.catalogue import find_collection
from web.negotiation import bytes_response, language, render_page, wants_html
from web.parameters import PROFILE, query
from web.profiles import OF_SCHEMAS, header_of
from web.site import Lang

blueprint = Blueprint("schemas", __name__)

Describe = Callable[[Collection, str, Lang], schemas.Document]


@blueprint.get("/collections/<name>/schema")
def schema(name: str) -> Response:
    """Everything that a feature has."""
    return _answer(name, "schema", schemas.schema)


@blueprint.get("/collections/<name>/queryables")
def queryables(name: str) -> Response:
    """What filters may name."""
    return _answer(name, "queryables", schemas.queryables)


@blueprint.get("/collections/<name>/sortables")
def sortables(name: str) -> Response:
    """What pages may be sorted by."""
    return _answer(name, "sortables", schemas.sortables)


def _answer(name: str, kind: str, describe: Describe) -> Response:
    found = find_collection(name)
    query((PROFILE,))
    document = describe(found, f"{root()}collections/{found.id}/{kind}", language())
    if wants_html():
        return render_page("document.html", document, f"{document['title']} · {kind}")
    response = bytes_response(orjson.dumps(document), schemas.SCHEMA_TYPE)
    response.headers["Link"] = header_of(OF_SCHEMAS)
    return response
