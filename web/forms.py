"""Fields that come as JSON or as a form, and a file with them.

As with query parameters, an unknown name or a bad value is refused by name.
"""

from collections.abc import Collection as Names
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from flask import request
from werkzeug.exceptions import BadRequest

from data import InvalidValue
from web.accounts import CSRF_FIELD

_LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request: its name for people to read, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Fields:
    """The fields of a request's body; a blank one is None."""

    values: Mapping[str, Any]

    def text(self, name: str) -> str | None:
        """A text."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT or "\0" in value:
            raise _wrong(name, value, "a text is needed", "应为文字")
        return value

    def required(self, name: str) -> str:
        """A text that must be there."""
        found = self.text(name)
        if found is None:
            raise _wrong(name, "", "it must be given", "不能为空")
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
            raise _wrong(name, value, "a number such as 0.05 is needed", "应为数字，例如 0.05")
        return found

    def whole(self, name: str) -> int | None:
        """A whole number."""
        found = self.number(name)
        if found is not None and (not found.is_integer() or abs(found) >= 2**62):
            raise _wrong(name, found, "a whole number is needed", "应为整数")
        return None if found is None else int(found)

    def version(self) -> int:
        """The version of the record that the sender saw."""
        found = self.whole("version")
        if found is None:
            raise _wrong("version", "", "the version that was read must be given", "须填写所读版本")
        return found

    def day(self, name: str) -> date | None:
        """A calendar date."""
        text = self.text(name)
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise _wrong(
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
            raise _wrong(name, value, "a list of texts is needed", "应为文字列表")
        return tuple(value)

    def records(self, name: str) -> Sequence[Mapping[str, Any]]:
        """A list of objects."""
        value = self.values.get(name)
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise _wrong(name, value, "a list of objects is needed", "应为对象列表")
        return value


def body(known: Names[str]) -> Fields:
    """The fields of this request's body, as a JSON object or a form.

    Raises:
        InvalidValue: a name is unknown, or the body is neither.
    """
    if request.is_json:
        try:
            given = request.get_json()
        except BadRequest:
            raise _wrong("body", "", "it is no JSON", "不是有效的 JSON") from None
        if not isinstance(given, dict):
            raise _wrong("body", given, "an object is needed", "应为 JSON 对象")
    else:
        given = {name: value for name, value in request.form.items() if name != CSRF_FIELD}
    for name in given:
        if name not in known:
            listed = ", ".join(sorted(known))
            raise InvalidValue(
                name, given[name], "this act has no such field", f"it knows {listed}",
                f"没有字段“{name}”；可用：{listed}",
            )  # fmt: skip
    return Fields(given)


def upload(name: str = "file") -> Upload | None:
    """A file of this request's form; None where it brings none of that name."""
    sent = request.files.get(name)
    if sent is None:
        return None
    return Upload(plain_name(sent.filename or "upload"), sent.read())


def plain_name(name: str) -> str:
    r"""A file's name for people to read: no folders, no control characters, not long.

    >>> plain_name("C:\\a\\界桩.jpg"), plain_name("../../x")
    ('界桩.jpg', 'x')
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[:200] or "upload"


def _wrong(name: str, value: object, rule: str, zh: str) -> InvalidValue:
    return InvalidValue(name, value, rule, "correct it and send it again", f"“{name}”{zh}；请更正")
