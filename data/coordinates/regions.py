"""A region as a box in degrees: what is certainly outside it has been typed wrong."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.errors import InvalidValue

_HALF_TURN_DEG = 180.0


@dataclass(frozen=True, slots=True)
class Region:
    """A box: `lon_min`, `lat_min`, `lon_max`, `lat_max` in degrees, in the store's system.

    A box over the antimeridian has `lon_min` > `lon_max`.
    """

    lon_min: float
    lat_min: float
    lon_max: float
    lat_max: float

    def __post_init__(self) -> None:
        bounds = (self.lon_min, self.lat_min, self.lon_max, self.lat_max)
        if not all(np.isfinite(bounds)) or self.lat_min > self.lat_max:
            raise InvalidValue(
                "region",
                bounds,
                "a box is lon_min, lat_min, lon_max, lat_max",
                "order the bounds",
                "范围应依次为最小经度、最小纬度、最大经度、最大纬度；请调整次序",
            )

    @classmethod
    def around(cls, lon: ArrayLike, lat: ArrayLike, margin_deg: float = 0.5) -> "Region":
        """The box of some points (degrees) with a margin on every side."""
        lon_deg, lat_deg = np.asarray(lon, float), np.asarray(lat, float)
        return cls(
            float(lon_deg.min()) - margin_deg,
            float(lat_deg.min()) - margin_deg,
            float(lon_deg.max()) + margin_deg,
            float(lat_deg.max()) + margin_deg,
        )

    def contains(
        self, lon: ArrayLike, lat: ArrayLike, margin_deg: float = 0.0
    ) -> NDArray[np.bool_]:
        """Whether points in degrees lie in the box widened by a margin."""
        lon_deg, lat_deg = np.asarray(lon, float), np.asarray(lat, float)
        width = (
            (self.lon_max - self.lon_min) % 360.0
            if self.lon_min > self.lon_max
            else (self.lon_max - self.lon_min)
        )
        east_of_west = (lon_deg - (self.lon_min - margin_deg)) % 360.0
        return np.asarray(
            (east_of_west <= min(width + 2 * margin_deg, 360.0))
            & (np.abs(lon_deg) <= _HALF_TURN_DEG)
            & (lat_deg >= self.lat_min - margin_deg)
            & (lat_deg <= self.lat_max + margin_deg)
        )

    def holds(self, lon: float, lat: float, margin_deg: float = 0.0) -> bool:
        """`contains` for one point."""
        return bool(self.contains(lon, lat, margin_deg))
