"""What a whole collection holds: its extent in space and time, its newest change."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, func, select

from data.collection import Collection
from data.tables import journal


def read_interval(
    connection: Connection, collection: Collection
) -> tuple[str | None, str | None] | None:
    """The first and the last day that a collection's records speak of; None is open.

    None at all where it has no time, or no record with one.
    """
    if not collection.time:
        return None
    first, last = collection.time[0], collection.time[-1]
    table = collection.table.c
    row = connection.execute(
        select(func.min(table[first]), func.max(table[last]), func.count(), func.count(table[last]))
    ).one()
    begins, ends, records, ended = row
    if not records or (begins is None and ends is None):
        return None
    goes_on = len(collection.time) > 1 and ended < records
    return _text(begins), None if goes_on else _text(ends)


def _text(day: Any) -> str | None:
    return day.isoformat() if isinstance(day, date) else day


def read_updated(connection: Connection, collection: Collection) -> str | None:
    """When a collection was last written, UTC; None where it never was."""
    newest = connection.scalar(
        select(func.max(journal.c.sequence)).where(journal.c.table_name == collection.table.name)
    )
    if newest is None:
        return None
    at = connection.scalar(select(journal.c.at).where(journal.c.sequence == newest))
    return f"{str(at)[:19]}Z"
