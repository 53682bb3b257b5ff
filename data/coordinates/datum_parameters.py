"""The operator's own datum parameters: 7 parameters or a grid, read from a TOML file.

National parameters between Beijing 1954, Xian 1980 and CGCS2000 come from the authority only and
are confidential: none are shipped, and what is read here is never printed, logged or put into a
report. A report names `identifier` alone.

    identifier = "office-2023"
    source = "xian1980"              # beijing1954, xian1980, new_beijing
    target = "cgcs2000"
    accuracy_m = 0.1                 # one sigma per axis in the area
    area = [109.0, 39.0, 113.0, 42.0]    # lon_min, lat_min, lon_max, lat_max; optional

    [seven_parameters]               # either this ...
    convention = "position_vector"   # or "coordinate_frame"
    translation_m = [0.0, 0.0, 0.0]
    rotation_arcsec = [0.0, 0.0, 0.0]
    scale_ppm = 0.0

    [grid]                           # ... or this
    file = "shift.gsb"               # NTv2 or GeoTIFF, beside this file
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.coordinates import datums, proj
from data.coordinates.datums import Datum
from data.coordinates.regions import Region
from data.errors import InvalidFile, InvalidValue, NotComparable

Floats = NDArray[np.float64]
_CHINESE = {
    datum.code: datum
    for datum in (datums.BEIJING54, datums.XIAN80, datums.NEW_BEIJING, datums.CGCS2000_DATUM)
}
_CONVENTIONS = ("position_vector", "coordinate_frame")


@dataclass(frozen=True, slots=True)
class DatumParameters:
    """One operator-supplied relation between two datums; its numbers never leave this object."""

    identifier: str
    source: Datum
    target: Datum
    accuracy_m: float
    area: Region | None
    _steps: str = field(repr=False)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.accuracy_m) and self.accuracy_m > 0):
            raise InvalidValue(
                "accuracy_m",
                "",
                "an accuracy is a positive number of metres",
                "state it",
                "accuracy_m 应为正数（米）；请填写",
            )

    def __reduce__(self) -> tuple[type, tuple[object, ...]]:
        message = "datum parameters are confidential and are not copied out of the process"
        raise TypeError(message)

    def relates(self, source: Datum, target: Datum) -> bool:
        """Whether it leads from one datum to another (in either direction)."""
        return {self.source.code, self.target.code} == {source.code, target.code}

    def apply(self, source: Datum, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """Degrees on `source` to degrees on the other datum.

        Raises:
            NotComparable: a point is outside the area, or the grid does not cover it.
        """
        lon_deg, lat_deg = np.asarray(lon, float), np.asarray(lat, float)
        if self.area is not None and not np.all(self.area.contains(lon_deg, lat_deg)):
            raise self._outside()
        inverse = source.code != self.source.code
        changed = proj.changed(self._steps, lon_deg, lat_deg, inverse=inverse)
        if changed is None:
            # PROJ's own text would print the pipeline with its numbers.
            raise self._outside()
        return changed

    def _outside(self) -> NotComparable:
        return NotComparable(
            f"the point lies outside the area of the datum parameters {self.identifier!r}",
            f"该点不在转换参数“{self.identifier}”的适用范围内",
        )


def read_datum_parameters(path: Path) -> DatumParameters:
    """Read one parameter file (format above).

    Raises:
        InvalidFile: not TOML, or a key is missing, unknown or out of range. The message names the
            key and never a value.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise InvalidFile(
            f"{path.name}: this datum parameter file cannot be read as TOML in UTF-8",
            f"{path.name}：坐标转换参数文件不是有效的 UTF-8 TOML 文件",
        ) from None
    try:
        return _from_table(table, path)
    except (KeyError, TypeError, ValueError, InvalidValue) as error:
        key = error.args[0] if isinstance(error, KeyError) else "a value"
        raise InvalidFile(
            f"{path.name}: {key} is missing or wrong; see the format in docs/positions.md",
            f"{path.name}：参数“{key}”缺失或有误；格式见 docs/positions.md",
        ) from None


def _from_table(table: Mapping[str, object], path: Path) -> DatumParameters:
    source, target = _datum(table, "source"), _datum(table, "target")
    if source.code == target.code or ("seven_parameters" in table) == ("grid" in table):
        raise KeyError("source, target, seven_parameters or grid")
    middle = _helmert(table) if "seven_parameters" in table else _grid(table, path)
    if "seven_parameters" in table:
        middle = (
            f" +step +proj=cart {source.ellipsoid.proj_text}{middle}"
            f" +step +inv +proj=cart {target.ellipsoid.proj_text}"
        )
    steps = (
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        f"{middle} +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )
    area = table.get("area")
    return DatumParameters(
        identifier=str(table["identifier"]),
        source=source,
        target=target,
        accuracy_m=_numbers(table, "accuracy_m", 1)[0],
        area=None if area is None else Region(*_numbers(table, "area", 4)),
        _steps=steps,
    )


def _datum(table: Mapping[str, object], key: str) -> Datum:
    code = table[key]
    if code not in _CHINESE:
        raise KeyError(key)
    return _CHINESE[str(code)]


def _numbers(table: Mapping[str, object], key: str, count: int) -> list[float]:
    value = table[key]
    given = value if isinstance(value, list) else [value]
    values = [float(number) for number in given if isinstance(number, int | float)]
    if not len(given) == len(values) == count or not all(map(math.isfinite, values)):
        raise KeyError(key)
    return values


def _helmert(table: Mapping[str, object]) -> str:
    block = table["seven_parameters"]
    if not isinstance(block, dict) or block.get("convention") not in _CONVENTIONS:
        raise KeyError("convention")
    tx, ty, tz = _numbers(block, "translation_m", 3)
    rx, ry, rz = _numbers(block, "rotation_arcsec", 3)
    scale = _numbers(block, "scale_ppm", 1)[0]
    return (
        f" +step +proj=helmert +x={tx!r} +y={ty!r} +z={tz!r} +rx={rx!r} +ry={ry!r} +rz={rz!r}"
        f" +s={scale!r} +convention={block['convention']}"
    )


def _grid(table: Mapping[str, object], path: Path) -> str:
    block = table["grid"]
    if not isinstance(block, dict) or not isinstance(block.get("file"), str):
        raise KeyError("grid.file")
    grid = path.parent / str(block["file"])
    if not grid.is_file():
        raise KeyError("grid.file")
    return f' +step +proj=hgridshift +grids="{grid}"'
