"""Readings as they are sent, into values; every fault by the reading's place. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from math import isfinite
from typing import Any, Final

from boundary.sensors.judging import Reading
from data.errors import Fault

_NUMBERS: Final = {
    "tilt_deg": (0.0, 180.0),
    "battery_pct": (0.0, 100.0),
    "lon": (-180.0, 180.0),
    "lat": (-90.0, 90.0),
    "sigma_m": (0.0, 10_000.0),
}
_FIELDS: Final = ("marker_id", "at", "online", *_NUMBERS)


def parse_readings(
    rows: Sequence[Mapping[str, Any]], now: datetime
) -> tuple[list[tuple[int, Reading]], list[Fault]]:
    """Readings with their places from 1, and the faults of the others.

    Args:
        rows: `marker_id`, `at` (ISO 8601 with its offset; the present moment where it is left
            out), `tilt_deg`, `battery_pct`, `online`, `lon` and `lat` in degrees, `sigma_m`.
        now: the present moment.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    >>> good, bad = parse_readings([{"marker_id": 1, "tilt_deg": 2}, {"marker_id": 1}], now)
    >>> good[0][1].tilt_deg, [fault.row for fault in bad]
    (2.0, [2])
    """
    good: list[tuple[int, Reading]] = []
    bad: list[Fault] = []
    for place, row in enumerate(rows, start=1):
        faults = _faults(place, row)
        if faults:
            bad += faults
        else:
            good.append((place, _reading(row, now)))
    return good, bad


def moved(fault: Fault, places: Sequence[int]) -> Fault:
    """A fault of one of some readings, at the place that the reading was sent at."""
    return replace(fault, row=places[(fault.row or 1) - 1])


def _faults(place: int, row: Mapping[str, Any]) -> list[Fault]:
    found = [
        _fault(
            place, name[:40], row[name],
            f"没有此字段；可用：{'、'.join(_FIELDS)}",
            f"there is no such field; give one of {', '.join(_FIELDS)}",
        )
        for name in row
        if name not in _FIELDS
    ]  # fmt: skip
    key = row.get("marker_id")
    if isinstance(key, bool) or not isinstance(key, int) or key < 1:
        said = ("应为界桩编号（正整数）", "it is a marker's id, a positive whole number")
        found.append(_fault(place, "marker_id", key, *said))
    if row.get("at") is not None and _moment(row["at"]) is None:
        said = ("应为带时区的时间", "it is a moment with its offset from UTC")
        found.append(_fault(place, "at", row["at"], *said))
    if row.get("online") is not None and not isinstance(row["online"], bool):
        found.append(
            _fault(place, "online", row["online"], "应为 true 或 false", "it is true or false")
        )
    for name, (low, high) in _NUMBERS.items():
        value = row.get(name)
        if value is not None and not _fits(value, low, high):
            said = (f"应为 {low:g} 至 {high:g} 的数", f"it is a number from {low:g} to {high:g}")
            found.append(_fault(place, name, value, *said))
    if (row.get("lon") is None) != (row.get("lat") is None):
        found.append(_fault(place, "lon", "", "经纬度须成对", "lon and lat come together"))
    told = ("tilt_deg", "battery_pct", "online", "lon")
    if all(row.get(name) is None for name in told):
        found.append(_fault(place, "tilt_deg", "", "读数没有内容", "the reading says nothing"))
    return found


def _fits(value: object, low: float, high: float) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and isfinite(value) and low <= value <= high  # type: ignore[arg-type, operator]


def _fault(place: int, column: str, value: object, zh: str, en: str) -> Fault:
    return Fault("invalid-value", place, column, str(value)[:80], zh, en)


def _moment(text: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _reading(row: Mapping[str, Any], now: datetime) -> Reading:
    moment = _moment(row["at"]) if row.get("at") is not None else now
    numbers = {name: float(row[name]) for name in _NUMBERS if row.get(name) is not None}
    seconds = float(int((moment or now).timestamp()))
    return Reading(row["marker_id"], seconds, online=row.get("online"), **numbers)
