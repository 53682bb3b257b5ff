"""One row of an inspection file: raw cells in, an observation or all its faults out.

Nothing is judged here and nothing is corrected: numbers are read, words are recognised, and every
cell that cannot be read is a fault with its row and field. The raw cells stay with the result.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from boundary.observations.dates import parse_date
from boundary.observations.vocabulary import SEVERITY, Condition, Method, Vocabulary
from data.coordinates import (
    CGCS2000,
    Height,
    ReferenceSystem,
    TypedPair,
    fold,
    parse_angle,
    parse_metres,
    typed_pair,
)
from data.errors import Fault, InvalidValue

_T = TypeVar("_T")
_TIES = range(1, 10)
_POSITION_FIELDS = ("lon", "lat", "x_north", "y_east", "position")
_UNITS_M = {"cm": 0.01, "厘米": 0.01, "mm": 0.001, "毫米": 0.001, "m": 1.0, "米": 1.0, "": 1.0}
_WITH_UNIT = re.compile(r"[±]?\s*(?P<number>.*?)\s*(?P<unit>cm|mm|m|厘米|毫米|米|)$", re.IGNORECASE)
_SEVERAL = re.compile(r"[,、;；/|+，\s]+")


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """A row as it came: its number in the file and its cells by canonical field, raw text."""

    row: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MeasuredTie:
    """A witness object (方位物) measured again: metres and degrees, None where not measured."""

    ordinal: int
    name: str
    distance_m: float | None
    azimuth_deg: float | None
    azimuth_kind: str


@dataclass(frozen=True, slots=True)
class Observation:
    """A row that could be read.

    `pair` is None where no position was given. `system` is the stated reference system, or the
    default with `system_stated` false. `declared_sigma_m` is one sigma per axis as declared.
    """

    row: int
    marker_no: str
    line: str
    conditions: tuple[Condition, ...]
    pair: TypedPair | None
    system: ReferenceSystem
    system_stated: bool
    method: Method | None
    declared_sigma_m: float | None
    observed_on: date | None
    surveyor: str
    device: str
    session: str
    height: Height | None
    ties: tuple[MeasuredTie, ...]
    remark: str
    cells: Mapping[str, str] = field(repr=False)

    @property
    def condition(self) -> Condition | None:
        """The worst condition named."""
        return min(self.conditions, key=lambda c: SEVERITY.index(c.code), default=None)

    @property
    def seen(self) -> bool:
        """Whether somebody stood at the marker, so that a position can be expected."""
        return all(condition.seen for condition in self.conditions)

    @property
    def session_key(self) -> tuple[str, str, str]:
        """What rows of one set-up share: the session named, else surveyor, device and day."""
        if self.session:
            return (self.session, "", "")
        day = self.observed_on.isoformat() if self.observed_on else ""
        return (self.surveyor, self.device, day)

    @property
    def epoch_year(self) -> float | None:
        """The day of observation as a decimal year."""
        if self.observed_on is None:
            return None
        return self.observed_on.year + (self.observed_on.timetuple().tm_yday - 0.5) / 365.25


class _Reader:
    """Collects the faults of one row while its cells are read."""

    def __init__(self, row: ObservationRow) -> None:
        self.row = row
        self.faults: list[Fault] = []

    def text(self, name: str) -> str:
        return self.row.cells.get(name, "").strip()

    def read(self, name: str, parse: Callable[[str], _T]) -> _T | None:
        """The parsed cell; None if it is empty or wrong (the fault is kept)."""
        text = self.text(name)
        if not text:
            return None
        try:
            return parse(text)
        except InvalidValue as error:
            self.add(name, text, error)
            return None

    def add(self, name: str, text: str, error: InvalidValue) -> None:
        known = any(fault.column == name for fault in self.faults)
        if not known:
            self.faults.append(Fault(error.code, self.row.row, name, text, error.zh, error.message))


def parse_observation(
    row: ObservationRow,
    *,
    vocabulary: Vocabulary,
    today: date,
    default_system: ReferenceSystem = CGCS2000,
    default_method: Method | None = None,
) -> tuple[Observation | None, tuple[Fault, ...]]:
    """Read one row.

    Args:
        row: the raw cells, keyed by canonical field name.
        vocabulary: methods and conditions by their spellings.
        today: dates after it are faults.
        default_system: used where the row states no reference system.
        default_method: used where the row states no method.

    Returns:
        The observation, or None if the row holds neither a marker number nor a position; and every
        fault. A faulty cell leaves its value empty in the observation.
    """
    reader = _Reader(row)
    stated = reader.read("crs", ReferenceSystem.parse)
    system = stated or default_system
    epoch = reader.read("epoch", _decimal_year)
    if epoch is not None:
        system = replace(system, epoch_year=epoch)
    pair = _pair(reader, system)
    observation = Observation(
        row=row.row,
        marker_no=reader.text("marker_no"),
        line=reader.text("line_code") or reader.text("line_name"),
        conditions=reader.read("condition", lambda text: _conditions(text, vocabulary)) or (),
        pair=pair,
        system=system,
        system_stated=stated is not None,
        method=reader.read("method", lambda text: _method(text, vocabulary)) or default_method,
        declared_sigma_m=reader.read("accuracy_m", _accuracy_m),
        observed_on=reader.read("observed_at", lambda text: parse_date("observed_at", text, today)),
        surveyor=reader.text("surveyor"),
        device=reader.text("device"),
        session=reader.text("session"),
        height=reader.read("height", lambda text: Height.parse(text, reader.text("height_datum"))),
        ties=_ties(reader),
        remark=reader.text("remark"),
        cells=row.cells,
    )
    if not observation.marker_no and not _has_position(reader):
        reader.add("marker_no", "", _nothing_to_go_by())
        return None, tuple(reader.faults)
    return observation, tuple(reader.faults)


def _has_position(reader: _Reader) -> bool:
    return any(reader.text(name) for name in _POSITION_FIELDS)


def _pair(reader: _Reader, system: ReferenceSystem) -> TypedPair | None:
    cells = _position_cells(reader, system)
    if not cells:
        return None
    text = cells.pop("position", None)
    try:
        return typed_pair(text, system=system, **cells)
    except InvalidValue as error:
        reader.add(error.field, str(error.value), error)
        _both_faults(reader, cells)
        return None


def _position_cells(reader: _Reader, system: ReferenceSystem) -> dict[str, str]:
    """The cells of the position that the stated system speaks of, where a row has several."""
    given = {name: reader.text(name) for name in _POSITION_FIELDS if reader.text(name)}
    choices = [("lon", "lat"), ("x_north", "y_east")]
    if system.is_plane:
        choices.reverse()
    for names in (*choices, ("position",)):
        if all(name in given for name in names):
            return {name: given[name] for name in names}
    return {name: text for name, text in given.items() if name != "position"}


def _both_faults(reader: _Reader, cells: Mapping[str, str]) -> None:
    """The other coordinate of a broken pair may be broken too, and is said at once."""
    for name, text in cells.items():
        try:
            parse_metres(name, text) if name in {"x_north", "y_east"} else parse_angle(name, text)
        except InvalidValue as error:
            reader.add(name, text, error)


def _conditions(text: str, vocabulary: Vocabulary) -> tuple[Condition, ...]:
    whole = vocabulary.condition(text)
    if whole is not None:
        return (whole,)
    parts = [vocabulary.condition(part) for part in _SEVERAL.split(text) if part]
    known = tuple(part for part in parts if part is not None)
    if not known or len(known) != len(parts):
        names = sorted({condition.zh for condition in vocabulary.conditions.values()})
        raise InvalidValue(
            "condition", text, "this names no condition", f"write one of {', '.join(names)}",
            f"“{text}”不是可识别的界桩状况；请填写：{'、'.join(names)}",
        )  # fmt: skip
    return known


def _method(text: str, vocabulary: Vocabulary) -> Method:
    found = vocabulary.method(text)
    if found is None:
        names = sorted({method.zh for method in vocabulary.methods.values()})
        raise InvalidValue(
            "method", text, "this names no survey method", f"write one of {', '.join(names)}",
            f"“{text}”不是可识别的测量方法；请填写：{'、'.join(names)}",
        )  # fmt: skip
    return found


def _accuracy_m(text: str) -> float:
    match = _WITH_UNIT.fullmatch(fold(text))
    number = parse_metres("accuracy_m", match["number"] if match else text)
    value_m = number * _UNITS_M[match["unit"].lower() if match else ""]
    if not 0.0 < value_m < float("inf"):
        raise InvalidValue(
            "accuracy_m", text, "an accuracy is a positive number of metres",
            "write one sigma per axis, for example 0.02",
            f"精度“{text}”应为正数（米，单轴中误差），例如 0.02",
        )  # fmt: skip
    return value_m


def _decimal_year(text: str) -> float:
    match = re.fullmatch(r"(?:历元)?\s*(\d{4}(?:\.\d+)?)\s*年?", fold(text))
    if match is None:
        raise InvalidValue(
            "epoch", text, "an epoch is a decimal year", "write for example 2024.5",
            f"历元“{text}”应为小数年份，例如 2024.5",
        )  # fmt: skip
    return float(match[1])


def _ties(reader: _Reader) -> tuple[MeasuredTie, ...]:
    found = (_tie(reader, ordinal) for ordinal in _TIES)
    return tuple(tie for tie in found if tie is not None)


def _tie(reader: _Reader, ordinal: int) -> MeasuredTie | None:
    prefix = f"tie{ordinal}"
    distance_m = reader.read(f"{prefix}_distance", lambda text: _distance_m(prefix, text))
    azimuth_deg = reader.read(
        f"{prefix}_azimuth", lambda text: parse_angle(f"{prefix}_azimuth", text).value_deg % 360.0
    )
    if distance_m is None and azimuth_deg is None:
        return None
    kind = azimuth_kind(reader.text(f"{prefix}_azimuth_kind"))
    return MeasuredTie(ordinal, reader.text(f"{prefix}_name"), distance_m, azimuth_deg, kind)


def azimuth_kind(text: str) -> str:
    """`grid`, `magnetic` or `true` from what registers call it; empty where not said."""
    folded = fold(text).lower()
    if any(word in folded for word in ("磁", "magnetic")):
        return "magnetic"
    if any(word in folded for word in ("真", "true", "大地")):
        return "true"
    return "grid" if any(word in folded for word in ("坐标", "grid")) else ""


def _distance_m(prefix: str, text: str) -> float:
    value_m = parse_metres(f"{prefix}_distance", text)
    if not 0.0 < value_m < float("inf"):
        raise InvalidValue(
            f"{prefix}_distance", text, "a distance is a positive number of metres",
            "write metres, for example 12.4", f"距离“{text}”应为正数（米），例如 12.4",
        )  # fmt: skip
    return value_m


def _nothing_to_go_by() -> InvalidValue:
    return InvalidValue(
        "marker_no", "", "the row names no marker and gives no position",
        "fill in the marker's number or its coordinates",
        "该行既无界桩编号也无坐标；请至少填写一项",
    )  # fmt: skip
