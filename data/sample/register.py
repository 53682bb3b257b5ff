"""Register entries for invented markers: position as printed, accuracy, survey, witness objects.

Every entry is synthetic and says so in `source`, `remark` and `synthetic`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from shapely import Point

from data.reference import ToleranceClass, find_term, tolerance_classes
from data.sample.plane import PlacedText, register_positions
from data.sample.records import LineRecord, MarkerLineRecord, MarkerRecord, WitnessRecord
from data.sample.sites import Site

REMARK: Final = "合成示例，不是真实界桩 (synthetic sample, not a real marker)"

_CLASS_SHARES: Final = {"A": 0.55, "B": 0.25, "C": 0.20}
_DECIMALS: Final = {"A": 3, "B": 2, "C": 0}
_METHODS: Final = {
    "A": ("static", "network_rtk"),
    "B": ("total_station", "static"),
    "C": ("图解",),
}
_YEARS: Final = {"A": (2012, 2023), "B": (2002, 2011), "C": (1996, 2002)}
_MATERIAL_SHARES: Final = {"stone": 0.6, "reinforced_concrete": 0.3, "composite": 0.1}
_OBJECTS: Final = (
    "电线杆",
    "独立树",
    "水井",
    "房屋墙角",
    "围栏角桩",
    "涵洞口",
    "公路里程碑",
    "桥头",
    "岩石",
    "敖包",
    "高压线塔",
    "机井房",
)


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What is drawn for one marker before its position is printed."""

    site: Site
    quality: ToleranceClass
    material: str
    method: str
    surveyed_on: date


def build_markers(
    sites: Sequence[Site], names: Mapping[str, str], seed: int
) -> tuple[tuple[MarkerRecord, ...], tuple[WitnessRecord, ...]]:
    """Markers and their witness objects for planned sites, in the order given.

    Args:
        sites: where they stand, numbered.
        names: division names by 6-digit code.
        seed: draws what is invented; the same seed gives the same register.
    """
    rng = np.random.default_rng([seed, 2])
    drawn = [_draw(site, rng) for site in sites]
    placed = register_positions(
        [(one.site.lon, one.site.lat) for one in drawn],
        [_DECIMALS.get(one.quality.code, 2) for one in drawn],
    )
    markers: list[MarkerRecord] = []
    witnesses: list[WitnessRecord] = []
    for number, (one, text) in enumerate(zip(drawn, placed, strict=True), start=1):
        objects = _witnesses(number, rng)
        markers.append(_marker(number, one, text, objects, names, seed))
        witnesses += objects
    return tuple(markers), tuple(witnesses)


def meeting_lines(sites: Sequence[Site]) -> tuple[MarkerLineRecord, ...]:
    """The further lines of each marker where lines meet, for sites in the order of the markers."""
    return tuple(
        MarkerLineRecord(number, code)
        for number, site in enumerate(sites, start=1)
        for code in site.others
    )


def marker_number(prefix: str, sequence: int, letter: str) -> str:
    """The printed number: what stands for the line, three digits, the type letter.

    >>> marker_number("1521", 7, "Q")
    '1521007Q'
    """
    return f"{prefix}{sequence:03d}{letter}"


def _number_prefix(section: LineRecord) -> str:
    """What stands for the line: 4 digits at province level; below, no rule is known: its name."""
    if section.level == "province":
        return section.code.split("-", maxsplit=1)[0]
    return section.name.removesuffix("线")


def _draw(site: Site, rng: np.random.Generator) -> _Drawn:
    classes = {row.code: row for row in tolerance_classes()}
    shares = {code: share for code, share in _CLASS_SHARES.items() if code in classes}
    quality = classes[_pick(shares, rng)]
    first, last = _YEARS[quality.code]
    surveyed_on = date(int(rng.integers(first, last + 1)), 5, 1) + timedelta(
        days=int(rng.integers(0, 180))
    )
    method = str(rng.choice(_METHODS[quality.code]))
    return _Drawn(site, quality, _pick(_MATERIAL_SHARES, rng), method, surveyed_on)


def _pick(shares: Mapping[str, float], rng: np.random.Generator) -> str:
    weights = np.array(list(shares.values()))
    return str(rng.choice(list(shares), p=weights / weights.sum()))


def _witnesses(marker_id: int, rng: np.random.Generator) -> list[WitnessRecord]:
    """Three objects spread around the marker, so that their distances fix it well."""
    kinds = rng.choice(len(_OBJECTS), size=3, replace=False)
    turn_deg = float(rng.uniform(0, 360))
    objects = []
    for ordinal, kind in enumerate(kinds, start=1):
        azimuth_deg = (turn_deg + 120 * ordinal + float(rng.uniform(-25, 25))) % 360
        distance_m = round(float(rng.uniform(6, 60)), 1)
        name = _OBJECTS[int(kind)]
        objects.append(
            WitnessRecord(marker_id, ordinal, name, round(azimuth_deg, 2) % 360, distance_m)
        )
    return objects


def _marker(
    number: int,
    drawn: _Drawn,
    placed: PlacedText,
    objects: Sequence[WitnessRecord],
    names: Mapping[str, str],
    seed: int,
) -> MarkerRecord:
    site, quality = drawn.site, drawn.quality
    marker_no = marker_number(_number_prefix(site.section), site.sequence, site.letter)
    return MarkerRecord(
        id=number,
        marker_no=marker_no,
        line_code=site.section.code,
        line_name=site.section.name,
        level=site.section.level,
        sequence=site.sequence,
        kind=site.letter,
        faces=site.faces,
        material=drawn.material,
        accuracy_class=quality.code,
        sigma_m=quality.sigma_m,
        tolerance_m=quality.tolerance_m,
        tolerance_source=f"{quality.source}; class assigned to a synthetic marker",
        survey_method=drawn.method,
        surveyed_on=drawn.surveyed_on,
        coordinate_text=placed.text,
        crs_text=placed.crs_text,
        managing_party=names.get(site.keeper, site.keeper),
        location="；".join(names.get(code, code) for code in site.parties),
        position_description=_description(marker_no, drawn, placed, objects, names),
        remark=REMARK,
        source=f"synthetic, seed {seed}; placed on the computed line of {site.section.code}",
        geom=Point(placed.lon, placed.lat),
    )


def _description(
    marker_no: str,
    drawn: _Drawn,
    placed: PlacedText,
    objects: Sequence[WitnessRecord],
    names: Mapping[str, str],
) -> str:
    """A position description (位置描述) as such are worded, with the witness objects."""
    site = drawn.site
    together = {"Q": "单立", "A": "同号双立", "B": "同号双立"}.get(site.letter, "同号三立")
    faces = find_term("marker_faces", str(site.faces))
    material = find_term("materials", drawn.material)
    where = "、".join(names.get(code, code) for code in site.parties)
    ties = "；".join(
        f"坐标方位角 {_degrees_minutes(one.azimuth_deg)}，距离 {one.distance_m} m，{one.name}"
        for one in objects
    )
    return (
        f"{marker_no} 号界桩为{together}{faces.zh if faces else ''}"
        f"{material.zh if material else ''}界桩，位于{where}的界线上"
        f"（东经 {placed.lon:.6f}°，北纬 {placed.lat:.6f}°）。方位物：{ties}。（合成示例）"
    )


def _degrees_minutes(azimuth_deg: float) -> str:
    minutes = round(azimuth_deg * 60) % (360 * 60)
    return f"{minutes // 60}°{minutes % 60:02d}′"
