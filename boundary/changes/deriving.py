"""From a change of divisions to its lines. Pure.

Each side of a line is a division; the change says what each part of that division is afterwards.
Along the line every place has a successor on either side: where both are one division, the line
ends; where they are two, it goes on with them. A line goes on whole where this is the same all
along it, else it is divided. Between the successors of one division a line begins, drafted from
their outlines: it holds once it has been surveyed (Order 353, Art 9).
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, groupby
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from boundary.changes.values import (
    BEGINS,
    DIVIDED,
    ENDS,
    FEWER_FACES,
    LOSES_LINE,
    OTHER_LINE,
    PARTIES,
    STAYS,
    DivisionSteps,
    LineChanges,
    LineEffect,
    MarkerEffect,
    OldLine,
    OldMarker,
    Piece,
    Successor,
)
from boundary.topology.planes import Floats, Plane, run_of

_COUNTY_DIGITS: Final = 6
_STEP_M: Final = 25.0
_LEAST_STRETCH: Final = 0.002
"""Shorter stretches than this share of a line come from outlines that do not meet it exactly."""
_THREE: Final = 3
_LEAST_DEG: Final = 1e-6


def derive_changes(
    steps: DivisionSteps, lines: Sequence[OldLine], names: Mapping[str, str]
) -> LineChanges:
    """What a change of divisions does to lines and markers.

    Args:
        steps: the change.
        lines: the lines in force, with their markers.
        names: divisions' names by code, before and after.
    """
    effects: list[LineEffect] = []
    undecided: list[tuple[int, str, str]] = []
    for line in lines:
        if not set(line.parties) & steps.successors.keys():
            continue
        missing = _missing(line, steps)
        if missing:
            undecided.append(_undecided(line, missing, names))
        else:
            effect = _effect(line, steps)
            if effect is not None:
                effects.append(effect)
    effects += _begun(steps)
    return LineChanges(steps, tuple(effects), tuple(_surveys(effects, names)), tuple(undecided))


def level_of(one: str, other: str) -> str:
    """The level of a line between two divisions, by the digits in which their codes differ.

    >>> level_of("150102", "130722"), level_of("150102", "150502"), level_of("150102", "150103")
    ('province', 'prefecture', 'county')
    >>> level_of("150102001", "150102002")
    'township'
    """
    if one[:2] != other[:2]:
        return "province"
    if one[:4] != other[:4]:
        return "prefecture"
    same_county = one[:_COUNTY_DIGITS] == other[:_COUNTY_DIGITS]
    return "township" if same_county and len(one) > _COUNTY_DIGITS else "county"


def _missing(line: OldLine, steps: DivisionSteps) -> list[str]:
    """Sides that are divided, or end without successor, so that nobody can say what follows."""
    return [
        code
        for code in line.parties
        if (after := steps.successors.get(code)) is not None
        and (not after or (len(after) > 1 and sum(one.outline is None for one in after) > 0))
    ]


def _undecided(
    line: OldLine, codes: Sequence[str], names: Mapping[str, str]
) -> tuple[int, str, str]:
    who = "、".join(names.get(code, code) for code in codes)
    return (
        line.id,
        f"{line.name}：{who} 被划分而缺少划分后的轮廓（或无后继），不能推定当事方；请补充轮廓",
        (
            f"{line.name}: {who} is divided without outlines of the parts (or has no successor);"
            " who its parties are cannot be told: give the outlines"
        ),
    )


def _effect(line: OldLine, steps: DivisionSteps) -> LineEffect | None:
    if len(line.parties) != 2 or all(len(_after(code, steps)) == 1 for code in line.parties):  # noqa: PLR2004
        return _whole(line, steps)
    stretches = _stretches(line, steps)
    if len(stretches) == 1:
        pair = stretches[0][0]
        return _same_all_along(line, pair)
    pieces, number = [], 0
    for pair, shape in stretches:
        if pair[0] == pair[1]:
            continue
        kept = set(pair) == set(line.parties)
        number += 0 if kept else 1
        code = line.code if kept or not line.code else f"{line.code}/{number}"
        pieces.append(Piece(pair, level_of(*pair), shape, code, agreed=True))
    if not pieces:
        return _same_all_along(line, (stretches[0][0][0],))
    markers = tuple(_marker_on_pieces(one, line, pieces, stretches) for one in line.markers)
    return LineEffect(DIVIDED, line, (), line.level, tuple(_gathered(pieces)), markers)


def _after(code: str, steps: DivisionSteps) -> tuple[Successor, ...]:
    return steps.successors.get(code, (Successor(code, ""),))


def _whole(line: OldLine, steps: DivisionSteps) -> LineEffect | None:
    parties = tuple(dict.fromkeys(_after(code, steps)[0].code for code in line.parties))
    return _same_all_along(line, parties)


def _same_all_along(line: OldLine, parties: tuple[str, ...]) -> LineEffect | None:
    distinct = tuple(dict.fromkeys(parties))
    if len(distinct) == 1:
        markers = tuple(_without_line(one, line) for one in line.markers)
        return LineEffect(ENDS, line, (), line.level, (), markers)
    level = level_of(*distinct[:2])
    if set(distinct) == set(line.parties) and level == line.level:
        return None
    markers = tuple(_merged_marker(one, line, len(distinct)) for one in line.markers)
    return LineEffect(PARTIES, line, distinct, level, (), markers)


def _merged_marker(marker: OldMarker, line: OldLine, sides: int) -> MarkerEffect:
    fewer = marker.faces == _THREE and sides < len(line.parties)
    return MarkerEffect(marker, FEWER_FACES if fewer else STAYS, marker.line_codes[0])


def _without_line(marker: OldMarker, line: OldLine) -> MarkerEffect:
    left = [code for code in marker.line_codes if code != line.code]
    if left:
        return MarkerEffect(marker, FEWER_FACES, left[0])
    return MarkerEffect(marker, LOSES_LINE, None)


def _stretches(line: OldLine, steps: DivisionSteps) -> list[tuple[tuple[str, str], BaseGeometry]]:
    """The line in stretches of the same successors on both sides, short ones left to others."""
    found: list[tuple[tuple[str, str], Floats]] = []
    plane = Plane.of(line.shape)
    for run in run_of(line.shape):
        xy = _cut(run, plane)
        middles = (xy[:-1] + xy[1:]) / 2
        sides = [_sides(_after(code, steps), middles, plane) for code in line.parties]
        pairs = list(zip(sides[0], sides[1], strict=True))
        smoothed = _smoothed(pairs, xy, plane)
        for pair, places in groupby(range(len(smoothed)), key=lambda k: smoothed[k]):
            numbers = list(places)
            found.append((pair, xy[numbers[0] : numbers[-1] + 2]))
    gathered: dict[tuple[str, str], list[Floats]] = {}
    for pair, part in found:
        gathered.setdefault(pair, []).append(part)
    return [(pair, shapely.MultiLineString(parts)) for pair, parts in gathered.items()]


def _cut(run: Floats, plane: Plane) -> Floats:
    """The run with further vertices on its straight segments, none of which is long."""
    scale = np.array(plane.scale)
    flat = shapely.segmentize(shapely.LineString(run * scale), _STEP_M)
    return np.asarray(shapely.get_coordinates(flat) / scale, float)


def _sides(after: Sequence[Successor], xy: Floats, plane: Plane) -> list[str]:
    """For each place the successor whose outline is nearest."""
    if len(after) == 1:
        return [after[0].code] * len(xy)
    points = shapely.points(xy * np.array(plane.scale))
    # A division whose every part has left it keeps an empty outline, which is near to nothing.
    placed = [(one.code, one.outline) for one in after if one.outline]
    apart = np.array([shapely.distance(plane.metres(outline), points) for _, outline in placed])
    nearest: NDArray[np.intp] = np.argmin(apart, axis=0)
    return [placed[int(one)][0] for one in nearest]


def _smoothed(pairs: list[tuple[str, str]], xy: Floats, plane: Plane) -> list[tuple[str, str]]:
    """Stretches too short to mean anything go to the one before, or at the start after, them."""
    steps = np.hypot(*(np.diff(xy, axis=0) * np.array(plane.scale)).T)
    least = _LEAST_STRETCH * float(steps.sum())
    blocks = [list(places) for _, places in groupby(range(len(pairs)), key=lambda k: pairs[k])]
    smoothed = list(pairs)
    long = [block for block in blocks if float(steps[block].sum()) >= least]
    for block in blocks:
        if long and block not in long:
            near = min(long, key=lambda one: min(abs(one[0] - block[0]), abs(one[-1] - block[0])))
            for place in block:
                smoothed[place] = pairs[near[0]]
    return smoothed


def _gathered(pieces: Sequence[Piece]) -> list[Piece]:
    return sorted(pieces, key=lambda one: (one.code, one.parties))


def _marker_on_pieces(
    marker: OldMarker,
    line: OldLine,
    pieces: Sequence[Piece],
    stretches: Sequence[tuple[tuple[str, str], BaseGeometry]],
) -> MarkerEffect:
    """The stretch that a marker stands on decides; at the end of two, the one that goes on."""
    point = shapely.Point(marker.lon, marker.lat)
    apart = [(float(shapely.distance(shape, point)), pair) for pair, shape in stretches]
    nearest_deg = min(apart_deg for apart_deg, _ in apart)
    touching = [pair for apart_deg, pair in apart if apart_deg <= nearest_deg + _LEAST_DEG]
    own = next((one for one in pieces if one.parties in touching), None)
    if own is None:
        return _without_line(marker, line)
    if marker.line_codes[0] != line.code:
        return MarkerEffect(marker, STAYS, marker.line_codes[0])
    return MarkerEffect(marker, STAYS if own.code == line.code else OTHER_LINE, own.code)


def _begun(steps: DivisionSteps) -> list[LineEffect]:
    """Lines between the successors of one division, drafted from their outlines."""
    found = []
    for after in steps.successors.values():
        for one, other in combinations([s for s in after if s.outline is not None], 2):
            if one.code == other.code or one.outline is None or other.outline is None:
                continue
            shared = _lines_of(shapely.intersection(one.outline, other.outline))
            if not shared.is_empty:
                pair = (one.code, other.code)
                piece = Piece(pair, level_of(*pair), shared, "", agreed=False)
                found.append(LineEffect(BEGINS, None, pair, piece.level, (piece,)))
    return found


def _lines_of(shape: BaseGeometry) -> BaseGeometry:
    parts = [part for part in shapely.get_parts(shape) if isinstance(part, shapely.LineString)]
    merged = shapely.line_merge(shapely.union_all(parts)) if parts else shapely.MultiLineString()
    return shapely.MultiLineString(
        [part for part in shapely.get_parts(merged) if isinstance(part, shapely.LineString)]
    )


def _surveys(effects: Sequence[LineEffect], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What must be surveyed on the ground (勘定) before the change is whole."""
    found = []
    told: Callable[[str], str] = lambda code: names.get(code, code)  # noqa: E731 - one word
    for effect in effects:
        for piece in effect.pieces:
            who = "、".join(told(code) for code in piece.parties)
            if not piece.agreed:
                found.append(
                    (
                        f"勘定 {who} 间的新界线，设置界桩，签订协议书并备案（条例第九条）",
                        (
                            f"survey the new line between {who}, set markers, sign and file the"
                            " agreement (Order 353, Art 9)"
                        ),
                    )
                )
            found += [
                (
                    f"在 {lon:.6f}，{lat:.6f} 附近勘定三交点（{who} 与邻方）",
                    f"survey the tri-junction near {lon:.6f}, {lat:.6f} ({who} and a neighbour)",
                )
                for lon, lat in _loose_ends(piece, effect)
            ]
    return found


def _loose_ends(piece: Piece, effect: LineEffect) -> list[tuple[float, float]]:
    """The ends of a piece that are no ends of the line that it was cut from."""
    own = _ends(piece.shape)
    before = _ends(effect.line.shape) if effect.line else set()
    return sorted(own - before)


def _ends(shape: BaseGeometry) -> set[tuple[float, float]]:
    return {
        (round(float(run[place, 0]), 9), round(float(run[place, 1]), 9))
        for run in run_of(shape)
        for place in (0, -1)
    }
