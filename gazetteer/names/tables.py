"""The names' own code tables: families, pinyin exceptions, generic terms."""

from collections.abc import Mapping
from typing import Final

from data.reference import TABLES, Column, Row, Table, load_table

FILLED: Final = r"[\s\S]*\S[\s\S]*"
_MARKED: Final = (Column("mark", "[VDMWK]"), Column("source", FILLED))

_OWN: Final[Mapping[str, Table]] = {
    "families": Table(
        (
            Column("family", "[a-z]+"),
            Column("mongolian", "[a-z]+"),
            Column("cyrillic", FILLED),
            Column("script"),
            Column("meaning_zh", FILLED),
            Column("meaning_en", FILLED),
            Column("spellings", FILLED),
            Column("kind", "specific|generic|both|suffix"),
            Column("confidence", "certain|likely|possible"),
            Column("examples"),
            *_MARKED,
        ),
        key=("family",),
    ),
    "pinyin_exceptions": Table(
        (
            Column("text", FILLED),
            Column("reading", FILLED),
            Column("scope", "default|character|phrase"),
            *_MARKED,
        ),
        key=("text",),
    ),
    "generics": Table(
        (
            Column("generic", FILLED),
            Column("pinyin", FILLED),
            Column("class", "division|modifier|ethnic|water|nature|settlement|street|facility"),
            Column("level", "(region|prefecture|county|township|village)?"),
            Column("meaning_en", FILLED),
            *_MARKED,
        ),
        key=("generic",),
    ),
}


def families_table() -> tuple[Row, ...]:
    """Chinese spellings of one Mongolian word (蒙古语地名用字), one family a row."""
    return _load("families")


def pinyin_exceptions_table() -> tuple[Row, ...]:
    """Readings that a dictionary of common words gets wrong in place names (地名读音)."""
    return _load("pinyin_exceptions")


def generics_table() -> tuple[Row, ...]:
    """Generic terms, wing words and peoples' names that are written apart (通名)."""
    return _load("generics")


def _load(name: str) -> tuple[Row, ...]:
    TABLES.setdefault(name, _OWN[name])
    return load_table(name)
