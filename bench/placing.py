"""Positions in divisions, beside `geopandas.sjoin` on the same polygons."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

POINTS = 100_000
MOST_RATIO = 2.0
"""How many times as long as the join it may take."""

_AREAS = 103
_WEST, _SOUTH, _EAST, _NORTH = 97.2, 37.4, 126.0, 53.3
_ROUNDS = 3


def where_line(folder: Path) -> str:
    """Place `POINTS` positions in drawn divisions, and join them; the best of some rounds."""
    from data.store import create_store
    from gazetteer.where import where_all

    chance = np.random.default_rng(5)
    shapes = drawn_areas(chance)
    lons, lats = chance.uniform(_WEST, _EAST, POINTS), chance.uniform(_SOUTH, _NORTH, POINTS)
    with create_store(str(folder / "areas.gpkg")) as store:
        _fill(store, shapes)
        where_all(store, lons[:1], lats[:1])
        own = _best(lambda: where_all(store, lons, lats))
    joined = _best(_join(shapes, lons, lats))
    return (
        f"{'where, a table':22} {POINTS / own:7.0f}/s  {POINTS} in {own:.2f} s"
        f" | geopandas.sjoin {joined:.2f} s | ratio {own / joined:.2f} (limit {MOST_RATIO:.0f})"
    )


def drawn_areas(chance: np.random.Generator) -> Any:
    """Polygons that fill a box, with some hundred corners each, as outlines of counties have."""
    seeds = shapely.multipoints(
        np.column_stack(
            [chance.uniform(_WEST, _EAST, _AREAS), chance.uniform(_SOUTH, _NORTH, _AREAS)]
        )
    )
    box = shapely.box(_WEST, _SOUTH, _EAST, _NORTH)
    cells = shapely.get_parts(shapely.voronoi_polygons(seeds, extend_to=box))
    return shapely.segmentize(shapely.intersection(cells, box), 0.03)


def draw_around(path: Path) -> None:
    """Draw divisions with outlines, and the lines between them, into a store of names."""
    from boundary.tables import line
    from data.geometry import to_wkb
    from data.store import open_store

    shapes = drawn_areas(np.random.default_rng(5))
    one, other = np.triu_indices(len(shapes), 1)
    edges = shapely.line_merge(shapely.intersection(shapes[one], shapes[other]))
    drawn = [shapely.MultiLineString(shapely.get_parts(edge).tolist()) for edge in _lines(edges)]
    with open_store(str(path)) as store:
        _fill(store, shapes)
        with store.write("bench", "draw lines") as transaction:
            transaction.insert_many(
                line,
                (
                    {"name": f"线{n}", "level": "county", "geom": to_wkb(edge)}
                    for n, edge in enumerate(drawn)
                ),
            )


def _lines(shapes: Any) -> Any:
    return shapes[np.isin(shapely.get_type_id(shapes), (1, 5)) & ~shapely.is_empty(shapes)]


def _fill(store: Any, shapes: Any) -> None:
    from data.geometry import to_wkb
    from gazetteer.following import make_searchable
    from gazetteer.tables import division

    with store.write("bench", "draw areas") as transaction:
        transaction.insert_many(
            division,
            (
                {"code": str(150001 + n), "name": f"区{n}", "level": "county"}
                | {"geom": to_wkb(shapely.MultiPolygon([shape]))}
                for n, shape in enumerate(shapes)
            ),
        )
    make_searchable(store)


def _join(shapes: Any, lons: Any, lats: Any) -> Callable[[], Any]:
    import geopandas

    areas = geopandas.GeoDataFrame({"code": range(len(shapes))}, geometry=list(shapes), crs=4490)
    points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lons, lats), crs=4490)
    return lambda: geopandas.sjoin(points, areas, how="left", predicate="intersects")


def _best(work: Callable[[], Any]) -> float:
    times = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
