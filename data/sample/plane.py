"""Positions as a register prints them: X north and Y east in a Gauss-Krüger zone, rounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyproj import Transformer

from data.reference import Grid, datums, find_grid

SYSTEM: Final = "cgcs2000"
_ZONE_WIDTH_DEG: Final = 3


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A printed position and the same position in degrees, as far as the print is exact."""

    text: str
    crs_text: str
    lon: float
    lat: float


def zone_grid(lon: float) -> Grid | None:
    """The prefixed 3° zone of CGCS2000 for a longitude in degrees, or None outside the zones."""
    return find_grid(SYSTEM, _ZONE_WIDTH_DEG, round(lon / _ZONE_WIDTH_DEG), prefixed=True)


@cache
def grid_transformer(epsg: int) -> Transformer:
    """From longitude, latitude to east, north of a grid of the same datum."""
    geographic = next(row.geographic_epsg for row in datums() if row.code == SYSTEM)
    return Transformer.from_crs(geographic, epsg, always_xy=True, allow_ballpark=False)


def register_positions(
    lonlats: Sequence[tuple[float, float]], decimals: Sequence[int]
) -> list[PlacedText]:
    """Each position printed with that many decimals of a metre, and read back from the print.

    Outside the zones the print is in degrees with eight decimals.
    """
    return [_placed(lon, lat, digits) for (lon, lat), digits in zip(lonlats, decimals, strict=True)]


def _placed(lon: float, lat: float, digits: int) -> PlacedText:
    grid = zone_grid(lon)
    if grid is None:
        lon, lat = round(lon, 8), round(lat, 8)
        return PlacedText(f"{lon:.8f}, {lat:.8f}", "EPSG:4490", lon, lat)
    transformer = grid_transformer(grid.epsg)
    east_m, north_m = (round(value, digits) for value in transformer.transform(lon, lat))
    lon, lat = transformer.transform(east_m, north_m, direction="INVERSE")
    crs_text = f"CGCS2000 / 3-degree Gauss-Kruger zone {grid.zone} (EPSG:{grid.epsg})"
    text = f"X={north_m:.{digits}f} Y={east_m:.{digits}f}"
    return PlacedText(text, crs_text, round(lon, 10), round(lat, 10))
