"""A moving frame at an epoch to CGCS2000 (ITRF97 at 2000.0), with how well that is known.

The pipeline is built step by step, since PROJ has no operation for it (CGCS2000 is a static system
in EPSG) and would do nothing in silence. `+proj=set +v_4=2000` is needed: PROJ 9.5 ignores
`+t_obs`, which costs 5 cm.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.coordinates import proj
from data.coordinates.datums import GRS80, Datum
from data.coordinates.residuals import LocalFrame, earth_centred_m
from data.errors import NotComparable

if TYPE_CHECKING:
    from pyproj import Transformer

Floats = NDArray[np.float64]
TARGET_EPOCH_YEAR = 2000.0
#: One sigma per axis of the plate model, mm a year: its spread against 164 CMONOC sites (2-4 mm/yr
#: east for the plate models, 1.1 for a fitted pole) gives the 3-5 cm at 27 years quoted for it.
PLATE_SIGMA_MM_PER_YEAR = 1.9
_TO_ITRF97 = {"itrf2020": "ITRF2020", "itrf2014": "ITRF2014", "itrf2008": "ITRF2008",
              "itrf2000": "ITRF2000", "wgs84": "ITRF2014"}  # fmt: skip
_MILLIARCSECOND = np.pi / 180.0 / 3600.0 / 1000.0


@dataclass(frozen=True, slots=True)
class RotationPole:
    """A plate's rotation: `omega_mas_per_year` about x, y, z."""

    omega_mas_per_year: tuple[float, float, float]
    source: str

    def velocity_m_per_year(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """East and north velocity at points in degrees, shape (n, 2)."""
        omega = np.asarray(self.omega_mas_per_year) * _MILLIARCSECOND
        xyz = earth_centred_m(lon, lat)
        speed = np.cross(np.broadcast_to(omega, xyz.shape), xyz)
        lon_rad, lat_rad = np.radians(np.atleast_1d(lon)), np.radians(np.atleast_1d(lat))
        east = -np.sin(lon_rad) * speed[:, 0] + np.cos(lon_rad) * speed[:, 1]
        along = np.cos(lon_rad) * speed[:, 0] + np.sin(lon_rad) * speed[:, 1]
        north = -np.sin(lat_rad) * along + np.cos(lat_rad) * speed[:, 2]
        return np.stack([east, north], axis=-1)


#: Fitted to the velocities of 164 CMONOC sites between 97 and 126 degrees east; best there.
NORTH_CHINA_POLE = RotationPole(
    (-0.0683, -0.6404, 0.8311), "robust fit to 164 public CMONOC site velocities (ITRF2014)"
)


@lru_cache(maxsize=16)
def _reduction(frame: str) -> "Transformer":
    frame_step = "" if frame == "ITRF97" else f" +step +init={frame}:ITRF97"
    return proj.pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        " +step +proj=cart +ellps=GRS80"
        f" +step +inv +init=ITRF2020:AMUR +t_epoch={TARGET_EPOCH_YEAR}"
        f" +step +proj=set +v_4={TARGET_EPOCH_YEAR}{frame_step}"
        " +step +inv +proj=cart +ellps=GRS80"
        " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


def cgcs2000_from_frame(
    datum: Datum, lon: ArrayLike, lat: ArrayLike, epoch_year: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    """Positions of a moving frame at an epoch, as CGCS2000 at 2000.0.

    Returns:
        lon, lat in degrees and one sigma per axis in metres of the reduction itself.

    Raises:
        NotComparable: no path from that frame is known.
    """
    if datum.code not in _TO_ITRF97 and datum.code != "itrf97":
        raise NotComparable(
            f"no path from {datum.en} to CGCS2000 is known; give ITRF2000, 2008, 2014 or 2020",
            f"没有从 {datum.zh} 到 CGCS2000 的换算；请提供 ITRF2000/2008/2014/2020 坐标",
        )
    frame = _TO_ITRF97.get(datum.code, "ITRF97")
    lon_deg, lat_deg = np.atleast_1d(np.asarray(lon, float)), np.atleast_1d(np.asarray(lat, float))
    year = np.broadcast_to(np.asarray(epoch_year, float), lon_deg.shape)
    height = np.zeros_like(lon_deg)
    out_lon, out_lat, _, _ = _reduction(frame).transform(lon_deg, lat_deg, height, year.copy())
    sigma_m = np.abs(year - TARGET_EPOCH_YEAR) * PLATE_SIGMA_MM_PER_YEAR / 1000.0
    return np.asarray(out_lon, float), np.asarray(out_lat, float), sigma_m


def plate_shift_m(lon: ArrayLike, lat: ArrayLike, datum: Datum, epoch_year: float) -> Floats:
    """East and north metres that a reduction to 2000.0 takes away, shape (n, 2)."""
    lon_out, lat_out, _ = cgcs2000_from_frame(datum, lon, lat, epoch_year)
    return -LocalFrame.at(lon, lat, GRS80).residuals(lon_out, lat_out)
