"""Gaps, overlaps and edges that do not match between the outlines of divisions. Pure.

GEOS finds the edges whose vertices disagree (`coverage_invalid_edges`); here they are gathered
into places, the faces between them are told apart by how many outlines cover them, and each place
becomes one finding: nothing covers a gap (缝隙), two outlines cover an overlap (重叠).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import hypot, isnan
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from boundary.topology.planes import Ground, Plane
from boundary.topology.values import (
    Area,
    Finding,
    TopologyRules,
    grade_of,
    metres_en,
    metres_zh,
)
from data.progress import Report

Shapes = NDArray[np.object_]
_MOST_NAMED: Final = 6
_MOST_CIRCLES: Final = 3
_NARROW: Final = 0.7
"""Faces narrower than this share of the widest one do not decide where to look."""


@dataclass(slots=True)
class _Defect:
    """Faces of one kind between the same outlines at one place, in metres of the plane."""

    kind: str
    codes: tuple[str, ...]
    faces: list[BaseGeometry] = field(default_factory=list)


def coverage_findings(
    areas: Sequence[Area], rules: TopologyRules, ground: Ground, tell: Report
) -> list[Finding]:
    """Everything about the outlines of one level that does not fit together.

    What concerns neighbours alone is left out: not all of theirs are known.

    Args:
        areas: divisions of one level, none inside another; neighbours too where they are known.
        rules: the numbers.
        ground: of the datum.
        tell: told of each step.
    """
    if not areas:
        return []
    known = {area.code: area for area in areas}
    shapes = np.array([area.shape for area in areas], dtype=object)
    broken, shapes = _mended(areas, shapes)
    plane = Plane(float(np.mean(shapely.total_bounds(shapes)[[1, 3]])))
    flat = plane.all_metres(shapes)
    tell("edges of outlines 边", 0, len(areas))
    edges = np.asarray(shapely.coverage_invalid_edges(flat, gap_width=rules.gap_width_m))
    found = list(broken)
    places = _places(edges, rules.gap_width_m)
    tree = shapely.STRtree(flat)
    closed: list[BaseGeometry] = []
    for number, (owners, lines) in enumerate(places, start=1):
        tell("gaps and overlaps 缝隙与重叠", number, len(places))
        defects = _defects(lines, tree, areas)
        closed += [face for one in defects for face in one.faces if one.kind == "gap"]
        told = [_told(one, known, plane, ground, rules) for one in defects]
        wide = [one for one in told if one is not None]
        codes = tuple(sorted(areas[owner].code for owner in owners))
        found += wide or _loose(lines, codes, known, plane, ground, rules)
    tell("holes 空洞", 0, 0)
    found += _holes(flat, areas, closed, known, plane, ground, rules, whole=not places)
    return [one for one in found if any(known[code].in_region for code in one.divisions)]


def _mended(areas: Sequence[Area], shapes: Shapes) -> tuple[list[Finding], Shapes]:
    """Outlines that cross themselves, said and made whole for what follows."""
    valid = shapely.is_valid(shapes)
    found = []
    whole = shapes.copy()
    for place in np.flatnonzero(~valid):
        area = areas[int(place)]
        reason = shapely.is_valid_reason(shapes[place])
        whole[place] = shapely.make_valid(shapes[place], method="structure")
        lon, lat = shapely.get_coordinates(shapely.point_on_surface(whole[place]))[0]
        found.append(
            Finding(
                "outline_invalid", "grave", float(lon), float(lat),
                f"{area.name}（{area.code}）的轮廓自身不成立：{reason}",
                f"the outline of {area.name} ({area.code}) is not valid: {reason}",
                divisions=(area.code,), shape=shapely.boundary(whole[place]),
            )
        )  # fmt: skip
    return found, whole


def _places(edges: Shapes, reach_m: float) -> list[tuple[set[int], list[BaseGeometry]]]:
    """The edges that do not match, those near each other together, with their owners."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    parts, owners = shapely.get_parts(edges, return_index=True)
    lasting = ~shapely.is_empty(parts)
    parts, owners = parts[lasting], owners[lasting]
    if not len(parts):
        return []
    one, other = shapely.STRtree(parts).query(parts, predicate="dwithin", distance=reach_m)
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(len(parts), len(parts)))
    _, labels = connected_components(graph, directed=False)
    gathered: dict[int, tuple[set[int], list[BaseGeometry]]] = {}
    for part, owner, label in zip(parts, owners, labels, strict=True):
        whose, lines = gathered.setdefault(int(label), (set(), []))
        whose.add(int(owner))
        lines.append(part)
    return [gathered[label] for label in sorted(gathered)]


def _defects(
    lines: Sequence[BaseGeometry], tree: shapely.STRtree, areas: Sequence[Area]
) -> list[_Defect]:
    """The faces between edges that no outline covers, or more than one."""
    noded = shapely.get_parts(shapely.union_all(lines))
    faces = shapely.get_parts(shapely.polygonize(noded))
    if not len(faces):
        return []
    inside = shapely.point_on_surface(faces)
    face_of, area_of = tree.query(inside, predicate="intersects")
    covering: dict[int, list[int]] = defaultdict(list)
    for face, area in zip(face_of, area_of, strict=True):
        covering[int(face)].append(int(area))
    touching = tree.query(faces, predicate="intersects")
    around: dict[int, set[int]] = defaultdict(set)
    for face, area in zip(*touching, strict=True):
        around[int(face)].add(int(area))
    gathered: dict[tuple[str, tuple[str, ...]], _Defect] = {}
    for place, face in enumerate(faces):
        covers = covering.get(place, [])
        if len(covers) == 1:
            continue
        kind = "overlap" if covers else "gap"
        whose = covers or around[place]
        codes = tuple(sorted(areas[one].code for one in whose))
        gathered.setdefault((kind, codes), _Defect(kind, codes)).faces.append(face)
    return list(gathered.values())


def _told(
    defect: _Defect,
    known: dict[str, Area],
    plane: Plane,
    ground: Ground,
    rules: TopologyRules,
) -> Finding | None:
    """A defect as a finding; None where its faces are narrower than noise."""
    widest, width_m = _widest(defect.faces)
    if width_m < rules.noise_m:
        return None
    shape = plane.degrees(shapely.MultiPolygon(list(_polygons(defect.faces))))
    lon, lat = plane.lonlat(widest)
    width_m *= _stretch(plane, lat)
    area_m2 = ground.area_m2(shape)
    limit = bound_m([known[code] for code in defect.codes], rules)
    who_zh, who_en = _named(defect.codes, known)
    newer = _newer(defect.codes, known)
    zh, en = {"gap": ("缝隙", "a gap"), "overlap": ("重叠", "an overlap")}[defect.kind]
    said_zh = f"{who_zh}之间有{zh}：最宽 {metres_zh(width_m)}，面积 {area_m2:,.0f} 平方米"
    said_en = (
        f"{en} between {who_en}: {metres_en(width_m)} at its widest, {area_m2:,.0f} square metres"
    )
    return Finding(
        defect.kind, grade_of(width_m, limit), lon, lat,
        f"{said_zh}（{len(defect.faces)} 处）{newer[0]}",
        f"{said_en} in {len(defect.faces)} faces{newer[1]}",
        {"width_m": width_m, "area_m2": area_m2, "faces": len(defect.faces), "limit_m": limit},
        divisions=defect.codes, shape=shape,
    )  # fmt: skip


def _polygons(faces: Sequence[BaseGeometry]) -> Iterator[shapely.Polygon]:
    for face in faces:
        for part in shapely.get_parts(face):
            if isinstance(part, shapely.Polygon):
                yield part


def _widest(faces: Sequence[BaseGeometry]) -> tuple[shapely.Point, float]:
    """Where faces are widest, and how wide: twice the radius of the largest circle inside."""
    thickness = np.array([2.0 * face.area / max(face.length, 1e-9) for face in faces])
    best, width = shapely.point_on_surface(faces[0]), 0.0
    # A circle in a face is at most twice as wide as twice its area over its perimeter.
    for place in np.argsort(-thickness)[:_MOST_CIRCLES]:
        if thickness[place] < _NARROW * thickness.max():
            break
        radius = shapely.maximum_inscribed_circle(
            faces[place], tolerance=max(thickness[place] / 10, 1e-4)
        )
        if 2.0 * radius.length > width:
            best, width = shapely.get_point(radius, 0), 2.0 * radius.length
    return best, float(width)


def _stretch(plane: Plane, lat: float) -> float:
    """About how much longer a length is on the ground than in a plane true at another latitude."""
    here, there = Plane(lat).scale, plane.scale
    return (hypot(*here) / hypot(*there)) if there[0] > 0.0 else 1.0


def bound_m(areas: Sequence[Area], rules: TopologyRules) -> float:
    """How far outlines may be apart by what is said of their sources: their two largest, joined."""
    stated = sorted(
        (rules.outline_m if isnan(one.uncertainty_m) else one.uncertainty_m for one in areas),
        reverse=True,
    )
    return hypot(*stated[:2]) if stated else rules.outline_m


def _named(codes: Sequence[str], known: dict[str, Area]) -> tuple[str, str]:
    names = [known[code].name for code in codes[:_MOST_NAMED]]
    more = len(codes) - len(names)
    zh, en = "、".join(names), ", ".join(names)
    return (zh + f"等 {len(codes)} 个区划", f"{en} and {more} more") if more else (zh, en)


def _newer(codes: Sequence[str], known: dict[str, Area]) -> tuple[str, str]:
    """Whose record is newer: the edge of that one is the first to look at."""
    dated = sorted(
        ((area.since, area) for code in codes if (area := known[code]).since is not None),
        key=lambda pair: pair[0],
    )
    if len(dated) < len(codes) or len(codes) != 2 or dated[0][0] == dated[1][0]:  # noqa: PLR2004
        return "", ""
    area = dated[-1][1]
    return f"；较新的是{area.name}（{area.since}）", f"; the newer is {area.name} ({area.since})"


def _loose(
    lines: Sequence[BaseGeometry],
    codes: tuple[str, ...],
    known: dict[str, Area],
    plane: Plane,
    ground: Ground,
    rules: TopologyRules,
) -> list[Finding]:
    """Edges that disagree without a face between them: open at an end, or vertices alone."""
    whole = plane.degrees(shapely.union_all(lines))
    length_m = ground.length_m(whole)
    lon, lat = plane.lonlat(_middle(lines[0]))
    apart_m = _apart_m(lines, rules.gap_width_m)
    who_zh, who_en = _named(codes, known)
    figures = {"apart_m": apart_m, "length_m": length_m}
    if apart_m < rules.noise_m:
        return [
            Finding(
                "vertices_differ", "minor", lon, lat,
                f"{who_zh}的公共边顶点不一致（长 {metres_zh(length_m)}），两侧应使用同一条折线",
                f"the shared edge of {who_en} has other vertices on each side over"
                f" {metres_en(length_m)}: take the same polyline on both",
                figures, divisions=codes, shape=whole,
            )
        ]  # fmt: skip
    limit = bound_m([known[code] for code in codes], rules)
    alone = len(codes) == 1
    grade = "minor" if alone else grade_of(apart_m, limit)
    what_zh, what_en = ("自身的边", "edges of one outline,") if alone else ("的边", "edges of")
    return [
        Finding(
            "edges_apart", grade, lon, lat,
            f"{who_zh}{what_zh}不相接：相距约 {metres_zh(apart_m)}，长 {metres_zh(length_m)}",
            f"{what_en} {who_en}, do not meet: about {metres_en(apart_m)} apart over"
            f" {metres_en(length_m)}",
            figures | {"limit_m": limit}, divisions=codes, shape=whole,
        )
    ]  # fmt: skip


def _middle(line: BaseGeometry) -> BaseGeometry:
    """A vertex in the middle of a line."""
    xy = shapely.get_coordinates(line)
    return shapely.Point(xy[len(xy) // 2])


def _apart_m(lines: Sequence[BaseGeometry], most_m: float) -> float:
    """How far such edges are from each other, about: the middle of their vertices' distances."""
    found = []
    for place, line in enumerate(lines):
        others = [*lines[:place], *lines[place + 1 :]]
        if others:
            points = shapely.points(shapely.get_coordinates(line))
            found.append(shapely.distance(points, shapely.multilinestrings(others)))
    near = np.concatenate(found) if found else np.zeros(1)
    return float(np.median(near[near <= most_m])) if (near <= most_m).any() else most_m


def _holes(
    flat: Shapes,
    areas: Sequence[Area],
    closed: Sequence[BaseGeometry],
    known: dict[str, Area],
    plane: Plane,
    ground: Ground,
    rules: TopologyRules,
    *,
    whole: bool,
) -> Iterator[Finding]:
    """What no outline covers though outlines lie all around it, wider than a sliver."""
    union = shapely.coverage_union_all(flat) if whole else shapely.union_all(flat)
    # Outlines that meet in two points enclose a piece that is no interior ring of either.
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(shapely.boundary(union))]))
    shapely.prepare(union)
    rings = faces[~shapely.intersects(union, shapely.point_on_surface(faces))]
    if closed:
        inside = shapely.point_on_surface(np.array(closed, dtype=object))
        told = shapely.STRtree(rings).query(inside, predicate="intersects")[1]
        rings = np.delete(rings, np.unique(told))
    tree = shapely.STRtree(flat)
    for ring in rings:
        widest, width_m = _widest([ring])
        if width_m < rules.noise_m:
            continue
        codes = tuple(
            sorted(areas[place].code for place in tree.query(ring, predicate="intersects"))
        )
        shape, (lon, lat) = plane.degrees(ring), plane.lonlat(widest)
        area_m2 = ground.area_m2(shape)
        limit = bound_m([known[code] for code in codes], rules)
        who_zh, who_en = _named(codes, known)
        yield Finding(
            "hole", grade_of(width_m, limit), lon, lat,
            f"{who_zh}围住的一块没有归属（{area_m2 / 1e6:,.3f} 平方公里）：缺失的区划、飞地或缝隙",
            f"inside {who_en} a piece of {area_m2 / 1e6:,.3f} square kilometres belongs to nobody:"
            " a division that is missing, an enclave of one outside the register, or a gap",
            {"width_m": width_m, "area_m2": area_m2, "limit_m": limit}, divisions=codes,
            shape=shape,
        )  # fmt: skip
