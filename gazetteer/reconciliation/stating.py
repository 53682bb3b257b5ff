"""What a row states beside the name, from loose values: divisions, a position (附加条件)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from data.coordinates import CGCS2000, Position, ReferenceSystem
from data.errors import InvalidValue
from gazetteer.reconciliation.properties import PROPERTIES
from gazetteer.reconciliation.values import DISTANCE, PARENT

_PARENTS: Final = frozenset({PARENT, "division", "division_code", "within"})
_HALVES: Final = frozenset({"lon", "lat"})
_LONGEST: Final = 200
_SHOWN: Final = 40


@dataclass(slots=True)
class Stated:
    """What a row states, and what of it could not be used.

    Attributes:
        divisions: codes, names or identities.
        position: longitude and latitude in degrees; None where none could be read.
        notes: what is left unheeded, in Chinese and English.
    """

    divisions: tuple[str, ...] = ()
    position: tuple[float, float] | None = None
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def notes_zh(self) -> tuple[str, ...]:
        """The notes in Chinese."""
        return tuple(zh for zh, _ in self.notes)

    @property
    def notes_en(self) -> tuple[str, ...]:
        """The notes in English."""
        return tuple(en for _, en in self.notes)


def stated_of(pairs: Iterable[tuple[str, Any]], system: ReferenceSystem = CGCS2000) -> Stated:
    """Read properties with their values; what cannot be read is left unheeded, and said.

    Args:
        pairs: id of a property, and a value or several: texts, numbers, or entities with `id`.
        system: of positions.

    >>> stated_of([("parent", "赤峰市"), ("lon", "118°36′"), ("lat", 43.5)]).position
    (118.6, 43.5)
    """
    stated = Stated()
    halves: dict[str, str] = {}
    for name, value in pairs:
        texts = _texts(value)
        if not texts:
            continue
        if name in _PARENTS:
            stated.divisions += texts
        elif name in _HALVES:
            halves[name] = texts[0]
        elif name == "coordinates":
            _place(stated, {name: texts[0]}, system)
        else:
            stated.notes.append(_unheeded(name))
        if len(texts) > 1 and name not in _PARENTS:
            stated.notes.append((f"{name} 只采用第一个值", f"only the first {name} is used"))
    if len(halves) == len(_HALVES):
        _place(stated, halves, system)
    elif halves:
        missing = min(_HALVES - {*halves})
        stated.notes.append((f"缺少 {missing}，坐标未采用", f"{missing} is missing: no position"))
    return stated


def feature_of(name: str) -> str | None:
    """The feature that a property bears on; None where it takes no part in matching."""
    if name in _PARENTS:
        return PARENT
    return DISTANCE if name in _HALVES or name == "coordinates" else None


def _place(stated: Stated, typed: Mapping[str, str], system: ReferenceSystem) -> None:
    shown = ", ".join(typed.values())[:_SHOWN]
    try:
        found = Position.parse(
            typed.get("coordinates"), lon=typed.get("lon"), lat=typed.get("lat"), system=system
        )
    except InvalidValue as fault:
        zh = f"坐标“{shown}”未采用：{fault.zh}"
        stated.notes.append((zh, f"the position is left unheeded: {fault.message}"))
        return
    stated.position = (found.lon, found.lat)


def _texts(value: Any) -> tuple[str, ...]:
    """The values as texts: of an entity its identity; empty ones are none."""
    values: Sequence[Any] = value if isinstance(value, list | tuple) else (value,)
    found = []
    for one in values:
        known = one.get("id") if isinstance(one, Mapping) else one
        text = "" if known is None or isinstance(known, bool) else str(known).strip()
        if text:
            found.append(text[:_LONGEST])
    return tuple(found)


def _unheeded(name: str) -> tuple[str, str]:
    shown = name[:_SHOWN]
    offered = "、".join(known.id for known in PROPERTIES.values() if known.matching)
    return (
        f"属性“{shown}”不参与匹配；参与匹配的有 {offered}",
        f"{shown!r} takes no part in matching; {offered.replace('、', ', ')} do",
    )
