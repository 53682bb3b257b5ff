"""One cell as text: blanks, normal form, numbers and dates."""

import datetime as dt
import math
import re
import unicodedata
from decimal import Decimal

# Not U+202F and U+180E: in Mongolian they belong to the word, also at its beginning or end.
BLANKS = (
    " \t\r\n\v\f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u2028\u2029\u205f\u3000\ufeff"
)

_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

EXACT_DIGITS = 15
"""Decimal digits that a spreadsheet's number (an IEEE 754 double) always keeps."""


def clean(cells: list[str]) -> list[str]:
    """The cells in NFC, without blanks at their ends.

    >>> clean([" 敖包\u3000", "e\u0301"]) == ["敖包", "\u00e9"]
    True
    >>> clean(["\u202fᠤᠨ"]) == ["\u202fᠤᠨ"]
    True
    """
    stripped = [cell.strip(BLANKS) for cell in cells]
    if "".join(stripped).isascii():
        return stripped
    return [cell if cell.isascii() else unicodedata.normalize("NFC", cell) for cell in stripped]


def unfit(text: str) -> str:
    """The first character that no text may hold (control, lone surrogate), or nothing."""
    found = _UNFIT.search(text)
    return found.group() if found else ""


def without_unfit(text: str) -> str:
    """The text with U+FFFD in place of every character that no text may hold."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)


def number_text(number: float) -> str:
    """A number as a person would type it: no float noise, no exponent, no trailing `.0`.

    >>> number_text(111.75000000000001), number_text(2.0), number_text(1e-5)
    ('111.75', '2', '0.00001')
    """
    if not math.isfinite(number):
        return ""
    if number == int(number) and abs(number) < 10**EXACT_DIGITS:
        return str(int(number))
    text = f"{number:.{EXACT_DIGITS}g}"
    return f"{Decimal(text):f}" if "e" in text else text


def value_text(value: object) -> str:
    """Any plain value of a reader's library as text; dates and times in ISO 8601.

    >>> value_text(None), value_text(True), value_text(dt.date(2024, 5, 3))
    ('', 'true', '2024-05-03')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def column_letters(column: int) -> str:
    """A column's letters as a spreadsheet shows them, counted from 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
