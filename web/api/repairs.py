"""`/repairs`: orders to restore markers, from opening to closing."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from boundary import (
    RepairsQuery,
    Work,
    assign_repair,
    cancel_repair,
    close_repair,
    division_names,
    list_repairs,
    open_order,
    read_repair,
    record_incident,
    restore,
)
from data import InvalidValue, today
from web.addresses import root
from web.api.lines import created
from web.bodies import Fields, body
from web.context import current_actor, current_store
from web.forms import done as shown_or
from web.forms import pages
from web.negotiation import JSON, json_response, page_language, page_text, render_page, wants_html
from web.pages.repairs import order_page, reasons
from web.parameters import form_query, query, whole

blueprint = Blueprint("repairs", __name__)

LIST_PARAMETERS = ("state", "division", "severity", "overdue", "marker", "limit")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_MOST, _HIGHEST = 1_000, 2**62
_WORK = (
    *("version", "kind", "worked_on", "worked_by", "witness", "witness_party"),
    *("survey_method", "sigma_m", "surveyed_on", "cost_yuan", "note"),
)


@blueprint.get("/repairs")
def listed() -> Response:
    """The queue: the gravest first, of these the oldest."""
    values = form_query(LIST_PARAMETERS)
    overdue = values.get("overdue", "false").lower()
    if overdue not in _FLAGS:
        raise InvalidValue(
            "overdue", overdue, "it is true or false", "give true", "应为 true 或 false"
        )
    marker = whole(values, "marker", 0, 1, _HIGHEST) if "marker" in values else None
    severity = whole(values, "severity", 1, 1, 5) if "severity" in values else None
    asked = RepairsQuery(
        state=values.get("state"),
        division=values.get("division"),
        severity=severity,
        overdue=_FLAGS[overdue],
        marker_id=marker,
        limit=whole(values, "limit", 100, 1, _MOST),
    )
    with current_store().read() as connection:
        rows = list_repairs(connection, asked, today())
        names = division_names(connection, [row["managing_party"] for row in rows])
    links = [{"href": f"{root()}repairs", "rel": "self", "type": JSON}]
    shown = [row | {"links": [_link(row["id"])]} for row in rows]
    document: dict[str, Any] = {"repairs": shown, "links": links}
    if not wants_html():
        return json_response(document)
    document["page"] = {"names": names, "reasons": reasons(page_language())}
    return render_page("repairs.html", document, page_text("repair.title"))


def _link(identity: int) -> dict[str, str]:
    return {"href": f"{root()}repairs/{identity}", "rel": "item", "type": JSON}


@blueprint.get("/repairs/<int:identity>")
def show(identity: int) -> Response:
    """One order."""
    query(())
    with current_store().read() as connection:
        order = read_repair(connection, identity)
    marker = {"href": f"{root()}markers/{order['marker_id']}", "rel": "related", "type": JSON}
    document: dict[str, Any] = order | {"links": [_link(identity) | {"rel": "self"}, marker]}
    if not wants_html():
        return json_response(document)
    store = current_store()
    with store.read() as connection:
        document["page"] = order_page(connection, order, current_actor(), today())
    title = f"{page_text('repair.order')} {identity} · {order['marker_no']}"
    return render_page("repair.html", document, title)


@blueprint.post("/repairs")
def order_repair() -> Response:
    """Open an order by hand."""
    query(())
    fields = body(("marker_id", "reason", "note"))
    marker_id = fields.whole("marker_id")
    if marker_id is None:
        raise InvalidValue("marker_id", "", "a marker is needed", "give its id", "请填写界桩")
    reason, note = fields.required("reason"), fields.text("note")
    key = open_order(current_store(), current_actor(), marker_id, reason, today(), note)
    return shown_or(f"repairs/{key}", lambda: created({"id": key}, f"repairs/{key}"))


@blueprint.post("/repairs/<int:identity>/assign")
def assign(identity: int) -> Response:
    """Hand an order to somebody of the managing side."""
    query(())
    fields = body(("version", "assigned_to", "managing_party"))
    to, party = fields.required("assigned_to"), fields.text("managing_party")
    assign_repair(current_store(), current_actor(), identity, fields.version(), to, party)
    return _now(identity)


@blueprint.post("/repairs/<int:identity>/done")
def done(identity: int) -> Response:
    """Record the work, with the neighbour's witness."""
    query(())
    fields = body(_WORK)
    work = _work(fields)
    restore(current_store(), current_actor(), identity, fields.version(), work, today())
    return _now(identity)


def _work(fields: Fields) -> Work:
    texts = ("worked_by", "witness", "witness_party", "survey_method", "note")
    return Work(
        kind=fields.required("kind"),
        worked_on=fields.day("worked_on") or today(),
        sigma_m=fields.number("sigma_m"),
        surveyed_on=fields.day("surveyed_on"),
        cost_yuan=fields.number("cost_yuan"),
        **{name: fields.text(name) for name in texts},
    )


@blueprint.post("/repairs/<int:identity>/close")
def close(identity: int) -> Response:
    """Close an order by a new inspection, or open it again where that found the marker unsound."""
    query(())
    fields = body(("version",))
    close_repair(current_store(), current_actor(), identity, fields.version(), today())
    return _now(identity)


@blueprint.post("/repairs/<int:identity>/cancel")
def cancel(identity: int) -> Response:
    """Cancel an order with a reason."""
    query(())
    fields = body(("version", "reason"))
    reason = fields.required("reason")
    cancel_repair(current_store(), current_actor(), identity, fields.version(), reason)
    return _now(identity)


@blueprint.post("/repairs/<int:identity>/incident")
def incident(identity: int) -> Response:
    """Record cause, liable person, cost and fine (Order 353, Art 17)."""
    query(())
    fields = body(("version", "cause", "liable", "cost_yuan", "fine_yuan", "fine_document"))
    values = {name: fields.text(name) for name in ("cause", "liable", "fine_document")}
    amounts = {name: fields.number(name) for name in ("cost_yuan", "fine_yuan")}
    version = fields.version()
    record_incident(current_store(), current_actor(), identity, version, values | amounts)
    return _now(identity)


def _now(identity: int) -> Response:
    """The order after an act."""

    def order() -> Mapping[str, Any]:
        with current_store().read() as connection:
            return read_repair(connection, identity)

    return shown_or(f"repairs/{identity}", lambda: json_response(order()))


pages(blueprint, show, listed)
