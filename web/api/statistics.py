"""`/statistics`: counts of names, and what a dashboard shows."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response
from sqlalchemy import Connection

from data import NotReady, today
from gazetteer import (
    CountsQuestion,
    ask_counts,
    counts_csv,
    counts_json,
    is_counted,
    summarize_names,
)
from web.addresses import root
from web.context import current_store
from web.negotiation import HTML, JSON, bytes_response, language, respond
from web.parameters import FORMATS, flag, query, whole

blueprint = Blueprint("statistics", __name__)

_COUNTING = frozenset({"by", "level", "depth", "class", "status", "heritage"})
_KNOWN = ("within", *sorted(_COUNTING))


@blueprint.get("/statistics")
def statistics() -> Response:
    """Counts parted as `by` says; where nothing is asked of them, totals, shares, parts, years."""
    values = query(_KNOWN, (*FORMATS, "csv"))
    with current_store().read() as connection:
        _require_counts(connection)
        if not _COUNTING & values.keys() and values.get("f") != "csv":
            found = summarize_names(connection, values.get("within"), today())
            return respond("document.html", found | {"links": _links()}, _title())
        counts = ask_counts(connection, _question(values))
    if values.get("f") == "csv":
        response = bytes_response(
            counts_csv(counts, language()).encode(), "text/csv; charset=utf-8"
        )
        response.headers["Content-Disposition"] = 'attachment; filename="statistics.csv"'
        return response
    return respond("document.html", counts_json(counts) | {"links": _links()}, _title())


def _require_counts(connection: Connection) -> None:
    if not is_counted(connection):
        raise NotReady(
            "the names are being counted; ask again in a minute", "地名正在统计；请稍后再试"
        )


def _question(values: Mapping[str, str]) -> CountsQuestion:
    more: dict[str, Any] = {"within": values.get("within"), "category": values.get("class")}
    if "heritage" in values:
        more["heritage"] = flag(values, "heritage")
    return CountsQuestion.parse(
        values.get("by", ""),
        values.get("level"),
        depth=whole(values, "depth", 2, 1, 9),
        status=values.get("status"),
        **more,
    )


def _links() -> list[dict[str, str]]:
    address = f"{root()}statistics"
    return [
        {"href": address, "rel": "self", "type": JSON},
        {"href": f"{address}?f=html", "rel": "alternate", "type": HTML},
        {"href": f"{address}?by=division,class&f=csv", "rel": "alternate", "type": "text/csv"},
    ]


def _title() -> str:
    return "地名统计" if language() == "zh" else "Statistics of names"
