"""`/identifiers`: records by any of their codes, and codes for records."""

from typing import Any

from flask import Blueprint, Response

from data import today
from gazetteer import NewIdentifier, assign_identifier, end_identifier, look_up_identifier
from web.addresses import root
from web.bodies import json_body
from web.context import current_actor, current_store
from web.negotiation import JSON, json_response, language, respond
from web.parameters import query

blueprint = Blueprint("identifiers", __name__)

_LONGEST = 100


@blueprint.get("/identifiers/<value>")
def look_up(value: str) -> Response:
    """What a code is in each scheme, and the records that carry it."""
    query(())
    return respond("document.html", _found(value[:_LONGEST]), _title())


@blueprint.get("/lookup")
def look_up_code() -> Response:
    """The same for a code with characters that an address cannot hold."""
    values = query(("code",))
    return respond("document.html", _found(values.get("code", "")[:_LONGEST]), _title())


def _found(text: str) -> dict[str, Any]:
    with current_store().read() as connection:
        found = look_up_identifier(connection, text)
    return found | {"links": [{"href": f"{root()}lookup?code={{code}}", "rel": "search"}
                              | {"type": JSON, "templated": True}]}  # fmt: skip


def _title() -> str:
    return "标识查询" if language() == "zh" else "Look-up of identifiers"


@blueprint.post("/identifiers")
def assign() -> Response:
    """Give an identifier to a place or a division; its editor does."""
    query(())
    given = json_body(
        {"scheme": "text!", "value": "text!", "place_id": "integer", "division_code": "text"}
        | {"valid_from": "date", "source": "text"}
    )
    identity = assign_identifier(current_store(), current_actor(), NewIdentifier(**given))
    response = json_response({"id": identity, **_found(given["value"])}, 201)
    response.headers["Location"] = f"{root()}identifiers/{given['value']}"
    return response


@blueprint.post("/identifiers/<int:identity>/end")
def end(identity: int) -> Response:
    """End an identifier; it is kept and still found."""
    query(())
    given = json_body({"version": "integer!", "ended_on": "date"})
    day = given.get("ended_on", today())
    version = end_identifier(current_store(), current_actor(), identity, given["version"], day)
    return json_response({"id": identity, "version": version, "valid_to": day.isoformat()})
