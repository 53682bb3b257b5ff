"""A place whole: its columns, its names, and what its sheet says beside them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from data.formats.writing import Batch, Layer
from data.formats.writing.layer import point_of
from gazetteer.tables import place_extra, place_name

NAME_FIELDS = ("text", "language", "kind", "status", "valid_from", "valid_to", "source")


@dataclass(frozen=True, slots=True)
class NameRow:
    """One name of a place, dates as ISO 8601 text."""

    text: str
    language: str
    kind: str
    status: str | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A place with all that is kept of it.

    Attributes:
        id: its id in the store.
        columns: its columns by name, dates as ISO 8601 text.
        position: longitude, latitude in the store's system; None where it has none.
        names: its names in the order they were entered.
        extras: fields that no column holds, as they were entered.
    """

    id: int
    columns: Mapping[str, Any]
    position: tuple[float, float] | None = None
    names: tuple[NameRow, ...] = ()
    extras: Mapping[str, str] | None = None

    def text(self, column: str) -> str | None:
        """A column's text; None where it is empty."""
        found = self.columns.get(column)
        return None if found is None else str(found)

    def beside(self, field: str) -> str | None:
        """A field that no column holds."""
        return (self.extras or {}).get(field)


def read_records(connection: Connection, layer: Layer, batch: Batch) -> list[PlaceRecord]:
    """The places of a batch, with their names and extras."""
    columns = [attribute.name for attribute in layer.attributes]
    ids = [record.id for record in batch.records]
    names, extras = _names(connection, ids), _extras(connection, ids)
    return [
        PlaceRecord(
            record.id,
            dict(zip(columns, record.values, strict=True)),
            point_of(record.wkb),
            tuple(names[record.id]),
            extras[record.id],
        )
        for record in batch.records
    ]


def _names(connection: Connection, ids: Sequence[int]) -> defaultdict[int, list[NameRow]]:
    found: defaultdict[int, list[NameRow]] = defaultdict(list)
    columns = [place_name.c[name] for name in NAME_FIELDS]
    rows = connection.execute(
        select(place_name.c.place_id, *columns)
        .where(place_name.c.place_id.in_(ids))
        .order_by(place_name.c.id)
    )
    for identity, text, language, kind, status, start, end, source in rows:
        days = (start and start.isoformat(), end and end.isoformat())
        found[identity].append(NameRow(text, language, kind, status, *days, source))
    return found


def _extras(connection: Connection, ids: Sequence[int]) -> defaultdict[int, dict[str, str]]:
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    rows = connection.execute(
        select(place_extra.c.place_id, place_extra.c.field, place_extra.c.text)
        .where(place_extra.c.place_id.in_(ids))
        .order_by(place_extra.c.id)
    )
    for identity, field, text in rows:
        found[identity][field] = text
    return found
