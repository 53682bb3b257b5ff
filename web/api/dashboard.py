"""`/dashboard`: figures and charts by division, each part a table and a CSV too."""

import csv
import io

from flask import Blueprint, Response

from boundary import LineFacts, line_facts
from data import InvalidValue, today
from data.formats.formulas import guarded
from gazetteer import is_counted
from web.addresses import root
from web.context import current_store, whole_store
from web.downloads import download
from web.negotiation import (
    HTML,
    JSON,
    json_response,
    page_language,
    page_text,
    render_page,
    wants_html,
)
from web.pages.dashboard import YEARS, Dashboard, Part, dashboard
from web.parameters import FORMATS, form_query, query
from web.until_written import until_written

blueprint = Blueprint("dashboard", __name__)

_CSV = "text/csv; charset=utf-8"


@blueprint.get("/dashboard")
def show() -> Response:
    """The dashboard of a division, or of all."""
    made = _made(form_query(("within",)).get("within"))
    asked = f"?within={made.within}" if made.within else ""
    address = f"{root()}dashboard"
    document = {
        "within": made.within,
        "figures": {key: value for key, value, _, _ in made.figures},
        "parts": [one.as_json() for one in made.parts],
        "links": [
            {"href": f"{address}{asked}", "rel": "self", "type": JSON},
            {"href": f"{address}?f=html", "rel": "alternate", "type": HTML},
        ],
    }
    if not wants_html():
        return json_response(document)
    title = page_text("nav.dashboard")
    return render_page("dashboard.html", document | {"page": made}, title)


def _made(within: str | None) -> Dashboard:
    """The dashboard, counted anew once the register or the day has changed."""
    store, lang, day = current_store(), page_language(), today()
    with store.read() as connection:
        counted = is_counted(connection)  # counting names anew is no write of the register

    def read_lines() -> list[LineFacts]:
        with store.read() as connection:
            return line_facts(connection, day, YEARS)

    def read() -> Dashboard:
        # Of every division alike, and most of what a dashboard costs.
        known = until_written(store, whole_store(), ("lines of years", day), read_lines)
        with store.read() as connection:
            return dashboard(store, connection, known, within, lang, day)

    key = ("dashboard", within, lang, day, counted)
    return until_written(store, whole_store(), key, read)


@blueprint.get("/dashboard.csv")
def table() -> Response:
    """One part of the dashboard as CSV."""
    values = query(("part", "within"), (*FORMATS, "csv"))
    parts = {one.key: one for one in _made(values.get("within")).parts}
    wanted = values.get("part", "markers")
    if wanted not in parts:
        known = ", ".join(parts)
        raise InvalidValue(
            "part", wanted, f"it is one of {known}", "give one of them", f"part 应为：{known}"
        )
    return download(_csv(parts[wanted]), _CSV, f"{wanted}.csv")


def _csv(part: Part) -> bytes:
    """A part's table with a byte order mark, as spreadsheets here want it."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([page_text(head) for head in part.heads])
    writer.writerows([[_cell(cell) for cell in row] for row in part.rows])
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: str | int) -> str | int:
    return guarded(cell) if isinstance(cell, str) else cell
