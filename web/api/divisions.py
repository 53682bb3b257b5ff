"""`/divisions/{code}` and `/division-events`: divisions in time."""

from typing import Any

import orjson
from flask import Blueprint, Response

from boundary import lines_touched
from data import Fault, InvalidValue, today
from gazetteer import (
    EventKind,
    EventsQuery,
    apply_event,
    find_code,
    history_json,
    list_events,
    make_countable,
    make_searchable,
    parse_event,
    preview_event,
    preview_json,
    read_event,
    settle_event,
)
from web.addresses import root
from web.bodies import json_body
from web.context import current_actor, current_store
from web.form_fields import is_form
from web.forms import done, from_page, keep_fields, pages
from web.negotiation import (
    HTML,
    JSON,
    json_response,
    language,
    page_language,
    render_page,
    respond,
    wants_html,
)
from web.pages.divisions import division_page
from web.paging import page_links
from web.parameters import day, flag, form_query, query, whole

blueprint = Blueprint("divisions", __name__)

MOST = 100
_TITLES = {
    "events": ("行政区划变更", "Division events"),
    "new": ("行政区划变更办理", "Change of divisions"),
    "preview": ("变更预览", "Preview of a division event"),
}


@blueprint.get("/divisions/<code>")
def show(code: str) -> Response:
    """A code's history: states, what came before, what it is today."""
    values = query(("as_of",))
    asked = day(values, "as_of")
    with current_store().read() as connection:
        found = history_json(find_code(connection, code), asked)
    found["links"] = [
        _link(f"divisions/{code}", "self", JSON),
        _link(f"division-events?code={code}", "events", JSON),
    ]
    title = str(found["states"][-1]["name"])
    if not wants_html():
        return json_response(found)
    store = current_store()
    with store.read() as connection:
        page = division_page(store, connection, found, page_language(), today())
    return render_page("division.html", page, title)


@blueprint.get("/division-events")
def listed() -> Response:
    """Events, newest first."""
    values = form_query(("code", "kind", "since", "until", "overdue", "limit", "cursor"))
    asked = EventsQuery(
        limit=whole(values, "limit", 10, 1, MOST),
        cursor=values.get("cursor", ""),
        code=values.get("code"),
        kind=_kind(values.get("kind")),
        since=day(values, "since"),
        until=day(values, "until"),
        overdue=flag(values, "overdue"),
    )
    with current_store().read() as connection:
        page = list_events(connection, asked, today())
    document = {"events": list(page.events), "links": _links(page.next_cursor)}
    return respond("division_events.html", document, _title("events"))


@blueprint.get("/division-events/new")
def new() -> Response:
    """The form of an event; for programs, its members."""
    code = form_query(("code",)).get("code", "")
    return _form({"asked": {"code": code}})


def _form(document: dict[str, Any]) -> Response:
    found = {
        "fields": ["event", "basis"],
        "links": [_link("division-events/new", "self", JSON)],
        **document,
    }
    return respond("division_event_new.html", found, _title("new"))


def _kind(text: str | None) -> str | None:
    if text is not None and text not in set(EventKind):
        told = ", ".join(EventKind)
        raise InvalidValue(
            "kind", text, f"it is one of {told}", f"give one of {told}", f"kind 应为 {told} 之一"
        )
    return text


def _links(cursor: str | None) -> list[dict[str, str]]:
    links = page_links("division-events", cursor)
    return [*links, _link("division-events?f=html", "alternate", HTML)]


def _link(path: str, rel: str, media_type: str) -> dict[str, str]:
    return {"href": f"{root()}{path}", "rel": rel, "type": media_type}


def _title(name: str) -> str:
    return _TITLES[name][language() == "en"]


@blueprint.get("/division-events/<int:identity>")
def event(identity: int) -> Response:
    """One event with its lines and periods."""
    query(())
    return _answer(identity)


def _answer(identity: int) -> Response:
    with current_store().read() as connection:
        found = read_event(connection, identity, today())
    found["links"] = [_link(f"division-events/{identity}", "self", JSON)]
    return respond("division_event.html", found, f"{_title('events')} {identity}")


@blueprint.post("/division-events/preview")
def preview() -> Response:
    """What an event would do; nothing is written."""
    query(())
    asked = parse_event(_typed(json_body({"event": "object!"})["event"]))
    with current_store().read() as connection:
        seen = preview_event(connection, asked, today())
        found = preview_json(seen, today())
        found["lines"] = lines_touched(connection, seen.plan.code_changes)
    if from_page():
        keep_fields()
        return _form({"asked": {}, "preview": found})
    return respond("document.html", found, _title("preview"))


def _typed(event: dict[str, Any]) -> dict[str, Any]:
    """An event as JSON would have it, where it comes from a form: its flags and its outlines."""
    changes = event.get("changes")
    if not is_form() or not isinstance(changes, list):
        return event
    for change in changes:
        new_state = change.get("new") if isinstance(change, dict) else None
        if isinstance(new_state, dict):
            new_state["takes_rest"] = new_state.get("takes_rest") == "true"
            if "outline" in new_state:
                new_state["outline"] = _outline(new_state["outline"])
    return event


def _outline(text: Any) -> Any:
    """GeoJSON as it was pasted; what is none stays a text, for its reader to refuse."""
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, TypeError):
        return text


@blueprint.post("/division-events")
def apply() -> Response:
    """Apply an event that was previewed; its approver does."""
    query(())
    given = json_body({"event": "object!", "basis": "text!"})
    store = current_store()
    asked = parse_event(_typed(given["event"]))
    identity = apply_event(store, current_actor(), asked, given["basis"], today())
    make_searchable(store)
    make_countable(store)

    def made() -> Response:
        with store.read() as connection:
            found = read_event(connection, identity, today())
        response = json_response(found, 201)
        response.headers["Location"] = f"{root()}division-events/{identity}"
        return response

    return done(f"division-events/{identity}", made)


@blueprint.post("/division-events/<int:identity>/settle")
def settle(identity: int) -> Response:
    """Record what was done after an event."""
    query(())
    given = json_body(
        {"version": "integer!", "completed_on": "date", "codes_published_on": "date"}
        | {"extended": "flag"}
    )
    version = given.pop("version")
    settle_event(current_store(), current_actor(), identity, version, given, today())
    return done(f"division-events/{identity}", lambda: _answer(identity))


def _field_of(fault: Fault) -> str | None:
    """The field of the form that a fault of an event is about; `row` counts its changes."""
    if fault.row is None:
        return f"event.{fault.column}" if fault.column else None
    place = f"event.changes.{fault.row - 1}"
    column = (fault.column or "old").removeprefix("new.")
    return f"{place}.old" if column == "old" else f"{place}.new.{column}"


pages(blueprint, event, new, _field_of)
