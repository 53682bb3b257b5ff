"""`/field`: the page that works without a network, what it takes along, and what it sends.

The page itself is the same for everybody: no name, no mark of a session, no record stands in it,
so that a browser may keep it. What it shows comes from the addresses below, asked when there is a
network, and is kept by the page for the account that asked.
"""

import hashlib
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
from flask import Blueprint, Response, request

from boundary import division_names, fieldwork, rounds
from data import Role
from data.deadlines import today
from web.accounts import current_session, must_sign_in, reader_store
from web.addresses import root
from web.api.submissions import seen
from web.bodies import body, json_body
from web.context import current_actor, current_settings, current_store, whole_store
from web.negotiation import (
    bytes_response,
    json_response,
    page_language,
    page_text,
    render_shell,
    respond,
)
from web.parameters import query
from web.site import TEMPLATES, THEME_COOKIE, html_lang, known_theme, spoken, translate

blueprint = Blueprint("field", __name__)

_MEMBERS: Final = {
    "client_id": "text!", "marker_id": "integer!", "observed_at": "text!", "condition": "text!",
    "round_id": "integer", "side": "text", "lon": "number", "lat": "number",
    "accuracy_95_m": "number", "fixed_at": "text", "position": "text", "crs": "text",
    "method": "text", "surveyor": "text", "device": "text", "proof": "flag",
    "tie1_distance_m": "number", "tie2_distance_m": "number", "tie3_distance_m": "number",
    "remark": "text", "photos": "texts",
}  # fmt: skip
_STATIC: Final = Path(__file__).parents[1] / "static"
_SHELL: Final = (
    "site.css", "pages.css", "dark.css", "field.css", "cairn.svg", "field/field.js",
    "icons/icon-192.png",
)  # fmt: skip
"""What the page is made of, under `/static`."""
_WORKER: Final = "field/worker.js"
_PAPER: Final = "#f6f4ee"
_ACCENT: Final = "#1c5a85"


@blueprint.get("/field")
def page() -> Response:
    """The page."""
    query(())
    return render_shell("field.html", {"version": _version()}, page_text("field.title"))


@blueprint.get("/field/worker.js")
def worker() -> Response:
    """The page's service worker, told what to keep: it is another whenever any part of that is."""
    query(())
    kept = {
        "version": _version(),
        "pages": [f"/field?lang={lang}" for lang in spoken().tags],
        "files": [*(f"/static/{name}" for name in _SHELL), *map(_manifest_address, spoken().tags)],
    }
    told = b"self.OVOO_SHELL = " + orjson.dumps(kept) + b";\n"
    script = _STATIC / _WORKER
    # Before the front end is built there is nothing to keep either.
    body = told + (script.read_bytes() if script.is_file() else b"")
    response = bytes_response(body, "text/javascript; charset=utf-8")
    response.headers["Service-Worker-Allowed"] = "/field"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _manifest_address(lang: str) -> str:
    return f"/field/manifest.webmanifest?lang={lang}"


@blueprint.get("/field/manifest.webmanifest")
def manifest() -> Response:
    """What a device needs to install the page."""
    query(())
    lang = page_language()
    icons = [
        {"src": "/static/cairn.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
        *(
            {"src": f"/static/icons/{name}-{size}.png", "sizes": f"{size}x{size}"}
            | {"type": "image/png", "purpose": purpose}
            for name, size, purpose in (
                ("icon", 192, "any"), ("icon", 512, "any"), ("maskable", 512, "maskable"),
            )
        ),
    ]  # fmt: skip
    document = {
        "id": "/field",
        "name": translate("field.app", lang),
        "short_name": translate("field.app_short", lang),
        "description": translate("field.lead", lang),
        "lang": html_lang(lang),
        "dir": "ltr",
        "start_url": f"/field?lang={lang}",
        "scope": "/field",
        "display": "standalone",
        "background_color": _PAPER,
        "theme_color": _ACCENT,
        "icons": icons,
    }
    return json_response(document, media_type="application/manifest+json")


@blueprint.get("/field/session")
def session() -> Response:
    """Who would send now, with the mark of this session that a sending needs."""
    query(())
    own, actor = current_session(), current_actor()
    document = {
        "account": actor.name,
        "csrf_token": None if own is None else own.csrf,
        "roles": sorted({str(grant.role) for grant in actor.grants}),
        "divisions": sorted({one.division_code for one in actor.grants if one.division_code}),
        "theme": known_theme(request.cookies.get(THEME_COOKIE)) or "auto",
        "version": _version(),
        "largest_photo_bytes": current_settings().max_upload_bytes,
    }
    return respond("document.html", document, page_text("field.title"))


@blueprint.get("/rounds/<int:identity>/field.json")
def take(identity: int) -> Response:
    """What is taken along of a round: its markers in the order of the tour, the words of forms."""
    query(())
    store = current_store()
    exact = reader_store(current_actor(), exact=True)
    with store.read() as connection, exact.read() as precise:
        bundle = fieldwork.take_along(connection, precise, identity, store.crs, datetime.now(UTC))
    return json_response(bundle)


@blueprint.post("/field/inspections")
def send() -> Response:
    """Receive one visit; sent again it is answered as it was and nothing is done twice."""
    query(())
    values = json_body(_MEMBERS)
    actor = current_actor()
    actor.require_somewhere((Role.SURVEYOR, Role.EDITOR, Role.APPROVER), "send an inspection")
    visit = fieldwork.Visit(**values)
    exact = reader_store(actor, exact=True)
    received = fieldwork.receive_visit(
        whole_store(), exact, actor, visit, request.remote_addr or "", today()
    )
    report = seen(received.report, own=True)
    response = json_response(_receipt(visit, received, report), 200 if received.repeated else 201)
    response.headers["Location"] = f"{root()}submissions/{received.submission_id}"
    return response


@blueprint.get("/rounds/<int:identity>/visits")
def visits(identity: int) -> Response:
    """The visits from the field of a joint inspection, with what is said of each."""
    query(())
    return _visits_page(identity)


@blueprint.post("/rounds/<int:identity>/visits")
def take_in(identity: int) -> Response:
    """Commit some of them, and take each into the inspection for its side."""
    query(())
    fields = body(("visits", "side"))
    done = fieldwork.take_in(
        current_store(), current_actor(), identity, fields.texts("visits"), fields.text("side"),
        second_person=must_sign_in(),
    )  # fmt: skip
    left = [{"value": one.value, "zh": one.zh, "en": one.en} for one in done.left]
    return _visits_page(identity, {"taken": list(done.taken), "left": left})


def _visits_page(identity: int, done: dict[str, Any] | None = None) -> Response:
    with current_store().read() as connection:
        found = fieldwork.visits_of_round(connection, identity)
        record = rounds.read_round(connection, identity)
        parties = rounds.parties_of_round(rounds.lines_of(connection, identity))
        names = division_names(connection, parties)
    roles = {str(grant.role) for grant in current_actor().grants}
    document: dict[str, Any] = {
        "round": {name: record[name] for name in ("id", "name", "state")},
        "visits": found,
        "sides": [(code, names.get(code, code)) for code in parties],
        "names": names,
        "may_take": Role.EDITOR in roles and record["state"] in {"planned", "field"},
        "links": [
            {
                "href": f"{root()}rounds/{identity}/visits",
                "rel": "self",
                "type": "application/json",
            },
            {"href": f"{root()}rounds/{identity}", "rel": "up", "type": "application/json"},
        ],
    }
    title = page_text("visits.title")
    return respond("round_visits.html", document | (done or {}), f"{record['name']} {title}")


_TOLD: Final = (
    *("verdict", "condition", "distance_m", "bearing_deg", "tolerance_m", "sigma_m", "grade"),
    *("zh", "en"),
)


def _receipt(
    visit: fieldwork.Visit, received: fieldwork.Received, report: dict[str, Any]
) -> dict[str, Any]:
    """What the surveyor keeps: the number of the submission and what is said of the visit."""
    (result, *_) = report["results"]
    own = f"{root()}submissions/{received.submission_id}"
    return {
        "client_id": visit.client_id,
        "marker_id": visit.marker_id,
        "submission": received.submission_id,
        "state": report["state"],
        "received_at": received.received_at,
        "repeated": received.repeated,
        "result": {name: result.get(name) for name in _TOLD},
        "faults": report["faults"],
        "findings": report["findings"],
        "links": [{"href": own, "rel": "related", "type": "application/json"}],
    }


@cache
def _files_version(paths: tuple[tuple[Path, int], ...]) -> str:
    """The hash of the contents of files; their times say when to look anew."""
    digest = hashlib.sha256()
    for path, _ in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _version() -> str:
    """The hash of all that the page is made of."""
    paths = [_STATIC / name for name in (*_SHELL, _WORKER)]
    paths += [TEMPLATES / "field.html", TEMPLATES / "_languages.html", *spoken().files]
    there = [path for path in paths if path.is_file()]
    return _files_version(tuple((path, path.stat().st_mtime_ns) for path in there))
