"""The nearest registered line: the right one, its true distance, on the right day."""

import math
import random
from datetime import date
from typing import Any

import pytest
import shapely
from pyproj import Geod
from sqlalchemy import Table, select

from boundary.lines.nearest import NearestLine, nearest_line
from boundary.tables import line
from data import PUBLIC_SIGHT, seen_by
from data.actors import Actor
from data.geometry import to_wkb
from data.release_keeping import set_level, set_rule
from data.releases import Level, Precision, Rule
from data.store import Store
from gazetteer.tables import division

GEOD = Geod(ellps="GRS80")


def nearest(store: Store, lon: float, lat: float, as_of: date | None = None) -> NearestLine | None:
    with store.read() as connection:
        return nearest_line(store, connection, store.change_mark(connection), lon, lat, as_of)


def test_the_line_between_two_banners(filled: Store) -> None:
    found = nearest(filled, 111.95, 41.5)
    assert found is not None
    assert found.record["name"] == "东西线"
    assert set(found.parties) == {"990101", "990102"}
    assert (found.lon, found.lat) == pytest.approx((112.0, 41.5), abs=1e-3)
    assert found.bearing_deg == pytest.approx(90.0, abs=0.1)
    meridian_m = min(
        GEOD.inv(111.95, 41.5, 112.0, 41.5 + step * 1e-5)[2] for step in range(-100, 100)
    )
    assert found.distance_m == pytest.approx(meridian_m, abs=0.05)


def test_the_nearer_of_two_and_only_what_held_on_the_day(filled: Store) -> None:
    shape = to_wkb(shapely.MultiLineString([[(111.94, 41.0), (111.94, 42.0)]]))
    row = {"name": "旧线", "level": "county", "geom": shape, "valid_to": date(2000, 1, 1)}
    with filled.write("tester", "a line of before") as transaction:
        transaction.insert(line, row)
    today = nearest(filled, 111.95, 41.5)
    then = nearest(filled, 111.95, 41.5, date(1999, 12, 31))
    assert today is not None
    assert then is not None
    assert (today.record["name"], then.record["name"]) == ("东西线", "旧线")


def test_no_line_near(filled: Store) -> None:
    assert nearest(filled, 80.0, 30.0) is None


def test_nothing_beyond_three_degrees(filled: Store) -> None:
    corner = nearest(filled, 109.5, 43.5)
    assert corner is not None
    assert corner.distance_m < 3 * 111_320
    assert nearest(filled, 108.5, 44.5) is None


def one_by_one(rows: list[tuple[int, shapely.Geometry]], lon: float, lat: float) -> Any:
    """The distance and id of the line whose nearest point on the plane is nearest by the geodesic.

    Each line is laid on the plane that is true to scale at the position, and measured alone.
    """
    narrow = math.cos(math.radians(lat))
    found = []
    for row_id, shape in rows:
        plane = shapely.transform(shape, lambda xy: (xy - (lon, lat)) * (narrow, 1.0))
        _, foot = shapely.get_coordinates(shapely.shortest_line(shapely.Point(0, 0), plane))
        there = lon + float(foot[0]) / narrow, lat + float(foot[1])
        found.append((GEOD.inv(lon, lat, *there)[2], row_id))
    return min(found)


@pytest.mark.parametrize("seed", range(4))
def test_the_fast_nearest_is_that_of_all_lines_one_by_one(store: Store, seed: int) -> None:
    """Long edges, vertices that lines share, lines in several parts, the same line twice."""
    chance = random.Random(seed)  # noqa: S311 - drawn lines

    def vertex() -> tuple[float, float]:
        if chance.random() < 0.5:
            return float(chance.randint(108, 114)), float(chance.randint(38, 44))
        return chance.uniform(108, 114), chance.uniform(38, 44)

    shapes = [
        shapely.MultiLineString(
            [[vertex() for _ in range(chance.randint(2, 9))] for _ in range(chance.randint(1, 2))]
        )
        for _ in range(25)
    ]
    shapes.append(shapes[3])
    with store.write("tester", "lines") as transaction:
        for number, shape in enumerate(shapes):
            row = {"name": f"线{number}", "level": "county", "geom": to_wkb(shape)}
            transaction.insert(line, row)
    with store.read() as connection:
        stored = connection.execute(select(line.c.id, line.c.geom).order_by(line.c.id)).all()
    rows = [(row.id, shapely.from_wkb(row.geom)) for row in stored]
    asked = [vertex() for _ in range(60)]
    asked += [(chance.uniform(106, 116), chance.uniform(36, 46)) for _ in range(140)]
    for lon, lat in asked:
        found = nearest(store, lon, lat)
        metres, row_id = one_by_one(rows, lon, lat)
        assert found is not None
        assert found.distance_m == pytest.approx(metres, rel=1e-9, abs=1e-5)
        if found.record["id"] != row_id:  # they meet in the nearest point: either is right
            other = min(one_by_one([row], lon, lat)[0] for row in rows if row[0] == row_id)
            assert other == pytest.approx(metres, rel=1e-9, abs=1e-5)


def test_what_is_kept_of_lines_follows_every_change(filled: Store) -> None:
    before = nearest(filled, 111.95, 41.5)
    assert before is not None
    shape = to_wkb(shapely.MultiLineString([[(111.94, 41.0), (111.94, 42.0)]]))
    row = {"name": "新线", "level": "county", "geom": shape}
    with filled.write("tester", "a division is named anew") as transaction:
        transaction.update(division, 1, _version(filled, division, 1), {"name": "他旗"})
    assert nearest(filled, 111.95, 41.5) == before
    with filled.write("tester", "a line") as transaction:
        new_id = transaction.insert(line, row)
    after = nearest(filled, 111.95, 41.5)
    assert after is not None
    assert after.record["name"] == "新线"
    with filled.write("tester", "it ends") as transaction:
        transaction.update(line, new_id, 1, {"valid_to": date(2020, 1, 1)})
    assert nearest(filled, 111.95, 41.5) == before


def test_a_line_that_is_not_seen_is_not_told(filled: Store) -> None:
    """Also where others of the table are released otherwise already, which changes no rule."""
    root, public = Actor.operator("tester"), seen_by(filled, PUBLIC_SIGHT)
    set_rule(filled, root, Rule("line", Level.PUBLIC, Precision.FULL))
    ids = []
    with filled.write("tester", "two lines") as transaction:
        for west in (111.94, 111.93):
            shape = to_wkb(shapely.MultiLineString([[(west, 41.0), (west, 42.0)]]))
            row = {"name": f"{west}线", "level": "county", "geom": shape}
            ids.append(transaction.insert(line, row))
    set_level(filled, root, "line", ids[1], Level.CLOSED, "it is not to be told")
    first = nearest(public, 111.945, 41.5)
    assert first is not None
    assert first.record["id"] == ids[0]
    set_level(filled, root, "line", ids[0], Level.CLOSED, "nor this")
    after = nearest(public, 111.945, 41.5)
    assert after is not None
    assert after.record["name"] == "东西线"
    whole = nearest(filled, 111.945, 41.5)
    assert whole is not None
    assert whole.record["id"] == ids[0]


def _version(store: Store, table: Table, row_id: int) -> int:
    with store.read() as connection:
        return int(connection.scalar(select(table.c.version).where(table.c.id == row_id)) or 0)
