"""Answering where a position is, one at a time or a table at once."""

import math
import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection

from data.coordinates import Position
from data.errors import InvalidValue
from data.reference import AdministeredElsewhere, administered_elsewhere
from data.store import Store
from gazetteer.search import DivisionEntry, Origin, is_geographic
from gazetteer.search.nearest import nearest_names
from gazetteer.where.areas import Areas, Level, Path, areas_in
from gazetteer.where.edges import NearestEdge, areas_within, nearest_edge
from gazetteer.where.values import Edge, Whereabouts

_DEGREES: Final = re.compile(r"-?[0-9]{1,3}\.[0-9]{1,12}", re.ASCII)
"""What programs send; everything else is read as people write it."""


def where(
    store: Store,
    lon: float,
    lat: float,
    *,
    as_of: date | None = None,
    edge_uncertainty_m: float | None = None,
    names: int = 5,
    reach_m: float = math.inf,
) -> Whereabouts:
    """The divisions around a position, the nearest edge and the nearest names.

    Args:
        store: where the divisions are.
        lon: longitude in degrees, in the store's system.
        lat: latitude in degrees.
        as_of: a day; the divisions and their parents are those then in force.
        edge_uncertainty_m: how far the drawn edges may be from the true ones, in metres; None
            for what is known of the outlines' source. A position nearer to an edge than that is
            not put on one side of it.
        names: how many of the nearest names to give.
        reach_m: how far the names may be, in metres; half a degree at most.

    Raises:
        InvalidValue: the position is not on the ellipsoid, the uncertainty is negative, or the
            positions of the store are not degrees.
    """
    with store.read() as connection:
        return where_in(
            store,
            connection,
            store.change_mark(connection),
            lon,
            lat,
            as_of=as_of,
            edge_uncertainty_m=edge_uncertainty_m,
            names=names,
            reach_m=reach_m,
        )


def where_in(
    store: Store,
    connection: Connection,
    state: str,
    lon: float,
    lat: float,
    *,
    as_of: date | None = None,
    edge_uncertainty_m: float | None = None,
    names: int = 5,
    reach_m: float = math.inf,
) -> Whereabouts:
    """The same on a connection that reads the store, whose `change_mark` is known."""
    _check(lon, lat, edge_uncertainty_m)
    check_store(store)
    areas = areas_in(store, connection, state, as_of.toordinal() if as_of else None)
    origin = Origin(lon, lat)
    nearest = tuple(nearest_names(connection, origin, names, reach_m)) if names else ()
    holding = areas.all_holding(lon, lat)
    located_in, administered_by = _paths(areas, holding)
    level, edge = _edge(areas, holding, origin)
    candidates: tuple[Path, ...] = ()
    shown = None
    if level is not None and edge is not None:
        given_m = edge_uncertainty_m
        uncertain_m = _uncertain_m(level, edge) if given_m is None else given_m
        shown = _shown_edge(level, edge, uncertain_m)
        candidates = _candidates(areas, level, edge, uncertain_m or 0.0, origin)
    if candidates:  # what they share
        located_in, administered_by = _common(candidates), ()
    elsewhere = _elsewhere(areas, located_in)
    return Whereabouts(lon, lat, located_in, administered_by, candidates, shown, nearest, elsewhere)


def _uncertain_m(level: Level, edge: NearestEdge) -> float | None:
    """How far the edge may be from the true one, by the outlines that it belongs to."""
    stated = (level.uncertain_m.item(place) for place in edge.meeting)
    return max((metres for metres in stated if not math.isnan(metres)), default=None)


def _elsewhere(areas: Areas, located_in: Path) -> tuple[AdministeredElsewhere, ...]:
    """What lies in the smallest area and is administered by others, without an area here."""
    return areas.elsewhere.get(located_in[-1].code, ()) if located_in else ()


def _check(lon: float, lat: float, edge_uncertainty_m: float | None) -> None:
    if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004 - degrees of the whole ellipsoid
        raise InvalidValue(
            "lon,lat",
            f"{lon},{lat}",
            "a longitude is within ±180 and a latitude within ±90 degrees",
            "give decimal degrees, the longitude first",
            "经度应在 ±180 度内，纬度应在 ±90 度内；请按经度、纬度的次序填写十进制度",
        )
    if edge_uncertainty_m is not None and not edge_uncertainty_m >= 0:
        raise InvalidValue(
            "edge_uncertainty_m",
            edge_uncertainty_m,
            "an uncertainty in metres is not negative",
            "give 0 or more",
            "界线误差（米）不能为负；请填写 0 或正数",
        )


def parse_position(lon: str, lat: str) -> tuple[float, float]:
    """A position as people write it, in degrees.

    Raises:
        InvalidValue: it is none, or not on earth.

    >>> parse_position("111°45′", "北纬40.5")
    (111.75, 40.5)
    """
    if _DEGREES.fullmatch(lon) and _DEGREES.fullmatch(lat):
        plain = float(lon), float(lat)
        if abs(plain[0]) <= 180 and abs(plain[1]) <= 90:  # noqa: PLR2004 - degrees
            return plain
    found = Position.parse(lon=lon, lat=lat)
    return found.lon, found.lat


def check_store(store: Store) -> None:
    """Refuse a store whose positions are not degrees.

    Raises:
        InvalidValue: naming its reference system.
    """
    if not is_geographic(store.crs):
        raise InvalidValue(
            "lon,lat",
            store.crs,
            "the positions of this store are not degrees",
            "use a store in degrees, such as EPSG:4490",
            f"本库坐标不是经纬度（{store.crs}）；请使用经纬度坐标系的库，如 EPSG:4490",
        )


def _paths(areas: Areas, holding: Sequence[DivisionEntry]) -> tuple[Path, Path]:
    """The path of areas around, and that of the administration where it is another.

    The smallest area's parents administer it. It lies in another's area where the table of such
    cases says so; and where one of its parents has an area that does not hold the position while
    another division of that level does.
    """
    if not holding:
        return (), ()
    held = {entry.code for entry in holding}
    for row in administered_elsewhere():
        if row.code in held:
            located_in = areas.path(row.located_in)
            return located_in, areas.path(row.code)
    chain = areas.path(holding[0].code)
    codes = {entry.code for entry in chain}
    elsewhere = any(code in areas.codes and code not in held for code in codes)
    others = [entry for entry in holding if entry.code not in codes]
    if elsewhere and others:
        return areas.path(others[0].code), chain
    return chain, ()


def _edge(
    areas: Areas, holding: Sequence[DivisionEntry], origin: Origin
) -> tuple[Level | None, NearestEdge | None]:
    """The nearest edge on the level of the smallest area around; outside, of any level.

    Levels share edges: of equally near ones the smallest level's is taken.
    """
    known: list[tuple[Level, NearestEdge]] = []
    for level in areas.levels:
        covering = tuple(level.places[one.id] for one in holding if one.id in level.places)
        if covering or not holding:
            edge = nearest_edge(level, origin, covering)
            known += [(level, edge)] if edge else []
        if covering:
            break
    return min(known, key=lambda pair: round(pair[1].distance_m, 1), default=(None, None))


def _candidates(
    areas: Areas, level: Level, edge: NearestEdge, uncertainty_m: float, origin: Origin
) -> tuple[Path, ...]:
    """The paths that the uncertainty leaves open; none where it leaves one."""
    if edge.distance_m > uncertainty_m:
        return ()
    within = areas_within(level, origin, uncertainty_m, edge.covering)
    outside = len(edge.meeting) == 1 or not edge.covering
    if len(within) + outside < 2:  # noqa: PLR2004 - two sides
        return ()
    paths = [areas.path(level.entries[place].code) for place in within]
    return (*paths, ()) if outside else tuple(paths)


def _common(paths: Sequence[Path]) -> Path:
    """What all paths begin with."""
    common: list[DivisionEntry] = []
    for entries in zip(*paths, strict=False):
        if len({entry.code for entry in entries}) != 1:
            break
        common.append(entries[0])
    return tuple(common)


def _shown_edge(level: Level, edge: NearestEdge, uncertain_m: float | None) -> Edge:
    inside = edge.covering[0] if edge.covering else None
    across = tuple(level.entries[place] for place in edge.meeting if place != inside)
    within = None if inside is None else level.entries[inside]
    return Edge(edge.distance_m, edge.bearing_deg, uncertain_m, edge.lon, edge.lat, within, across)
