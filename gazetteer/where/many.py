"""Where many positions are (批量定位): all at once; one by one only those that need it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from data.piece_rows import DEGREE_M
from data.store import Store
from gazetteer.where.areas import Areas, Level, Path, areas_of
from gazetteer.where.engine import check_store, where
from gazetteer.where.values import Whereabouts

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Placed:
    """What is told of one position of a table.

    Attributes:
        located_in, administered_by: as for one position.
        note_zh, note_en: what is not certain; empty where all is.
    """

    located_in: Path
    administered_by: Path = ()
    note_zh: str = ""
    note_en: str = ""


def where_all(
    store: Store, lons: NDArray[Any], lats: NDArray[Any], *, as_of: date | None = None
) -> list[Path]:
    """The division path of each of many positions, highest first; empty where there is none.

    It is the path of the smallest area around; edges are taken as they are drawn.

    Args:
        store: where the divisions are.
        lons: longitudes in degrees, in the store's system.
        lats: latitudes in degrees, as many.
        as_of: a day, as for `where`.

    Raises:
        InvalidValue: the positions of the store are not degrees.
    """
    areas = _areas(store, as_of)
    found = areas.smallest(_points(lons, lats))
    paths = _paths_by_place(areas)
    return [paths[place] for place in found.tolist()]


def place_all(
    store: Store,
    lons: NDArray[Any],
    lats: NDArray[Any],
    *,
    as_of: date | None = None,
    edge_uncertainty_m: float | None = None,
) -> Iterator[Placed]:
    """The same with what is not certain: positions near an edge, areas run from elsewhere.

    Args:
        store: where the divisions are.
        lons: longitudes in degrees, in the store's system.
        lats: latitudes in degrees, as many.
        as_of: a day, as for `where`.
        edge_uncertainty_m: as for `where`.

    Raises:
        InvalidValue: as `where` does.
    """
    areas = _areas(store, as_of)
    points = _points(lons, lats)
    found = areas.smallest(points)
    paths = _paths_by_place(areas)
    doubtful = _near_edges(areas, points, edge_uncertainty_m) | np.isin(found, sorted(areas.odd))
    for place, lon, lat, alone in zip(
        found.tolist(), np.atleast_1d(lons), np.atleast_1d(lats), doubtful.tolist(), strict=True
    ):
        if not alone:
            yield Placed(paths[place])
            continue
        told = where(
            store,
            float(lon),
            float(lat),
            as_of=as_of,
            edge_uncertainty_m=edge_uncertainty_m,
            names=0,
        )
        yield _placed(told)


def _placed(told: Whereabouts) -> Placed:
    certain = told.sure and not told.elsewhere
    notes = ("", "") if certain else (told.sentence("zh"), told.sentence("en"))
    return Placed(told.located_in, told.administered_by, *notes)


def _areas(store: Store, as_of: date | None) -> Areas:
    check_store(store)
    with store.read() as connection:
        return areas_of(store, connection, as_of.toordinal() if as_of else None)


def _points(lons: NDArray[Any], lats: NDArray[Any]) -> Any:
    return shapely.points(np.atleast_1d(lons), np.atleast_1d(lats))


def _paths_by_place(areas: Areas) -> list[Path]:
    paths = [areas.path(entry.code) for entry in areas.entries]
    return [*paths, ()]  # the place -1


def _near_edges(areas: Areas, points: Any, given_m: float | None) -> NDArray[np.bool_]:
    """Which positions may lie nearer to an edge than it is sure; a few others are among them."""
    near = np.zeros(len(points), dtype=bool)
    for level in areas.levels:
        uncertain_m = level.most_uncertain_m if given_m is None else given_m
        if uncertain_m > 0 and len(points):
            near |= _near(level, points, uncertain_m)
    return near


def _near(level: Level, points: Any, metres: float) -> NDArray[np.bool_]:
    highest = float(np.abs(shapely.get_y(points)).max())
    degrees = metres / (DEGREE_M * max(np.cos(np.radians(min(highest, 89.0))), 0.01))
    edges = shapely.boundary(level.shapes)
    tree = shapely.STRtree(edges)
    found, _ = tree.query(points, predicate="dwithin", distance=degrees)
    near = np.zeros(len(points), dtype=bool)
    near[found] = True
    return near
