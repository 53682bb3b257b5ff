"""The fields a record can have, and every spelling a column name for them is known by.

The table is `data/reference/fields.csv`; a spelling belongs to one field of a record only.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from data.errors import InvalidValue

RECORDS = (
    *("names", "divisions", "lines", "sections", "markers", "inspections"),
    *("points", "matches", "signs", "sign_inspections"),
)
"""The kinds of record that can be loaded or sent in; `points` and `matches` are rows of tables that
are answered and not kept."""

_TABLE = Path(__file__).resolve().parents[1] / "reference" / "fields.csv"
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】|〔[^〕]*〕|\{[^{}]*\}")
_FILLERS = re.compile(r"[\s_°\-‐–—./\\:*·'\"“”()\[\]【】〔〕{}]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record.

    `required` is "yes", "no", or the name of a group of which one must be there (a pair such as
    lon and lat counts as one). `kind` is text, number, angle, date, code, flag or choice.
    `zh` and `en` are the spellings a column is known by, the usual one first; `short_code` is
    the letter code of the census and register databases, "" where none is verified.
    """

    record: str
    name: str
    required: str
    kind: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    short_code: str
    source: str

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name a column for this field is known by; the first is the one to suggest."""
        codes = (self.short_code,) if self.short_code else ()
        return (*self.zh, *self.en, *codes, self.name)


def fields_of(record: str) -> tuple[Field, ...]:
    """The fields of a record, in the order of the table; `InvalidValue` for an unknown record.

    >>> [field.name for field in fields_of("lines")][:3]
    ['name', 'code', 'level']
    """
    try:
        return _table()[record]
    except KeyError:
        raise InvalidValue(
            "record",
            record,
            f"it is one of {', '.join(RECORDS)}",
            "choose one of these",
            f"“{record}”不是可导入的记录类型；可选：{'、'.join(RECORDS)}",
        ) from None


def fold_name(name: str) -> tuple[str, ...]:
    """The forms in which a column name is compared: with and without what stands in brackets.

    >>> fold_name("高程（米）")
    ('高程米', '高程')
    >>> fold_name("Marker_No")
    ('markerno',)
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    forms = (_FILLERS.sub("", text), _FILLERS.sub("", _BRACKETED.sub("", text)))
    return tuple(dict.fromkeys(form for form in forms if form))


@cache
def known_spellings() -> frozenset[str]:
    """Every spelling of every record in its folded form."""
    return frozenset(
        fold_name(spelling)[0]
        for fields in _table().values()
        for field in fields
        for spelling in field.spellings
    )


@cache
def _table() -> dict[str, tuple[Field, ...]]:
    with _TABLE.open(encoding="utf-8", newline="") as stream:
        rows = [_field(row) for row in csv.DictReader(stream)]
    return {record: tuple(row for row in rows if row.record == record) for record in RECORDS}


def _field(row: dict[str, str]) -> Field:
    return Field(
        record=row["record"],
        name=row["field"],
        required=row["required"],
        kind=row["kind"],
        zh=tuple(filter(None, row["zh"].split("|"))),
        en=tuple(filter(None, row["en"].split("|"))),
        short_code=row["short_code"],
        source=row["source"],
    )
