"""`/experts`: who may be asked about names; nothing personal for those who do not manage them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, Response

from data import InvalidValue
from gazetteer import approvals
from web.addresses import root
from web.bodies import json_body
from web.context import current_actor, current_store
from web.forms import done, pages
from web.negotiation import json_response, page_text, respond
from web.paging import page_links
from web.parameters import form_query, query, whole

blueprint = Blueprint("experts", __name__)

MEMBERS: Mapping[str, str] = {
    "name": "text!",
    "fields": "texts!",
    **dict.fromkeys(("division_code", "title", "organisation", "contact", "account"), "text"),
    "available_from": "date",
    "available_to": "date",
    "retired": "flag",
    "conflicts": "texts",
    "remark": "text",
}
LISTED = ("field", "division", "available_on", "cursor", "limit")


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Who an expert is depends on who asks."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/experts")
def listed() -> Response:
    """Experts in order of id."""
    values = form_query(LISTED)
    limit = whole(values, "limit", 50, 1, approvals.MAX_LIMIT)
    with current_store().read() as connection:
        found = approvals.list_experts(
            connection,
            current_actor(),
            field=values.get("field"),
            division=values.get("division"),
            available_on=_day(values.get("available_on")),
            after=whole(values, "cursor", 0, 0, 2**62),
            limit=limit + 1,
        )
    after = str(found[limit - 1]["id"]) if len(found) > limit else None
    links = page_links("experts", after)
    document = {"experts": found[:limit], "links": links}
    return respond("experts.html", document, page_text("expert.title"))


@blueprint.post("/experts")
def enter() -> Response:
    """Enter an expert."""
    query(())
    actor = current_actor()
    identity = approvals.save_expert(current_store(), _expert(json_body(MEMBERS)), actor)

    def made() -> Response:
        response = json_response(_read(identity), 201)
        response.headers["Location"] = f"{root()}experts/{identity}"
        return response

    return done(f"experts/{identity}", made)


@blueprint.get("/experts/<int:identity>")
def show(identity: int) -> Response:
    """One expert."""
    query(())
    found = _read(identity)
    title = f"{page_text('approval.expert')} {found.get('name') or identity}"
    return respond("expert.html", found, title)


@blueprint.post("/experts/<int:identity>")
def change(identity: int) -> Response:
    """Change an expert; every member is given anew."""
    query(())
    given = json_body({"version": "integer!", **MEMBERS})
    version = given.pop("version")
    actor = current_actor()
    approvals.save_expert(current_store(), _expert(given), actor, identity, version)
    return done(f"experts/{identity}", lambda: json_response(_read(identity)))


def _expert(given: Mapping[str, Any]) -> approvals.Expert:
    return approvals.Expert(**given)


def _read(identity: int) -> dict[str, Any]:
    with current_store().read() as connection:
        return approvals.read_expert(connection, identity, current_actor())


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        raise InvalidValue(
            "available_on", text, "a calendar date is needed", "give a date such as 2026-05-03",
            "available_on 应为日期，如 2026-05-03",
        ) from None  # fmt: skip


pages(blueprint, show, listed)
