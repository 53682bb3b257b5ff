"""Line records (界线): one for each pair of counties that share a line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from pyproj import Geod
from shapely import LineString, MultiLineString

from data.reference import line_state, load_table
from data.sample.coverage import SharedEdge, joined, runs_of
from data.sample.families import Family, family_of
from data.sample.packages import SampleInput
from data.sample.records import LineRecord

GEOD: Final = Geod(ellps="GRS80")
"""The ellipsoid of CGCS2000; it has the axes of GRS80."""


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A whole line with its sections in order; `shape` runs west to east or north to south."""

    family: Family
    shape: MultiLineString
    sections: tuple[LineRecord, ...]


def build_lines(
    source: SampleInput, edges: Sequence[SharedEdge], names: Mapping[str, str], region_code: str
) -> tuple[FamilyLine, ...]:
    """Every line family with its sections, province level first, then by code.

    Args:
        source: says where the outlines come from.
        edges: shared lines of county pairs.
        names: division names by 6-digit code, of every level.
        region_code: 6-digit code of the region, whose government approves its inner lines.
    """
    groups: dict[Family, list[SharedEdge]] = {}
    for edge in edges:
        groups.setdefault(family_of(edge.code_a, edge.code_b, names), []).append(edge)
    rank = ("province", "prefecture", "county")
    ordered = sorted(groups, key=lambda family: (rank.index(family.level), family.code))
    return tuple(
        _family_line(source, family, groups[family], names, names.get(region_code, ""))
        for family in ordered
    )


def chainage(chain: MultiLineString, points: Sequence[shapely.Point]) -> list[float]:
    """How far along a line of several runs each point lies, in degrees; only for ordering."""
    runs = shapely.get_parts(chain)
    starts = np.concatenate(([0.0], np.cumsum(shapely.length(runs))))
    nearest = shapely.STRtree(runs).nearest(points)
    along = shapely.line_locate_point(runs[nearest], points)
    return [float(value) for value in starts[nearest] + along]


def ground_length_m(shape: shapely.Geometry) -> float:
    """The length in metres of a line in degrees, on the ellipsoid of CGCS2000."""
    return float(GEOD.geometry_length(shape))


def _family_line(
    source: SampleInput,
    family: Family,
    edges: Sequence[SharedEdge],
    names: Mapping[str, str],
    region_name: str,
) -> FamilyLine:
    shape = joined(edge.shape for edge in edges)
    middles = [_longest(edge).interpolate(0.5, normalized=True) for edge in edges]
    placed = sorted(zip(chainage(shape, middles), edges, strict=True), key=lambda pair: pair[0])
    authority = _authority(family.level, region_name)
    sections = tuple(
        LineRecord(
            code=family.code if family.level == "county" else f"{family.code}-{number:02d}",
            name=family.name,
            section=f"{names[edge.code_a]}-{names[edge.code_b]}",
            name_source=family.name_source,
            level=family.level,
            party_a=edge.code_a,
            party_b=edge.code_b,
            approving_authority=authority,
            length_m=round(ground_length_m(edge.shape), 1),
            source=f"computed: shared border of the outlines of {source.outline_source}",
            licence=source.outline_licence,
            geom=edge.shape,
            state=_known(edge)[0],
            state_source=_known(edge)[1],
        )
        for number, (_, edge) in enumerate(placed, start=1)
    )
    return FamilyLine(family, shape, sections)


def _known(edge: SharedEdge) -> tuple[str | None, str | None]:
    """The state of the line between two counties and its source, where it is known to be odd."""
    return line_state(edge.code_a, edge.code_b) or (None, None)


def _longest(edge: SharedEdge) -> LineString:
    return max(runs_of(edge.shape), key=lambda run: run.length)


def _authority(level: str, region_name: str) -> str:
    """Who approves a line of that level (Order 353, Art 2): the State Council, or the region."""
    if level == "province":
        return next(
            row["approving_authority"] for row in load_table("line_levels") if row["code"] == level
        )
    return f"{region_name}人民政府"
