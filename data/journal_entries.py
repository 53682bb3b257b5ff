"""Looking into the journal: entries newest first, of anybody, of one person, of one record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from data.journal import read_head
from data.tables import journal

MOST_ENTRIES: Final = 200
STRETCH: Final = 20_000
"""So many entries are looked through for one page: a name that acts seldom costs no more."""


@dataclass(frozen=True, slots=True)
class EntriesQuery:
    """Which entries are asked for; None asks for all.

    Attributes:
        actor: who wrote them.
        table: the table of their record.
        record: the record's id; with `table` it is found by an index.
        before: the sequence number that the page lies before; 0 for the newest.
        limit: how many, 1 to 200.
    """

    actor: str | None = None
    table: str | None = None
    record: int | None = None
    before: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class EntriesPage:
    """A page of entries, and the number that the next one lies before; None at the end.

    A page may hold fewer entries than asked, or none, and yet have a next one: then the entries
    of a whole stretch have been looked through.
    """

    entries: tuple[Mapping[str, Any], ...]
    next_before: int | None


def read_entries(connection: Connection, asked: EntriesQuery) -> EntriesPage:
    """One page of the journal, newest first, each entry with the fields that it changed."""
    limit = min(max(asked.limit, 1), MOST_ENTRIES)
    c = journal.c
    top = asked.before or read_head(connection).sequence + 1
    conditions = [c.sequence < top]
    of_record = asked.table is not None and asked.record is not None
    bottom = 1 if of_record else max(top - STRETCH, 1)
    if not of_record:
        conditions.append(c.sequence >= bottom)
    for column, value in ((c.actor, asked.actor), (c.table_name, asked.table),
                          (c.row_id, asked.record)):  # fmt: skip
        if value is not None:
            conditions.append(column == value)
    statement = select(journal).where(*conditions).order_by(c.sequence.desc()).limit(limit + 1)
    rows = [dict(row) for row in connection.execute(statement).mappings()]
    shown = tuple(_entry(row) for row in rows[:limit])
    if len(rows) > limit:
        return EntriesPage(shown, shown[-1]["sequence"])
    return EntriesPage(shown, bottom if bottom > 1 else None)


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = ("sequence", "at", "actor", "reason", "action", "table_name", "row_id", "hash")
    return {name: row[name] for name in plain} | {"changes": _changes(row)}


def _changes(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The fields whose value is another after than before."""
    before = orjson.loads(row["before"]) if row["before"] else {}
    after = orjson.loads(row["after"]) if row["after"] else {}
    return [
        {"field": name, "before": before.get(name), "after": after.get(name)}
        for name in dict.fromkeys((*after, *before))
        if before.get(name) != after.get(name)
    ]
