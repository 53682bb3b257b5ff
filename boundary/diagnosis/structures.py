"""Other ways to read the numbers of a batch: dd.mmss, another meridian, UTM, feet, exchanged axes.

Each reading gives degrees for every row; rows it does not concern keep theirs, rows it cannot read
become NaN.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.batch import Batch
from boundary.diagnosis.causes import StructureCause
from boundary.diagnosis.fingerprints import Ground
from data.coordinates import (
    Ellipsoid,
    ReferenceSystem,
    gauss_kruger_inverse,
    zone_meridian_near,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_NEAR_M = 3_000.0  # the largest datum effect is 1.5 km; further off a reading explains nothing
_PREFIX_M = 1_000_000.0
_FOOT_M = 0.3048
_UTM_SCALE = 0.9996
_MERIDIANS_AROUND_DEG = 6.0


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was typed, as arrays (n): degrees, or metres without prefix where `plane`."""

    east: Floats
    north: Floats
    plane: Flags
    decimal: Flags
    meridian_deg: Floats
    prefixed: Flags
    system: ReferenceSystem
    ellipsoid: Ellipsoid

    @classmethod
    def of(cls, batch: Batch, system: ReferenceSystem) -> "Numbers":
        """The numbers of a batch; only Gauss-Krüger planes on the store's datum are re-read."""
        east = np.array([pair.east for pair in batch.pairs], float)
        north = np.array([pair.north for pair in batch.pairs], float)
        own = np.array([s.datum.code == system.datum.code for s in batch.systems], bool)
        plane = own & np.array([s.kind == "gauss_kruger" for s in batch.systems], bool)
        plane &= np.array([pair.kind == "plane" for pair in batch.pairs], bool)
        meridian = np.array(
            [np.nan if s.central_meridian_deg is None else s.central_meridian_deg
             for s in batch.systems], float
        )  # fmt: skip
        prefixed = plane & (east >= _PREFIX_M)
        decimal = np.array([pair.notation == "decimal" for pair in batch.pairs], bool) & ~plane
        return cls(
            np.where(plane, east % _PREFIX_M, east), north, plane, decimal & own,
            np.where(plane, meridian, np.nan), prefixed, system, system.datum.ellipsoid,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Structure:
    """One reading: vectors (n, 2), NaN where impossible; rows it changes; meridians used."""

    cause: StructureCause
    variant: str
    vectors_m: Floats
    concerned: Flags
    ground: Ground


def read_structures(
    batch: Batch, numbers: Numbers, causes: tuple[StructureCause, ...]
) -> list[Structure]:
    """The batch as typed and every other reading that brings some row near its marker."""
    ground = Ground(
        batch.registered, numbers.meridian_deg, batch.year, batch.register_year, numbers.system
    )
    by_code = {cause.code: cause for cause in causes}
    found = [Structure(by_code[""], "", batch.vectors_m, np.zeros(batch.size, bool), ground)]
    for code, variant, lon, lat, concerned, meridian in _readings(batch, numbers):
        if code not in by_code or not concerned.any():
            continue
        vectors = batch.vectors_m.copy()
        rows = np.flatnonzero(concerned)
        vectors[rows] = batch.registered.take(rows).residuals(lon[rows], lat[rows])
        with np.errstate(invalid="ignore"):
            near = np.hypot(vectors[rows, 0], vectors[rows, 1]) < _NEAR_M
            same = np.abs(vectors[rows] - batch.vectors_m[rows]).max(axis=1) < 1e-6  # noqa: PLR2004
        if not (near & ~same).any():
            continue
        found.append(
            Structure(
                by_code[code], variant, vectors, concerned, replace(ground, meridian_deg=meridian)
            )
        )
    return found


_Reading = tuple[str, str, Floats, Floats, Flags, Floats]


def _readings(batch: Batch, numbers: Numbers) -> Iterator[_Reading]:
    same = numbers.meridian_deg
    degrees = ~numbers.plane
    if numbers.decimal.any():
        lon, lat = _from_pairs(numbers.east), _from_pairs(numbers.north)
        yield "dms", "", lon, lat, numbers.decimal, same
    if degrees.any():
        yield "axes_swapped", "", numbers.north, numbers.east, degrees, same
    if numbers.plane.any():
        yield from _planes(batch, numbers)


def _planes(batch: Batch, numbers: Numbers) -> Iterator[_Reading]:
    lon = batch.registered.lon
    for width in (3, 6):
        own = np.array([zone_meridian_near(float(x), width) for x in lon])
        yield _with_meridians("zone", f"own{width}", numbers, own)
    middle = float(np.median(lon[numbers.plane]))
    first = 3.0 * np.ceil((middle - _MERIDIANS_AROUND_DEG) / 3.0)
    for meridian in np.arange(first, middle + _MERIDIANS_AROUND_DEG, 3.0):
        yield _with_meridians("zone", f"{meridian:g}", numbers, np.full(lon.size, meridian))
        if meridian % 6.0 == 3.0:  # noqa: PLR2004 - the meridians of 6° zones
            yield _as_utm(numbers, f"{meridian:g}", np.full(lon.size, meridian))
    yield _as_utm(numbers, "own", np.array([zone_meridian_near(float(x), 6) for x in lon]))
    yield _in_feet(numbers)


def _with_meridians(code: str, variant: str, numbers: Numbers, meridians: Floats) -> _Reading:
    lon, lat = np.full((2, meridians.size), np.nan)
    for meridian in np.unique(meridians[numbers.plane]):
        rows = numbers.plane & (meridians == meridian)
        lon[rows], lat[rows] = gauss_kruger_inverse(
            numbers.east[rows], numbers.north[rows], float(meridian), numbers.ellipsoid
        )
    used = np.where(numbers.plane, meridians, np.nan)
    concerned = numbers.plane & (meridians != numbers.meridian_deg)
    return code, variant, lon, lat, concerned, used


def _as_utm(numbers: Numbers, variant: str, meridians: Floats) -> _Reading:
    lon, lat = np.full((2, numbers.east.size), np.nan)
    for meridian in np.unique(meridians[numbers.plane]):
        rows = numbers.plane & (meridians == meridian)
        east = (numbers.east[rows] - 500_000.0) / _UTM_SCALE + 500_000.0
        lon[rows], lat[rows] = gauss_kruger_inverse(
            east, numbers.north[rows] / _UTM_SCALE, float(meridian), numbers.ellipsoid
        )
    used = np.where(numbers.plane, meridians, np.nan)
    return "utm", variant, lon, lat, numbers.plane, used


def _in_feet(numbers: Numbers) -> _Reading:
    lon, lat = np.full((2, numbers.east.size), np.nan)
    for meridian in np.unique(numbers.meridian_deg[numbers.plane]):
        rows = numbers.plane & (numbers.meridian_deg == meridian)
        lon[rows], lat[rows] = gauss_kruger_inverse(
            numbers.east[rows] * _FOOT_M, numbers.north[rows] * _FOOT_M, float(meridian),
            numbers.ellipsoid,
        )  # fmt: skip
    return "feet", "", lon, lat, numbers.plane, numbers.meridian_deg


def _from_pairs(value: Floats) -> Floats:
    """Decimal numbers as degrees, minutes and seconds in pairs; NaN where a pair is 60 or more."""
    sign, size = np.sign(value), np.abs(value)
    degrees = np.floor(size + 1e-12)
    minutes_seconds = (size - degrees) * 100.0
    minutes = np.floor(minutes_seconds + 1e-9)
    seconds = (minutes_seconds - minutes) * 100.0
    good = (minutes < 60.0) & (seconds < 60.0 + 1e-6)  # noqa: PLR2004 - sixty in each
    return np.where(good, sign * (degrees + minutes / 60.0 + seconds / 3600.0), np.nan)
