"""The box of a layer: on PostGIS found on the index, however many points there are."""

import numpy as np
from plans import scanned
from sqlalchemy import text

from data import read_extent
from data.geometry import Box, point_wkb
from data.store import Store
from gazetteer.tables import place


def test_the_extent_of_points_is_exact_and_reads_no_whole_table(store: Store) -> None:
    with store.read() as connection:
        assert read_extent(connection, place) is None
    chance = np.random.default_rng(3)
    lons, lats = chance.uniform(97, 126, 3_000).tolist(), chance.uniform(37, 53, 3_000).tolist()
    points = list(zip(lons, lats, strict=True))
    with store.write("tests", "points") as transaction:
        transaction.insert_many(
            place,
            ({"name": "a", "status": "standard", "geom": point_wkb(*point)} for point in points),
        )
        transaction.insert(place, {"name": "nowhere", "status": "standard"})
    with store.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    with store.read() as connection:
        found = read_extent(connection, place)
    assert found is not None
    if store.embedded:  # the R-tree rounds outwards to 32 bits
        assert found.min_x <= min(lons) < found.min_x + 1e-4
        return
    assert found == Box(min(lons), min(lats), max(lons), max(lats))
    assert scanned(store, lambda connection: read_extent(connection, place)) == []
