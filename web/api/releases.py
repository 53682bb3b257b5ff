"""`/administration/releases`: who sees what (公开级别), for administrators of everything."""

from enum import StrEnum
from typing import Any, TypeVar

from flask import Blueprint, Response

from data import (
    InvalidValue,
    Level,
    Precision,
    ReleasedRecord,
    Role,
    Rule,
    StandingRule,
    read_exceptions,
    read_rules,
    set_level,
    set_rule,
)
from data.reference import load_table
from web.addresses import root
from web.bodies import body
from web.context import current_actor, whole_store
from web.negotiation import (
    JSON,
    json_response,
    lang_query,
    language,
    page_text,
    respond,
    wants_html,
)
from web.paging import page_links
from web.parameters import form_query, query, whole
from web.site import Lang

blueprint = Blueprint("releases", __name__)

LISTED = ("table", "cursor", "limit")
_Word = TypeVar("_Word", bound=StrEnum)
_PATH = "administration/releases"
_DEFAULT = "default"
_COMMON, _MOST, _HIGHEST = 50, 200, 2**62


@blueprint.before_request
def hold() -> None:
    """Only who administers everything comes in."""
    current_actor().require([Role.ADMINISTRATOR], (), "say who sees what")


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """What administrators see is nobody else's to keep."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get(f"/{_PATH}")
def show() -> Response:
    """How the records of every table are released, and a page of the single records."""
    values = form_query(LISTED)
    after = whole(values, "cursor", 0, 0, _HIGHEST)
    limit = whole(values, "limit", _COMMON, 1, _MOST)
    with whole_store().read() as connection:
        standing = read_rules(connection)
        records = read_exceptions(connection, after, limit + 1, values.get("table"))
    following = str(records[limit - 1].id) if len(records) > limit else None
    document = {
        "rules": [_rule(one, language()) for one in standing],
        "records": [_record(one, language()) for one in records[:limit]],
        "links": page_links(_PATH, following),
    }
    return respond("releases.html", document, page_text("release.title"))


@blueprint.post(f"/{_PATH}")
def change_rule() -> Response:
    """Release the records of a table at a level; what readers see follows at once."""
    query(())
    given = body(("table", "level", "position", "grid_deg", "version"))
    name = given.required("table")
    rule = Rule(
        name,
        _one_of(Level, "level", given.required("level")),
        _one_of(Precision, "position", given.text("position") or Precision.FULL),
        given.number("grid_deg"),
    )
    set_rule(whole_store(), current_actor(), rule, given.version())
    with whole_store().read() as connection:
        (now,) = [one for one in read_rules(connection) if one.rule.table == name]
    return _answer(_rule(now, language()))


@blueprint.post(f"/{_PATH}/records")
def change_record() -> Response:
    """Release one record otherwise than its table; `default` is as its table again."""
    query(())
    given = body(("table", "number", "level", "reason", "version"))
    table, word, number = given.required("table"), given.required("level"), given.whole("number")
    if number is None:
        raise InvalidValue(
            "number", "", "the record's id is needed", "give it", "请填写记录编号（number）"
        )
    level = None if word == _DEFAULT else _one_of(Level, "level", word)
    reason = given.text("reason") or ""
    set_level(whole_store(), current_actor(), table, number, level, reason, given.version())
    return _answer({"table": table, "number": number, "level": word, "reason": reason})


def _answer(document: dict[str, Any]) -> Response:
    if wants_html():
        lang = lang_query()
        return Response(status=303, headers={"Location": f"/{_PATH}{lang}"})
    links = [{"href": f"{root()}{_PATH}", "rel": "collection", "type": JSON}]
    return json_response(document | {"links": links})


def _one_of(words: type[_Word], name: str, text: str) -> _Word:
    if text not in list(words):
        known = ", ".join(words)
        raise InvalidValue(
            name, text, "no such word is known", f"give one of {known}",
            f"“{name}”没有取值“{text}”；可用：{known}",
        )  # fmt: skip
    return words(text)


def _rule(standing: StandingRule, lang: Lang) -> dict[str, Any]:
    rule = standing.rule
    return {
        "table": rule.table,
        "title": _title(rule.table, lang),
        "level": rule.level,
        "position": rule.position,
        "grid_deg": rule.grid_deg,
        "masked": list(rule.masked),
        "blurs": standing.blurs,
        "single_records": standing.excepted,
        "version": standing.version,
    }


def _title(table: str, lang: Lang) -> str:
    """A table in words; the rows of tables without a line of their own are named by it."""
    titles = {row["table"]: row["zh"] for row in load_table("release_levels")}
    return titles.get(table, table) if lang == "zh" else table.replace("_", " ")


def _record(record: ReleasedRecord, lang: Lang) -> dict[str, Any]:
    return {
        "table": record.table,
        "title": _title(record.table, lang),
        "number": record.number,
        "level": record.level,
        "reason": record.reason,
        "version": record.version,
    }
