"""Administration: how the service stands, the journal, its proof."""

from data.reference import TABLES
from web.openapi.parts import Schema, body, get, may_fail, members, operation, query

_TEXT: Schema = {"type": "string"}


def paths() -> Schema:
    """The family's paths."""
    tag = "administration"
    shown = get("administration", "Health, settings with their origin, tokens", tag)
    entries = get("administration.journal", "Entries of the journal, newest first", tag)
    entries["get"]["parameters"] += [
        query("actor", _TEXT, "who wrote them"),
        query("table", _TEXT, "the table of their record"),
        query("record", {"type": "integer", "minimum": 0}, "the id of their record"),
        {"$ref": "#/components/parameters/cursor_id"},
        {"$ref": "#/components/parameters/limit_list"},
    ]
    proof = operation("administration.verify", "Prove the journal's whole chain", tag, [])
    backups = get("administration.backups", "Backups of the folder of the settings", tag)
    check = operation("administration.check_backup", "Prove the bytes of a backup", tag, [])
    check["requestBody"] = body(members({"file": "text!"}))
    check["responses"] |= may_fail(404)
    rules = get("administration.rules", "A table of rules with its rows' sources", tag)
    rules["get"]["parameters"].append(
        query("table", _TEXT | {"enum": sorted(TABLES)}, "which table")
    )
    for one in (shown["get"], entries["get"], proof, backups["get"], check, rules["get"]):
        one["responses"] |= may_fail(401, 403)
    return {
        "/administration": shown,
        "/administration/backups": backups,
        "/administration/backups/verification": {"post": check},
        "/administration/rules": rules,
        "/administration/journal": entries,
        "/administration/journal/verification": {"post": proof},
    }
