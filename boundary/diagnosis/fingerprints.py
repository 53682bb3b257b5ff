"""What each datum error would show at each row if the marker had not moved (its fingerprint).

Predicted vectors (n, 2), observed minus registered, east and north in metres. Only used to
recognise mistakes: the Beijing 1954 translation is the public EPSG:15918 set, the Xian 1980 one is
fitted to published ranges of map-sheet shifts and good to 10 m; neither converts anything.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.coordinates import (
    GRS80,
    IAG75,
    KRASSOVSKY,
    NORTH_CHINA_POLE,
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


def fingerprint(code: str, ground: Ground) -> tuple[Floats, Flags] | None:
    """The predicted vectors of a cause and the rows it can concern; None if it cannot be here."""
    everywhere = np.ones(ground.registered.lon.size, bool)
    chinese_store = ground.system.datum.code == "cgcs2000"
    if code in {"none", "free"}:
        return np.zeros((everywhere.size, 2)), everywhere
    if code in {"gcj02", "bd09"}:
        return _map_offset(code, ground)
    if not chinese_store:
        return None
    if code in _ELLIPSOID_ONLY:
        lon, lat = ground.registered.lon, ground.registered.lat
        return _read_back(lon, lat, _ELLIPSOID_ONLY[code], ground), ground.plane
    if code in {"epoch", "register_epoch"}:
        # A register is of an unreduced epoch only if it says when it was surveyed.
        known = everywhere if code == "epoch" else np.isfinite(ground.register_year)
        return _plate_motion(code, ground), known
    old = _old_datum(code, ground) if code in TO_CGCS2000_M else _old_register(code, ground)
    return old, everywhere


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


def _on_old_datum(code: str, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    shift_m, ellipsoid = TO_CGCS2000_M[code]
    return geodetic_from_earth_centred(earth_centred_m(lon, lat, GRS80) - shift_m, ellipsoid)


def _from_old_datum(code: str, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    shift_m, ellipsoid = TO_CGCS2000_M[code]
    return geodetic_from_earth_centred(earth_centred_m(lon, lat, ellipsoid) + shift_m, GRS80)


def _old_datum(code: str, ground: Ground) -> Floats:
    frame = ground.registered
    lon, lat = _on_old_datum(code, frame.lon, frame.lat)
    vectors = frame.residuals(lon, lat)
    plane = ground.plane
    if plane.any():
        vectors[plane] = _read_back(lon, lat, TO_CGCS2000_M[code][1], ground)[plane]
    return vectors


def _read_back(lon: Floats, lat: Floats, ellipsoid: Ellipsoid, ground: Ground) -> Floats:
    """Degrees projected on one ellipsoid and read back on CGCS2000's."""
    out_lon, out_lat = lon.copy(), lat.copy()
    for meridian in np.unique(ground.meridian_deg[ground.plane]):
        rows = ground.meridian_deg == meridian
        east, north = gauss_kruger_forward(lon[rows], lat[rows], float(meridian), ellipsoid)
        out_lon[rows], out_lat[rows] = gauss_kruger_inverse(east, north, float(meridian), GRS80)
    return ground.registered.residuals(out_lon, out_lat)


def _old_register(code: str, ground: Ground) -> Floats:
    """The register typed from old-datum degrees; `_plane` from old-datum Gauss-Krüger metres."""
    frame = ground.registered
    lon, lat = frame.lon.copy(), frame.lat.copy()
    datum = code.removeprefix("register_").removesuffix("_plane")
    if code.endswith("_plane"):
        zones = np.array([zone_meridian_near(float(x), 3) for x in lon])
        for meridian in np.unique(zones):
            rows = zones == meridian
            east, north = gauss_kruger_forward(lon[rows], lat[rows], float(meridian), GRS80)
            lon[rows], lat[rows] = gauss_kruger_inverse(
                east, north, float(meridian), TO_CGCS2000_M[datum][1]
            )
    return frame.residuals(*_from_old_datum(datum, lon, lat))
