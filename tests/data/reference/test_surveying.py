from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import CRS

from data.errors import InvalidValue
from data.reference import (
    Grid,
    datums,
    direction,
    directions,
    find_grid,
    grid,
    grids,
    method,
    methods,
    tolerance_class,
    tolerance_classes,
)

EPSG_NAMES = {
    "beijing1954": "Beijing 1954",
    "xian1980": "Xian 1980",
    "cgcs2000": "CGCS2000",
    "new_beijing": "New Beijing",
}


def _epsg_name(row: Grid) -> str:
    width = "3-degree " if row.zone_width_deg == 3 else ""
    place = f"zone {row.zone}" if row.prefixed else f"CM {row.central_meridian_deg:.0f}E"
    return f"{EPSG_NAMES[row.system]} / {width}Gauss-Kruger {place}"


@pytest.mark.parametrize("system", sorted(EPSG_NAMES))
def test_each_grid_is_the_zone_that_epsg_says(system: str) -> None:
    geographic = {row.code: row.geographic_epsg for row in datums()}[system]
    for row in (row for row in grids() if row.system == system):
        crs = CRS.from_epsg(row.epsg)
        assert crs.coordinate_operation is not None
        assert crs.geodetic_crs is not None
        operation = crs.coordinate_operation.params
        parameters: dict[str, object] = {item.name: item.value for item in operation}
        assert crs.name == _epsg_name(row)
        assert crs.geodetic_crs.to_epsg() == geographic
        assert parameters["Longitude of natural origin"] == row.central_meridian_deg
        assert parameters["False easting"] == row.false_easting_m
        assert [axis.direction for axis in crs.axis_info] == ["north", "east"]


def test_every_zone_stands_in_the_table_once() -> None:
    found = {(row.system, row.zone_width_deg, row.zone, row.prefixed) for row in grids()}
    wide = product(EPSG_NAMES, (6,), range(13, 24), (True, False))
    narrow = product(EPSG_NAMES, (3,), range(25, 46), (True, False))
    assert found == {*wide, *narrow}
    assert len(grids()) == len(found)


def test_the_zone_number_gives_the_central_meridian() -> None:
    for row in grids():
        expected = 3 * row.zone if row.zone_width_deg == 3 else 6 * row.zone - 3
        assert row.central_meridian_deg == expected


def test_a_grid_is_found_by_code_and_by_zone() -> None:
    assert grid(4525) == find_grid("cgcs2000", 3, 37, prefixed=True)
    assert grid(4326) is None
    assert find_grid("cgcs2000", 3, 20, prefixed=True) is None


def test_datums_have_the_ellipsoid_of_their_epsg_code() -> None:
    for row in datums():
        ellipsoid = CRS.from_epsg(row.geographic_epsg).ellipsoid
        assert ellipsoid is not None
        assert ellipsoid.semi_major_metre == row.semi_major_m
        assert ellipsoid.inverse_flattening == pytest.approx(row.inverse_flattening)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("静态", "static"),
        ("CORS", "network_rtk"),
        ("网络RTK", "network_rtk"),
        ("网络 rtk", "network_rtk"),
        ("单基站RTK", "single_base_rtk"),
        ("RTK", "single_base_rtk"),
        ("PPP", "ppp"),
        ("浮点", "float_rtk"),
        ("手持GPS", "handheld"),
        ("手机", "phone"),
        ("全站仪", "total_station"),
    ],
)
def test_methods_are_understood_as_surveyors_write_them(text: str, code: str) -> None:
    found = method(text)
    assert found is not None
    assert found.code == code


def test_what_is_no_method_is_none() -> None:
    assert method("目估") is None
    assert all(row.sigma_m > 0 for row in methods())


def test_tolerances_are_the_proposed_ones() -> None:
    assert {row.code: row.tolerance_m for row in tolerance_classes()} == {
        "A": 0.2,
        "B": 1.0,
        "C": 14.0,
    }
    assert tolerance_class(" a ") == tolerance_classes()[0]
    assert tolerance_class("Z") is None


@given(st.floats(-720, 720))
def test_every_azimuth_has_one_direction_of_22_and_a_half_degrees(azimuth_deg: float) -> None:
    found = direction(azimuth_deg)
    middle = (found.from_deg + 11.25) % 360
    off = (azimuth_deg - middle + 180) % 360 - 180
    assert -11.25 - 1e-9 <= off <= 11.25 + 1e-9


def test_directions_begin_in_the_north_and_go_clockwise() -> None:
    assert [row.code for row in directions()][:5] == ["N", "NNE", "NE", "ENE", "E"]
    assert direction(348.75).code == "N"
    assert direction(348.74).code == "NNW"
    with pytest.raises(InvalidValue, match="finite"):
        direction(float("nan"))
