"""The nearest registered line: the right one, its true distance, on the right day."""

from datetime import date

import pytest
import shapely
from pyproj import Geod

from boundary.lines.nearest import nearest_line
from boundary.tables import line
from data.geometry import to_wkb
from data.store import Store

GEOD = Geod(ellps="GRS80")


def test_the_line_between_two_banners(filled: Store) -> None:
    found = nearest_line(filled, 111.95, 41.5)
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
    today = nearest_line(filled, 111.95, 41.5)
    then = nearest_line(filled, 111.95, 41.5, date(1999, 12, 31))
    assert today is not None
    assert then is not None
    assert (today.record["name"], then.record["name"]) == ("东西线", "旧线")


def test_no_line_near(filled: Store) -> None:
    assert nearest_line(filled, 80.0, 30.0) is None
