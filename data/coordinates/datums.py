"""Geodetic datums: what they are called, their ellipsoids, and which stand still.

Names, EPSG codes and ellipsoids of the Chinese datums: EPSG v11.022. Others are taken from PROJ by
their EPSG code. An ITRF realisation moves with the plates, so its positions need an epoch.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from data.coordinates.text import fold

if TYPE_CHECKING:
    from pyproj import CRS


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """An ellipsoid of revolution: `semi_major_m` and the inverse of its flattening."""

    semi_major_m: float
    inverse_flattening: float

    @property
    def eccentricity_squared(self) -> float:
        """First eccentricity squared."""
        flattening = 1.0 / self.inverse_flattening
        return flattening * (2.0 - flattening)

    @property
    def proj_text(self) -> str:
        """The ellipsoid as PROJ parameters."""
        return f"+a={self.semi_major_m!r} +rf={self.inverse_flattening!r}"


@dataclass(frozen=True, slots=True)
class Datum:
    """A geodetic datum.

    `epoch_year` is fixed for a static realisation; `dynamic` ones move and need an epoch.
    """

    code: str
    zh: str
    en: str
    ellipsoid: Ellipsoid
    geographic_epsg: int | None
    dynamic: bool = False
    diagnosis_only: bool = False


GRS80 = Ellipsoid(6378137.0, 298.257222101)
WGS84_ELLIPSOID = Ellipsoid(6378137.0, 298.257223563)
KRASSOVSKY = Ellipsoid(6378245.0, 298.3)
IAG75 = Ellipsoid(6378140.0, 298.257)

CGCS2000_DATUM = Datum("cgcs2000", "2000国家大地坐标系", "CGCS2000", GRS80, 4490)
XIAN80 = Datum("xian1980", "1980西安坐标系", "Xian 1980", IAG75, 4610)
BEIJING54 = Datum("beijing1954", "1954年北京坐标系", "Beijing 1954", KRASSOVSKY, 4214)
NEW_BEIJING = Datum("new_beijing", "1954年北京坐标系(整体平差)", "New Beijing", KRASSOVSKY, 4555)
WGS84 = Datum("wgs84", "WGS 84", "WGS 84", WGS84_ELLIPSOID, 4326, dynamic=True)
GCJ02 = Datum("gcj02", "GCJ-02", "GCJ-02", WGS84_ELLIPSOID, None, diagnosis_only=True)
BD09 = Datum("bd09", "BD-09", "BD-09", WGS84_ELLIPSOID, None, diagnosis_only=True)
_ITRF_EPSG = {
    1988: 8988, 1989: 8989, 1990: 8990, 1991: 8991, 1992: 8992, 1993: 8993, 1994: 8994,
    1996: 8995, 1997: 8996, 2000: 8997, 2005: 8998, 2008: 8999, 2014: 9000, 2020: 9990,
}  # fmt: skip
_BY_GEOGRAPHIC_EPSG = {
    4490: CGCS2000_DATUM, 4480: CGCS2000_DATUM, 4479: CGCS2000_DATUM,
    4610: XIAN80, 4214: BEIJING54, 4555: NEW_BEIJING, 4326: WGS84, 4979: WGS84, 4978: WGS84,
}  # fmt: skip
# Read in this order: the new adjustment of Beijing 1954 also says "Beijing 1954".
_SPELLINGS: tuple[tuple[Datum, re.Pattern[str]], ...] = (
    (NEW_BEIJING, re.compile(r"新北京|新1954|整体平差|NEWBEIJING|NBJ54")),
    (
        CGCS2000_DATUM,
        re.compile(
            r"CGCS_?2000|CGCS|国家(大地)?(坐标系?)?2000|2000(年)?(中国|国家)|(大地|坐标系?)2000"
            r"|2000(大地)?坐标|^2000$|^2000(?=[-/]?[36]?度?带|中央|高斯)|国家2000"
            r"|CHINA_?(2000|GEODETIC_?COORDINATE_?SYSTEM_?2000)"
        ),
    ),
    (XIAN80, re.compile(r"西安|XI'?AN|XA_?80|^(19)?80坐标|^(19)?80$|^80(?=[36]度带)|国家80")),
    (BEIJING54, re.compile(r"北京|BEIJING|PEKING|BJ_?54|^(19)?54坐标|^(19)?54$|^54(?=[36]度带)")),
    (GCJ02, re.compile(r"GCJ-?_?02|火星|高德|腾讯|AMAP")),
    (BD09, re.compile(r"BD-?_?09|百[度°]|BAIDU")),
    (WGS84, re.compile(r"WGS[-_]?(19)?84|^84坐标|GPS坐标|^84$|CRS84")),
)
_ITRF = re.compile(r"(?:ITRF|IGS|IGB)[-_]?(\d{4}|\d{2})(?!\d)")
_IGS_TO_ITRF = {20: 2020, 14: 2014, 8: 2008, 5: 2005, 0: 2000}


def itrf(year: int) -> Datum | None:
    """The ITRF realisation of a year; None where there is none."""
    if year not in _ITRF_EPSG:
        return None
    name = f"ITRF{year if year >= 2000 else str(year)[2:]}"  # noqa: PLR2004 - named with 4 digits since
    return Datum(name.lower(), name, name, GRS80, _ITRF_EPSG[year], dynamic=True)


def named_datum(text: str) -> Datum | None:
    """The datum a person means, from its usual names; None if none is named.

    Examples:
        >>> named_datum("1980西安坐标系").code
        'xian1980'
        >>> named_datum("国家2000").code, named_datum("IGb14").code
        ('cgcs2000', 'itrf2014')
    """
    tight = fold(text).upper().replace(" ", "")
    match = _ITRF.search(tight)
    if match:
        number = int(match[1])
        if len(match[1]) == len("14"):
            number = _IGS_TO_ITRF.get(number, number + 1900)
        return itrf(number)
    return next((datum for datum, pattern in _SPELLINGS if pattern.search(tight)), None)


@lru_cache(maxsize=256)
def datum_of(crs: "CRS") -> Datum:
    """The datum under a PROJ reference system (geographic, projected or bound to one)."""
    base = crs.geodetic_crs or crs
    epsg = base.to_epsg()
    if epsg in _BY_GEOGRAPHIC_EPSG:
        return _BY_GEOGRAPHIC_EPSG[epsg]
    by_name = named_datum(base.name)
    if by_name is not None:
        return by_name
    shape = base.ellipsoid
    ellipsoid = (
        GRS80
        if shape is None
        else Ellipsoid(float(shape.semi_major_metre), float(shape.inverse_flattening or 1e12))
    )
    code = f"epsg:{epsg}" if epsg else base.name.lower()
    return Datum(code, base.name, base.name, ellipsoid, epsg)
