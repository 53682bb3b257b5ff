"""The members of a request's body, strictly: every name known, every value of its kind.

`json_body` reads them all at once by the kinds that its caller states, and tells every fault;
`body` leaves it to its caller to ask member by member (`Fields`). Both take the form of a page as
well as JSON (see `web.form_fields`). A key that stands twice, a number that is none and text that
is no text are refused by both.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Names
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, NoReturn

import orjson
from flask import g, request

from data import Fault, FaultsFound, InvalidValue
from web.form_fields import form_members, is_form, of_kind, of_kinds

_LONGEST_TEXT = 20_000
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LARGEST = 2**53
_LONG = 19
"""Digits from which on a number is no count and no key."""


def json_body(known: Mapping[str, str]) -> dict[str, Any]:
    """The members of this request's JSON object or form; a null or blank one counts as left out.

    Args:
        known: the kind of each member: text, whole_text (of any length, as it is), integer,
            number, flag, date, texts (a list of them), object or objects; with `!` behind it
            where the member must be there.

    Raises:
        InvalidValue: the body is no JSON object, or one member is wrong.
        FaultsFound: several members are wrong.
    """
    given = of_kinds(form_members(), known) if is_form() else _object()
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
    """The JSON object of this request's body; none of it counts as an empty one."""
    sent = g.get("body")
    content = request.get_data() if sent is None else sent
    text = content if content.strip() else b"{}"
    try:
        given = json.loads(
            text.decode(),
            object_pairs_hook=_once,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=lambda digits: int(digits) if len(digits) < _LONG else _finite(digits),
        )
        if b"\\u" in text:
            orjson.dumps(given)  # refuses halves of surrogate pairs, which are no text
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidValue(
            "body", str(error)[:200], "the body is no JSON", "send a JSON object in UTF-8",
            "请求正文不是有效的 JSON；请发送 UTF-8 编码的 JSON 对象",
        ) from error  # fmt: skip
    if not isinstance(given, dict):
        raise InvalidValue(
            "body", type(given).__name__, "a JSON object is needed", "put the members into {}",
            "请求正文应为 JSON 对象",
        )  # fmt: skip
    return given


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys stand once each (RFC 8259 leaves open which of two would count)."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twice[:40]!r} stands twice")
    return found


def _finite(digits: str) -> float:
    number = float(digits)
    return number if isfinite(number) else _no_number(digits[:20])


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no number")


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


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a request's body; a blank one is None."""

    values: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        """A text."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            return _text(value) or None
        except ValueError:
            raise _refused(name, value, "a text is needed", "应为文字") from None

    def required(self, name: str) -> str:
        """A text that must be there."""
        found = self.text(name)
        if found is None:
            raise _refused(name, "", "it must be given", "不能为空")
        return found

    def number(self, name: str) -> float | None:
        """A finite number."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        try:
            found = float(value) if not isinstance(value, bool) else float("nan")
        except (TypeError, ValueError):
            found = float("nan")
        if not isfinite(found):
            raise _refused(name, value, "a number such as 0.05 is needed", "应为数字，例如 0.05")
        return found

    def whole(self, name: str) -> int | None:
        """A whole number."""
        found = self.number(name)
        if found is not None and (not found.is_integer() or abs(found) >= 2**62):
            raise _refused(name, found, "a whole number is needed", "应为整数")
        return None if found is None else int(found)

    def wholes(self, name: str) -> list[int]:
        """Several whole numbers: a list, or as a form gives them."""
        value = self.values.get(name)
        listed = value if isinstance(value, list) else [value] if value else []
        found = listed if request.is_json else [of_kind(one, "integer") for one in listed]
        if not all(isinstance(one, int) and not isinstance(one, bool) for one in found):
            raise _refused(name, value, "a list of whole numbers is needed", "应为整数列表")
        return found

    def version(self) -> int:
        """The version of the record that the sender saw."""
        found = self.whole("version")
        if found is None:
            raise _refused(
                "version", "", "the version that was read must be given", "须填写所读版本"
            )
        return found

    def day(self, name: str) -> date | None:
        """A calendar date."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise _refused(
                name, text, "a date such as 2026-05-03 is needed", "应为日期，例如 2026-05-03"
            ) from None

    def texts(self, name: str) -> tuple[str, ...]:
        """Several texts: a list, or one text with commas between."""
        value = self.values.get(name)
        if isinstance(value, str):
            value = [part.strip() for part in value.replace("，", ",").split(",") if part.strip()]
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise _refused(name, value, "a list of texts is needed", "应为文字列表")
        return tuple(value)

    def records(self, name: str) -> Sequence[Mapping[str, Any]]:
        """A list of objects."""
        value = self.values.get(name)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise _refused(name, value, "a list of objects is needed", "应为对象列表")
        return value


def body(known: Names[str]) -> Fields:
    """The fields of this request's body, as a JSON object or a form.

    Raises:
        InvalidValue: a name is unknown, or the body is neither.
    """
    given = _object() if request.is_json else form_members()
    for name in given:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise InvalidValue(
                name, given[name], "this act has no such field", f"it knows {listed}",
                f"没有字段“{name}”；可用：{listed}",
            )  # fmt: skip
    return Fields(given)


def _refused(name: str, value: object, rule: str, zh: str) -> InvalidValue:
    return InvalidValue(name, value, rule, "correct it and send it again", f"“{name}”{zh}；请更正")
