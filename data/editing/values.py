"""One value of a feature as it was sent, as the value of a column; what is wrong with it. Pure."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from math import isfinite
from typing import Any, Final

from data.collection import Property
from data.errors import Fault
from data.reference import find_term, terms
from data.reference.editing import EditableField

LONGEST_TEXT: Final = 20_000
_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LARGEST: Final = 2**53
_BLANKS: Final = " \t\r\n\u3000"

INVALID, MISSING, UNKNOWN = "invalid-value", "missing", "unknown"


def feature_fault(
    code: str, number: int | None, field: str | None, value: object, zh: str, en: str
) -> Fault:
    """A fault of a feature; `number` counts from 1, None where it was sent alone.

    Halves of surrogate pairs, which JSON can write and no answer can hold, become `?`.
    """
    shown = "" if value is None else str(value)[:80]
    column = None if field is None else _sendable(field)
    return Fault(code, number, column, _sendable(shown), _sendable(zh), _sendable(en))


def _sendable(text: str) -> str:
    return text if text.isascii() else text.encode(errors="replace").decode()


def read_value(known: Property, field: EditableField, value: Any) -> Any:
    """The column's value of a JSON value; None for null and for blank text.

    Raises:
        ValueError: with the rule in Chinese and English, where it is not of the property's kind.
    """
    if value is None or value == "":
        return False if known.kind == "flag" else None
    read = _READERS[known.kind](value)
    if field.words and isinstance(read, str):
        return _word(field.words, read)
    return read


def _text(value: Any) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or _UNFIT.search(value):
        raise ValueError(*_RULES["text"])
    return unicodedata.normalize("NFC", value).strip(_BLANKS) or None


def _integer(value: Any) -> int:
    number = _number(value, "integer")
    if not number.is_integer():
        raise ValueError(*_RULES["integer"])
    return int(number)


def _number(value: Any, kind: str = "number") -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(*_RULES[kind])
    if abs(value) > _LARGEST:
        raise ValueError(*_RULES[kind])
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(*_RULES["flag"])  # noqa: TRY004 - the caller asks for one kind of error  # noqa: TRY004 - the caller asks for one kind of error
    return value


def _date(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError):
        raise ValueError(*_RULES["date"]) from None


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "text": _text,
    "integer": _integer,
    "number": _number,
    "flag": _flag,
    "date": _date,
}
_RULES: Final[Mapping[str, tuple[str, str]]] = {
    "text": (
        f"应为文字（不含控制字符，不超过 {LONGEST_TEXT} 字）",
        f"a text of at most {LONGEST_TEXT:,} characters is needed",
    ),
    "integer": ("应为整数，如 2", "a whole number such as 2 is needed"),
    "number": ("应为数值，如 0.2", "a number such as 0.2 is needed"),
    "flag": ("应为 true 或 false", "true or false is needed"),
    "date": ("应为日期，如 2024-05-03", "a date such as 2024-05-03 is needed"),
}


def _word(table: str, text: str) -> str:
    term = find_term(table, text)
    if term is None:
        known = "、".join(f"{one.code} {one.zh}" for one in terms(table))
        raise ValueError(f"不是可用的词；可用：{known}", f"it is none of the words: {known}")
    return term.code
