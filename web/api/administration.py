"""`/administration`: health, settings, tokens and the journal, for administrators."""

import os
from pathlib import Path
from typing import Any

from flask import Blueprint, Response

from data import BrokenChain, Role, StoreWatch, WatchLimits, program_version, verify
from data.accounts import read_accounts, read_tokens
from data.backups import is_as_made
from data.journal import read_head
from data.journal_entries import MOST_ENTRIES, EntriesQuery, read_entries
from data.reference import load_table
from web.accounts import must_sign_in, present
from web.addresses import root
from web.bodies import body
from web.context import current_actor, current_settings, whole_store
from web.negotiation import JSON, json_response, page_text, render_page, respond, wants_html
from web.pages.administration import backups_of, configuration, rule_tables
from web.paging import page_links
from web.parameters import form_query, query, whole

blueprint = Blueprint("administration", __name__)

LISTED = ("actor", "table", "record", "cursor", "limit")
_DEFAULT, _HIGHEST = 50, 2**62


@blueprint.before_request
def hold() -> None:
    """Only who administers everything comes in."""
    current_actor().require([Role.ADMINISTRATOR], (), "administer the service")


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """What administrators see is nobody else's to keep."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.get("/administration")
def show() -> Response:
    """How the service stands: health, settings, accounts and tokens."""
    query(())
    store, settings = whole_store(), current_settings()
    limits = WatchLimits(settings.min_free_bytes, settings.max_lag_s)
    with store.read() as connection:
        accounts = read_accounts(connection)
        tokens = [
            {"account": one.name, **token.as_json()}
            for one in accounts
            for token in read_tokens(connection, one.id)
        ]
    own = f"{root()}administration"
    document = {
        "version": program_version(),
        "people_sign_in": must_sign_in(),
        "health": [
            {"check": one.name, "ok": one.ok, "said": one.said, "said_zh": one.said_zh}
            for one in StoreWatch(store, limits).run()
        ],
        "settings": configuration(settings, os.environ),
        "accounts": {
            "open": sum(not one.closed for one in accounts),
            "closed": sum(one.closed for one in accounts),
        },
        "tokens": tokens,
        "links": [
            {"href": own, "rel": "self", "type": JSON},
            {"href": f"{root()}accounts", "rel": "related", "type": JSON},
            {"href": f"{own}/journal", "rel": "related", "type": JSON},
            {"href": f"{own}/backups", "rel": "related", "type": JSON},
            {"href": f"{own}/rules", "rel": "related", "type": JSON},
        ],
    }
    return respond("administration.html", document, _title("administration.title"))


@blueprint.get("/administration/backups")
def backups() -> Response:
    """The backups of the folder that the settings name, the newest first."""
    query(())
    return respond("backups.html", _backups(), _title("administration.backups_title"))


def _backups() -> dict[str, Any]:
    folder = current_settings().backups
    with whole_store().read() as connection:
        entries = read_head(connection).sequence
    return {
        "folder": folder or None,
        "backups": backups_of(folder, entries, present()),
        "links": [{"href": f"{root()}administration/backups", "rel": "self", "type": JSON}],
    }


@blueprint.post("/administration/backups/verification")
def check_backup() -> Response:
    """Hold the bytes of a backup against the SHA-256 of its manifest."""
    query(())
    name = body(("file",)).required("file")
    checked = {"file": name, "whole": is_as_made(Path(current_settings().backups or "."), name)}
    if not wants_html():
        return json_response(checked)
    document = _backups() | {"checked": checked}
    return render_page("backups.html", document, _title("administration.backups_title"))


@blueprint.get("/administration/rules")
def rules() -> Response:
    """A table of rules, figures or words: each row with its source, and where the table is from."""
    name = form_query(("table",)).get("table", "boundary_rules")
    rows = load_table(name)
    document = {
        "table": name,
        "rows": [dict(row) for row in rows],
        "tables": rule_tables(),
        "links": [{"href": f"{root()}administration/rules", "rel": "self", "type": JSON}],
    }
    return respond("rules.html", document, _title("administration.rules"))


@blueprint.get("/administration/journal")
def entries() -> Response:
    """The journal, newest first: who did what to which record, and why."""
    values = form_query(LISTED)
    record = whole(values, "record", 0, 0, _HIGHEST) if "record" in values else None
    asked = EntriesQuery(
        values.get("actor"),
        values.get("table"),
        record,
        whole(values, "cursor", 0, 0, _HIGHEST),
        whole(values, "limit", _DEFAULT, 1, MOST_ENTRIES),
    )
    with whole_store().read() as connection:
        page = read_entries(connection, asked)
    after = None if page.next_before is None else str(page.next_before)
    document = {
        "entries": list(page.entries),
        "links": page_links("administration/journal", after),
    }
    return respond("journal.html", document, _title("administration.journal"))


@blueprint.post("/administration/journal/verification")
def verification() -> Response:
    """Prove the whole chain of the journal now."""
    query(())
    document: dict[str, Any]
    with whole_store().read() as connection:
        try:
            head = verify(connection)
        except BrokenChain as error:
            document = {"whole": False, "said": error.message, "said_zh": error.zh or error.message}
        else:
            document = {"whole": True, "entries": head.sequence, "head": head.hash}
    if wants_html():
        return render_page("journal_verified.html", document, _title("administration.verified"))
    return json_response(document)


def _title(key: str) -> str:
    return page_text(key)
