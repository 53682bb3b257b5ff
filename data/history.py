"""What became of one record, from the journal: who changed what of it, when and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, select

from data.collection import Collection
from data.geometry import geojson_text
from data.tables import journal

_GEOMETRY = "geom"


@dataclass(frozen=True, slots=True)
class Version:
    """One entry of the journal about a record.

    Attributes:
        sequence: its number in the journal.
        version: the record's version afterwards; before, where it was deleted.
        action: insert, update or delete.
        at: when, UTC, ISO 8601.
        actor: who.
        reason: why.
        changes: what changed: a property or `geometry`, its value before and after.
    """

    sequence: int
    version: int
    action: str
    at: str
    actor: str
    reason: str
    changes: tuple[tuple[str, Any, Any], ...]


def read_history(
    connection: Connection,
    collection: Collection,
    identity: int,
    *,
    before: int | None = None,
    limit: int,
) -> list[Version]:
    """The newest entries about a record, newest first.

    Args:
        connection: a reading connection; its reader's view of the journal counts.
        collection: the collection, of whose published properties alone is told.
        identity: the record's id; it may have been deleted.
        before: only entries below this number.
        limit: most entries.
    """
    statement = select(journal).where(
        journal.c.table_name == collection.table.name, journal.c.row_id == identity
    )
    if before is not None:
        statement = statement.where(journal.c.sequence < before)
    newest = statement.order_by(journal.c.sequence.desc()).limit(limit)
    return [_version(collection, row) for row in connection.execute(newest).mappings()]


def _version(collection: Collection, row: Mapping[Any, Any]) -> Version:
    before = orjson.loads(row["before"]) if row["before"] else {}
    after = orjson.loads(row["after"]) if row["after"] else {}
    return Version(
        row["sequence"],
        (after or before).get("version", 1),
        row["action"],
        row["at"],
        row["actor"],
        row["reason"],
        tuple(_changes(collection, before, after)),
    )


def _changes(
    collection: Collection, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, Any, Any]]:
    names = [one.name for one in collection.properties if one.name != "version"]
    for name in names:
        if before.get(name) != after.get(name):
            yield name, before.get(name), after.get(name)
    if before.get(_GEOMETRY) != after.get(_GEOMETRY):
        yield "geometry", _drawn(before.get(_GEOMETRY)), _drawn(after.get(_GEOMETRY))


def _drawn(hexadecimal: str | None) -> Any:
    return orjson.loads(geojson_text(bytes.fromhex(hexadecimal))) if hexadecimal else None
