"""The fields of a page's form as the members of a body: texts by name, nested by their names.

`teams.0.leader` is the leader of the first of the teams, `answers.person-name` the answer to that
finding; a name that stands several times is a list. What was left blank was not given.
"""

from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from typing import Any, Final

from flask import request

from web.accounts import CSRF_FIELD

_TYPES: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_FLAGS: Final = {"true": True, "on": True, "1": True, "false": False, "0": False}
_DEEPEST: Final = 6


def is_form() -> bool:
    """Whether this request's body is a form.

    Programs that send JSON without saying so are taken at their word's shape: `curl -d` calls
    everything a form.
    """
    if request.mimetype not in _TYPES:
        return False
    if request.mimetype == "multipart/form-data":
        return True
    return not request.get_data().lstrip().startswith((b"{", b"["))


def form_members() -> dict[str, Any]:
    """The members that this request's form gives; a part without a name has the empty one."""
    return nested((name or "", text) for name, text in request.form.items(multi=True))


def nested(fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Members from the fields of a form.

    >>> nested([("name", "甲"), ("teams.0.party", "990101"), ("teams.0.leader", "")])
    {'name': '甲', 'teams': [{'party': '990101'}]}
    >>> nested([("lines", "1"), ("lines", "2"), ("answers.paper:map", "无")])
    {'lines': ['1', '2'], 'answers': {'paper:map': '无'}}
    """
    found: dict[str, Any] = {}
    for name, text in fields:
        if name != CSRF_FIELD and text.strip():
            _put(found, name.split(".", _DEEPEST - 1), text)
    return {name: _listed(value) for name, value in found.items()}


def _put(found: dict[str, Any], path: list[str], text: str) -> None:
    head, *rest = path
    if rest:
        inner = found.setdefault(head, {})
        if isinstance(inner, dict):
            _put(inner, rest, text)
            return
    known = found.get(head)
    found[head] = (
        text if known is None else [*(known if isinstance(known, list) else [known]), text]
    )


def _listed(value: Any) -> Any:
    """Numbered members as a list in the order of their numbers."""
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(one) for name, one in value.items()}
    if all(name.isascii() and name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def of_kinds(members: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """The members with their texts read as the kinds that `known` states (see `web.bodies`).

    Several texts may stand in one field, one a line. A text that is not of its kind stays as it is,
    for its reader to refuse by name.
    """
    return {
        name: of_kind(value, known.get(name, "").rstrip("!")) for name, value in members.items()
    }


def of_kind(value: Any, kind: str) -> Any:
    r"""A form's text as a value of a kind.

    >>> of_kind("12", "integer"), of_kind("0.5", "number"), of_kind("true", "flag")
    (12, 0.5, True)
    >>> of_kind("x", "integer"), of_kind("a\nb", "texts")
    ('x', ['a', 'b'])
    """
    if not isinstance(value, str):
        return value
    text = value.strip()
    if kind == "texts":
        return [line.strip() for line in text.splitlines() if line.strip()]
    try:
        return _READ[kind](text) if kind in _READ else value
    except (ValueError, KeyError):
        return value


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        raise ValueError
    return number


_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "flag": _FLAGS.__getitem__,
    "integer": int,
    "number": _finite,
}
