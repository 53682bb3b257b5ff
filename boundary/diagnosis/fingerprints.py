"""What each datum error would show at each row if the marker had not moved (its fingerprint).

Predicted vectors (n, 2), observed minus registered, east and north in metres. Only used to
recognise mistakes: the Beijing 1954 translation is the public EPSG:15918 set, the Xian 1980 one is
fitted to published ranges of map-sheet shifts and good to 10 m; neither converts anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.coordinates import (
    CGCS2000,
    GRS80,
    IAG75,
    KRASSOVSKY,
    NORTH_CHINA_POLE,
    DatumParameters,
    Ellipsoid,
    LocalFrame,
    ReferenceSystem,
    bd09_from_wgs84,
    earth_centred_m,
    gauss_kruger_forward,
    gauss_kruger_inverse,
    gcj02_from_wgs84,
    geodetic_from_earth_centred,
    zone_meridian_near,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
TO_CGCS2000_M = {
    "beijing54": (np.array([12.646, -155.176, -80.863]), KRASSOVSKY),
    "xian80": (np.array([-93.9, -69.1, -7.2]), IAG75),
}
OLD_DATUMS = {"beijing54": ("beijing1954", "new_beijing"), "xian80": ("xian1980",)}
"""The datums a cause may stand for: at the size of these shifts New Beijing is Beijing 1954."""
_ELLIPSOID_ONLY = {"krassovsky": KRASSOVSKY, "iag75": IAG75}
_EPOCH_ORIGIN_YEAR = 2000.0


@dataclass(frozen=True, slots=True)
class Ground:
    """Where rows stand and how their numbers were written: `meridian_deg` is NaN for degrees."""

    registered: LocalFrame
    meridian_deg: Floats
    year: Floats
    register_year: Floats
    system: ReferenceSystem

    @property
    def plane(self) -> Flags:
        """Rows written in Gauss-Krüger metres."""
        return np.isfinite(self.meridian_deg)


Degrees = tuple[Floats, Floats]


@dataclass(frozen=True, slots=True)
class OldDatum:
    """The way to an old datum and back, degrees, and its ellipsoid."""

    ellipsoid: Ellipsoid
    to_old: Callable[[Floats, Floats], Degrees]
    from_old: Callable[[Floats, Floats], Degrees]


def public_datum(cause: str) -> OldDatum:
    """An old datum by the public translation, good to metres."""
    shift_m, ellipsoid = TO_CGCS2000_M[cause]
    return OldDatum(
        ellipsoid,
        lambda lon, lat: geodetic_from_earth_centred(
            earth_centred_m(lon, lat, GRS80) - shift_m, ellipsoid
        ),
        lambda lon, lat: geodetic_from_earth_centred(
            earth_centred_m(lon, lat, ellipsoid) + shift_m, GRS80
        ),
    )


def operator_datums(
    cause: str, parameters: Sequence[DatumParameters]
) -> list[tuple[OldDatum, float]]:
    """An old datum by the operator's own parameters, with their accuracy in metres."""
    return [
        (_by_parameters(known, cause), known.accuracy_m)
        for known in parameters
        if {known.source.code, known.target.code} - {"cgcs2000"} <= set(OLD_DATUMS[cause])
        and "cgcs2000" in {known.source.code, known.target.code}
    ]


def _by_parameters(known: DatumParameters, cause: str) -> OldDatum:
    old = known.source if known.source.code in OLD_DATUMS[cause] else known.target
    return OldDatum(
        old.ellipsoid,
        lambda lon, lat: known.apply(CGCS2000.datum, lon, lat),
        lambda lon, lat: known.apply(old, lon, lat),
    )


def fingerprint(
    code: str, ground: Ground, old: OldDatum | None = None
) -> tuple[Floats, Flags] | None:
    """The predicted vectors of a cause and the rows it can concern; None if it cannot be here.

    Args:
        code: the cause.
        ground: where the rows stand.
        old: the old datum it speaks of, where that is not the public one.

    Raises:
        NotComparable: `old` does not reach these points.
    """
    everywhere = np.ones(ground.registered.lon.size, bool)
    if code in {"none", "free"}:
        return np.zeros((everywhere.size, 2)), everywhere
    if code in {"gcj02", "bd09"}:
        return _map_offset(code, ground)
    if ground.system.datum.code != "cgcs2000":
        return None
    return _chinese(code, ground, old)


def _chinese(code: str, ground: Ground, old: OldDatum | None) -> tuple[Floats, Flags]:
    """What only a register in CGCS2000 can show: old datums, bare ellipsoids, plate motion."""
    everywhere = np.ones(ground.registered.lon.size, bool)
    if code in _ELLIPSOID_ONLY:
        lon, lat = ground.registered.lon, ground.registered.lat
        return _read_back(lon, lat, _ELLIPSOID_ONLY[code], ground), ground.plane
    if code in {"epoch", "register_epoch"}:
        # A register is of an unreduced epoch only if it says when it was surveyed.
        known = everywhere if code == "epoch" else np.isfinite(ground.register_year)
        return _plate_motion(code, ground), known
    datum = old or public_datum(code.removeprefix("register_").removesuffix("_plane"))
    if code in TO_CGCS2000_M:
        return _typed_on(datum, ground), everywhere
    return _registered_on(datum, ground, plane=code.endswith("_plane")), everywhere


def _map_offset(code: str, ground: Ground) -> tuple[Floats, Flags] | None:
    frame = ground.registered
    convert = gcj02_from_wgs84 if code == "gcj02" else bd09_from_wgs84
    inside = gcj02_from_wgs84(frame.lon, frame.lat)[0] != frame.lon
    if not inside.any():
        return None
    return frame.residuals(*convert(frame.lon, frame.lat)), inside


def _plate_motion(code: str, ground: Ground) -> Floats:
    frame = ground.registered
    speed = NORTH_CHINA_POLE.velocity_m_per_year(frame.lon, frame.lat)
    if code == "register_epoch":
        return np.asarray(-speed * (ground.register_year - _EPOCH_ORIGIN_YEAR)[:, None], float)
    known = ground.year[np.isfinite(ground.year)]
    usual = float(np.median(known)) if known.size else _EPOCH_ORIGIN_YEAR
    year = np.where(np.isfinite(ground.year), ground.year, usual)
    return np.asarray(speed * (year - _EPOCH_ORIGIN_YEAR)[:, None], float)


def _typed_on(old: OldDatum, ground: Ground) -> Floats:
    """Rows typed from an old datum, in degrees or in its own plane."""
    frame = ground.registered
    lon, lat = old.to_old(frame.lon, frame.lat)
    vectors = frame.residuals(lon, lat)
    plane = ground.plane
    if plane.any():
        vectors[plane] = _read_back(lon, lat, old.ellipsoid, ground)[plane]
    return vectors


def _read_back(lon: Floats, lat: Floats, ellipsoid: Ellipsoid, ground: Ground) -> Floats:
    """Degrees projected on one ellipsoid and read back on CGCS2000's."""
    out_lon, out_lat = lon.copy(), lat.copy()
    for meridian in np.unique(ground.meridian_deg[ground.plane]):
        rows = ground.meridian_deg == meridian
        east, north = gauss_kruger_forward(lon[rows], lat[rows], float(meridian), ellipsoid)
        out_lon[rows], out_lat[rows] = gauss_kruger_inverse(east, north, float(meridian), GRS80)
    return ground.registered.residuals(out_lon, out_lat)


def _registered_on(old: OldDatum, ground: Ground, *, plane: bool) -> Floats:
    """A register typed from old-datum degrees, or from its Gauss-Krüger metres."""
    frame = ground.registered
    lon, lat = frame.lon.copy(), frame.lat.copy()
    if plane:
        zones = np.array([zone_meridian_near(float(x), 3) for x in lon])
        for meridian in np.unique(zones):
            rows = zones == meridian
            east, north = gauss_kruger_forward(lon[rows], lat[rows], float(meridian), GRS80)
            lon[rows], lat[rows] = gauss_kruger_inverse(east, north, float(meridian), old.ellipsoid)
    return frame.residuals(*old.from_old(lon, lat))
