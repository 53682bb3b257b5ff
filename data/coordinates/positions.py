"""A position as somebody wrote it, what it says, and how to compare it with another system."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from data.coordinates.angles import Declared
from data.coordinates.certain import Reading, as_typed, readings
from data.coordinates.datum_parameters import DatumParameters
from data.coordinates.pairs import TypedPair, read_cells, read_one_cell
from data.coordinates.regions import Region
from data.coordinates.relations import lonlat_between
from data.coordinates.systems import CGCS2000, ReferenceSystem
from data.errors import InvalidValue

_METRES_PER_DEGREE = 111_320.0
_REPAIR_WORDS = {
    "axes_swapped": (
        "longitude and latitude (or X and Y) stand in each other's place",
        "经纬度（或纵横坐标）填反",
    ),
    "sign": ("the sign or hemisphere is wrong", "正负号或半球有误"),
    "zone_prefix": ("the zone prefix is wrong", "带号有误"),
    "feet": ("the unit is feet, not metres", "单位为英尺而非米"),
    "decimal_point": ("the decimal point is lost or misplaced", "小数点遗漏或错位"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Position:
    """A typed position.

    `lon`, `lat`: degrees on the datum of `system`, not yet on any other. `east_m`, `north_m`: the
    plane values as typed (with any prefix), None for degrees. `raw`: the two texts, longitude or
    easting first. `resolution_m`: size of the last digit written. `zone_assumed`: nobody stated
    the Gauss-Krüger zone; it was taken from where the marker is.
    """

    lon: float
    lat: float
    system: ReferenceSystem
    raw: tuple[str, str]
    notation: str
    resolution_m: float
    east_m: float | None = None
    north_m: float | None = None
    zone_assumed: bool = False

    @classmethod
    def parse(
        cls,
        text: str | None = None,
        *,
        lon: str | None = None,
        lat: str | None = None,
        x_north: str | None = None,
        y_east: str | None = None,
        system: ReferenceSystem = CGCS2000,
        region: Region | None = None,
        near: tuple[float, float] | None = None,
    ) -> Self:
        """Read one position: a pair of cells, or one cell with both coordinates.

        Args:
            text: one cell holding both coordinates; or give two cells:
            lon: longitude, with
            lat: latitude; or
            x_north: northing (Chinese survey order: X is north), with
            y_east: easting.
            system: the stated reference system.
            region: where positions can be (degrees); outside it the error names the certain
                repair, if there is one.
            near: longitude and latitude that choose a zone nobody stated.

        Raises:
            InvalidValue: not a position, not on earth, outside the region, or without a zone.

        Examples:
            >>> p = Position.parse(lon="111°45′", lat="北纬40°50′24″")
            >>> p.lon, p.lat, p.notation
            (111.75, 40.84, 'dms')
            >>> Position.parse(x_north="4523075.654", y_east="37563254.000").system.label
            'CGCS2000 Gauss-Krüger 3° CM 111'
        """
        pair = typed_pair(text, lon=lon, lat=lat, x_north=x_north, y_east=y_east, system=system)
        reading = _the_reading(pair, system, region, near)
        found = position_of(reading)
        return cls(**{name: getattr(found, name) for name in cls.__slots__})

    def lonlat_in(
        self, target: ReferenceSystem, parameters: Sequence[DatumParameters] = ()
    ) -> tuple[float, float, float]:
        """Longitude and latitude in degrees on another system's datum, with what that costs.

        Returns:
            lon, lat and one sigma per axis in metres of the change itself (0 on the same datum).

        Raises:
            NotComparable: the datums differ and nobody stated their relation.
        """
        lon, lat, sigma_m = lonlat_between(
            self.system, target, np.array([self.lon]), np.array([self.lat]), parameters
        )
        return float(lon[0]), float(lat[0]), float(sigma_m[0])


def typed_pair(
    text: str | None,
    *,
    lon: str | None = None,
    lat: str | None = None,
    x_north: str | None = None,
    y_east: str | None = None,
    system: ReferenceSystem = CGCS2000,
) -> TypedPair:
    """The two numbers of a position as written, unjudged.

    Raises:
        InvalidValue: one is missing or no coordinate.
    """
    declared: Declared = "dd.mmss" if system.dd_mmss else "auto"
    if text:
        return read_one_cell("position", text, declared)
    for names, texts in ((("lon", "lat"), (lon, lat)), (("y_east", "x_north"), (y_east, x_north))):
        if texts[0] and texts[1]:
            return read_cells(names[0], texts[0], names[1], texts[1], declared)
        if texts[0] or texts[1]:
            missing = names[0] if not texts[0] else names[1]
            raise InvalidValue(
                missing, "", "a position has two coordinates", "fill in the other one",
                "位置需要两个坐标；请补填另一个",
            )  # fmt: skip
    raise InvalidValue(
        "position", "", "no position was given", "fill in longitude and latitude or X and Y",
        "未填写位置；请填写经纬度或纵横坐标",
    )  # fmt: skip


def position_of(reading: Reading) -> Position:
    """The position that a reading of a typed pair stands for."""
    pair = reading.pair
    metres = pair.kind == "plane"
    steps = [step if metres else step * _METRES_PER_DEGREE for step in pair.steps]
    return Position(
        reading.lon,
        reading.lat,
        reading.system,
        pair.texts,
        pair.notation,
        min(steps),  # both are written alike; a shorter one lost its trailing zeros
        pair.east if metres else None,
        pair.north if metres else None,
        reading.zone_assumed,
    )


def _the_reading(
    pair: TypedPair,
    system: ReferenceSystem,
    region: Region | None,
    near: tuple[float, float] | None,
) -> Reading:
    if region is None:
        found = as_typed(pair, system, near)
        if found is not None:
            return found
        raise _nowhere(pair, system)
    candidates = readings(pair, system, region, near)
    if candidates and candidates[0].code == "as_typed":
        return candidates[0]
    if as_typed(pair, system, near) is None and not candidates:
        raise _nowhere(pair, system)
    raise _outside(pair, candidates)


def _nowhere(pair: TypedPair, system: ReferenceSystem) -> InvalidValue:
    shown = ", ".join(pair.texts)
    if pair.kind == "plane" and system.central_meridian_deg is None and pair.east < 1e6:  # noqa: PLR2004
        return InvalidValue(
            pair.fields[0], shown,
            "a Gauss-Krüger coordinate without zone prefix needs its zone",
            "add the zone to the reference system, for example 3度带 中央子午线114",
            "无带号的高斯坐标需要注明带号或中央子午线，例如“3度带 中央子午线114”",
        )  # fmt: skip
    return InvalidValue(
        pair.fields[1] if pair.kind == "lonlat" and abs(pair.north) > 90 else pair.fields[0],  # noqa: PLR2004
        shown,
        "a longitude is between -180 and 180, a latitude between -90 and 90, and a zone prefix "
        "agrees with the stated zone",
        "check the order of the two and the zone",
        f"“{shown}”不是有效位置：经度在 -180–180、纬度在 -90–90 之间，且带号须与所注坐标系一致；"
        "请检查两个坐标的顺序和带号",
    )


def _outside(pair: TypedPair, candidates: Sequence[Reading]) -> InvalidValue:
    shown = ", ".join(pair.texts)
    if len({c.code for c in candidates}) != 1:
        return InvalidValue(
            pair.fields[0], shown, "this lies outside the region", "check the coordinates",
            f"“{shown}”位于本区域之外；请检查坐标",
        )  # fmt: skip
    words, words_zh = _REPAIR_WORDS[candidates[0].code]
    repair = "; ".join(f"{field}: {after}" for field, _, after in candidates[0].changes)
    return InvalidValue(
        pair.fields[0], shown, f"this lies outside the region; {words}", f"write {repair}",
        f"“{shown}”位于本区域之外；{words_zh}；应为 {repair}",
    )  # fmt: skip
