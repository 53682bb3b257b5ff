"""What the pages of applications show beside their documents: experts, classes, divisions."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import Connection

from data import Actor, Role, read_item
from gazetteer import PLACES, approvals

_MOST_DIVISIONS: Final = 400
_APPLYING: Final = (Role.EDITOR, Role.APPROVER)
_PAPER: Final = "paper:"


def case_page(
    connection: Connection, case: Mapping[str, Any], actor: Actor, today: date
) -> dict[str, Any]:
    """What the page of a case needs for its forms.

    Args:
        connection: a reading connection.
        case: the case's document.
        actor: the reader.
        today: the calendar day in China.
    """
    steps = {one["step"]: one for one in case["next"]}
    asked = {one.get("expert_id") for one in case["opinions"]}
    experts = (
        [
            one
            for one in approvals.list_experts(connection, actor, available_on=today)
            if one["id"] not in asked
        ]
        if "invite" in steps
        else []
    )
    return {
        "today": today.isoformat(),
        "steps": steps,
        "experts": experts,
        "questions": _questions(case),
    }


def _questions(case: Mapping[str, Any]) -> list[dict[str, str]]:
    """What an approval has to answer: findings that ask, usual papers that are not there."""
    check = case["check"] or {}
    asking = [one for one in check.get("findings", ()) if one["severity"] == "asks"]
    found = [{"code": one["code"], "zh": one["zh"], "en": one["en"]} for one in asking]
    lacking = [one for one in case["missing_papers"] if not one["required"]]
    return found + [
        {"code": f"{_PAPER}{one['kind']}", "zh": one["zh"], "en": one["en"]} for one in lacking
    ]


def application_page(
    connection: Connection, lexicon: Any, actor: Actor, place_id: int
) -> dict[str, Any]:
    """What the form of an application offers.

    Args:
        connection: a reading connection.
        lexicon: the divisions (see `gazetteer.lexicon_of`).
        actor: the reader.
        place_id: the place to be renamed or ended; 0 for none.
    """
    return {
        "divisions": _divisions(lexicon, actor),
        "place": _place(connection, place_id) if place_id else None,
    }


def _place(connection: Connection, identity: int) -> dict[str, Any]:
    properties = orjson.loads(read_item(connection, PLACES, identity))["properties"]
    return {"id": identity, "name": properties["name"], "division": properties["division_code"]}


def _divisions(lexicon: Any, actor: Actor) -> list[dict[str, str]]:
    """The divisions that the reader may apply for, the higher ones first."""
    found: list[dict[str, str]] = []
    for entry in lexicon.entries:
        if entry.to_day is not None or len(found) >= _MOST_DIVISIONS:
            continue
        path = [one.code for one in lexicon.path(entry.code)]
        if any(actor.may(role, path) for role in _APPLYING):
            found.append({"code": entry.code, "name": " › ".join(lexicon.path_names(entry.code))})
    return found
