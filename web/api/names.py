"""`/names/check`: a proposed name held against the naming rules and the register."""

from flask import Blueprint, Response

from data import InvalidValue
from gazetteer import NameQuestion, check_name
from web.bodies import json_body
from web.context import current_store
from web.negotiation import respond
from web.parameters import query

blueprint = Blueprint("names", __name__)

MEMBERS = {
    "name": "text!",
    "class": "text!",
    "in": "text!",
    "replaces": "integer",
    "measures": "object",
}


@blueprint.post("/names/check")
def check() -> Response:
    """What the rules say about a name; nothing is written."""
    query(())
    given = json_body(MEMBERS)
    question = NameQuestion(
        given["name"],
        given["class"],
        given["in"],
        given.get("replaces"),
        _measures(given.get("measures", {})),
    )
    found = check_name(current_store(), question).as_json()
    return respond("document.html", found, question.name)


def _measures(given: dict[str, object]) -> dict[str, float]:
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidValue(
                f"measures.{name}", value, "a size is a number", "give metres, m² or floors",
                f"“{name}”应为数值",
            )  # fmt: skip
    return {name: float(value) for name, value in given.items() if isinstance(value, int | float)}
