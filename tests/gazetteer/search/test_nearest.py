"""The nearest places are those that a look at every place finds."""

import math
import random
from collections.abc import Iterator

import pytest
from pyproj import Geod

from data.geometry import point_wkb
from data.store import Store, create_store
from gazetteer.search import Origin, nearest, rebuild
from gazetteer.search.nearest import nearest_names, nearest_places
from gazetteer.tables import place

CROWD = (111.0, 41.0)
"""Where forty places share one position."""


def drawn() -> list[tuple[float, float]]:
    """Some far apart, some in a town, forty at one position, two far in the north."""
    chance = random.Random(11)  # noqa: S311 - no secret
    spread = [(chance.uniform(108, 116), chance.uniform(39, 45)) for _ in range(400)]
    town = [(112.5 + chance.gauss(0, 0.01), 42.5 + chance.gauss(0, 0.01)) for _ in range(300)]
    return [*spread, *town, *[CROWD] * 40, (20.0, 88.9), (-20.0, 88.9)]


@pytest.fixture(
    scope="module", params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)]
)
def placed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A store of each kind with the drawn places; no test of it writes."""
    here = tmp_path_factory.mktemp("nearest") / "places.gpkg"
    file = request.param == "geopackage"
    with create_store(str(here) if file else request.getfixturevalue("module_database")) as store:
        with store.write("tester", "places around") as transaction:
            rows = (
                {"name": f"敖包{n}", "status": "standard", "geom": point_wkb(lon, lat)}
                for n, (lon, lat) in enumerate(drawn())
            )
            transaction.insert_many(place, rows)
            rebuild(transaction)
        yield store


def by_hand(lon: float, lat: float, reach_m: float) -> list[float]:
    geod = Geod(ellps="GRS80")
    metres = [geod.inv(lon, lat, *other)[2] for other in drawn()]
    return sorted(one for one in metres if one <= reach_m)


POSITIONS = [
    (112.5, 42.5), (112.51, 42.49), CROWD, (111.0003, 41.0), (108.0, 39.0), (115.97, 44.9),
    (110.123, 43.456), (60.0, 10.0),
]  # fmt: skip


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("count", [1, 10, 60])
@pytest.mark.parametrize("reach_m", [0.0, 300.0, 20_000.0, math.inf])
def test_they_are_those_of_a_look_at_every_place(
    placed: Store, position: tuple[float, float], count: int, reach_m: float
) -> None:
    with placed.read() as connection:
        found = nearest_places(connection, Origin(*position), count, reach_m)
    # Half a degree of latitude is 55 km: what is farther need not be found.
    expected = by_hand(*position, min(reach_m, 55_000.0))[:count]
    assert [far for _, far in found][: len(expected)] == pytest.approx(expected, abs=0.01)
    assert len(found) <= count
    assert all(far <= reach_m for _, far in found)


def test_a_town_of_too_many_is_looked_at_in_narrower_boxes(
    placed: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearest, "_MANY", 5)
    for lon, lat in POSITIONS:
        with placed.read() as connection:
            found = [far for _, far in nearest_places(connection, Origin(lon, lat), 10)]
        expected = by_hand(lon, lat, 55_000.0)[:10]
        assert found[: len(expected)] == pytest.approx(expected, abs=0.01)


def test_equally_near_ones_come_in_search_order(placed: Store) -> None:
    with placed.read() as connection:
        found = [form.ordinal for form, _ in nearest_places(connection, Origin(*CROWD), 40)]
    assert found == sorted(found)
    assert len(set(found)) == 40


def test_beside_a_pole_a_box_is_a_ring(placed: Store) -> None:
    with placed.read() as connection:
        found = nearest_places(connection, Origin(20.0, 88.95), 2)
    assert [round(far) for _, far in found] == [round(by_hand(20.0, 88.95, 10_000)[0])]


def test_places_without_a_name_in_the_index_are_passed_over(placed: Store) -> None:
    from sqlalchemy import text

    with placed.engine.connect() as connection:
        connection.execute(text("DELETE FROM search_form WHERE target_id <= 720"))
        found = nearest_places(connection, Origin(112.5, 42.5), 5)
        connection.rollback()
    assert found == []


def add(store: Store, *places: tuple[str, float, float]) -> None:
    with store.write("tester", "more places") as transaction:
        rows = (
            {"name": name, "status": "standard", "category_code": "22200"}
            | {"geom": point_wkb(lon, lat)}
            for name, lon, lat in places
        )
        transaction.insert_many(place, rows)
        rebuild(transaction)


def names_near(store: Store, lon: float, lat: float, count: int = 10) -> list[str]:
    with store.read() as connection:
        return [one.name for one in nearest_names(connection, Origin(lon, lat), count)]


def test_across_180_degrees_and_over_the_pole(store: Store) -> None:
    add(
        store,
        ("西", 179.9, 50.0),
        ("东", -179.95, 50.0),
        ("极", 30.0, 89.9),
        ("对面", -150.0, 89.8),
    )
    assert names_near(store, 179.99, 50.0) == ["东", "西"]
    assert names_near(store, -179.99, 50.0) == ["东", "西"]
    assert names_near(store, 30.0, 89.95) == ["极", "对面"]


def test_distance_and_bearing_are_those_along_the_ellipsoid(store: Store) -> None:
    add(store, ("甲", 111.2, 41.1))
    with store.read() as connection:
        (found,) = nearest_names(connection, Origin(111.0, 41.0), 3)
    azimuth, _, metres = Geod(ellps="GRS80").inv(111.0, 41.0, 111.2, 41.1)
    assert (found.name, found.category_code) == ("甲", "22200")
    assert (found.distance_m, found.bearing_deg) == pytest.approx((metres, azimuth % 360))


def test_what_another_program_writes_is_near_at_once(store: Store) -> None:
    from sqlalchemy import text

    add(store, ("甲", 111.2, 41.1), ("乙", 111.3, 41.1))
    with store.locked() as connection:
        if not store.embedded:
            connection.execute(text("SET LOCAL ovoo.own_write = 'off'"))
        moved = {"name": "甲改", "geom": point_wkb(111.0, 41.0)}
        connection.execute(place.update().where(place.c.name == "甲").values(moved))
        new = {"name": "丙", "status": "standard", "geom": point_wkb(111.01, 41.0)}
        connection.execute(place.insert().values(new))
    assert names_near(store, 111.0, 41.0) == ["甲改", "丙", "乙"]
    assert names_near(store, 60.0, 10.0) == []
