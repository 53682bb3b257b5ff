"""`/conflicts`, `/markers/{id}/conflict`: reports that contradict each other, and the decision."""

from typing import Any

from flask import Blueprint, Response

from boundary import (
    AGAIN,
    DECIDERS,
    HOLDS,
    Settlement,
    conflict_of,
    list_conflicts,
    settle,
)
from data import InvalidValue, today
from web.addresses import root
from web.bodies import Fields, body
from web.context import current_actor, current_store
from web.negotiation import HTML, JSON, json_response, lang_query, page_text, respond, wants_html
from web.paging import page_links
from web.parameters import form_query, query, whole

blueprint = Blueprint("conflicts", __name__)

_DEFAULT, _MOST, _HIGHEST = 50, 500, 2**62
_MEMBERS = ("outcome", "report", "reason", "compared", "agreed_by")


@blueprint.get("/conflicts")
def listed() -> Response:
    """Markers whose reports contradict each other."""
    values = form_query(("limit", "cursor"))
    limit = whole(values, "limit", _DEFAULT, 1, _MOST)
    after = whole(values, "cursor", 0, 0, _HIGHEST)
    with current_store().read() as connection:
        found = list_conflicts(connection, after, limit)
    more = str(found[limit - 1]["id"]) if len(found) > limit else None
    own, *around = page_links("conflicts", more)
    page = {"href": f"{root()}conflicts?f=html", "rel": "alternate", "type": HTML}
    links = [own, page, *around]
    rows = [one | {"href": f"{root()}markers/{one['id']}/conflict"} for one in found[:limit]]
    title = page_text("conflict.title")
    return respond("conflicts.html", {"markers": rows, "links": links}, title)


@blueprint.get("/markers/<int:identity>/conflict")
def show(identity: int) -> Response:
    """A marker's reports side by side, and what was decided about them."""
    query(())
    return respond("conflict.html", *_document(identity))


def _document(identity: int) -> tuple[dict[str, Any], str]:
    with current_store().read() as connection:
        document = conflict_of(connection, identity)
    for report in document["reports"]:
        report["photos"] = [
            one | {"href": f"{root()}photos/{one['id']}"} for one in report["photos"]
        ]
    own = f"{root()}markers/{identity}"
    actor = current_actor()
    document["may_decide"] = any(grant.role in DECIDERS for grant in actor.grants)
    document["links"] = [
        {"href": f"{own}/conflict", "rel": "self", "type": JSON},
        {"href": f"{own}/conflict?f=html", "rel": "alternate", "type": HTML},
        {"href": own, "rel": "up", "type": JSON},
    ]
    title = page_text("conflict.of").format(number=document["marker_no"])
    return document, title


@blueprint.post("/markers/<int:identity>/conflict")
def decide(identity: int) -> Response:
    """Decide which report holds, or that the marker is to be visited again."""
    query(())
    given = body(_MEMBERS)
    outcome, chosen = _outcome(given)
    settlement = Settlement(
        outcome, given.text("reason") or "", _ids(given), chosen, given.texts("agreed_by")
    )
    settle(current_store(), current_actor(), identity, settlement, today())
    if wants_html():
        lang = lang_query()
        return Response(status=303, headers={"Location": f"/markers/{identity}/conflict{lang}"})
    return json_response(_document(identity)[0], 201)


def _outcome(given: Fields) -> tuple[str, int | None]:
    """The outcome and the report that holds; a form says both at once, as `holds:12`."""
    said = given.required("outcome")
    outcome, colon, number = said.partition(":")
    if colon and outcome == HOLDS and number.isascii() and number.isdigit():
        return HOLDS, int(number)
    if said not in {HOLDS, AGAIN}:
        raise InvalidValue(
            "outcome", said, f"it is {HOLDS} or {AGAIN}", "give one of these",
            f"结果应为 {HOLDS}（以某次为准）或 {AGAIN}（复查）",
        )  # fmt: skip
    return said, given.whole("report")


def _ids(given: Fields) -> list[int]:
    """The inspections that were compared: a list of their ids, or one text with commas."""
    value = given.values.get("compared") or []
    parts = value.split(",") if isinstance(value, str) else value
    try:
        return [int(part) for part in parts if not isinstance(part, bool)]
    except (TypeError, ValueError):
        raise InvalidValue(
            "compared", value, "the ids of the inspections that were compared are needed",
            "send them as they were read", "请附上所比对的检查编号",
        ) from None  # fmt: skip
