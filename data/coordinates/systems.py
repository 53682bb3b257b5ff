"""Reference systems by what people write: 国家2000 3度带 中央子午线114, EPSG:4490, ITRF2014@2024.5.

Gauss-Krüger zones: 3° zone z has its central meridian at 3z, 6° zone z at 6z - 3. Chinese zones are
25-45 (3°) and 13-23 (6°): disjoint, so a prefix names both the width and the meridian.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, Self

from data.coordinates import datums, proj
from data.coordinates.datums import Datum
from data.coordinates.text import fold
from data.errors import InvalidValue

if TYPE_CHECKING:
    from pyproj import CRS

Kind = Literal["geographic", "gauss_kruger", "projected"]
ZONES_3 = range(25, 46)
ZONES_6 = range(13, 24)
_FALSE_EASTING_M = 500_000.0
_PREFIX_M = 1_000_000.0
_EPSG = re.compile(
    r"^(?:EPSG|URN:OGC:DEF:CRS:EPSG)?[:\s]*(?::?[\d.]*:)?(\d{4,5})(?:@(\d{4}(?:\.\d+)?))?$"
)
_WKT = re.compile(r"^(GEOGCS|PROJCS|GEOGCRS|PROJCRS|BOUNDCRS|GEODCRS|COMPD_?CS|COMPOUNDCRS)\s*\[")
_EPOCH = re.compile(r"(?:@|历元|EPOCH)[:=]?(\d{4}(?:\.\d+)?)")
_WIDTH = re.compile(
    r"([36三六])(?:度|°|DEG(?:REE)?S?|_DEGREE|-DEGREE)_?(?:分?带|ZONE|GAUSS|GK|_GK|$)?"
)
_MERIDIAN = re.compile(
    r"(?:中央(?:子午线|经线|经度)|CENTRALMERIDIAN|_?CM_?|L0)[:=为]?(?:东经)?(\d{2,3}(?:\.\d+)?)"
)
_ZONE = re.compile(r"(?:带号|ZONE[_ ]?|第)[:=]? ?(\d{2})(?!\d)|(?<!\d)(\d{2})号?带")
_BARE_YEARS = {"2000", "1980", "1954"}  # systems by their year, not EPSG codes
_GAUSS = re.compile(r"高斯|GAUSS|KRUGER|KRÜGER|(?<![A-Z])GK(?![A-Z])|平面")
_PAIRS = re.compile(r"DD\.?MMSS|D\.MS|°\.'\"")


@dataclass(frozen=True, slots=True)
class ReferenceSystem:
    """A datum with the way its coordinates are written.

    `kind` is `geographic` (degrees), `gauss_kruger` (metres; X north, Y east; `zone_width_deg` and
    `central_meridian_deg` where stated) or `projected` (any other EPSG plane, `epsg` is set).
    `epoch_year` is a decimal year for moving frames. `text` is what was written.
    """

    datum: Datum
    kind: Kind = "geographic"
    zone_width_deg: int | None = None
    central_meridian_deg: float | None = None
    epoch_year: float | None = None
    epsg: int | None = None
    wkt: str | None = None
    dd_mmss: bool = False
    text: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a reference system as people write it.

        Raises:
            InvalidValue: no datum is named, or the EPSG code is unknown.

        Examples:
            >>> s = ReferenceSystem.parse("国家2000 3度带 中央子午线114")
            >>> s.datum.code, s.kind, s.central_meridian_deg
            ('cgcs2000', 'gauss_kruger', 114.0)
            >>> ReferenceSystem.parse("EPSG:4547").central_meridian_deg
            114.0
            >>> ReferenceSystem.parse("ITRF2014@2024.5").epoch_year
            2024.5
        """
        parsed = _parse(text)
        return cls(**{name: getattr(parsed, name) for name in cls.__slots__})

    @property
    def is_plane(self) -> bool:
        """Whether its coordinates are metres."""
        return self.kind != "geographic"

    @property
    def label(self) -> str:
        """A short English name for reports."""
        parts = [self.datum.en]
        if self.kind == "gauss_kruger":
            parts.append("Gauss-Krüger")
            if self.zone_width_deg is not None:
                parts.append(f"{self.zone_width_deg}°")
            if self.central_meridian_deg is not None:
                parts.append(f"CM {self.central_meridian_deg:g}")
        elif self.kind == "projected":
            parts.append(f"EPSG:{self.epsg}" if self.epsg else "projected")
        if self.epoch_year is not None:
            parts.append(f"@{self.epoch_year:g}")
        return " ".join(parts)

    def geographic(self) -> "ReferenceSystem":
        """The degrees under it: same datum and epoch."""
        return ReferenceSystem(self.datum, epoch_year=self.epoch_year, text=self.text)

    def gauss_kruger(
        self, central_meridian_deg: float | None, zone_width_deg: int | None = None
    ) -> "ReferenceSystem":
        """The Gauss-Krüger plane of its datum at a meridian (degrees)."""
        return replace(
            self,
            kind="gauss_kruger",
            central_meridian_deg=central_meridian_deg,
            zone_width_deg=zone_width_deg,
            epsg=None,
            wkt=None,
        )


@lru_cache(maxsize=1024)
def _parse(text: str) -> ReferenceSystem:
    spaced = fold(text).upper()
    tight = spaced.replace(" ", "")
    match = _EPSG.fullmatch(tight)
    if match and tight not in _BARE_YEARS:
        system = _from_code(int(match[1]), text)
        return replace(system, epoch_year=float(match[2])) if match[2] else system
    if _WKT.match(spaced):
        return _from_wkt(text)
    datum = datums.named_datum(text)
    if datum is None:
        raise unknown_system(text)
    return _from_words(datum, spaced, text)


def _from_words(datum: Datum, spaced: str, text: str) -> ReferenceSystem:
    tight = spaced.replace(" ", "")
    epoch = _EPOCH.search(tight)
    rest = _EPOCH.sub("", tight)
    meridian = _MERIDIAN.search(rest)
    # 中央子午线123度 states no width of three degrees.
    width = _WIDTH.search(_MERIDIAN.sub("", rest))
    zone = _ZONE.search(_EPOCH.sub("", spaced))
    zone_width = {"3": 3, "三": 3, "6": 6, "六": 6}[width[1]] if width else None
    central = float(meridian[1]) if meridian else None
    if zone and central is None:
        zone_width, central = meridian_of_zone(int(zone[1] or zone[2]), text)
    plane = bool(width or zone or meridian or _GAUSS.search(rest))
    return ReferenceSystem(
        datum,
        kind="gauss_kruger" if plane else "geographic",
        zone_width_deg=zone_width,
        central_meridian_deg=central,
        epoch_year=float(epoch[1]) if epoch else None,
        dd_mmss=bool(_PAIRS.search(tight)),
        text=text,
    )


def meridian_of_zone(zone: int, text: str = "") -> tuple[int, float]:
    """Width and central meridian in degrees of a Chinese zone number.

    Raises:
        InvalidValue: the number is no Chinese zone.

    Examples:
        >>> meridian_of_zone(38), meridian_of_zone(19)
        ((3, 114.0), (6, 111.0))
    """
    if zone in ZONES_3:
        return 3, 3.0 * zone
    if zone in ZONES_6:
        return 6, 6.0 * zone - 3.0
    raise InvalidValue(
        "crs",
        text or zone,
        f"zone {zone} is neither a 6° zone (13-23) nor a 3° zone (25-45)",
        "name the zone or the central meridian",
        f"“{zone}”不是有效带号（六度带 13–23，三度带 25–45）；请注明带号或中央子午线",
    )


def zone_meridian_near(lon: float, width_deg: int) -> float:
    """Central meridian in degrees of the zone of a width (3 or 6) that holds a longitude."""
    if width_deg == 3:  # noqa: PLR2004 - the two widths there are
        return 3.0 * round(lon / 3.0)
    return 6.0 * (int(lon // 6.0) + 1) - 3.0


@lru_cache(maxsize=512)
def _from_code(code: int, text: str) -> ReferenceSystem:
    crs = proj.system_of_code(code)
    if crs is None:
        raise unknown_system(text)
    return _from_crs(crs, code, text)


@lru_cache(maxsize=128)
def _from_wkt(text: str) -> ReferenceSystem:
    crs = proj.system_of_wkt(text)
    if crs is None:
        raise unknown_system(text)
    return _from_crs(crs, crs.to_epsg(), text)


def _from_crs(crs: "CRS", epsg: int | None, text: str) -> ReferenceSystem:
    datum = datums.datum_of(crs)
    if not crs.is_projected:
        return ReferenceSystem(datum, epsg=epsg, text=text)
    meridian, width = _gauss_kruger_zone(crs)
    if meridian is not None:
        return ReferenceSystem(datum, "gauss_kruger", width, meridian, epsg=epsg, text=text)
    wkt = None if epsg else crs.to_wkt()
    return ReferenceSystem(datum, "projected", epsg=epsg, wkt=wkt, text=text)


def _gauss_kruger_zone(crs: "CRS") -> tuple[float | None, int | None]:
    operation = crs.coordinate_operation
    if operation is None or "transverse mercator" not in operation.method_name.lower():
        return None, None
    values = {param.name.lower(): param.value for param in operation.params}
    meridian = values.get("longitude of natural origin")
    easting = float(values.get("false easting", 0.0))
    ordinary = (
        values.get("scale factor at natural origin", 1.0) == 1.0
        and values.get("latitude of natural origin", 0.0) == 0.0
        and values.get("false northing", 0.0) == 0.0
        and easting % _PREFIX_M == _FALSE_EASTING_M
    )
    if meridian is None or not ordinary:
        return None, None
    prefix = int(easting // _PREFIX_M)
    if prefix in ZONES_3:
        return float(meridian), 3
    return float(meridian), 6 if prefix in ZONES_6 else None


def unknown_system(text: str) -> InvalidValue:
    """What is said of a text that names no reference system."""
    return InvalidValue(
        "crs",
        text,
        "this names no known reference system",
        "write for example CGCS2000, EPSG:4490, 西安80 3度带 中央子午线114 or ITRF2014@2024.5",
        f"“{text}”不是可识别的坐标系；请填写如 CGCS2000、EPSG:4490、西安80 3度带 中央子午线114"
        "、ITRF2014@2024.5",
    )


CGCS2000 = ReferenceSystem(datums.CGCS2000_DATUM, epsg=4490, text="CGCS2000")
