"""What a reader asks of a collection, and the conditions in SQL that it comes to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from data.days import readable_day
from data.errors import InvalidValue
from data.filters import Scalar, compile_filter
from data.geometry import Box
from data.sorting import SortKey
from data.tables import chosen_columns

if TYPE_CHECKING:
    from data.collection import Collection


_BEFORE_TIME: Final = frozenset({"", "T", "t", " "})
"""What stands behind a day: nothing, or what RFC 3339 has before a time."""


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

        >>> Interval.parse("2020-01-01T23:00:00-05:00").start
        datetime.date(2020, 1, 2)
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
        day, time = readable_day(part[:10]), part[10:]
        if day is None or time[:1] not in _BEFORE_TIME:
            raise cls._refuse(whole)
        if not time:
            return day
        try:
            moment = datetime.fromisoformat(part.upper())
            return moment.astimezone(UTC).date() if moment.tzinfo else day
        except (ValueError, OverflowError):
            raise cls._refuse(whole) from None

    @staticmethod
    def _refuse(text: str) -> InvalidValue:
        return InvalidValue(
            "datetime",
            text,
            "an RFC 3339 date or time, or two of them parted by a slash, the earlier first",
            "give 2024-05-03, 2020-01-01/2024-12-31, ../2024-12-31 or 2020-01-01/..",
            "datetime 应为 RFC 3339 日期或时间，或用斜线分开、先早后晚的两个；"
            "如 2024-05-03、2020-01-01/2024-12-31、../2024-12-31",
        )

    def overlaps(self, start: date | None, end: date | None) -> bool:
        """Whether a span has a day in common with this one; None is open.

        >>> Interval.parse("2020-01-01/..").overlaps(None, date(2019, 12, 31))
        False
        """
        begins_in_time = self.end is None or start is None or start <= self.end
        return begins_in_time and (self.start is None or end is None or end >= self.start)


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """What a reader asks of a collection.

    Attributes:
        limit: most features on a page, 1 to 10,000.
        cursor: where the page begins, from the page before; empty for the first page.
        offset: features to pass over, for clients that page by number; slower than `cursor`.
        box: only what touches this box.
        when: only what is valid at some time in this interval.
        filters: values by the name of a filterable property.
        filter: a condition of CQL2 (`data.filters`); None where there is none.
        sort: the order of the pages; empty for the collection's own.
    """

    limit: int = 10
    cursor: str = ""
    offset: int = 0
    box: Box | None = None
    when: Interval | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)
    filter: Scalar | None = None
    sort: tuple[SortKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Conditions:
    """Conditions on the layer `t`.

    Attributes:
        where: all of them hold.
        values: what they bind.
        box: what everything that is wanted touches; None where nothing is known.
        chosen: columns of the rendered points that equal a value too (`data.tables`).
    """

    where: tuple[str, ...]
    values: Mapping[str, Any]
    box: Box | None
    chosen: tuple[str, ...] = ()


def conditions(connection: Connection, collection: "Collection", query: ItemsQuery) -> Conditions:
    """What a query comes to on a store."""
    where, values = _plain_conditions(collection, query)
    chosen = tuple([one for one in chosen_columns(collection.table) if one in query.filters])
    if query.filter is None:
        return Conditions(tuple(where), values, query.box, chosen)
    compiled = compile_filter(
        query.filter,
        embedded=connection.dialect.name == "sqlite",
        srid=connection.dialect.ovoo_srid,  # type: ignore[attr-defined]
    )
    box = query.box or compiled.box
    return Conditions((*where, compiled.sql), {**values, **compiled.values}, box, chosen)


def equals(alias: str, column: str) -> str:
    """The condition that a column has the value that a parameter of its name gives."""
    return f"{alias}.{column} = :filter_{column}"


def _plain_conditions(
    collection: "Collection", query: ItemsQuery
) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = []
    values: dict[str, Any] = {}
    for name, value in query.filters.items():
        where.append(equals("t", collection.filterable[name].name))
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
