"""Where a position is: areas, edges, uncertainty, administration, the past, whole tables."""

from datetime import date
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import InvalidValue
from data.geometry import point_wkb, to_wkb
from data.store import Store
from gazetteer.search import rebuild
from gazetteer.tables import division, place
from gazetteer.where import where, where_all


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
    assert [step["code"] for step in answer["located_in"]] == ["150000"]
