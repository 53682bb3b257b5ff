"""`/collections/{id}/items/{id}/history`: what became of a feature, as far as a reader may see."""

from typing import Any

from flask import Blueprint, Response

from data import InvalidValue, NotFound
from data.editing import read_record
from data.history import Version, read_history
from web.addresses import root
from web.catalogue import find_collection
from web.context import current_store
from web.negotiation import GEOJSON, language, respond
from web.paging import page_links
from web.parameters import query, whole

blueprint = Blueprint("histories", __name__)

_DEFAULT, _MOST = 50, 500


@blueprint.get("/collections/<name>/items/<identity>/history")
def history(name: str, identity: str) -> Response:
    """The versions of a feature, newest first."""
    found = find_collection(name)
    values = query(("cursor", "limit"))
    if not (identity.isascii() and identity.isdigit() and len(identity) < 19):  # noqa: PLR2004
        raise NotFound(f"{name} has no item {identity}", f"{name} 中没有编号为“{identity}”的要素")
    limit = whole(values, "limit", _DEFAULT, 1, _MOST)
    with current_store().read() as connection:
        versions = read_history(
            connection, found, int(identity), before=_before(values.get("cursor")), limit=limit + 1
        )
        if not versions and "cursor" not in values:
            read_record(connection, found.table, int(identity))
    page = versions[:limit]
    more = str(page[-1].sequence) if len(versions) > limit else None
    document = {
        "id": int(identity),
        "versions": [_shown(one) for one in page],
        "links": _links(name, identity, more),
    }
    title = f"{found.zh} {identity} · 变更历史"
    if language() == "en":
        title = f"{found.en} {identity} · history"
    return respond("document.html", document, title)


def _before(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 19):  # noqa: PLR2004 - 64 bits
        raise InvalidValue(
            "cursor", cursor, "it comes from a page's link", "follow that link",
            "cursor 来自页面的链接；请沿该链接翻页",
        )  # fmt: skip
    return int(cursor)


def _shown(version: Version) -> dict[str, Any]:
    return {
        "version": version.version,
        "action": version.action,
        "at": version.at,
        "actor": version.actor,
        "reason": version.reason,
        "changes": [
            {"property": name, "before": before, "after": after}
            for name, before, after in version.changes
        ],
    }


def _links(name: str, identity: str, more: str | None) -> list[dict[str, str]]:
    one = f"collections/{name}/items/{identity}"
    own, *around = page_links(f"{one}/history", more)
    return [own, {"href": f"{root()}{one}", "rel": "up", "type": GEOJSON}, *around]
