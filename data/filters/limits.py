"""What is refused before any parser sees a filter.

A parser that tries alternatives doubles its time with each bracket that never closes, so brackets
are counted first: nesting is bounded, and every bracket must have its partner.
"""

import re
from collections.abc import Iterable
from typing import Any

from data.errors import InvalidValue

MAX_CHARACTERS = 16_000
MAX_DEPTH = 12
MAX_TOKENS = 4_000
_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[\w.:]+|\S""")


def check_text(text: str) -> None:
    """Refuse a filter text that is too long, nests too deep or does not close its brackets.

    Raises:
        InvalidValue: naming the limit and the way out.

    >>> check_text("name LIKE '((('")
    """
    _check_length(text)
    depth = count = 0
    for match in _TOKEN.finditer(text):
        count += 1
        mark = match.group()
        depth += (mark == "(") - (mark == ")")
        if depth < 0:
            raise refuse(text, "a bracket closes that never opened", "open it or leave it out")
        if depth > MAX_DEPTH:
            raise refuse(text, f"brackets nest at most {MAX_DEPTH} deep", "leave out some brackets")
    if depth:
        raise refuse(text, f"{depth} brackets never close", "close every bracket")
    if count > MAX_TOKENS:
        raise refuse(text, f"it has at most {MAX_TOKENS} words and signs", "ask for less at once")


def check_json(text: str) -> None:
    """Refuse a filter document that is too long or nests too deep.

    Raises:
        InvalidValue: naming the limit and the way out.
    """
    _check_length(text)
    depth = 0
    for match in _JSON_MARK.finditer(text):
        mark = match.group()
        depth += (mark in "{[") - (mark in "}]")
        if depth > _MAX_JSON_DEPTH:
            raise refuse(text, f"it nests at most {_MAX_JSON_DEPTH} deep", "nest less")


def check_parsed(text: str, document: Any) -> None:
    """Refuse what nests too deep without brackets: a long row of signs, `1-1-1-…`.

    Raises:
        InvalidValue: naming the limit and the way out.
    """
    level, depth = [document], 0
    while level:
        depth += 1
        if depth > _MAX_JSON_DEPTH:
            way_out = "compute what is fixed yourself, or use brackets less"
            raise refuse(text, f"signs in a row nest at most {_MAX_JSON_DEPTH // 2} deep", way_out)
        level = [inner for part in level for inner in _parts(part)]


def check_escaped(text: str, document: Any) -> None:
    r"""Refuse what JSON can write as `\\u0000` or `\\ud800` and no store keeps.

    Raises:
        InvalidValue: naming the rule and the way out.
    """
    level = [document]
    while level:
        if any(isinstance(part, str) and _is_unfit(part) for part in level):
            raise _unfit(text)
        level = [inner for part in level for inner in _parts_and_names(part)]


def _parts_and_names(part: Any) -> Iterable[Any]:
    return (*part, *part.values()) if isinstance(part, dict) else _parts(part)


def _parts(part: Any) -> Iterable[Any]:
    if isinstance(part, dict):
        return part.values()
    return part if isinstance(part, list) else ()


_MAX_JSON_DEPTH = 4 * MAX_DEPTH
_JSON_MARK = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]]')


def _check_length(text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise refuse(text, f"it has at most {MAX_CHARACTERS} characters", "ask for less at once")
    if _is_unfit(text):
        raise _unfit(text)


def _is_unfit(text: str) -> bool:
    return "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text)


def _unfit(text: str) -> InvalidValue:
    return refuse(text, "it is text in Unicode without NUL", "leave such characters out")


def refuse(value: object, rule: str, way_out: str, zh: str = "") -> InvalidValue:
    """The error of a filter that cannot be taken."""
    sentence = zh or f"筛选条件 filter 不可用：{rule}；{way_out}"
    return InvalidValue("filter", value, rule, way_out, sentence)
