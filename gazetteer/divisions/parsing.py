"""An event as people send it (JSON), with every fault told at once. Pure."""

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from data.errors import Fault, FaultsFound
from data.geometry import off_the_earth, to_wkb
from data.reference import find_term
from gazetteer.divisions.codes import is_code
from gazetteer.divisions.values import Below, Change, DivisionEvent, EventKind, NewState

_EVENT_FIELDS = frozenset(
    {"kind", "effective_on", "approved_on", "document", "authority", "source", "below"}
    | {"remark", "measures", "changes"}
)
_CHANGE_FIELDS = frozenset({"old", "new"})
_NEW_FIELDS = frozenset(
    {"code", "name", "level", "parent_code", "seat", "romanization", "outline", "takes_rest"}
)
_MOST_CHANGES = 2_000
_LONGEST = 2_000
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
T = TypeVar("T")


def parse_event(document: Any) -> DivisionEvent:
    """The event that a JSON document describes.

    Args:
        document: an object with `kind`, `effective_on` and `changes`, and what else is known:
            `approved_on`, `document`, `authority`, `source`, `below`, `measures`, `remark`. A
            change has `old` (a code or null) and `new` (null, or an object with `code` and what
            differs from before: `name`, `level`, `parent_code`, `seat`, `romanization`,
            `outline` (GeoJSON in the store's system, longitude first), `takes_rest`).

    Raises:
        FaultsFound: every fault, `row` being the number of the change.
    """
    reader = _Reader()
    event = reader.event(document)
    if event is None or reader.faults:
        raise FaultsFound(reader.faults)
    return event


class _Reader:
    """Collects faults while it reads."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, number: int | None, field: str, value: object, zh: str, en: str) -> None:
        shown = json.dumps(value, ensure_ascii=False, default=str)[:80]
        self.faults.append(Fault("invalid-value", number, field, shown, zh, en))

    def event(self, document: Any) -> DivisionEvent | None:
        if not isinstance(document, Mapping):
            self.fault(
                None, "event", document, "变更事件应为 JSON 对象", "an event is a JSON object"
            )
            return None
        self._unknown(None, document, _EVENT_FIELDS)
        kind = self._kind(document.get("kind"))
        day = self._day(document, "effective_on", required=True)
        changes = self._changes(document.get("changes"))
        below = self._choice(document.get("below", Below.NAMED), "below", Below)
        texts = {name: self._text(None, document, name) or "" for name in _TEXTS}
        approved = self._day(document, "approved_on")
        if kind is None or day is None or below is None:
            return None
        return DivisionEvent(
            kind,
            day,
            changes,
            approved_on=approved,
            document=texts["document"],
            authority=texts["authority"],
            source=texts["source"],
            below=below,
            measures=texts["measures"],
            remark=texts["remark"],
        )

    def _unknown(self, number: int | None, given: Mapping[str, Any], known: frozenset[str]) -> None:
        for name in given:
            if name not in known:
                listed = ", ".join(sorted(known))
                self.fault(
                    number, str(name)[:40], given[name],
                    f"没有此项；可用：{listed}", f"is no member here; there are {listed}",
                )  # fmt: skip

    def _kind(self, value: Any) -> EventKind | None:
        term = find_term("division_event_kinds", value) if isinstance(value, str) else None
        if term is None:
            known = ", ".join(EventKind)
            self.fault(
                None, "kind", value,
                f"不是变更类别；可用：{known}", f"is no kind of event; there are {known}",
            )  # fmt: skip
            return None
        return EventKind(term.code)

    def _choice(self, value: Any, field: str, kind: Callable[[Any], T]) -> T | None:
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(Below)
            self.fault(None, field, value, f"应为 {known} 之一", f"is one of {known}")
            return None

    def _day(self, given: Mapping[str, Any], field: str, *, required: bool = False) -> date | None:
        value = given.get(field)
        if value is None and not required:
            return None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fault(
                None, field, value,
                "应为日期，如 2024-05-03", "is a date such as 2024-05-03",
            )  # fmt: skip
            return None

    def _text(self, number: int | None, given: Mapping[str, Any], field: str) -> str | None:
        value = given.get(field)
        if value is None or value == "":
            return None
        if not isinstance(value, str) or _UNFIT.search(value) or len(value) > _LONGEST:
            self.fault(
                number, field, value,
                f"应为不超过 {_LONGEST} 字的文本", f"is a text of at most {_LONGEST} characters",
            )  # fmt: skip
            return None
        return unicodedata.normalize("NFC", value).strip(" \t\r\n\u3000") or None

    def _changes(self, value: Any) -> tuple[Change, ...]:
        if not isinstance(value, list) or not value or len(value) > _MOST_CHANGES:
            self.fault(
                None, "changes", value if not isinstance(value, list) else len(value),
                f"应为 1 至 {_MOST_CHANGES} 项的列表", f"is a list of 1 to {_MOST_CHANGES} changes",
            )  # fmt: skip
            return ()
        read = [self._change(one, number) for number, one in enumerate(value, start=1)]
        return tuple(one for one in read if one is not None)

    def _change(self, value: Any, number: int) -> Change | None:
        if not isinstance(value, Mapping):
            self.fault(number, "changes", value, "应为对象", "is an object with old and new")
            return None
        self._unknown(number, value, _CHANGE_FIELDS)
        old = self._code(number, value, "old")
        new = self._new(value.get("new"), number)
        if old is None and new is None:
            self.fault(
                number, "old", None,
                "old 与 new 至少填写一项", "a change has old, or new, or both",
            )  # fmt: skip
            return None
        return Change(old, new, number)

    def _code(self, number: int, given: Mapping[str, Any], field: str) -> str | None:
        text = self._text(number, given, field)
        if text is not None and not is_code(text):
            self.fault(
                number, field, text,
                "区划代码应为 6、9 或 12 位数字", "a division code has 6, 9 or 12 digits",
            )  # fmt: skip
        return text

    def _new(self, value: Any, number: int) -> NewState | None:
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.fault(number, "new", value, "应为对象", "is an object with at least a code")
            return None
        self._unknown(number, value, _NEW_FIELDS)
        code = self._code(number, value, "code")
        if code is None:
            self.fault(number, "new.code", None, "缺少代码；请补填", "is missing; give the code")
            return None
        takes_rest = value.get("takes_rest", False)
        if not isinstance(takes_rest, bool):
            self.fault(number, "takes_rest", takes_rest, "应为 true 或 false", "is true or false")
        return NewState(
            code,
            name=self._text(number, value, "name"),
            level=self._text(number, value, "level"),
            parent_code=self._code(number, value, "parent_code"),
            seat=self._text(number, value, "seat"),
            romanization=self._text(number, value, "romanization"),
            outline=self._outline(number, value.get("outline")),
            takes_rest=takes_rest is True,
        )

    def _outline(self, number: int, value: Any) -> bytes | None:
        if value is None:
            return None
        try:
            found = shape(value)
        except (ShapelyError, AttributeError, ArithmeticError, LookupError, TypeError, ValueError):
            found = None
        if isinstance(found, shapely.Polygon):
            found = shapely.MultiPolygon([found])
        if not isinstance(found, shapely.MultiPolygon) or found.is_empty or not found.is_valid:
            self.fault(
                number, "outline", "GeoJSON",
                "应为有效的 GeoJSON 面", "is a valid GeoJSON Polygon or MultiPolygon",
            )  # fmt: skip
            return None
        if far := off_the_earth(found):
            self.fault(
                number, "outline", list(far),
                f"位置 {far[0]}, {far[1]} 超出经度 ±180、纬度 ±90；请检查坐标系和轴序（先经度）",
                f"has the position {far[0]}, {far[1]}, beyond longitudes of ±180 or latitudes of"
                " ±90; check its system and the order of its axes, longitude first",
            )  # fmt: skip
            return None
        return to_wkb(shapely.force_2d(found))


_TEXTS = ("document", "authority", "source", "remark", "measures")
