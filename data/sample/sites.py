"""Where the invented markers stand: along the lines, where lines meet, one, two or three together.

Azimuths in degrees clockwise from north, distances in metres, positions in degrees (lon, lat).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from shapely import LineString, MultiPolygon

from data.sample.coverage import runs_of
from data.sample.lines import GEOD, FamilyLine, chainage, ground_length_m
from data.sample.records import LineRecord

SPACING_M: Final = {"province": 11_000.0, "prefecture": 14_000.0, "county": 16_000.0}
SHORTEST_M: Final = 1_500.0
"""A section shorter than this gets no marker of its own."""

MEETING: Final = 3
"""Lines meet where this many counties do."""

_DOUBLE_SHARE: Final = 0.08
_TRIPLE_SHARE: Final = 0.12
_STEP: Final = 1e-5
"""Degrees along the line to either side of a point, for the direction of the line there."""


@dataclass(frozen=True, slots=True)
class Site:
    """One marker to be: its place, letter (Q, A, B, C, D, E), faces and place in its family.

    `keeper` is the county that keeps it, `parties` all counties that meet there, `others` the codes
    of the lines that meet there beside its own.
    """

    section: LineRecord
    lon: float
    lat: float
    along: float
    letter: str
    faces: int
    keeper: str
    parties: tuple[str, ...]
    sequence: int = 0
    others: tuple[str, ...] = ()


def plan_sites(
    line: FamilyLine,
    nodes: Mapping[tuple[float, float], tuple[LineRecord, ...]],
    shapes: Mapping[str, MultiPolygon],
    rng: np.random.Generator,
) -> list[Site]:
    """The markers of one line family, numbered along it.

    Args:
        line: the family.
        nodes: points where three counties meet, with the sections, highest first; a node's
            markers belong to its first section.
        shapes: county polygons by code.
        rng: draws everything that is invented.
    """
    mine = {row.code for row in line.sections}
    sites = []
    for section in line.sections:
        sites += _along(section, shapes, rng)
    for (lon, lat), sections in nodes.items():
        if sections[0].code in mine:
            sites += _at_node(lon, lat, sections, rng)
    return _numbered(line, sites)


def meeting_points(
    sections: Sequence[LineRecord],
) -> dict[tuple[float, float], tuple[LineRecord, ...]]:
    """The ends of sections where three counties meet, with those sections, highest first."""
    ends: dict[tuple[float, float], dict[str, LineRecord]] = {}
    for section in sections:
        for run in runs_of(section.geom):
            for vertex in (run.coords[0], run.coords[-1]):
                ends.setdefault((vertex[0], vertex[1]), {})[section.code] = section
    rank = ("province", "prefecture", "county")
    return {
        place: tuple(sorted(met.values(), key=lambda row: (rank.index(row.level), row.code)))
        for place, met in ends.items()
        if len(_parties(met.values())) >= MEETING
    }


def _along(
    section: LineRecord, shapes: Mapping[str, MultiPolygon], rng: np.random.Generator
) -> list[Site]:
    """Single and double markers spread over one section, away from its ends."""
    sites = []
    for run in runs_of(section.geom):
        length_m = ground_length_m(run)
        count = round(length_m / SPACING_M[section.level]) or int(length_m > SHORTEST_M)
        for number in range(count):
            fraction = (number + 0.5 + rng.uniform(-0.25, 0.25)) / count
            if rng.random() < _DOUBLE_SHARE:
                sites += _pair(section, run, fraction, shapes, rng)
            else:
                keeper = (section.party_a, section.party_b)[int(rng.integers(2))]
                point = run.interpolate(fraction, normalized=True)
                sites.append(_site(section, point.x, point.y, "Q", keeper))
    return sites


def _pair(
    section: LineRecord,
    run: LineString,
    fraction: float,
    shapes: Mapping[str, MultiPolygon],
    rng: np.random.Generator,
) -> list[Site]:
    """Two markers with one number on both sides of the line; A on the side of the smaller code."""
    middle = run.interpolate(fraction, normalized=True)
    along = run.project(middle)
    before, after = run.interpolate(max(along - _STEP, 0)), run.interpolate(along + _STEP)
    azimuth_deg = GEOD.inv(before.x, before.y, after.x, after.y)[0]
    away_m = [float(rng.uniform(12, 45)), float(rng.uniform(12, 45))]
    sides = [
        _moved(middle.x, middle.y, azimuth_deg + turn, distance_m)
        for turn, distance_m in zip((90, -90), away_m, strict=True)
    ]
    first = shapes.get(section.party_a)
    if first is not None and not shapely.contains_xy(first, *sides[0]):
        sides.reverse()
    return [
        _site(section, *sides[0], "A", section.party_a),
        _site(section, *sides[1], "B", section.party_b),
    ]


def _at_node(
    lon: float, lat: float, sections: Sequence[LineRecord], rng: np.random.Generator
) -> list[Site]:
    """A three-faced marker where lines meet, or three with one number around the point."""
    parties = _parties(sections)
    others = tuple(row.code for row in sections[1:] if row.code != sections[0].code)
    if rng.random() >= _TRIPLE_SHARE:
        keeper = parties[int(rng.integers(len(parties)))]
        single = _site(sections[0], lon, lat, "Q", keeper)
        return [replace(single, faces=3, parties=parties, others=others)]
    first_deg = float(rng.uniform(0, 360))
    sites = []
    for turn, letter in enumerate("CDE"):
        place = _moved(lon, lat, first_deg + 120 * turn, float(rng.uniform(15, 40)))
        one = _site(sections[0], *place, letter, parties[turn % len(parties)])
        sites.append(replace(one, parties=parties, others=others))
    return sites


def _parties(sections: Iterable[LineRecord]) -> tuple[str, ...]:
    return tuple(sorted({code for row in sections for code in (row.party_a, row.party_b)}))


def _site(section: LineRecord, lon: float, lat: float, letter: str, keeper: str) -> Site:
    parties = (section.party_a, section.party_b)
    return Site(section, lon, lat, 0.0, letter, 2, keeper, parties)


def _moved(lon: float, lat: float, azimuth_deg: float, distance_m: float) -> tuple[float, float]:
    moved = GEOD.fwd(lon, lat, azimuth_deg, distance_m)
    return float(moved[0]), float(moved[1])


def _numbered(line: FamilyLine, sites: Sequence[Site]) -> list[Site]:
    """The sites in order along the line; those set together share a number."""
    if not sites:
        return []
    points = [shapely.Point(site.lon, site.lat) for site in sites]
    placed = [
        replace(site, along=along)
        for site, along in zip(sites, chainage(line.shape, points), strict=True)
    ]
    groups: list[list[Site]] = []
    for site in placed:
        if site.letter in "BDE":
            groups[-1].append(site)
        else:
            groups.append([site])
    groups.sort(key=lambda group: group[0].along)
    return [
        replace(site, sequence=number)
        for number, group in enumerate(groups, start=1)
        for site in group
    ]
