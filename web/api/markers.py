"""`/markers`: sheets of markers, what was lawfully done to them, photographs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response

from boundary import (
    Act,
    Claim,
    Paper,
    SheetRow,
    add_photo,
    division_names,
    history_of,
    marker_sheet,
    photos_of,
    read_photo,
    record_act,
    relocate,
    sheet_columns,
    sheets_docx,
    sheets_xlsx,
    status_of,
)
from data import InvalidValue, read_file, today
from web.addresses import root
from web.api.lines import created, kind_asked
from web.bodies import Fields, body
from web.context import current_actor, current_store
from web.downloads import DOCX, XLSX, download
from web.negotiation import (
    GEOJSON,
    HTML,
    JSON,
    json_response,
    page_language,
    render_page,
    respond,
    wants_html,
)
from web.pages.markers import marker_extras
from web.parameters import query
from web.uploads import upload

blueprint = Blueprint("markers", __name__)

_POSITION = (
    *("lon", "lat", "x_north", "y_east", "crs"),
    *("tolerance_m", "tolerance_source", "accuracy_class", "height_m"),
)
_ACT_TEXTS = (*("witness", "agreement", "survey_method", "surveyor", "filed_with", "note"),)
_ACT = (
    *("version", "kind", "happened_on", "parties", *_ACT_TEXTS),
    *("sigma_m", "surveyed_on", "distance_m", "filed_on"),
    *("document_kind", "document_title", "document_number"),
)
_MOST_PHOTOS = 6


@blueprint.get("/markers/<int:identity>")
def show(identity: int) -> Response:
    """A marker's sheet (界桩登记表), its history and photographs."""
    query(())
    store = current_store()
    with store.read() as connection:
        sheet = marker_sheet(connection, identity, store.crs)
        history = history_of(connection, identity)
        photos = photos_of(connection, identity)
    own = f"{root()}markers/{identity}"
    links = [
        {"href": own, "rel": "self", "type": JSON},
        {"href": f"{own}?f=html", "rel": "alternate", "type": HTML},
        {"href": f"{root()}collections/markers/items/{identity}", "rel": "item", "type": GEOJSON},
        {"href": f"{own}/status", "rel": "related", "type": JSON, "title": "状态依据 evidence"},
        {"href": f"{own}/sheet.docx", "rel": "enclosure", "type": DOCX, "title": "界桩登记表 DOCX"},
        {"href": f"{own}/sheet.xlsx", "rel": "enclosure", "type": XLSX, "title": "界桩登记表 XLSX"},
    ]
    document = {
        "id": identity,
        "version": sheet.record["version"],
        "marker_no": sheet.record["marker_no"],
        "status": sheet.record["status"],
        "status_open": sheet.record["status_open"],
        "condition": sheet.record["condition"],
        "verdict": sheet.record["verdict"],
        "inspected_on": sheet.record["inspected_on"],
        "valid_to": sheet.record["valid_to"],
        "coordinate_text": sheet.record["coordinate_text"],
        "crs_text": sheet.record["crs_text"],
        "sheet": _fields(sheet),
        "witness_objects": [
            {k: v for k, v in tie.items() if k not in {"id", "marker_id", "version"}}
            for tie in sheet.ties
        ],
        "history": history,
        "photos": [one | {"href": f"{root()}photos/{one['id']}"} for one in photos],
        "links": links,
    }
    if not wants_html():
        return json_response(document)
    with store.read() as connection:
        document["page"] = marker_extras(store, connection, document, page_language(), today())
    return render_page("marker.html", document, str(sheet.record["marker_no"]))


def _fields(sheet: SheetRow) -> list[dict[str, str]]:
    """The sheet's fields as the forms name them, with their short codes."""
    return [
        {"field": name, "zh": zh, "code": code, "value": sheet.values[name]}
        for name, zh, code in sheet_columns()
    ]


@blueprint.get("/markers/<int:identity>/status")
def status(identity: int) -> Response:
    """What a marker is, by which rules, and how each piece of its evidence was used."""
    query(())
    with current_store().read() as connection:
        found = status_of(connection, identity)
    return respond("document.html", found.as_json(), f"{identity}: {found.state}")


@blueprint.get("/markers/<int:identity>/sheet.docx")
@blueprint.get("/markers/<int:identity>/sheet.xlsx")
@blueprint.get("/markers/<int:identity>/sheet.json")
def sheet_file(identity: int) -> Response:
    """A marker's sheet (界桩登记表) as DOCX, XLSX or JSON."""
    query(())
    store = current_store()
    with store.read() as connection:
        sheet = marker_sheet(connection, identity, store.crs)
        number = sheet.record["marker_no"]
        if kind_asked() == "docx":
            parties = [sheet.values[f"party_{party}"] for party in "abc"]
            content = sheets_docx(
                [sheet],
                {identity: history_of(connection, identity)},
                {identity: _pictures(connection, identity)},
                datetime.now(UTC),
                division_names(connection, parties),
            )
            return download(content, DOCX, f"{number}界桩登记表.docx")
    if kind_asked() == "xlsx":
        return download(sheets_xlsx([sheet]), XLSX, f"{number}界桩登记表.xlsx")
    return json_response({"marker_no": number, "sheet": dict(sheet.values)})


def _pictures(connection: Any, marker_id: int) -> list[tuple[bytes, str]]:
    found = []
    for one in photos_of(connection, marker_id)[-_MOST_PHOTOS:]:
        public = read_photo(connection, one["id"])["public_sha256"]
        caption = "，".join(filter(None, (one["caption"], one["taken_at"])))
        found.append((read_file(connection, public), caption or one["file_name"]))
    return found


@blueprint.post("/markers/<int:identity>/acts")
def act(identity: int) -> Response:
    """Record what was done to a marker: repaired, replaced, set again, scrapped."""
    query(())
    fields = body(_ACT)
    done = _act(fields)
    key = record_act(current_store(), current_actor(), identity, fields.version(), done, today())
    return created({"id": key, "marker_id": identity}, f"markers/{identity}")


@blueprint.post("/markers/<int:identity>/relocation")
def move(identity: int) -> Response:
    """Move a marker by agreement: its record ends, another begins."""
    query(())
    fields = body((*_ACT, *_POSITION))
    position = {name: text for name in _POSITION if (text := _typed(fields, name)) is not None}
    done = _act(fields, "relocate")
    store, actor = current_store(), current_actor()
    key = relocate(store, actor, identity, fields.version(), done, position, today())
    return created({"id": key, "predecessor_id": identity}, f"markers/{key}")


def _typed(fields: Fields, name: str) -> Any:
    """A field of a position: numbers of metres as numbers, coordinates as they were typed."""
    if name in {"tolerance_m", "height_m"}:
        return fields.number(name)
    value = fields.values.get(name)
    return repr(value) if isinstance(value, int | float) else fields.text(name)


def _act(fields: Fields, kind: str | None = None) -> Act:
    return Act(
        kind=kind or fields.required("kind"),
        happened_on=fields.day("happened_on") or today(),
        parties=fields.texts("parties"),
        **{name: fields.text(name) for name in _ACT_TEXTS},
        sigma_m=fields.number("sigma_m"),
        surveyed_on=fields.day("surveyed_on"),
        distance_m=fields.number("distance_m"),
        filed_on=fields.day("filed_on"),
        papers=_papers(fields),
    )


def _papers(fields: Fields) -> tuple[Paper, ...]:
    file, title = upload(), fields.text("document_title")
    if file is None and title is None:
        return ()
    return (
        Paper(
            fields.text("document_kind") or "change_agreement",
            title or (file.name if file else ""),
            fields.text("document_number"),
            fields.day("happened_on"),
            file.content if file else None,
            file.name if file else None,
        ),
    )


@blueprint.post("/markers/<int:identity>/photos")
def send_photo(identity: int) -> Response:
    """Keep a photograph of a marker: the form field `file`, with what is claimed of it."""
    query(())
    fields = body(("claimed_on", "caption", "inspection_id", "client_id"))
    file = upload()
    if file is None or not file.content:
        raise InvalidValue(
            "file", "", "a photograph is needed", "send it as the form field `file`",
            "没有收到照片；请以表单字段 file 上传",
        )  # fmt: skip
    claim = Claim(
        file.name, fields.day("claimed_on"), fields.text("caption"),
        fields.whole("inspection_id"), fields.text("client_id"),
    )  # fmt: skip
    kept = add_photo(current_store(), current_actor(), identity, file.content, claim)
    return created(_public(kept), f"photos/{kept['id']}")


def _public(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "public_sha256"}


@blueprint.get("/photos/<int:identity>")
def photo(identity: int) -> Response:
    """A photograph's public copy: the picture alone, without what the camera wrote."""
    query(())
    with current_store().read() as connection:
        record = read_photo(connection, identity)
        content = read_file(connection, record["public_sha256"])
    response = Response(content, content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response
