"""Markers along lines, and honest inspections of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np

from .physics import IAG75, KRASSOVSKY, OldDatum, gauss, step

_T = TypeVar("_T")
CORNERS = [
    (98.5, 41.5), (105.0, 38.6), (108.5, 38.2), (111.5, 40.2), (115.5, 42.5), (119.0, 42.0),
    (122.5, 44.0), (121.0, 47.5), (119.0, 49.5), (123.5, 50.5), (113.0, 43.5), (106.5, 41.8),
]  # fmt: skip
CLASSES = [(0.60, 0.05, 0.15), (0.25, 0.3, 0.9), (0.15, 2.0, 6.0)]
METHODS = [
    (0.60, "CORS", 0.025),
    (0.15, "PPP-RTK", 0.15),
    (0.15, "手持GPS", 3.0),
    (0.10, "手机", 5.0),
]
SURVEY_YEAR = 2026


@dataclass(frozen=True)
class Strain:
    """How far a world is from what the analyser assumes; as it stands, not at all.

    `datum_sigma_m` is the true spread of an old datum's translation, on each axis; the noises and
    the distortion are multiples of what is stated; `moved_share` is the share of moved markers.
    """

    datum_sigma_m: float | None = None
    distortion: float = 1.0
    observation_noise: float = 1.0
    register_noise: float = 1.0
    moved_share: float = 0.06


@dataclass(frozen=True)
class Mark:
    """A marker: where it truly stands and where the register has it, degrees."""

    number: str
    line: str
    lon: float
    lat: float
    reg_lon: float
    reg_lat: float
    sigma_m: float
    tolerance_m: float


@dataclass(frozen=True)
class Shot:
    """One inspection: what truly happened and what will be written."""

    mark: Mark
    method: str
    sigma_m: float
    moved_m: tuple[float, float]
    lon: float
    lat: float
    number: str
    surveyor: str = "甲"
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def truly_moved_m(self) -> float:
        return math.hypot(*self.moved_m)

    @property
    def clearly_moved(self) -> bool:
        joint = math.hypot(self.sigma_m, self.mark.sigma_m)
        return self.truly_moved_m > self.mark.tolerance_m + 4 * joint


@dataclass(frozen=True)
class World:
    """Lines of markers and the old datums as they truly are here."""

    marks: tuple[Mark, ...]
    beijing: OldDatum
    xian: OldDatum
    strain: Strain = Strain()

    @classmethod
    def draw(
        cls, rng: np.random.Generator, lines: int = 60, each: int = 50, strain: Strain | None = None
    ) -> "World":
        strain = strain or Strain()
        marks: list[Mark] = []
        for line in range(lines):
            lon, lat = CORNERS[rng.integers(len(CORNERS))]
            lon, lat = lon + rng.uniform(-0.8, 0.8), lat + rng.uniform(-0.4, 0.4)
            heading = rng.uniform(0, 360)
            for k in range(each):
                marks.append(_mark(rng, f"{1501 + line}", k + 1, lon, lat, strain))
                heading += rng.normal(0, 12)
                gap_m = rng.uniform(1_500, 25_000)
                lon, lat = step(
                    lon,
                    lat,
                    gap_m * math.sin(math.radians(heading)),
                    gap_m * math.cos(math.radians(heading)),
                )
                if not (97.6 < lon < 125.6 and 37.9 < lat < 52.9):
                    heading += 180
                    lon, lat = min(max(lon, 97.6), 125.6), min(max(lat, 37.9), 52.9)
        return cls(
            tuple(marks),
            _old(rng, (12.646, -155.176, -80.863), KRASSOVSKY, (4.0, 1.0), strain),
            _old(rng, (-93.9, -69.1, -7.2), IAG75, (6.0, 0.3), strain),
            strain,
        )

    def inspect(
        self,
        rng: np.random.Generator,
        n: int,
        *,
        moved_share: float | None = None,
        survey_only: bool = False,
        sharp: bool = False,
    ) -> list[Shot]:
        """A session of n neighbouring markers by one method; `sharp`: one can show centimetres."""
        share = self.strain.moved_share if moved_share is None else moved_share
        _, method, sigma_m = _pick(rng, METHODS)
        if survey_only and sigma_m > 1:
            _, method, sigma_m = METHODS[0]
        first = int(rng.integers(0, len(self.marks) - n))
        line = self.marks[first].line
        chosen = [m for m in self.marks[first : first + n] if m.line == line]
        while len(chosen) < n:
            first = int(rng.integers(0, len(self.marks) - n))
            line = self.marks[first].line
            chosen = [m for m in self.marks[first : first + n] if m.line == line]
        if sharp and not any(m.sigma_m < 0.1 for m in chosen):
            return self.inspect(
                rng, n, moved_share=moved_share, survey_only=survey_only, sharp=sharp
            )
        true_sigma_m = sigma_m * self.strain.observation_noise
        return [_shot(rng, mark, method, true_sigma_m, share) for mark in chosen]


def _old(
    rng: np.random.Generator,
    base: tuple[float, float, float],
    shape: str,
    spread_m: tuple[float, float],
    strain: Strain,
) -> OldDatum:
    sigma_m, distortion_m = spread_m
    sigma_m = sigma_m if strain.datum_sigma_m is None else strain.datum_sigma_m
    return OldDatum.draw(rng, base, shape, sigma_m, distortion_m * strain.distortion)


def _pick(
    rng: np.random.Generator, table: Sequence[tuple[float, _T, float]]
) -> tuple[float, _T, float]:
    return table[int(rng.choice(len(table), p=[row[0] for row in table]))]


def _mark(
    rng: np.random.Generator, line: str, k: int, lon: float, lat: float, strain: Strain
) -> Mark:
    _, sigma_m, tolerance_m = _pick(rng, CLASSES)
    reg_lon, reg_lat = step(lon, lat, *rng.normal(0, sigma_m * strain.register_noise, 2))
    return Mark(f"{line}{k:03d}Q", line, lon, lat, reg_lon, reg_lat, sigma_m, tolerance_m)


def _shot(
    rng: np.random.Generator, mark: Mark, method: str, sigma_m: float, moved_share: float
) -> Shot:
    moved = (0.0, 0.0)
    if rng.random() < moved_share:
        size = 10 ** rng.uniform(math.log10(0.3), math.log10(200))
        turn = rng.uniform(0, 2 * math.pi)
        moved = (size * math.cos(turn), size * math.sin(turn))
    scale = sigma_m * (3.0 * abs(rng.standard_t(2)) if rng.random() < 0.01 else 1.0)
    error = rng.normal(0, 1, 2) * scale
    lon, lat = step(mark.lon, mark.lat, moved[0] + error[0], moved[1] + error[1])
    return Shot(mark, method, sigma_m, moved, lon, lat, mark.number)


def zone3(lon: float) -> float:
    return 3.0 * round(lon / 3.0)


def write_degrees(rng: np.random.Generator, shot: Shot, lon: float, lat: float) -> Shot:
    """Decimal degrees, or 度分秒 now and then."""
    digits = 9 if shot.sigma_m < 1 else 7
    if rng.random() < 0.25:
        cells = {"lon": _dms(lon, digits - 4), "lat": _dms(lat, digits - 4), "crs": "CGCS2000"}
    else:
        cells = {"lon": f"{lon:.{digits}f}", "lat": f"{lat:.{digits}f}", "crs": "CGCS2000"}
    return replace(shot, cells=cells)


def _dms(value: float, decimals: int) -> str:
    total = round(abs(value) * 3600, decimals)
    degrees, rest = divmod(total, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{int(degrees)}°{int(minutes):02d}′{seconds:0{decimals + 3}.{decimals}f}″"


def write_plane(
    shot: Shot, north: float, east: float, meridian: float, *, prefixed: bool, width: int = 3
) -> Shot:
    """Gauss-Krüger metres, X north, with the zone in the prefix or in the stated system."""
    zone = round(meridian / 3) if width == 3 else round((meridian + 3) / 6)
    cells = {"x_north": f"{north:.3f}", "y_east": f"{east:.3f}"}
    if prefixed:
        cells["y_east"] = f"{zone}{east:010.3f}"
        cells["crs"] = f"CGCS2000 {width}度带"
    else:
        cells["crs"] = f"CGCS2000 {width}度带 中央子午线{meridian:g}"
    return replace(shot, cells=cells)


def write(rng: np.random.Generator, shots: list[Shot], style: str = "") -> list[Shot]:
    """Write a session in one of the three styles."""
    style = style or str(rng.choice(["degrees", "plane", "prefix"], p=[0.40, 0.35, 0.25]))
    if style == "degrees":
        return [write_degrees(rng, s, s.lon, s.lat) for s in shots]
    out = []
    for shot in shots:
        meridian = zone3(shot.mark.lon)
        north, east = gauss(shot.lon, shot.lat, meridian)
        out.append(write_plane(shot, north, east, meridian, prefixed=style == "prefix"))
    return out
