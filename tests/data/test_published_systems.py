"""Every system that is published: its axes, forth and back, against pyproj's own reading."""

import numpy as np
import pyproj
import pytest
import shapely

from data.errors import InvalidValue
from data.geometry import Box
from data.published_systems import CRS84, PublishedSystem, find_system, published_systems

SYSTEMS = published_systems(4490)
POSITIONS = [[111.7031, 40.8412], [115.25, 41.5], [120.5, 49.125]]


def named(system: PublishedSystem) -> str:
    return system.uri.rsplit("/", 1)[1]


def expected(system: PublishedSystem, position: list[float]) -> tuple[float, float]:
    """What the system's authority says, in the order of its axes."""
    if system.epsg is None:
        return position[0], position[1]
    if system.geographic:
        return position[1], position[0]
    base = 4326 if system.epsg == 3857 else 4490
    transformer = pyproj.Transformer.from_crs(base, system.epsg)
    first, second = transformer.transform(position[1], position[0])
    return first, second


@pytest.mark.parametrize("system", SYSTEMS, ids=named)
def test_the_axes_are_those_of_the_authority(system: PublishedSystem) -> None:
    line = {"type": "LineString", "coordinates": POSITIONS}
    drawn = system.from_store(line)
    assert drawn is not None
    for found, position in zip(drawn["coordinates"], POSITIONS, strict=True):
        assert found == pytest.approx(expected(system, position), abs=1e-4, rel=0)


@pytest.mark.parametrize("system", SYSTEMS, ids=named)
def test_forth_and_back_is_where_it_was(system: PublishedSystem) -> None:
    forth = system.from_store({"type": "Polygon", "coordinates": [[*POSITIONS, POSITIONS[0]]]})
    assert forth is not None
    back = system.to_store(shapely.Polygon(forth["coordinates"][0]))
    near = np.abs(shapely.get_coordinates(back)[:3] - np.array(POSITIONS))
    assert near.max() < 2e-9 if system.geographic else near.max() < 2e-8


NEAR = [one for one in SYSTEMS if one.geographic or one.epsg in {3857, 4526, 4547}]
"""Far from its own meridian a zone's grid stands askew, and a box of it reaches far."""


@pytest.mark.parametrize("system", NEAR, ids=named)
def test_a_box_is_read_in_the_order_of_the_axes(system: PublishedSystem) -> None:
    corners = [[114.0, 41.0], [115.0, 42.0], [114.0, 42.0], [115.0, 41.0]]
    drawn = system.from_store({"type": "MultiPoint", "coordinates": corners})
    assert drawn is not None
    placed = np.array(drawn["coordinates"])
    sides = [*placed.min(axis=0).tolist(), *placed.max(axis=0).tolist()]
    box = system.read_box(",".join(map(str, sides)))
    assert (box.min_x, box.min_y) <= (114.0 + 1e-7, 41.0 + 1e-7)
    assert box.max_x >= 115.0 - 1e-7
    assert box.max_y >= 42.0 - 1e-7
    # The edges of a box in a projection bend: it may reach further, but not far.
    assert box.max_x - box.min_x < 1.2
    assert box.max_y - box.min_y < 1.2


def test_a_box_may_cross_the_antimeridian_in_either_order() -> None:
    assert find_system(CRS84, 4490, "bbox-crs").read_box("177,65,-177,70") == Box(177, 65, -177, 70)
    lat_first = find_system("http://www.opengis.net/def/crs/EPSG/0/4326", 4490, "bbox-crs")
    assert lat_first.read_box("65,177,70,-177") == Box(177, 65, -177, 70)
    assert lat_first.read_box("65,177,0,70,-177,9") == Box(177, 65, -177, 70)


def test_nothing_has_no_place() -> None:
    assert SYSTEMS[1].from_store(None) is None
    empty = {"type": "MultiPolygon", "coordinates": []}
    assert SYSTEMS[1].from_store(empty) == empty


@pytest.mark.parametrize("uri", ["", "EPSG:4326", "http://www.opengis.net/def/crs/EPSG/0/4610"])
def test_an_unknown_system_is_refused_by_name(uri: str) -> None:
    with pytest.raises(InvalidValue, match="CRS84") as refused:
        find_system(uri, 4490, "bbox-crs")
    assert refused.value.field == "bbox-crs"


def test_no_datum_is_changed_for_another_store() -> None:
    uris = [system.uri for system in published_systems(4610)]
    assert uris[:2] == [CRS84, "http://www.opengis.net/def/crs/EPSG/0/4610"]
    assert not [uri for uri in uris if uri.endswith("/4513")]


def test_a_geometry_outside_the_earth_is_refused() -> None:
    lat_first = find_system("http://www.opengis.net/def/crs/EPSG/0/4490", 4490, "Content-Crs")
    with pytest.raises(InvalidValue, match="order of the axes"):
        lat_first.to_store(shapely.Point(111.7, 40.8))
    with pytest.raises(InvalidValue):
        find_system("http://www.opengis.net/def/crs/EPSG/0/4513", 4490, "x").to_store(
            shapely.Point(1e12, 1e12)
        )
