"""What a sensor's readings show: alarms, debounced, and whether the marker moved. Pure.

A moved marker, a drifting and a stuck sensor are told apart by the tests of inspections
(`boundary.displacement`, `boundary.displacement_visits`): positions scatter as their error says, or
the sensor is stuck; a marker that has moved stands beyond its tolerance (interval null) after a
step; a sensor whose position runs away in a line drifts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import Final

import numpy as np
from numpy.typing import NDArray

from boundary.displacement import outside_probability
from boundary.displacement_verdicts import VerdictRules
from boundary.displacement_visits import combine, creep, step_or_drift
from data.reference import boundary_rule

Floats = NDArray[np.float64]
TILT, BATTERY, OFFLINE, MOVED, STUCK, DRIFTING = (
    *("tilt", "battery", "offline"), *("moved", "stuck", "drifting"),
)  # fmt: skip
IN_PLACE, UNKNOWN = "in_place", "unknown"
WINDOW: Final = 24
_LEAST: Final = 12
_RECENT: Final = 6
_CERTAIN_P: Final = 1e-6
_QUIET: Final = 0.5
_YEAR_S: Final = 31_557_600.0
_MOTIONS: Final = (MOVED, STUCK, DRIFTING)
_FIXES: Final = 4
_STANDING: Final = "+"


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a marker's sensor; None where it says nothing.

    Attributes:
        marker_id: the marker.
        at_s: seconds since 1970, UTC.
        tilt_deg: from upright.
        battery_pct: 0 to 100.
        online: whether the sensor's own gateway reaches it.
        lon, lat: its position, degrees of the store's datum.
        sigma_m: standard deviation of each axis of the position.
    """

    marker_id: int
    at_s: float
    tilt_deg: float | None = None
    battery_pct: float | None = None
    online: bool | None = None
    lon: float | None = None
    lat: float | None = None
    sigma_m: float | None = None


@dataclass(frozen=True, slots=True)
class SensorRules:
    """The limits of alarms; rows of `boundary_rules`."""

    tilt_deg: float = 5.0
    battery_pct: float = 15.0
    debounce: float = 5.0
    silent_minutes: float = 120.0
    keep_minutes: float = 15.0
    sigma_m: float = 0.05
    tolerance_m: float = 0.2

    @classmethod
    def in_force(cls) -> "SensorRules":
        """The rules by the table in force."""
        return cls(
            **{name: boundary_rule(f"telemetry_{name}") for name in cls.__dataclass_fields__}
        )


@dataclass(slots=True)
class SensorState:
    """What a sensor last said.

    Attributes:
        marker_id: the marker.
        last: its newest reading; None before the first.
        kept_s: when a reading was last kept.
        window: its last positions: seconds, east and north of the registered position, sigma.
        counts: by alarm: readings in a row for which its condition held, negative where it did not;
            with `+` before it, 1 while the alarm stands.
        motion: what the window shows.
        readings: how many came.
    """

    marker_id: int
    last: Reading | None = None
    kept_s: float | None = None
    window: list[tuple[float, float, float, float]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    motion: str = UNKNOWN
    readings: int = 0


def follow(
    state: SensorState,
    reading: Reading,
    vector_m: tuple[float, float] | None,
    tolerance_m: float,
    registered_sigma_m: float,
    rules: SensorRules,
) -> tuple[bool, list[str], list[str]]:
    """Take a reading into a sensor's state.

    Args:
        state: is changed.
        reading: newer than the state's last.
        vector_m: its position, east and north of the registered one; None where it has none.
        tolerance_m: of the marker.
        registered_sigma_m: of the marker's registered position.
        rules: the limits.

    Returns:
        Whether the reading is to be kept, and the alarms that it raises and clears.
    """
    kept = _worth_keeping(state, reading, rules)
    if vector_m is not None:
        sigma = reading.sigma_m or rules.sigma_m
        state.window = [*state.window, (reading.at_s, *vector_m, sigma)][-WINDOW:]
        state.motion = motion_of(state.window, tolerance_m, registered_sigma_m)
    held: dict[str, bool] = {OFFLINE: reading.online is False}
    if reading.tilt_deg is not None:
        held[TILT] = reading.tilt_deg >= rules.tilt_deg
    if reading.battery_pct is not None:
        held[BATTERY] = reading.battery_pct < rules.battery_pct
    if vector_m is not None:
        held |= {kind: state.motion == kind for kind in _MOTIONS}
    raised, cleared = _count(state.counts, held, int(rules.debounce))
    state.last, state.readings = reading, state.readings + 1
    if kept or raised or cleared:
        state.kept_s, kept = reading.at_s, True
    return kept, raised, cleared


def _count(
    counts: dict[str, int], held: Mapping[str, bool], debounce: int
) -> tuple[list[str], list[str]]:
    raised, cleared = [], []
    for kind, holds in held.items():
        before = counts.get(kind, 0)
        now = max(before, 0) + 1 if holds else min(before, 0) - 1
        counts[kind] = max(min(now, debounce), -debounce)
        standing = f"{_STANDING}{kind}"
        if counts[kind] == debounce and standing not in counts:
            raised.append(kind)
            counts[standing] = 1
        if counts[kind] == -debounce and standing in counts:
            cleared.append(kind)
            del counts[standing]
    return raised, cleared


def _worth_keeping(state: SensorState, reading: Reading, rules: SensorRules) -> bool:
    """A quiet sensor's readings are kept now and then; what changes is kept at once."""
    last = state.last
    if last is None or state.kept_s is None:
        return True
    if reading.at_s - state.kept_s >= rules.keep_minutes * 60.0:
        return True
    return (
        reading.online != last.online
        or _apart(reading.tilt_deg, last.tilt_deg) >= rules.tilt_deg / 10.0
        or _apart(reading.battery_pct, last.battery_pct) >= 1.0
    )


def _apart(one: float | None, other: float | None) -> float:
    return abs((one or 0.0) - (other or 0.0))


def motion_of(
    window: Sequence[tuple[float, float, float, float]],
    tolerance_m: float,
    registered_sigma_m: float,
) -> str:
    """What a run of positions shows: in_place, moved, stuck, drifting or unknown.

    Args:
        window: seconds, east, north and sigma of each axis, metres, oldest first.
        tolerance_m: of the marker.
        registered_sigma_m: of the registered position, which all readings share.

    Examples:
        >>> chance = np.random.default_rng(1)
        >>> still = [(60.0 * k, *chance.normal(0, 0.03, 2), 0.03) for k in range(24)]
        >>> motion_of(still, 0.2, 0.02)
        'in_place'
        >>> step = [(t, e + 1.0 * (k > 11), n, s) for k, (t, e, n, s) in enumerate(still)]
        >>> motion_of(step, 0.2, 0.02)
        'moved'
        >>> motion_of([(60.0 * k, 0.01, 0.02, 0.03) for k in range(24)], 0.2, 0.02)
        'stuck'
        >>> ramp = [(t, e + 0.06 * k, n, s) for k, (t, e, n, s) in enumerate(still)]
        >>> motion_of(ramp, 0.2, 0.02)
        'drifting'
    """
    if len(window) < _LEAST:
        return UNKNOWN
    rows = np.asarray(window, float)
    vectors, sigma = rows[:, 1:3], rows[:, 3]
    if _is_stuck(vectors, sigma):
        return STUCK
    recent = vectors[-_RECENT:]
    distance = float(np.hypot(*recent.mean(axis=0)))
    if distance <= _QUIET * tolerance_m:
        return IN_PLACE
    years = (rows[:, 0] - rows[0, 0]) / _YEAR_S
    mean = combine(recent, sigma[-_RECENT:])
    total = hypot(mean.sigma_m, registered_sigma_m)
    far = np.array([float(np.hypot(*mean.vector_m))])
    p = float(outside_probability(far, np.array([tolerance_m]), np.array([total]))[0])
    certain = VerdictRules().displaced_p
    if years[-1] > 0.0 and len(set(years)) >= _FIXES:
        runs = step_or_drift(years, vectors, sigma).kind == "drift"
        if runs and creep(years, vectors, sigma).p_zero < certain:
            return DRIFTING
    return MOVED if p < certain else IN_PLACE


def _is_stuck(vectors: Floats, sigma: Floats) -> bool:
    """Whether positions scatter far less than their error says (lower tail of χ²)."""
    from scipy import special

    spread = float((((vectors - vectors.mean(axis=0)) / sigma[:, None]) ** 2).sum())
    freedom = 2 * (len(vectors) - 1)
    return float(special.chdtr(freedom, spread)) < _CERTAIN_P
