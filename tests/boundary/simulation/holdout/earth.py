"""Geodesy of the second world: seven-parameter datums in blocks, another plate model."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyproj

Rng = np.random.Generator
Point = tuple[float, float]
GRS80 = (6378137.0, 298.257222101)
KRASSOVSKY = (6378245.0, 298.3)
IAG75 = (6378140.0, 298.257)
_EURASIA_MAS = (-0.085, -0.531, 0.770)  # ITRF2014 plate motion model, mas a year
_AMUR_EXTRA_MM = (2.8, -0.4)  # what sites of the region move beyond it, mm a year


def to_xyz(lon: float, lat: float, shape: tuple[float, float]) -> np.ndarray:
    a, rf = shape
    e2 = (2 - 1 / rf) / rf
    phi, lam = math.radians(lat), math.radians(lon)
    prime = a / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    return np.array(
        [
            prime * math.cos(phi) * math.cos(lam),
            prime * math.cos(phi) * math.sin(lam),
            prime * (1 - e2) * math.sin(phi),
        ]
    )


def from_xyz(xyz: np.ndarray, shape: tuple[float, float]) -> Point:
    """Bowring's formula, once: micrometres near the ellipsoid."""
    a, rf = shape
    b = a * (1 - 1 / rf)
    e2, ep2 = 1 - (b / a) ** 2, (a / b) ** 2 - 1
    p = math.hypot(xyz[0], xyz[1])
    beta = math.atan2(xyz[2] * a, p * b)
    lat = math.atan2(xyz[2] + ep2 * b * math.sin(beta) ** 3, p - e2 * a * math.cos(beta) ** 3)
    return math.degrees(math.atan2(xyz[1], xyz[0])), math.degrees(lat)


def shifted(point: Point, east_m: float, north_m: float) -> Point:
    """A point some metres away, by the tangent plane and back to the ellipsoid."""
    lam, phi = (math.radians(x) for x in point)
    east = np.array([-math.sin(lam), math.cos(lam), 0.0])
    north = np.array(
        [-math.sin(phi) * math.cos(lam), -math.sin(phi) * math.sin(lam), math.cos(phi)]
    )
    return from_xyz(to_xyz(*point, GRS80) + east_m * east + north_m * north, GRS80)


@cache
def _plane(meridian: float, shape: tuple[float, float], scale: float) -> pyproj.Proj:
    return pyproj.Proj(
        proj="etmerc", lat_0=0, lon_0=meridian, k=scale, x_0=500000, a=shape[0], rf=shape[1]
    )


def project(
    point: Point, meridian: float, shape: tuple[float, float] = GRS80, scale: float = 1.0
) -> Point:
    """Easting and northing in metres."""
    east, north = _plane(meridian, shape, scale)(*point)
    return float(east), float(north)


def unproject(plane: Point, meridian: float, shape: tuple[float, float] = GRS80) -> Point:
    lon, lat = _plane(meridian, shape, 1.0)(*plane, inverse=True)
    return float(lon), float(lat)


@dataclass(frozen=True)
class Blocks:
    """An old datum: seven parameters to CGCS2000, and blocks of its network that are off by more.

    Within a block of `size_deg` the offset is constant but for a slight slope.
    """

    translation_m: np.ndarray
    rotation_rad: np.ndarray
    scale: float
    shape: tuple[float, float]
    size_deg: float
    spread_m: float
    key: int

    def _local(self, point: Point) -> tuple[float, float]:
        i, j = math.floor(point[0] / self.size_deg), math.floor(point[1] / self.size_deg)
        own = np.random.default_rng([self.key, i % 4096, j % 4096])
        base, slope = own.normal(0, self.spread_m, 2), own.normal(0, 0.2 * self.spread_m, 2)
        along = point[0] / self.size_deg - i - 0.5
        return float(base[0] + slope[0] * along), float(base[1] + slope[1] * along)

    def of(self, point: Point) -> Point:
        """The old-datum degrees of a CGCS2000 point."""
        xyz = to_xyz(*shifted(point, *self._local(point)), GRS80) - self.translation_m
        turned = xyz - np.cross(self.rotation_rad, xyz)
        return from_xyz(turned / (1 + self.scale), self.shape)


def beijing(rng: Rng) -> Blocks:
    """About EPSG:15936, turned and scaled a little."""
    return Blocks(
        np.array([11.911, -154.833, -80.079]) + rng.normal(0, 3.0, 3),
        rng.normal(0, 1.5e-7, 3), float(rng.normal(0, 3e-7)), KRASSOVSKY,
        float(rng.uniform(0.7, 3.0)), 0.6, int(rng.integers(1 << 30)),
    )  # fmt: skip


def xian(rng: Rng) -> Blocks:
    """A translation of the size of the published ranges, with its own error."""
    return Blocks(
        np.array([-93.9, -69.1, -7.2]) + rng.normal(0, 4.5, 3),
        rng.normal(0, 1e-7, 3), float(rng.normal(0, 2e-7)), IAG75,
        float(rng.uniform(1.0, 4.0)), 0.2, int(rng.integers(1 << 30)),
    )  # fmt: skip


def velocity_m(rng: Rng, point: Point) -> Point:
    """East and north metres a year: Eurasia, what the Amur block adds, and the site's own."""
    omega = np.array(_EURASIA_MAS) * math.pi / 180 / 3.6e6
    speed = np.cross(omega, to_xyz(*point, GRS80))
    lam, phi = (math.radians(x) for x in point)
    east = -math.sin(lam) * speed[0] + math.cos(lam) * speed[1]
    north = math.cos(phi) * speed[2] - math.sin(phi) * (
        math.cos(lam) * speed[0] + math.sin(lam) * speed[1]
    )
    own = rng.normal(0, 0.0008, 2)
    extra_east, extra_north = (x / 1000 for x in _AMUR_EXTRA_MM)
    return float(east + extra_east + own[0]), float(north + extra_north + own[1])
