"""The entries of a division's book, read from the register in the order they are printed in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter

from sqlalchemy import ColumnElement, Connection, or_, select

from data.deadlines import day_in_china
from data.geometry import point_xy
from data.reference import categories
from data.tables import journal
from gazetteer.names import MONGOLIAN_LANGUAGE, is_language, search_keys, suggest_pinyin
from gazetteer.search.lexicon import DivisionEntry, Lexicon
from gazetteer.tables import place, place_name

_AFTER_DIGITS = ":"
_UNDATED = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One name of the book; texts are empty where the register has none.

    Attributes:
        romanization: the registered one; else pinyin, and then `computed`.
        lon, lat: the store's x and y; None where there is no position.
    """

    id: int
    name: str
    romanization: str
    computed: bool
    category_code: str
    division_code: str
    status: str
    lon: float | None
    lat: float | None
    meaning: str
    origin: str
    history: str
    description: str
    mongolian: str
    others: tuple[tuple[str, str], ...]

    @property
    def position(self) -> str:
        """The position for print, longitude first."""
        return "" if self.lon is None else f"{self.lon:.4f}, {self.lat:.4f}"


@dataclass(frozen=True, slots=True)
class Book:
    """A division with its entries.

    Attributes:
        division: the division.
        path: the names of the divisions around it and its own.
        entries: by division below, category and pinyin.
        divisions: names of divisions by code, for headings.
        as_of: the day of the register's newest entry, which dates the book.
    """

    division: DivisionEntry
    path: tuple[str, ...]
    entries: tuple[Entry, ...]
    divisions: dict[str, str]
    as_of: date

    def chapters(self) -> Iterator[tuple[str, list[Entry]]]:
        """The entries by division, each with its heading."""
        for code, own in groupby(self.entries, key=attrgetter("division_code")):
            yield self.divisions.get(code, code), list(own)


def read_book(connection: Connection, lexicon: Lexicon, division: str) -> Book:
    """Read a division's book.

    Args:
        connection: a reading connection.
        lexicon: the divisions of the same store.
        division: its code or name.

    Raises:
        InvalidValue: no division has that code or name, or several have the name.
    """
    known = lexicon.resolve(division, field="division")
    entries = sorted(_entries(connection, lexicon, known), key=_order)
    names = {code: lexicon.path(code) for code in {one.division_code for one in entries}}
    return Book(
        known,
        lexicon.path_names(known.code),
        tuple(entries),
        {code: path[-1].name for code, path in names.items() if path},
        _as_of(connection),
    )


def _as_of(connection: Connection) -> date:
    newest = connection.scalar(select(journal.c.at).order_by(journal.c.sequence.desc()).limit(1))
    return day_in_china(datetime.fromisoformat(newest)) if newest else _UNDATED


def _order(entry: Entry) -> tuple[str, str, str, str, int]:
    pinyin = search_keys(entry.name).pinyin
    return entry.division_code, entry.category_code, pinyin, entry.name, entry.id


def _entries(connection: Connection, lexicon: Lexicon, division: DivisionEntry) -> Iterator[Entry]:
    digits, others = lexicon.codes_under(division.code)
    c = place.c
    inside: ColumnElement[bool] = (c.division_code >= digits) & (
        c.division_code < digits + _AFTER_DIGITS
    )
    if others:
        inside = or_(inside, c.division_code.in_(others))
    rows = connection.execute(select(place).where(inside, c.valid_to.is_(None))).mappings().all()
    names = _names(connection, [row["id"] for row in rows])
    for row in rows:
        own = names.get(row["id"], [])
        mongolian = next((t for _, tag, t in own if is_language(tag, MONGOLIAN_LANGUAGE)), "")
        spelt = row["romanization"] or suggest_pinyin(row["name"]).text
        lon, lat = point_xy(row["geom"]) if row["geom"] else (None, None)
        kinds = {"alias", "short", "former", "variant"}
        yield Entry(
            id=row["id"],
            name=row["name"],
            romanization=spelt,
            computed=not row["romanization"],
            category_code=row["category_code"] or "",
            division_code=row["division_code"],
            status=row["status"],
            lon=lon,
            lat=lat,
            meaning=row["meaning"] or "",
            origin=row["origin"] or "",
            history=row["history"] or "",
            description=row["description"] or "",
            mongolian=mongolian,
            others=tuple(sorted({(k, t) for k, _, t in own if t != row["name"] and k in kinds})),
        )


def _names(connection: Connection, ids: Sequence[int]) -> dict[int, list[tuple[str, str, str]]]:
    found: dict[int, list[tuple[str, str, str]]] = {}
    for start in range(0, len(ids), 500):
        statement = (
            select(place_name.c.place_id, place_name.c.kind, place_name.c.language,
                   place_name.c.text)
            .where(place_name.c.place_id.in_(ids[start : start + 500]))
            .order_by(place_name.c.id)
        )  # fmt: skip
        for identity, kind, language, text in connection.execute(statement):
            found.setdefault(identity, []).append((kind, language, text))
    return found


def category_words() -> dict[str, str]:
    """Names of categories by short and five-digit code."""
    return {code: one.name for one in categories() for code in (one.code, one.code5)}
