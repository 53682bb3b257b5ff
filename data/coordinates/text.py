"""Folding what people type to one spelling: digits, signs, degree marks, decimal commas.

The raw text is kept by the caller; what comes out of here is only read, never stored.
"""

import re
import unicodedata
from math import isfinite

from data.errors import InvalidValue

_MARKS = {
    "º": "°", "˚": "°", "∘": "°", "度": "°",
    "″": '"', "＂": '"', "”": '"', "“": '"', "〃": '"', "秒": '"', "''": '"', "′′": '"', "’’": '"',
    "′": "'", "’": "'", "‘": "'", "＇": "'", "´": "'", "`": "'", "ʹ": "'", "ʼ": "'", "分": "'",
    "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "－": "-", "负": "-", "﹣": "-",
    "，": ",", "、": ",", "；": ";", "：": ":", "．": ".", "。": ".", "﹒": ".",
}  # fmt: skip
_LONGEST_FIRST = sorted(_MARKS, key=len, reverse=True)
_GROUPED_COMMA = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?")
_GROUPED_DOT = re.compile(r"[+-]?\d{1,3}(\.\d{3}){2,}(,\d*)?|[+-]?\d{1,3}(\.\d{3})+,\d*")
_GROUPED_MARK = re.compile(r"[+-]?\d{1,3}([ '_]\d{3})+([.,]\d*)?")
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?")
_METRE_WORD = re.compile(r"(?<=[\d.])\s*(m|米|公尺)$", re.IGNORECASE)


def fold(text: str) -> str:
    r"""Full-width, typographic and Chinese marks as ASCII; spaces single; ends trimmed.

    Examples:
        >>> fold("１１１°４５′３０．５″")
        '111°45\'30.5"'
        >>> fold("111度45分30.5秒")
        '111°45\'30.5"'
    """
    if text.isascii():
        return " ".join(text.replace("''", '"').replace("`", "'").split())
    for mark in _LONGEST_FIRST:
        text = text.replace(mark, _MARKS[mark])
    folded = unicodedata.normalize("NFKC", text)
    return " ".join(folded.replace("\u200b", "").replace("\ufeff", "").split())


def plain_number(text: str, *, grouped: bool) -> str | None:
    """A number as people group it, in the spelling `float` reads; None if it is no number.

    Digits that pass the largest number that `float` holds are none either.

    Args:
        text: folded text.
        grouped: whether `523,075` is a grouped whole number (metres) or a decimal comma (degrees).

    Examples:
        >>> plain_number("4,523,075.65", grouped=True)
        '4523075.65'
        >>> plain_number("4 523 075,65", grouped=True)
        '4523075.65'
        >>> plain_number("40,841", grouped=False)
        '40.841'
    """
    if grouped and _GROUPED_COMMA.fullmatch(text):
        text = text.replace(",", "")
    elif grouped and _GROUPED_DOT.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif grouped and _GROUPED_MARK.fullmatch(text):
        text = re.sub(r"[ '_]", "", text).replace(",", ".")
    elif text.count(",") == 1 and "." not in text:
        text = text.replace(",", ".")
    return text if _PLAIN.fullmatch(text) and isfinite(float(text)) else None


def parse_metres(field: str, text: str) -> float:
    """A length in metres as typed (`4,523,075.65`, `８４.５ m`); must be finite.

    Raises:
        InvalidValue: the text is no number.
    """
    folded = _METRE_WORD.sub("", fold(text))
    number = plain_number(folded, grouped=True)
    if number is None:
        raise not_a_number(field, text)
    return float(number)


def not_a_number(field: str, text: str) -> InvalidValue:
    """The error for text that should have been a number."""
    return InvalidValue(
        field,
        text,
        "this is not a number",
        "write digits with a decimal point, for example 4523075.654",
        f"“{text}”不是数字；请填写带小数点的数字，例如 4523075.654",
    )


def decimals_of(number: str) -> int:
    """Digits written after the decimal point, negative for exponents that take them away."""
    mantissa, _, exponent = number.lower().partition("e")
    _, _, fraction = mantissa.partition(".")
    return len(fraction) - (int(exponent) if exponent else 0)
