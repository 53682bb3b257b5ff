"""Planes there and back, against a second way to the same numbers; what PROJ cannot do is told."""

import numpy as np
import pytest

from data.coordinates import ReferenceSystem, proj
from data.coordinates.datums import CGCS2000_DATUM
from data.coordinates.datums import WGS84 as WGS84_DATUM
from data.coordinates.offset_maps import (
    bd09_from_gcj02,
)
from data.coordinates.planes import (
    FALSE_EASTING_M,
    gauss_kruger_forward,
    gauss_kruger_inverse,
    plane_to_lonlat,
)
from data.errors import InvalidValue

LON, LAT = (grid.ravel() for grid in np.meshgrid(np.arange(108, 115, 0.7), np.arange(38, 53, 1.9)))
UTM_SCALE = 0.9996  # by which a zone of UTM is smaller than the same Gauss-Krüger zone
WGS84 = WGS84_DATUM.ellipsoid
FEWEST_DEGREES = 1e-11


def test_gauss_kruger_leads_back_to_where_it_began() -> None:
    lon, lat = gauss_kruger_inverse(*gauss_kruger_forward(LON, LAT, 111.0, WGS84), 111.0, WGS84)
    assert np.abs(lon - LON).max() < FEWEST_DEGREES
    assert np.abs(lat - LAT).max() < FEWEST_DEGREES


def test_another_plane_is_read_by_its_code() -> None:
    """A zone of UTM is a Gauss-Krüger zone of the same meridian, scaled about its origin."""
    east, north = gauss_kruger_forward(LON, LAT, 111.0, WGS84)
    utm_east = FALSE_EASTING_M + UTM_SCALE * (east - FALSE_EASTING_M)
    lon, lat = plane_to_lonlat(utm_east, UTM_SCALE * north, ReferenceSystem.parse("EPSG:32649"))
    assert np.abs(lon - LON).max() < FEWEST_DEGREES
    assert np.abs(lat - LAT).max() < FEWEST_DEGREES


def test_a_plane_is_read_by_its_words() -> None:
    wkt = proj.system(32649).to_wkt()
    lon, lat = plane_to_lonlat([FALSE_EASTING_M], [0.0], ReferenceSystem.parse(wkt))
    assert (lon[0], lat[0]) == pytest.approx((111.0, 0.0), abs=FEWEST_DEGREES)


def test_a_zone_is_asked_for_where_none_is_told() -> None:
    bare = ReferenceSystem(CGCS2000_DATUM, kind="gauss_kruger", text="CGCS2000 3度带")
    with pytest.raises(InvalidValue, match="needs its zone") as refused:
        plane_to_lonlat([563_254.0], [4_523_075.0], bare)
    assert (refused.value.field, refused.value.value) == ("crs", "CGCS2000 3度带")


def test_bd09_is_another_place_some_hundred_metres_away() -> None:
    shifted = np.array(bd09_from_gcj02(LON, LAT)) - (LON, LAT)
    assert np.abs(shifted).min() > 0.001  # a hundred metres: it is another place
    assert np.abs(shifted).max() < 0.02


def test_what_is_no_reference_system_is_none() -> None:
    assert proj.system_of_code(999_999) is None
    assert proj.system_of_wkt("no words of a system") is None


def test_positions_that_an_operation_does_not_reach_are_none() -> None:
    """A gnomonic projection shows less than half of the Earth."""
    steps = "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=gnom"
    assert proj.changed(steps, np.array([111.0]), np.array([40.0]), inverse=False) is None
    reached = proj.changed(steps, np.array([11.0]), np.array([40.0]), inverse=False)
    assert reached is not None
    back = proj.changed(steps, *reached, inverse=True)
    assert back is not None
    assert np.array(back).ravel() == pytest.approx([11.0, 40.0])


def test_systems_that_nothing_known_joins_have_no_operation() -> None:
    beijing_1954, cgcs2000, osgb36, wgs84 = 4214, 4490, 4277, 4326
    assert proj.best_operation(beijing_1954, cgcs2000, (97.0, 37.0, 126.0, 54.0)) is None
    found = proj.best_operation(osgb36, wgs84, (-6.0, 50.0, 2.0, 59.0))
    assert found is not None
    assert found[1] > 0  # metres
