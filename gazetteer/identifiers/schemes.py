"""Schemes of identifiers (标识体系), each with its own rule. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from data.errors import InvalidValue
from gazetteer.divisions.codes import is_code
from gazetteer.identifiers.credit_code import CreditCode
from gazetteer.place_codes import PlaceCode

_BLANKS = re.compile(r"[\s\-]")
_HERITAGE = re.compile(r"[0-9A-Za-z\u3400-\u9fff〔〕()（）\-./·]{2,40}")


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme.

    Attributes:
        code: by which it is stored and asked for.
        zh, en: what it is.
        read: the stored form of a text.
        explain: the parts of a stored form, by name.
        native: whether the register keeps it in a column of its own: it is not assigned here.
    """

    code: str
    zh: str
    en: str
    read: Callable[[str], str]
    explain: Callable[[str], dict[str, str]]
    native: bool = False


def _read_division(text: str) -> str:
    code = _BLANKS.sub("", text)
    if not is_code(code):
        raise InvalidValue(
            "division_code", text, "a division code has 6, 9 or 12 digits", "correct it",
            f"“{text[:40]}”不是行政区划代码（6、9 或 12 位数字）；请更正",
        )  # fmt: skip
    return code


def _explain_division(code: str) -> dict[str, str]:
    return {"province": f"{code[:2]}0000", "prefecture": f"{code[:4]}00", "county": code[:6]} | (
        {"township": code[:9]} if len(code) > 6 else {}  # noqa: PLR2004 - GB/T 2260
    )


def _read_place_code(text: str) -> str:
    return str(PlaceCode.parse(text))


def _explain_place_code(code: str) -> dict[str, str]:
    parts = PlaceCode.parse(code)
    return {"division": parts.division_code, "category": parts.category, "serial": parts.serial}


def _read_credit_code(text: str) -> str:
    return str(CreditCode.parse(text))


def _explain_credit_code(code: str) -> dict[str, str]:
    parts = CreditCode.parse(code)
    zh, en = parts.department_words
    return {"department": f"{parts.department} {zh} {en}", "kind": parts.kind} | {
        "division": parts.division_code,
        "body": parts.body,
    }


def _read_heritage(text: str) -> str:
    number = text.strip()
    if not _HERITAGE.fullmatch(number):
        raise InvalidValue(
            "heritage_no", text, "a number of a protection list has 2 to 40 characters, no blanks",
            "write it as the list does",
            f"“{text[:40]}”不是名录编号（2 至 40 个字符，不含空格）；请按名录原文填写",
        )  # fmt: skip
    return number


_LISTED: Final = (
    Scheme(
        "division_code", "行政区划代码", "division code", _read_division, _explain_division,
        native=True,
    ),
    Scheme(
        "place_code", "地名代码", "place code", _read_place_code, _explain_place_code, native=True
    ),
    Scheme(
        "uscc", "统一社会信用代码", "unified social credit code",
        _read_credit_code, _explain_credit_code,
    ),
    Scheme("heritage_no", "地名文化遗产编号", "heritage number", _read_heritage, lambda _code: {}),
)  # fmt: skip
SCHEMES: Final[Mapping[str, Scheme]] = {scheme.code: scheme for scheme in _LISTED}


def scheme_of(code: str) -> Scheme:
    """A scheme by its code.

    Raises:
        InvalidValue: there is none.
    """
    found = SCHEMES.get(code)
    if found is None:
        told = ", ".join(SCHEMES)
        raise InvalidValue(
            "scheme",
            code,
            f"it is one of {told}",
            f"give one of {told}",
            f"scheme 应为 {told} 之一",
        )
    return found


def readings(text: str) -> dict[str, str | InvalidValue]:
    """What a text is in each scheme: its stored form, or why it is none."""
    found: dict[str, str | InvalidValue] = {}
    for scheme in _LISTED:
        try:
            found[scheme.code] = scheme.read(text)
        except InvalidValue as error:
            found[scheme.code] = error
    return found
