"""What one cell says: a number, a date, yes or no, a word of a code table."""

import re
from datetime import date

from data.coordinates import fold, plain_number
from data.errors import InvalidValue
from data.reference import find_term

_YES = frozenset({"是", "有", "yes", "y", "true", "t", "1", "已列入", "列入"})
_NO = frozenset({"否", "无", "没有", "no", "n", "false", "f", "0", "未列入", ""})
_DATE = re.compile(r"(\d{4})(?:\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2})\s*日?)?)?\s*[年月]?")
_PACKED_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_CLOCK = re.compile(r"[T ]\s*\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*(Z|[-+]\d{2}:?\d{2})?$")
_KILOMETRE = re.compile(r"\s*(km|公里|千米)$", re.IGNORECASE)
_ISO_DATE_CHARS = 10
_LARGEST_WHOLE = 2**53


def parse_number(field: str, text: str) -> float:
    """A finite number as people type it (`1,234.5`, `１２．５`).

    Raises:
        InvalidValue: it is none.

    >>> parse_number("length_km", "1,234.5")
    1234.5
    """
    number = plain_number(fold(text), grouped=True)
    if number is not None:
        return float(number)
    raise InvalidValue(
        field, text, "not a number", "give digits such as 12.5", f"“{text}”不是数字；请填写如 12.5"
    )


def parse_kilometres(field: str, text: str) -> float:
    """A length in kilometres, with or without its unit.

    Raises:
        InvalidValue: it is none.

    >>> parse_kilometres("length_km", "12.5公里")
    12.5
    """
    return parse_number(field, _KILOMETRE.sub("", fold(text)))


def parse_whole(field: str, text: str) -> int:
    """A whole number that a store keeps digit by digit.

    Raises:
        InvalidValue: it is none, or has more digits.
    """
    number = parse_number(field, text)
    if number.is_integer() and abs(number) <= _LARGEST_WHOLE:
        return int(number)
    raise InvalidValue(
        field,
        text,
        "not a whole number",
        "give a number such as 2",
        f"“{text}”不是整数；请填写如 2",
    )


def parse_day(field: str, text: str) -> date:
    """A calendar date; a year or month alone is its first day, a time of day is left out.

    Raises:
        InvalidValue: it is none.

    >>> parse_day("valid_from", "１９５４年３月６日"), parse_day("valid_from", "1954")
    (datetime.date(1954, 3, 6), datetime.date(1954, 1, 1))
    """
    try:
        if len(text) == _ISO_DATE_CHARS and text[4] == text[7] == "-":
            return date.fromisoformat(text)
        plain = _CLOCK.sub("", fold(text)).strip()
        match = _PACKED_DATE.fullmatch(plain) or _DATE.fullmatch(plain)
        if match is not None:
            return date(*(int(part or 1) for part in match.groups()))
    except ValueError:
        pass
    raise InvalidValue(
        field,
        text,
        "not a date",
        "give a date such as 2024-05-03",
        f"“{text}”不是日期；请填写如 2024-05-03",
    )


def parse_flag(field: str, text: str) -> bool:
    """Yes or no, in Chinese, English or digits.

    Raises:
        InvalidValue: it is neither.

    >>> parse_flag("heritage", "是"), parse_flag("heritage", "No")
    (True, False)
    """
    word = text.strip().lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise InvalidValue(
        field,
        text,
        "neither yes nor no",
        "give 是 or 否",
        f"“{text}”不是“是”或“否”；请改为其中之一",
    )


def parse_word(field: str, text: str, table: str) -> str:
    """The code of a word of a code table.

    Raises:
        InvalidValue: the table does not know the word.

    >>> parse_word("level", "旗县级", "line_levels")
    'county'
    """
    term = find_term(table, text)
    if term is None:
        raise InvalidValue(
            field, text, f"not a word of the table {table}", "use one of its words",
            f"“{text}”不在代码表 {table} 中；请使用表中的词",
        )  # fmt: skip
    return term.code
