"""Answering where a position is, one at a time or a table at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from data.errors import InvalidValue
from data.store import Store
from gazetteer.search import DivisionEntry, Origin
from gazetteer.search.nearness import places_around
from gazetteer.where.areas import Areas, Level, areas_of
from gazetteer.where.edges import NearestEdge, nearest_edge
from gazetteer.where.values import Edge, NearbyName, Path, Whereabouts

_HALF_SIDES_DEG: Final = (0.02, 0.1, 0.5)
_MOST_FORMS: Final = 5_000
_DEGREE_M: Final = 110_567.0


def where(
    store: Store,
    lon: float,
    lat: float,
    *,
    as_of: date | None = None,
    edge_uncertainty_m: float = 0.0,
    names: int = 5,
) -> Whereabouts:
    """The divisions around a position, the nearest edge and the nearest names.

    Args:
        store: where the divisions are.
        lon: longitude in degrees, in the store's system.
        lat: latitude in degrees.
        as_of: a day; the divisions and their parents are those then in force.
        edge_uncertainty_m: how far the drawn edges may be from the true ones, in metres. A
            position nearer to an edge than that is not put on one side of it.
        names: how many of the nearest names to give.

    Raises:
        InvalidValue: the position is not on the ellipsoid, or the uncertainty is negative.
    """
    _check(lon, lat, edge_uncertainty_m)
    with store.read() as connection:
        areas = areas_of(store, connection, as_of.toordinal() if as_of else None)
        nearest = _nearest_names(connection, lon, lat, names) if names else ()
    holding = areas.all_holding(lon, lat)
    located_in, administered_by = _paths(areas, holding, as_of)
    level, edge = _edge(areas, holding, lon, lat)
    if level is None or edge is None:
        return Whereabouts(lon, lat, located_in, administered_by, nearest=nearest)
    candidates = _candidates(areas, level, edge, edge_uncertainty_m, as_of)
    if candidates:
        located_in, administered_by = _common(candidates), ()
    shown = _shown_edge(level, edge)
    return Whereabouts(lon, lat, located_in, administered_by, candidates, shown, nearest)


def where_all(
    store: Store, lons: NDArray[Any], lats: NDArray[Any], *, as_of: date | None = None
) -> list[Path]:
    """The division path of each of many positions, highest first; empty where there is none.

    Args:
        store: where the divisions are.
        lons: longitudes in degrees, in the store's system.
        lats: latitudes in degrees, as many.
        as_of: a day, as for `where`.
    """
    with store.read() as connection:
        areas = areas_of(store, connection, as_of.toordinal() if as_of else None)
    points: Any = shapely.points(np.atleast_1d(lons), np.atleast_1d(lats))
    found = areas.smallest(points)
    paths = [areas.lexicon.path(entry.code, as_of) for entry in areas.entries]
    paths.append(())  # the place -1
    return [paths[place] for place in found.tolist()]


def _check(lon: float, lat: float, edge_uncertainty_m: float) -> None:
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - degrees of the whole ellipsoid
        raise InvalidValue(
            "lon,lat",
            f"{lon},{lat}",
            "a longitude is within ±180 and a latitude within ±90 degrees",
            "give decimal degrees, the longitude first",
            "经度应在 ±180 度内，纬度应在 ±90 度内；请按经度、纬度的次序填写十进制度",
        )
    if not edge_uncertainty_m >= 0:
        raise InvalidValue(
            "edge_uncertainty_m",
            edge_uncertainty_m,
            "an uncertainty in metres is not negative",
            "give 0 or more",
            "界线误差（米）不能为负；请填写 0 或正数",
        )


def _paths(areas: Areas, holding: Sequence[DivisionEntry], as_of: date | None) -> tuple[Path, Path]:
    """The path of areas around, and that of the administration where it is another.

    The smallest area's parents administer it. Where one of them has an area that does not hold
    the position while another division of its level does, it lies in that other's area.
    """
    if not holding:
        return (), ()
    chain = areas.lexicon.path(holding[0].code, as_of)
    codes = {entry.code for entry in chain}
    held = {entry.code for entry in holding}
    drawn = {entry.code for level in areas.levels for entry in level.entries}
    elsewhere = any(code in drawn and code not in held for code in codes)
    others = [entry for entry in holding if entry.code not in codes]
    if elsewhere and others:
        return areas.lexicon.path(others[0].code, as_of), chain
    return chain, ()


def _edge(
    areas: Areas, holding: Sequence[DivisionEntry], lon: float, lat: float
) -> tuple[Level | None, NearestEdge | None]:
    """The nearest edge on the level of the smallest area around; outside, of any level.

    Levels share edges: of equally near ones the smallest level's is taken.
    """
    levels = [one for one in areas.levels if not holding or holding[0] in one.entries]
    edges = [(level, nearest_edge(level, lon, lat)) for level in levels]
    known = [(level, edge) for level, edge in edges if edge]
    if not known:
        return None, None
    return min(known, key=lambda pair: round(pair[1].distance_m, 1))


def _candidates(
    areas: Areas, level: Level, edge: NearestEdge, uncertainty_m: float, as_of: date | None
) -> tuple[Path, ...]:
    """The paths that the uncertainty leaves open; none where it leaves one."""
    within = [number for number, metres in edge.area_m if metres <= uncertainty_m]
    inside = any(metres == 0.0 for _, metres in edge.area_m)
    outside = edge.distance_m <= uncertainty_m and len(edge.meeting) == 1
    if len(within) + (outside or not inside) < 2 or edge.distance_m > uncertainty_m:  # noqa: PLR2004 - two sides
        return ()
    paths = [areas.lexicon.path(level.entries[number].code, as_of) for number in within]
    if outside or not inside:
        paths.append(())
    return tuple(paths)


def _common(paths: Sequence[Path]) -> Path:
    """What all paths begin with."""
    common: list[DivisionEntry] = []
    for entries in zip(*paths, strict=False):
        if len({entry.code for entry in entries}) != 1:
            break
        common.append(entries[0])
    return tuple(common)


def _shown_edge(level: Level, edge: NearestEdge) -> Edge:
    inside = next((number for number, metres in edge.area_m if metres == 0.0), None)
    across = tuple(level.entries[number] for number in edge.meeting if number != inside)
    within = None if inside is None else level.entries[inside]
    return Edge(edge.distance_m, edge.lon, edge.lat, within, across)


def _nearest_names(
    connection: Connection, lon: float, lat: float, count: int
) -> tuple[NearbyName, ...]:
    """The nearest places, looked for in growing boxes."""
    origin = Origin(lon, lat)
    for half_side in _HALF_SIDES_DEG:
        forms = {
            form.target: form for form in places_around(connection, origin, half_side, _MOST_FORMS)
        }
        placed = list(forms.values())
        metres = origin.distances_m([(form.lon, form.lat) for form in placed])
        nearest = sorted(zip(metres, placed, strict=True), key=lambda p: (p[0], p[1].ordinal))
        sure_m = half_side * _DEGREE_M * np.cos(np.radians(min(abs(lat) + half_side, 90.0)))
        sure = [(m, form) for m, form in nearest if m <= sure_m]
        if len(sure) >= count or half_side == _HALF_SIDES_DEG[-1]:
            bearings = origin.bearings_deg([(form.lon, form.lat) for _, form in sure[:count]])
            return tuple(
                NearbyName(form.target_id, form.display, form.category_code, m, bearing)
                for (m, form), bearing in zip(sure, bearings, strict=False)
            )
    return ()
