"""Answering where a position is, one at a time or a table at once."""

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection

from data.errors import InvalidValue
from data.store import Store
from gazetteer.search import DivisionEntry, Origin, is_geographic
from gazetteer.search.nearness import nearest_places
from gazetteer.where.areas import Areas, Level, areas_of
from gazetteer.where.edges import NearestEdge, nearest_edge
from gazetteer.where.values import Edge, NearbyName, Path, Whereabouts


def where(
    store: Store,
    lon: float,
    lat: float,
    *,
    as_of: date | None = None,
    edge_uncertainty_m: float = 0.0,
    names: int = 5,
    reach_m: float = math.inf,
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
        reach_m: how far the names may be, in metres; half a degree at most.

    Raises:
        InvalidValue: the position is not on the ellipsoid, the uncertainty is negative, or the
            positions of the store are not degrees.
    """
    _check(lon, lat, edge_uncertainty_m)
    _check_store(store)
    with store.read() as connection:
        areas = areas_of(store, connection, as_of.toordinal() if as_of else None)
        nearest = _nearest_names(connection, lon, lat, names, reach_m) if names else ()
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

    Raises:
        InvalidValue: the positions of the store are not degrees.
    """
    _check_store(store)
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


def _check_store(store: Store) -> None:
    if not is_geographic(store.crs):
        raise InvalidValue(
            "lon,lat",
            store.crs,
            "the positions of this store are not degrees",
            "use a store in degrees, such as EPSG:4490",
            f"本库坐标不是经纬度（{store.crs}）；请使用经纬度坐标系的库，如 EPSG:4490",
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
    connection: Connection, lon: float, lat: float, count: int, reach_m: float
) -> tuple[NearbyName, ...]:
    origin = Origin(lon, lat)
    nearest = nearest_places(connection, origin, count, reach_m)
    bearings = origin.bearings_deg([(form.lon, form.lat) for form, _ in nearest])
    return tuple(
        NearbyName(form.target_id, form.display, form.category_code, metres, bearing)
        for (form, metres), bearing in zip(nearest, bearings, strict=True)
    )
