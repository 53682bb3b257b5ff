"""Calendar dates as the stores keep them; a file may hold what another program took for one."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Date, Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class _FileDay(UserDefinedType[date]):
    """A day in a GeoPackage: ten characters."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """As GeoPackage names it."""
        return "DATE"

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:  # noqa: ARG002 - as inherited
        """What is written; of a moment its day."""
        return lambda day: None if day is None else day.isoformat()[:10]

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], date | None]:  # noqa: ARG002 - as inherited
        """What the file holds, as a date."""
        return readable_day


class _WholeFileDay(_FileDay):
    """The same, of which nothing counts as none."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], date | None]:  # noqa: ARG002 - as inherited
        """What the file holds, as a date."""
        return _whole_day


class Day(TypeDecorator[date]):
    """A calendar date without a time. PostgreSQL keeps nothing else in its column; SQLite does."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The kind of a store."""
        return dialect.type_descriptor(_FileDay() if dialect.name == "sqlite" else Date())


class _StoredFileDay(_FileDay):
    """The same, of which what is no date is what the file holds."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002 - as inherited
        """What the file holds, as a date where it is one."""
        return _stored_day


class StoredDay(Day):
    """The same for who holds a file against its copy: what is no date is given as it is kept."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The kind of a store."""
        return dialect.type_descriptor(_StoredFileDay() if dialect.name == "sqlite" else Date())


class WholeDay(Day):
    """The same for who copies rows: what is no date raises `ValueError`, for it would be lost."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The kind of a store."""
        return dialect.type_descriptor(_WholeFileDay() if dialect.name == "sqlite" else Date())


def readable_day(stored: object) -> date | None:
    """A day as GeoPackage writes it; what is none counts as none: it must not stop a reader.

    `ovoo verify` names such records.

    >>> readable_day("2024-05-03"), readable_day("2024/05/03"), readable_day("2024-02-30")
    (datetime.date(2024, 5, 3), None, None)
    """
    return _known_day(stored) if isinstance(stored, str) and _DAY.fullmatch(stored) else None


@lru_cache(maxsize=4_096)
def _known_day(text: str) -> date | None:
    """The day of ten characters of that form; other texts, of any length, are not kept."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _stored_day(stored: object) -> object:
    day = readable_day(stored)
    return stored if day is None else day


def _whole_day(stored: object) -> date | None:
    day = readable_day(stored)
    if day is None and stored is not None:
        raise ValueError(f"{stored!r} is no date such as 2024-05-03")
    return day
