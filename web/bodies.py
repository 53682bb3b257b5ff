"""JSON bodies, strictly: every member known, of its kind, all faults at once."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import orjson
from flask import request

from data import Fault, FaultsFound, InvalidValue

_LONGEST_TEXT = 20_000
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LARGEST = 2**53


def json_body(known: Mapping[str, str]) -> dict[str, Any]:
    """The members of this request's JSON object; a member that is null counts as left out.

    Args:
        known: the kind of each member: text, whole_text (of any length, as it is), integer,
            number, flag, date, texts (a list of them), object or objects; with `!` behind it
            where the member must be there.

    Raises:
        InvalidValue: the body is no JSON object, or one member is wrong.
        FaultsFound: several members are wrong.
    """
    given = _object()
    found: dict[str, Any] = {}
    faults = [_unknown(name, given[name], known) for name in given if name not in known]
    for name, kind in known.items():
        value = given.get(name)
        if value is None or value == "":
            if kind.endswith("!"):
                faults.append(_missing(name))
            continue
        try:
            found[name] = _KINDS[kind.rstrip("!")](value)
        except (ValueError, TypeError):
            faults.append(_wrong(name, value, kind.rstrip("!")))
    _refuse(faults)
    return found


def _object() -> dict[str, Any]:
    try:
        given = orjson.loads(request.get_data() or b"{}")
    except orjson.JSONDecodeError as error:
        raise InvalidValue(
            "body", str(error), "the body is no JSON", "send a JSON object in UTF-8",
            "请求正文不是有效的 JSON；请发送 UTF-8 编码的 JSON 对象",
        ) from error  # fmt: skip
    if not isinstance(given, dict):
        raise InvalidValue(
            "body", type(given).__name__, "a JSON object is needed", "put the members into {}",
            "请求正文应为 JSON 对象",
        )  # fmt: skip
    return given


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT or _UNFIT.search(value):
        raise ValueError
    return unicodedata.normalize("NFC", value).strip(" \t\r\n\u3000")


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise ValueError
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(one) for one in value)


def _mappings(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise TypeError
    return [_mapping(one) for one in value]


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _whole_text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


_KINDS: Mapping[str, Callable[[Any], Any]] = {
    "text": _text,
    "whole_text": _whole_text,
    "integer": _integer,
    "number": _number,
    "flag": _flag,
    "date": date.fromisoformat,
    "texts": _texts,
    "object": _mapping,
    "objects": _mappings,
}
_EXAMPLES = {
    "text": ("文字（不含控制字符，不超过 20000 字）", "text of at most 20,000 characters"),
    "whole_text": ("文字", "a text"),
    "integer": ("整数，如 2", "a whole number such as 2"),
    "number": ("数值，如 0.2", "a number such as 0.2"),
    "flag": ("true 或 false", "true or false"),
    "date": ("日期，如 2024-05-03", "a date such as 2024-05-03"),
    "texts": ('文字列表，如 ["街路巷"]', 'a list of texts such as ["street"]'),
    "object": ("JSON 对象", "a JSON object"),
    "objects": ("JSON 对象列表", "a list of JSON objects"),
}


def _unknown(name: str, value: Any, known: Mapping[str, str]) -> Fault:
    allowed = ", ".join(known)
    zh, en = f"没有成员“{name[:40]}”；可用：{allowed}", f"no such member; there are {allowed}"
    return Fault("invalid-value", None, name[:40], str(value)[:80], zh, en)


def _missing(name: str) -> Fault:
    return Fault("invalid-value", None, name, "", f"缺少“{name}”；请补填", "is missing; give it")


def _wrong(name: str, value: Any, kind: str) -> Fault:
    zh, en = _EXAMPLES[kind]
    shown = str(value)[:80]
    return Fault("invalid-value", None, name, shown, f"“{name}”应为{zh}", f"{en} is needed")


def _refuse(faults: list[Fault]) -> None:
    if len(faults) == 1:
        (only,) = faults
        name = only.column or "body"
        raise InvalidValue(name, only.value, only.en, "correct it and send it again", only.zh)
    if faults:
        raise FaultsFound(faults)
