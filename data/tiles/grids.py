"""Tile matrix sets: how the plane is cut into tiles (OGC 17-083r4).

Two are registered with the OGC, `WebMercatorQuad` and `WorldCRS84Quad`. No registered set is in
CGCS2000, so `CGCS2000Quad` is this service's own: the squares of `WorldCRS84Quad` with the axes of
EPSG:4490. Pure; positions are longitudes and latitudes in degrees, tile coordinates count from the
upper left corner of the plane.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.geometry import Box

EXTENT: Final = 4096
"""Steps along a tile's side (Mapbox Vector Tile 2.1, clause 4.1)."""
BUFFER: Final = 128
"""How far lines and areas reach beyond their tile, in steps, so that no seam is seen."""
DEEPEST: Final = 18
"""The last level that has tiles; a step is then 4 cm."""
_PIXELS: Final = 256
_PIXEL_M: Final = 0.00028
"""The standard's pixel (OGC 17-083r4, clause 6.2)."""
_A_M: Final = 6378137.0
"""The semi-major axis of WGS 84 and of CGCS2000."""
_HALF_M: Final = math.pi * _A_M
_REGISTERED: Final = "http://www.opengis.net/def/tilematrixset/OGC/1.0/"


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: its level, row from the north and column from the west."""

    level: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """A tile matrix set.

    Attributes:
        id: its name in addresses.
        zh, en: titles.
        uri: where it is registered; empty where it is this service's own.
        crs: the URI of its reference system.
        axes: the system's axes in its own order.
        columns: tiles side by side at level 0, where there is one row.
        mercator: whether it is spherical Mercator; degrees otherwise.
    """

    id: str
    zh: str
    en: str
    uri: str
    crs: str
    axes: tuple[str, str]
    columns: int
    mercator: bool

    def has(self, tile: Tile) -> bool:
        """Whether the set has that tile."""
        side = 1 << max(tile.level, 0)
        return (
            0 <= tile.level <= DEEPEST
            and 0 <= tile.row < side
            and 0 <= tile.column < side * self.columns
        )

    def fineness(self, level: int) -> int:
        """The level of WebMercatorQuad whose tiles are as wide."""
        return level + self.columns - 1

    def box(self, tile: Tile, steps: int = 0) -> Box:
        """The box of a tile in degrees, grown by so many steps, within the world."""
        width = 360.0 / (self.columns << tile.level)
        margin = steps / EXTENT
        west = -180.0 + (tile.column - margin) * width
        east = -180.0 + (tile.column + 1 + margin) * width
        north = self._latitude(tile.row - margin, tile.level)
        south = self._latitude(tile.row + 1 + margin, tile.level)
        return Box(max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))

    def tiles_over(self, box: Box, level: int) -> tuple[Tile, Tile]:
        """The upper left and the lower right tile of a level over a box of degrees."""
        width, height = 1.0 / (self.columns << level), 1.0 / (1 << level)
        corners = []
        for lon, lat in ((box.min_x, box.max_y), (box.max_x, box.min_y)):
            across, down = self._parts(np.array([lon]), np.array([lat]))
            column = int(np.clip(across[0] // width, 0, (self.columns << level) - 1))
            row = int(np.clip(down[0] // height, 0, (1 << level) - 1))
            corners.append(Tile(level, row, column))
        return corners[0], corners[1]

    def _parts(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Positions as parts of the plane's width and height, from the upper left corner."""
        across = (lon + 180.0) / 360.0
        if not self.mercator:
            return across, (90.0 - lat) / 180.0
        limited = np.radians(np.clip(lat, -89.99, 89.99))
        return across, (1.0 - np.arcsinh(np.tan(limited)) / math.pi) / 2.0

    def _latitude(self, row: float, level: int) -> float:
        part = row / (1 << level)
        if not self.mercator:
            return 90.0 - 180.0 * part
        return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * part))))

    def steps(
        self, tile: Tile, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Positions in steps from the tile's upper left corner, x east and y south."""
        across, down = self._parts(lon, lat)
        columns, rows = self.columns << tile.level, 1 << tile.level
        return _whole(across * columns - tile.column), _whole(down * rows - tile.row)

    def step_degrees(self, level: int) -> float:
        """The width of a step in degrees of longitude."""
        return 360.0 / (self.columns << level) / EXTENT

    def cell_size(self, level: int) -> float:
        """The side of a pixel in units of the system, at 256 pixels to a tile."""
        whole = 2 * _HALF_M if self.mercator else 360.0 / self.columns
        return whole / _PIXELS / (1 << level)

    def scale_denominator(self, level: int) -> float:
        """The scale of a level by the standard's pixel of 0.28 mm."""
        unit_m = 1.0 if self.mercator else math.radians(1.0) * _A_M
        return self.cell_size(level) * unit_m / _PIXEL_M

    @property
    def origin(self) -> tuple[float, float]:
        """The upper left corner in the order of the axes."""
        if self.mercator:
            return -_HALF_M, _HALF_M
        return (90.0, -180.0) if self.axes[0] == "Lat" else (-180.0, 90.0)


def _whole(tiles: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.floor(tiles * EXTENT + 0.5).astype(np.int64)


WEB_MERCATOR: Final = Grid(
    "WebMercatorQuad", "网络墨卡托四叉格网", "Google Maps Compatible for the World",
    f"{_REGISTERED}WebMercatorQuad", "http://www.opengis.net/def/crs/EPSG/0/3857",
    ("X", "Y"), 1, mercator=True,
)  # fmt: skip
CRS84_QUAD: Final = Grid(
    "WorldCRS84Quad", "经纬度四叉格网（CRS84）", "CRS84 for the World",
    f"{_REGISTERED}WorldCRS84Quad", "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
    ("Lon", "Lat"), 2, mercator=False,
)  # fmt: skip
CGCS2000_QUAD: Final = Grid(
    "CGCS2000Quad", "经纬度四叉格网（CGCS2000）",
    "CGCS2000 for the World, this service's own: the squares of WorldCRS84Quad in EPSG:4490",
    "", "http://www.opengis.net/def/crs/EPSG/0/4490", ("Lat", "Lon"), 2, mercator=False,
)  # fmt: skip
GRIDS: Final[Mapping[str, Grid]] = {
    grid.id: grid for grid in (WEB_MERCATOR, CRS84_QUAD, CGCS2000_QUAD)
}
