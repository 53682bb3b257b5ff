"""The simulator's own geodesy: scalar, from textbooks and PROJ strings, not from the analyser."""

import math
from dataclasses import dataclass

import numpy as np
import pyproj

GRS80 = "+a=6378137 +rf=298.257222101"
KRASSOVSKY = "+a=6378245 +rf=298.3"
IAG75 = "+a=6378140 +rf=298.257"
GEOD = pyproj.Geod(a=6378137.0, rf=298.257222101)
# Observed site velocities (mm a year, east and north) at nine places of the region.
VELOCITIES = [
    (101.07, 41.96, 31.4, -4.8), (105.67, 38.85, 32.6, -6.9), (109.78, 39.60, 31.7, -8.3),
    (111.75, 40.84, 31.3, -9.3), (116.08, 43.93, 30.4, -11.4), (118.96, 42.28, 30.7, -11.0),
    (122.26, 43.61, 31.0, -12.0), (119.77, 49.21, 27.2, -12.5), (123.73, 50.58, 25.8, -13.7),
]  # fmt: skip


def step(lon: float, lat: float, east_m: float, north_m: float) -> tuple[float, float]:
    """The point some metres east and north, by geodesic."""
    azimuth = math.degrees(math.atan2(east_m, north_m))
    out_lon, out_lat, _ = GEOD.fwd(lon, lat, azimuth, math.hypot(east_m, north_m))
    return float(out_lon), float(out_lat)


def velocity_m(lon: float, lat: float) -> tuple[float, float]:
    """East and north velocity in metres a year, inverse-distance from the nine places."""
    weights = [1.0 / ((lon - x) ** 2 + (lat - y) ** 2 + 0.3) for x, y, _, _ in VELOCITIES]
    total = sum(weights)
    east = sum(w * e for w, (_, _, e, _) in zip(weights, VELOCITIES, strict=True)) / total
    north = sum(w * n for w, (_, _, _, n) in zip(weights, VELOCITIES, strict=True)) / total
    return east / 1000.0, north / 1000.0


def gauss(lon: float, lat: float, meridian: float, shape: str = GRS80) -> tuple[float, float]:
    """Gauss-Krüger northing and easting (no prefix)."""
    project = pyproj.Proj(f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0=500000 +y_0=0 {shape}")
    east, north = project(lon, lat)
    return float(north), float(east)


def utm(lon: float, lat: float, meridian: float) -> tuple[float, float]:
    """UTM northing and easting on the same ellipsoid."""
    text = f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=0.9996 +x_0=500000 +y_0=0 {GRS80}"
    east, north = pyproj.Proj(text)(lon, lat)
    return float(north), float(east)


@dataclass(frozen=True)
class OldDatum:
    """A true old datum: a translation nobody told the analyser, and a smooth distortion."""

    to_cgcs: tuple[float, float, float]
    shape: str
    waves: tuple[tuple[float, float, float, float, float], ...]

    @classmethod
    def draw(
        cls,
        rng: np.random.Generator,
        base: tuple[float, float, float],
        shape: str,
        sigma_m: float,
        distortion_m: float,
    ) -> "OldDatum":
        shift = np.array(base) + rng.normal(0, sigma_m, 3)
        waves = []
        for _ in range(4):
            length_deg = rng.uniform(0.3, 2.0)
            turn = rng.uniform(0, 2 * math.pi)
            waves.append(
                (
                    math.cos(turn) / length_deg,
                    math.sin(turn) / length_deg,
                    rng.uniform(0, 2 * math.pi),
                    rng.normal(0, distortion_m / 2 * math.sqrt(2) / 1.4),
                    rng.normal(0, distortion_m / 2 * math.sqrt(2) / 1.4),
                )
            )
        return cls((float(shift[0]), float(shift[1]), float(shift[2])), shape, tuple(waves))

    def _pipeline(self) -> pyproj.Transformer:
        x, y, z = self.to_cgcs
        return pyproj.Transformer.from_pipeline(
            f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=cart"
            f" {self.shape} +step +proj=helmert +x={x} +y={y} +z={z} +step +inv +proj=cart {GRS80}"
            " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
        )

    def _distortion(self, lon: float, lat: float) -> tuple[float, float]:
        east = north = 0.0
        for kx, ky, phase, size_east, size_north in self.waves:
            angle = 2 * math.pi * (kx * lon + ky * lat) + phase
            east += size_east * math.sin(angle)
            north += size_north * math.cos(angle)
        return east, north

    def of(self, lon: float, lat: float) -> tuple[float, float]:
        """Old-datum degrees of a CGCS2000 point."""
        out = self._pipeline().transform(lon, lat, 0.0, direction="INVERSE")
        return step(float(out[0]), float(out[1]), *self._distortion(lon, lat))


def gcj(lon: float, lat: float) -> tuple[float, float]:
    """GCJ-02 of a point, scalar, written out."""
    x, y = lon - 105.0, lat - 35.0
    pi = math.pi
    a = 2 / 3 * (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi))
    d_lat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + a
    d_lat += 2 / 3 * (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi))
    d_lat += 2 / 3 * (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30))
    d_lon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + a
    d_lon += 2 / 3 * (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi))
    d_lon += 2 / 3 * (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi))
    radians = lat / 180 * pi
    magic = 1 - 0.00669342162296594323 * math.sin(radians) ** 2
    root = math.sqrt(magic)
    d_lat = d_lat * 180 / ((6378245.0 * (1 - 0.00669342162296594323)) / (magic * root) * pi)
    d_lon = d_lon * 180 / (6378245.0 / root * math.cos(radians) * pi)
    return lon + d_lon, lat + d_lat


def bd(lon: float, lat: float) -> tuple[float, float]:
    """BD-09 of a point."""
    x, y = gcj(lon, lat)
    twist = math.pi * 3000 / 180
    z = math.hypot(x, y) + 0.00002 * math.sin(y * twist)
    theta = math.atan2(y, x) + 0.000003 * math.cos(x * twist)
    return z * math.cos(theta) + 0.0065, z * math.sin(theta) + 0.006
