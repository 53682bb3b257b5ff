"""The plane figures: which outlines belong to the region or touch it, and the edges they share.

All shapes are in degrees, longitude before latitude. Nothing here knows names or levels.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import LineString, MultiLineString, MultiPolygon

from data.errors import InvalidValue
from data.sample.packages import Outline

GAP_DEG: Final = 1e-5
"""Outlines whose borders lie closer together than this, about a metre, are to share them."""


@dataclass(frozen=True, slots=True)
class SharedEdge:
    """The line that two outlines share; `code_a` is the smaller of the two codes."""

    code_a: str
    code_b: str
    shape: MultiLineString


def select_region(
    outlines: Sequence[Outline], inside: Callable[[str], bool]
) -> dict[str, MultiPolygon]:
    """The region's outlines and those that share a line with them, by code, edges matched.

    Args:
        outlines: counties of a whole country, or of any larger area.
        inside: tells from a code whether the county belongs to the region.

    Raises:
        InvalidValue: no outline belongs to the region.
    """
    shapes = np.array([outline.shape for outline in outlines], dtype=object)
    own = [number for number, outline in enumerate(outlines) if inside(outline.code)]
    if not own:
        rule, way_out = "no outline belongs to it", "give a code that the outlines have"
        raise InvalidValue("region", "", rule, way_out, "没有属于该区域的轮廓")
    touching = shapely.STRtree(shapes).query(shapes[own], predicate="intersects")[1]
    chosen = sorted({*own, *(int(number) for number in touching)})
    matched = match_edges([outlines[number].shape for number in chosen])
    found = {
        outlines[number].code: _multipolygon(shape)
        for number, shape in zip(chosen, matched, strict=True)
    }
    sharing = {code for edge in shared_edges(found, inside) for code in (edge.code_a, edge.code_b)}
    keep = sharing | {outlines[number].code for number in own}
    return {code: shape for code, shape in sorted(found.items()) if code in keep}


def match_edges(shapes: Sequence[shapely.Geometry]) -> list[shapely.Geometry]:
    """The same polygons with shared borders vertex by vertex alike.

    Outlines that already match are given back untouched, so that no position moves.
    """
    whole = [
        shape if shapely.is_valid(shape) else shapely.make_valid(shape, method="structure")
        for shape in shapes
    ]
    if shapely.coverage_is_valid(whole, gap_width=GAP_DEG):
        return whole
    # The stubs are of an older shapely than the one that is pinned.
    cleaned = shapely.coverage_clean(  # type: ignore[attr-defined]
        whole, gap_width=GAP_DEG, snapping_distance=GAP_DEG
    )
    return list(cleaned)


def dissolve(shapes: Iterable[MultiPolygon]) -> MultiPolygon:
    """One polygon of all those, which must match along their edges."""
    return _multipolygon(shapely.coverage_union_all(list(shapes)))


def shared_edges(
    shapes: Mapping[str, MultiPolygon], wanted: Callable[[str], bool]
) -> tuple[SharedEdge, ...]:
    """Every line shared by two outlines of which at least one is wanted, ordered by code.

    Outlines that meet in points only share no line.
    """
    codes = sorted(shapes)
    parts = np.array([shapes[code] for code in codes], dtype=object)
    first, second = shapely.STRtree(parts).query(parts, predicate="intersects")
    ordered = first < second
    edges = []
    for one, other in sorted(zip(first[ordered], second[ordered], strict=True)):
        if wanted(codes[one]) or wanted(codes[other]):
            line = _lines_of(shapely.intersection(parts[one], parts[other]))
            if not line.is_empty:
                edges.append(SharedEdge(codes[one], codes[other], line))
    return tuple(edges)


def joined(lines: Iterable[MultiLineString]) -> MultiLineString:
    """Lines that meet end to end as one, each run from west to east or from north to south.

    The way is that along which the whole is longer on the ground; the runs follow each other in
    the same order.
    """
    parts = runs_of(shapely.line_merge(shapely.union_all(list(lines))))
    west, south, east, north = shapely.total_bounds(parts)
    shrink = float(np.cos(np.radians((south + north) / 2)))
    eastward = bool((east - west) * shrink >= north - south)

    def place(vertex: tuple[float, ...]) -> float:
        return vertex[0] if eastward else -vertex[1]

    turned = [
        part if place(part.coords[0]) <= place(part.coords[-1]) else part.reverse()
        for part in parts
    ]
    turned.sort(key=lambda part: place(part.coords[0]))
    return MultiLineString(turned)


def runs_of(shape: shapely.Geometry) -> list[LineString]:
    """The single runs of a line, in its order; a shape without lines has none."""
    return [
        part
        for part in shapely.get_parts(shape)
        if isinstance(part, LineString) and not part.is_empty
    ]


def _lines_of(shape: shapely.Geometry) -> MultiLineString:
    """The lines of an intersection, joined where they meet, without its points."""
    return MultiLineString(runs_of(shapely.line_merge(shapely.union_all(runs_of(shape)))))


def _multipolygon(shape: shapely.Geometry) -> MultiPolygon:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return MultiPolygon(parts)
