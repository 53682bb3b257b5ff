"""Where a typed position lies in the store's own system, and how well that is known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from boundary.assessment.settings import AssessmentSettings
from boundary.diagnosis.typing_errors import slips
from boundary.observations import Observation
from data.coordinates import (
    LocalFrame,
    Reading,
    ReferenceSystem,
    Region,
    TypedPair,
    as_typed,
    fold,
    lonlat_between,
    plate_shift_m,
    read_cells,
    readings,
    same_frame,
)
from data.errors import InvalidValue, NotComparable

Floats = NDArray[np.float64]
PlaceState = Literal["placed", "none", "no_zone", "outside", "not_comparable"]
_METRES_PER_DEGREE = 111_320.0
_EDGE_DEG = 0.05  # a marker on the border may be observed just outside the box
_QUANTUM = 1.0 / np.sqrt(12.0)


@dataclass(frozen=True, slots=True)
class Placed:
    """A position in the store's system.

    `state`: `placed`; `none` (no position, or a faulty one); `no_zone`; `outside` the region with
    no certain repair (placed as typed, if that is on earth); `not_comparable`. `lon`, `lat` in
    degrees, NaN where there is no place, after the
    certain repair named by `repair` with its `changes` (field, from, to). `typed_lon`, `typed_lat`:
    as written, NaN where that is no place. `sigma_m`: one sigma per axis of rounding, datum change
    and an epoch nobody stated; `epoch_open_m`: east, north of half the plate motion in question.
    """

    state: PlaceState
    lon: float = np.nan
    lat: float = np.nan
    typed_lon: float = np.nan
    typed_lat: float = np.nan
    sigma_m: float = 0.0
    reading: Reading | None = None
    repair: str = ""
    changes: tuple[tuple[str, str, str], ...] = ()
    epoch_open_m: tuple[float, float] = (0.0, 0.0)
    why_en: str = ""
    why_zh: str = ""


def place(
    observation: Observation,
    near: tuple[float, float] | None,
    region: Region,
    settings: AssessmentSettings,
) -> Placed:
    """Place one observation; `near` is the marker it names (degrees), if it names one."""
    pair = observation.pair
    if pair is None:
        return Placed("none")
    system = observation.system
    typed = as_typed(pair, system, near)
    if typed is None and _zone_is_open(observation, near):
        return Placed("no_zone")
    found = readings(pair, system, region, near, _EDGE_DEG)
    chosen = _the_one(found, near, settings.rules.farthest_m)
    moved_point = chosen is not None and chosen.code == "decimal_point"
    if near is not None and (moved_point or (chosen is None and typed is None)):
        # A digit too many also looks like a lost point; the nearer of the two is meant.
        slip = _slip_repair(pair, system, near, settings.rules.farthest_m)
        candidates = [reading for reading in (chosen, slip) if reading is not None]
        chosen = min(candidates, key=lambda reading: _apart_m(reading, near), default=None)
    try:
        if chosen is not None:
            return _in_store(chosen, typed, observation, settings)
        if typed is not None:
            return replace(_in_store(typed, typed, observation, settings), state="outside")
        return Placed("outside")
    except NotComparable as error:
        return Placed("not_comparable", reading=chosen, why_en=error.message, why_zh=error.zh)


def _zone_is_open(observation: Observation, near: tuple[float, float] | None) -> bool:
    system = observation.system
    plane = observation.pair is not None and observation.pair.kind == "plane"
    unstated = system.kind != "projected" and system.central_meridian_deg is None
    return plane and unstated and near is None


def _the_one(
    found: Sequence[Reading], near: tuple[float, float] | None, farthest_m: float
) -> Reading | None:
    """The reading that stands alone, or alone near the marker it should be at."""
    if near is not None:
        # A point can be moved almost anywhere: where the marker is known, it must lead there.
        found = [
            reading
            for reading in found
            if reading.code != "decimal_point" or _apart_m(reading, near) <= farthest_m
        ]
    if len({reading.code for reading in found}) == 1:
        if len(found) == 1 or near is None:
            return found[0]
        return min(found, key=lambda reading: _apart_m(reading, near))
    if near is None:
        return None
    close = [reading for reading in found if _apart_m(reading, near) <= farthest_m]
    return close[0] if len({reading.code for reading in close}) == 1 else None


def _slip_repair(
    pair: TypedPair, system: ReferenceSystem, near: tuple[float, float], farthest_m: float
) -> Reading | None:
    """What is no place at all, as the one slip that leads nearest to the marker it names."""
    found: list[Reading] = []
    for axis, text in enumerate(pair.texts):
        for edited in dict.fromkeys(slips(fold(text))):
            texts = (edited, pair.texts[1]) if axis == 0 else (pair.texts[0], edited)
            try:
                again = read_cells(pair.fields[0], texts[0], pair.fields[1], texts[1])
            except InvalidValue:
                continue
            reading = as_typed(again, system, near)
            if reading is not None and _apart_m(reading, near) <= farthest_m:
                changes = ((pair.fields[axis], text, edited),)
                found.append(replace(reading, code="typing", changes=changes))
    return min(found, key=lambda reading: _apart_m(reading, near), default=None)


def _apart_m(reading: Reading, near: tuple[float, float]) -> float:
    return float(np.hypot(*LocalFrame.at(*near).residuals([reading.lon], [reading.lat])[0]))


def _in_store(
    chosen: Reading, typed: Reading | None, observation: Observation, settings: AssessmentSettings
) -> Placed:
    lon, lat, sigma_m, half_m = _to_store(chosen, observation, settings)
    typed_lon, typed_lat = lon, lat
    if typed is None:
        typed_lon = typed_lat = np.nan
    elif chosen.code != "as_typed":
        typed_lon, typed_lat, _, _ = _to_store(typed, observation, settings)
    metres = chosen.pair.kind == "plane"
    step_m = min(chosen.pair.steps) * (1.0 if metres else _METRES_PER_DEGREE)
    return Placed(
        "placed",
        lon,
        lat,
        typed_lon,
        typed_lat,
        float(np.hypot(sigma_m, step_m * _QUANTUM)),
        chosen,
        "" if chosen.code == "as_typed" else chosen.code,
        _whole_cell(chosen, observation),
        half_m,
    )


def _whole_cell(reading: Reading, observation: Observation) -> tuple[tuple[str, str, str], ...]:
    """The changes of a reading; of a cell that holds both coordinates, the whole cell's text."""
    pair = reading.pair
    if not reading.changes or pair.fields[0] != "position":
        return reading.changes
    written = (
        f"X={pair.north:.3f} Y={pair.east:.3f}" if pair.kind == "plane"
        else f"E{pair.east:.9f}, N{pair.north:.9f}"
    )  # fmt: skip
    return (("position", observation.cells.get("position", ""), written),)


def _to_store(
    reading: Reading, observation: Observation, settings: AssessmentSettings
) -> tuple[float, float, float, tuple[float, float]]:
    source, target = reading.system, settings.system
    lon, lat = np.array([reading.lon]), np.array([reading.lat])
    if same_frame(source, target):
        return reading.lon, reading.lat, 0.0, (0.0, 0.0)
    if _epoch_is_open(source, target):
        return _half_way(source, lon, lat, observation, settings)
    out_lon, out_lat, sigma_m = lonlat_between(source, target, lon, lat, settings.datum_parameters)
    return float(out_lon[0]), float(out_lat[0]), float(sigma_m[0]), (0.0, 0.0)


def _epoch_is_open(source: ReferenceSystem, target: ReferenceSystem) -> bool:
    return source.datum.dynamic and source.epoch_year is None and target.datum.code == "cgcs2000"


def _half_way(
    source: ReferenceSystem,
    lon: Floats,
    lat: Floats,
    observation: Observation,
    settings: AssessmentSettings,
) -> tuple[float, float, float, tuple[float, float]]:
    """A moving frame without an epoch may be of the day or already of 2000.0: half way, and both.

    Half the plate motion either side is then part of what is not known.
    """
    year = observation.epoch_year or float(settings.today.year)
    shift = 0.5 * plate_shift_m(lon, lat, source.datum, year)[0]
    at_day = replace(source, epoch_year=year)
    out_lon, out_lat, sigma_m = lonlat_between(at_day, settings.system, lon, lat)
    half = LocalFrame.at(out_lon, out_lat).moved(shift[None, :])
    return (
        float(half[0][0]),
        float(half[1][0]),
        float(sigma_m[0]),
        (float(shift[0]), float(shift[1])),
    )
