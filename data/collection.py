"""A published collection: box, time, property filters and page in; features out.

This is the only read path of the API. A feature is kept rendered as GeoJSON text beside its record,
so a page is read as text; a record that another program has written is rendered as it is read.
Pages are ordered by id and continued by key, so their union is the whole set however long it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Connection, Table, select

from data import boxes
from data.errors import InvalidValue, NotFound
from data.geometry import Box, Geometry, geojson_text

MAX_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Property:
    """One property of a collection's features.

    Attributes:
        name: the column's and property's name.
        kind: text, integer, number, flag or date.
        zh, en: its title.
        filterable: whether it is a query parameter; such a column has an index.
    """

    name: str
    kind: str
    zh: str
    en: str
    filterable: bool = False

    def parse(self, text: str) -> Any:
        """The value of a query parameter.

        Raises:
            InvalidValue: where the text is not of the property's kind.
        """
        try:
            return _PARSERS[self.kind](text)
        except (ValueError, KeyError):
            raise InvalidValue(
                self.name, text, f"a value of kind {self.kind} is needed", _EXAMPLES[self.kind]
            ) from None


def _plain_text(text: str) -> str:
    """Any text but one with a NUL, which PostgreSQL does not keep."""
    if "\0" in text:
        raise ValueError
    return text


_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_PARSERS: Mapping[str, Any] = {
    "text": _plain_text,
    "integer": int,
    "number": float,
    "flag": lambda text: _FLAGS[text.lower()],
    "date": date.fromisoformat,
}
_EXAMPLES = {
    "text": "give any text",
    "integer": "give a whole number such as 2",
    "number": "give a number such as 0.2",
    "flag": "give true or false",
    "date": "give a date such as 2024-05-03",
}


@dataclass(frozen=True)
class Collection:
    """What is published of one layer.

    Attributes:
        id: its name in URLs.
        table: its layer; `rendered` is the table of ready GeoJSON beside it.
        zh, en: titles.
        properties: in the order they are shown.
        time: the columns of valid time (from, to) or of one date; empty where it has none.
    """

    id: str
    table: Table
    rendered: Table
    zh: str
    en: str
    properties: tuple[Property, ...]
    time: tuple[str, ...] = ()
    filterable: Mapping[str, Property] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "filterable", {p.name: p for p in self.properties if p.filterable})
        self.table.info["collection"] = self

    def render(self, row: Mapping[str, Any]) -> str:
        """A record as the text of a GeoJSON feature (RFC 7946), longitude before latitude.

        `row` has the table's columns; its `geom` is WKB.
        """
        properties = {p.name: row[p.name] for p in self.properties}
        body = orjson.dumps(properties, option=orjson.OPT_NON_STR_KEYS).decode()
        return (
            f'{{"type":"Feature","id":{row["id"]},"geometry":{geojson_text(row["geom"])},'
            f'"properties":{body}}}'
        )


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed span of dates; None is open. An instant has both ends equal."""

    start: date | None
    end: date | None

    @classmethod
    def parse(cls, text: str) -> "Interval":
        """Read the `datetime` parameter: an instant, `start/end`, `../end`, `start/..`.

        Times of day are accepted and cut to their UTC date: valid time counts days.

        Raises:
            InvalidValue: where it is none of these, or the end is before the start.
        """
        start_text, slash, end_text = text.partition("/")
        start = cls._day(text, start_text)
        end = cls._day(text, end_text) if slash else start
        if (not slash and start is None) or (start and end and end < start):
            raise cls._refuse(text)
        return cls(start, end)

    @classmethod
    def _day(cls, whole: str, part: str) -> date | None:
        if part in ("", ".."):
            return None
        try:
            day = date.fromisoformat(part[:10])
        except ValueError:
            raise cls._refuse(whole) from None
        if len(part) > 10 and not _is_time_of_day(part[10:]):  # noqa: PLR2004 - yyyy-mm-dd
            raise cls._refuse(whole)
        return day

    @staticmethod
    def _refuse(text: str) -> InvalidValue:
        return InvalidValue(
            "datetime",
            text,
            "an RFC 3339 date or time, or two of them parted by a slash, the earlier first",
            "give 2024-05-03, 2020-01-01/2024-12-31, ../2024-12-31 or 2020-01-01/..",
        )


def _is_time_of_day(text: str) -> bool:
    from datetime import datetime

    try:
        datetime.fromisoformat(f"2000-01-01{text.upper()}")
    except ValueError:
        return False
    return text[0] in "Tt "


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """What a reader asks of a collection.

    Attributes:
        limit: most features on a page, 1 to 10,000.
        after: the id after which the page begins; 0 for the first page.
        offset: features to pass over, for clients that page by number; slower than `after`.
        box: only what touches this box.
        when: only what is valid at some time in this interval.
        filters: values by the name of a filterable property.
    """

    limit: int = 10
    after: int = 0
    offset: int = 0
    box: Box | None = None
    when: Interval | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: features as GeoJSON text, where the next begins, how many match if known."""

    features: Sequence[str]
    next_after: int | None
    matched: int | None


def read_page(connection: Connection, collection: Collection, query: ItemsQuery) -> Page:
    """Read one page of features, ordered by id."""
    where, values = _conditions(collection, query)
    found = boxes.read_ids(
        connection,
        collection.table,
        box=query.box,
        where=where,
        values=values,
        after=query.after,
        offset=query.offset,
        limit=query.limit,
    )
    features = read_features(connection, collection, found.ids)
    return Page(features, found.next_after, found.matched)


def _conditions(collection: Collection, query: ItemsQuery) -> tuple[list[str], dict[str, Any]]:
    """Conditions on the layer `t`, and the values they bind."""
    where: list[str] = []
    values: dict[str, Any] = {}
    for name, value in query.filters.items():
        where.append(f"t.{collection.filterable[name].name} = :filter_{name}")
        values[f"filter_{name}"] = value
    if query.when and collection.time:
        first, last = collection.time[0], collection.time[-1]
        inclusive = ">" if len(collection.time) > 1 else ">="
        if query.when.end is not None:
            where.append(f"(t.{first} IS NULL OR t.{first} <= :when_end)")
            values["when_end"] = query.when.end.isoformat()
        if query.when.start is not None:
            where.append(f"(t.{last} IS NULL OR t.{last} {inclusive} :when_start)")
            values["when_start"] = query.when.start.isoformat()
    return where, values


def read_features(connection: Connection, collection: Collection, ids: Sequence[int]) -> list[str]:
    """The features with these ids, in their order, as GeoJSON text."""
    ready = boxes.read_rendered(connection, collection.rendered, ids)
    missing = [identity for identity in ids if identity not in ready]
    if missing:
        table = collection.table
        for row in connection.execute(select(table).where(table.c.id.in_(missing))).mappings():
            ready[row["id"]] = collection.render(dict(row))
    return [ready[identity] for identity in ids]


def read_item(connection: Connection, collection: Collection, identity: int) -> str:
    """One feature as GeoJSON text.

    Raises:
        NotFound: there is none with that id.
    """
    ready = boxes.read_rendered(connection, collection.rendered, [identity])
    if identity in ready:
        return ready[identity]
    table = collection.table
    row = connection.execute(select(table).where(table.c.id == identity)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"{collection.id} has no item {identity}")
    return collection.render(dict(row))


def geometry_kind(collection: Collection) -> str:
    """POINT, MULTILINESTRING or MULTIPOLYGON."""
    kind = collection.table.c.geom.type
    if not isinstance(kind, Geometry):
        raise TypeError(f"{collection.id} has no geometry")
    return kind.kind
