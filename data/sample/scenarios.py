"""Invented inspections of sample markers, each file with one story to tell.

Rows are text by column name, as a surveyor's table has them. Positions are CGCS2000 degrees
unless the story is that they are not. Inspectors are groups, never persons.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from pyproj import Transformer

from data.errors import InvalidValue
from data.reference import method
from data.sample.lines import GEOD
from data.sample.plane import zone_grid
from data.sample.records import MarkerRecord, Sample, WitnessRecord

ROWS: Final = 20
MOVE_M: Final = 1.8
NOTE: Final = "合成示例"

_METHOD: Final = "network_rtk"
_FIRST_DAY: Final = date(2025, 9, 8)
_GROUPS: Final = ("巡查一组", "巡查二组")
_TIE_SIGMA_M: Final = 0.02
_REGISTER_SHARE: Final = 0.5
"""A sound marker is found within this share of its tolerance, so that the story stays clear."""

_BEIJING_SHIFT_M: Final = (12.646, -155.176, -80.863)
"""Beijing 1954 to WGS 84, EPSG:15918: published for the Ordos basin, here only an example."""

Cells = dict[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """What a surveyor finds at one marker: position in degrees, and distances to the objects."""

    marker: MarkerRecord
    lon: float
    lat: float
    ties_m: tuple[tuple[str, float], ...]
    group: str
    day: date


def visit(sample: Sample, seed: int, moved: int | None = None) -> list[Found]:
    """A visit to `ROWS` markers of one line; the one at index `moved` stands `MOVE_M` away.

    Raises:
        InvalidValue: the sample has no single markers.
    """
    rng = np.random.default_rng([seed, 3])
    ties: dict[int, list[WitnessRecord]] = {}
    for one in sample.witness_objects:
        ties.setdefault(one.marker_id, []).append(one)
    return [
        _found(marker, ties.get(marker.id, []), number, rng, away=number == moved)
        for number, marker in enumerate(chosen_markers(sample))
    ]


def chosen_markers(sample: Sample) -> list[MarkerRecord]:
    """Single markers that follow each other on one line; a line with a verified name if any."""
    verified = {line.name for line in sample.lines if line.name_source.startswith("verified")}
    by_line: dict[str, list[MarkerRecord]] = {}
    for marker in sample.markers:
        if marker.kind == "Q":
            by_line.setdefault(marker.line_name, []).append(marker)
    if not by_line:
        rule, way_out = "the sample has no single markers", "take longer lines"
        raise InvalidValue("sample", "", rule, way_out, "示例中没有单立界桩")

    def rank(name: str) -> tuple[bool, bool, bool, int]:
        row = by_line[name]
        enough = len(row) >= ROWS
        return (enough, row[0].level == "province", name in verified, 0 if enough else len(row))

    line = max(by_line, key=rank)
    return sorted(by_line[line], key=lambda marker: marker.sequence)[:ROWS]


def index_of_moved(markers: Sequence[MarkerRecord]) -> int:
    """Which of the markers is to be moved: a sharply surveyed one, so that the move shows."""
    sharpest = min(marker.tolerance_m for marker in markers)
    sharp = [number for number, one in enumerate(markers) if one.tolerance_m == sharpest]
    return sharp[len(sharp) // 2]


def clean(found: Sequence[Found]) -> list[Cells]:
    """Everything in order."""
    return [_row(one, _degrees(one)) for one in found]


def axes_swapped(found: Sequence[Found]) -> list[Cells]:
    """Latitude stands in the longitude column and the other way round."""
    rows = clean(found)
    return [row | {"经度": row["纬度"], "纬度": row["经度"]} for row in rows]


def other_datum(found: Sequence[Found]) -> list[Cells]:
    """Beijing 1954 plane coordinates that are said to be CGCS2000.

    Markers outside the Gauss-Krüger zones are left out.
    """
    rows = []
    for one in found:
        grid = zone_grid(one.lon)
        if grid is None:
            continue
        transformer = _beijing(grid.central_meridian_deg, grid.false_easting_m)
        east_m, north_m = transformer.transform(one.lon, one.lat)
        position = {
            "纵坐标X": f"{north_m:.3f}",
            "横坐标Y": f"{east_m:.3f}",
            "坐标系": f"CGCS2000 3度带 {grid.zone}带",
        }
        rows.append(_row(one, position, ties=False))
    return rows


def broken(found: Sequence[Found]) -> list[Cells]:
    """One row for each way in which a table goes wrong, and some that only look odd."""
    rows = [_row(one, _degrees(one), ties=False) for one in found]
    for number, (told, change) in enumerate(BREAKS):
        if number < len(rows):
            rows[number] |= change(rows[number])
            rows[number]["备注"] = f"{NOTE}：{told}"
    if len(rows) > len(BREAKS):
        rows[len(BREAKS)] |= {"界桩编号": rows[0]["界桩编号"], "备注": f"{NOTE}：界桩编号重复"}
    return rows


def full_width(text: str) -> str:
    """ASCII digits and signs in their full width.

    >>> full_width("41.5")
    '４１．５'
    """
    return text.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


def sexagesimal(degrees: str, pattern: str) -> str:
    """Degrees as degrees, minutes and seconds in a pattern with `d`, `m` and `s`.

    >>> sexagesimal("119.770125", "{d}度{m:02d}分{s:07.4f}秒")
    '119度46分12.4500秒'
    """
    # Ten-thousandths of a second, so that no 60 appears after rounding.
    units = round(float(degrees) * 36_000_000)
    minutes, rest = divmod(units, 600_000)
    return pattern.format(d=minutes // 60, m=minutes % 60, s=rest / 10_000)


def _swap(column: str, change: Callable[[str], str]) -> Callable[[Cells], Cells]:
    return lambda row: {column: change(row[column])}


def _both(change: Callable[[str], str]) -> Callable[[Cells], Cells]:
    return lambda row: {"经度": change(row["经度"]), "纬度": change(row["纬度"])}


def _set(cells: Mapping[str, str]) -> Callable[[Cells], Cells]:
    return lambda _row: dict(cells)


BREAKS: Final[tuple[tuple[str, Callable[[Cells], Cells]], ...]] = (
    ("无误", _set({})),
    ("全角数字，可以读懂", _both(full_width)),
    ("度分秒，可以读懂", _both(lambda text: sexagesimal(text, "{d}°{m:02d}′{s:07.4f}″"))),
    ("度分秒汉字，可以读懂", _both(lambda text: sexagesimal(text, "{d}度{m:02d}分{s:07.4f}秒"))),
    ("度分秒空格，可以读懂", _both(lambda text: sexagesimal(text, "{d} {m:02d} {s:07.4f}"))),
    ("小数点写成逗号", _both(lambda text: text.replace(".", ","))),
    ("日期另一种写法，可以读懂", _set({"检查日期": "2025年9月9日"})),
    ("缺界桩编号", _set({"界桩编号": ""})),
    ("界桩编号不存在", _swap("界桩编号", lambda _text: "9999999Q")),
    ("日期不存在", _set({"检查日期": "2025-02-30"})),
    ("未找到，没有坐标", _set({"经度": "", "纬度": "", "界桩状况": "未找到"})),
    ("缺纬度", _set({"纬度": ""})),
    ("丢失小数点", _swap("经度", lambda text: text.replace(".", ""))),
    ("经度为负", _swap("经度", lambda text: f"-{text}")),
    ("数字中有字母 O", _swap("经度", lambda text: f"{text[:-2]}O{text[-1]}")),
    ("纬度超出范围", _swap("纬度", lambda text: f"1{text}")),
    ("测量方法不明", _set({"测量方法": "目测"})),
    ("界桩状况不明", _set({"界桩状况": "一般"})),
    ("坐标系不明", _set({"坐标系": "本地坐标系"})),
)
"""What is wrong with a row, in words, and how it comes about; the last row repeats a number."""


def _found(
    marker: MarkerRecord,
    objects: Sequence[WitnessRecord],
    number: int,
    rng: np.random.Generator,
    *,
    away: bool,
) -> Found:
    survey = method(_METHOD)
    noise_m = survey.sigma_m if survey else 0.0
    bound_m = marker.tolerance_m * _REGISTER_SHARE
    off_m = min(float(math.hypot(*rng.normal(0, math.hypot(marker.sigma_m, noise_m), 2))), bound_m)
    azimuth_deg, move_deg = (float(value) for value in rng.uniform(0, 360, 2))
    lon, lat, _ = GEOD.fwd(marker.geom.x, marker.geom.y, azimuth_deg, off_m)
    if away:
        lon, lat, _ = GEOD.fwd(lon, lat, move_deg, MOVE_M)
    grid_deg = move_deg - _convergence_deg(lon, lat)
    ties = tuple((one.name, _tie_m(one, grid_deg, MOVE_M if away else 0.0, rng)) for one in objects)
    group = _GROUPS[number * len(_GROUPS) // ROWS % len(_GROUPS)]
    return Found(marker, lon, lat, ties, group, _FIRST_DAY + timedelta(days=number // 7))


def _tie_m(one: WitnessRecord, move_deg: float, move_m: float, rng: np.random.Generator) -> float:
    """The taped distance to an object after the marker has moved, by the cosine rule."""
    turn = math.radians(one.azimuth_deg - move_deg)
    square = one.distance_m**2 + move_m**2 - 2 * one.distance_m * move_m * math.cos(turn)
    return math.sqrt(square) + float(rng.normal(0, _TIE_SIGMA_M))


def _convergence_deg(lon: float, lat: float) -> float:
    """How far grid north lies east of true north there; the first term is enough for a tie."""
    grid = zone_grid(lon)
    if grid is None:
        return 0.0
    return (lon - grid.central_meridian_deg) * math.sin(math.radians(lat))


def _degrees(one: Found) -> Cells:
    return {"经度": f"{one.lon:.8f}", "纬度": f"{one.lat:.8f}", "坐标系": "CGCS2000"}


def _row(one: Found, position: Cells, *, ties: bool = True) -> Cells:
    survey = method(_METHOD)
    row = {"界桩编号": one.marker.marker_no} | position
    row |= {
        "测量方法": survey.zh if survey else "",
        "检查日期": one.day.isoformat(),
        "界桩状况": "完好",
        "检查人": one.group,
    }
    for ordinal, (name, distance_m) in enumerate(one.ties_m if ties else (), start=1):
        row |= {f"方位物{ordinal}名称": name, f"方位物{ordinal}距离": f"{distance_m:.2f}"}
    return row | {"备注": NOTE}


def _beijing(central_meridian_deg: float, false_easting_m: float) -> Transformer:
    """From CGCS2000 degrees to a Beijing 1954 zone, by the example shift."""
    dx, dy, dz = _BEIJING_SHIFT_M
    return Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=cart +ellps=GRS80 +step +proj=helmert +x={-dx} +y={-dy} +z={-dz} "
        "+step +inv +proj=cart +ellps=krass "
        f"+step +proj=tmerc +lat_0=0 +lon_0={central_meridian_deg} +k=1 "
        f"+x_0={false_easting_m} +ellps=krass"
    )
