"""`/division-events/{id}/lines`, `/line-changes`: what changes of divisions do to lines."""

from datetime import UTC, datetime

import shapely
from flask import Blueprint, Response

from boundary import changes
from data import InvalidValue, Role
from data import today as today_in_china
from data.editing import read_geometry
from data.geometry import MULTILINESTRING
from gazetteer import parse_event
from web.api.lines import created, kind_asked
from web.bodies import json_body
from web.context import current_actor, current_store
from web.downloads import DOCX, XLSX, download
from web.feature_bodies import content_system
from web.negotiation import json_response, respond
from web.parameters import day, query

blueprint = Blueprint("line_changes", __name__)

PREVIEW = {"event": "object!"}
APPLY = {"basis": "text!"}
SURVEY = {
    "geometry": "object!",
    "version": "integer!",
    "source": "text!",
    "accept": "flag",
    "preview": "flag",
}
_SURVEYING = (Role.EDITOR, Role.APPROVER, Role.ADMINISTRATOR)
_ACT = "preview changes of lines"


@blueprint.get("/division-events/<int:identity>/lines")
def lines_of_event(identity: int) -> Response:
    """What an applied event does to lines; nothing is written."""
    query(())
    current_actor().require_somewhere(tuple(Role), _ACT)
    with current_store().read() as connection:
        seen = changes.event_lines(connection, identity)
    return respond("document.html", seen.as_json(), f"界线变更 {identity}")


@blueprint.get("/division-events/<int:identity>/lines.docx")
@blueprint.get("/division-events/<int:identity>/lines.xlsx")
def papers(identity: int) -> Response:
    """The draft agreement, or the tables."""
    query(())
    current_actor().require_somewhere(tuple(Role), _ACT)
    with current_store().read() as connection:
        seen = changes.event_lines(connection, identity)
    if kind_asked() == "xlsx":
        return download(changes.changes_xlsx(seen), XLSX, f"界线变更{identity}.xlsx")
    content = changes.changes_docx(seen, datetime.now(UTC))
    return download(content, DOCX, f"界线变更协议书草稿{identity}.docx")


@blueprint.post("/line-changes/preview")
def preview() -> Response:
    """What an event that is not applied yet would do to lines."""
    query(())
    current_actor().require_somewhere(tuple(Role), _ACT)
    event = parse_event(json_body(PREVIEW)["event"])
    with current_store().read() as connection:
        seen = changes.preview_lines(connection, event, today_in_china())
    return json_response(seen.as_json())


@blueprint.post("/division-events/<int:identity>/lines")
def apply(identity: int) -> Response:
    """Write what an applied event does to lines, in one transaction."""
    query(())
    basis = json_body(APPLY)["basis"]
    begun = changes.apply_lines(current_store(), current_actor(), identity, basis)
    return created({"event_id": identity, "begun": begun}, f"division-events/{identity}/lines")


@blueprint.post("/lines/<int:identity>/survey")
def survey(identity: int) -> Response:
    """Put a surveyed line in the place of a drafted one; with `preview` nothing is written."""
    query(())
    given = json_body(SURVEY)
    store, actor = current_store(), current_actor()
    actor.require_somewhere(_SURVEYING, "take a survey of a line")
    try:
        drawn = read_geometry(given["geometry"], content_system(), MULTILINESTRING)
    except ValueError as error:
        zh, en = error.args
        raise InvalidValue("geometry", "…", en, "send a GeoJSON LineString", zh) from error
    if drawn is None:
        raise InvalidValue(
            "geometry", "", "a surveyed line has points", "send a GeoJSON LineString",
            "勘测线不能为空；请提供 GeoJSON LineString",
        )  # fmt: skip
    shape = shapely.from_wkb(drawn)
    if given.get("preview"):
        with store.read() as connection:
            found = changes.check_survey(connection, identity, shape, store.crs)
        return json_response(found.as_json())
    taken = changes.Survey(shape, given["source"])
    accept = bool(given.get("accept"))
    found = changes.take_survey(store, actor, identity, given["version"], taken, accept=accept)
    return created(found.as_json(), f"lines/{found.line_id}")


@blueprint.get("/lines/<int:identity>/history")
def history(identity: int) -> Response:
    """What a line was in time, or on a day."""
    values = query(("as_of",))
    with current_store().read() as connection:
        found = changes.line_history(connection, identity, day(values, "as_of"))
    return respond("document.html", found, f"{found['name']} 沿革")
