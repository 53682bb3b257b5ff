"""Errors that ranges prove, in any region of the world."""

import pytest

from data.coordinates import CGCS2000, Position, ReferenceSystem, Region, readings, typed_pair
from data.errors import InvalidValue

STEPPE = Region(97.1, 37.4, 126.1, 53.4)
BRITAIN = Region(-8.7, 49.8, 1.8, 60.9)
ZONE_37 = ReferenceSystem.parse("CGCS2000 3度带 中央子午线111")


Found = dict[str, tuple[str, ...]]


def codes(
    cells: dict[str, str],
    region: Region = STEPPE,
    system: ReferenceSystem = CGCS2000,
    near: tuple[float, float] | None = None,
) -> Found:
    pair = typed_pair(cells.get("position"), system=system, **cells)
    return {
        reading.code: tuple(after for _, _, after in reading.changes)
        for reading in readings(pair, system, region, near)
    }


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"lon": "111.75", "lat": "40.84"}, {"as_typed": ()}),
        ({"lon": "40.84", "lat": "111.75"}, {"axes_swapped": ("111.75", "40.84")}),
        ({"lon": "-111.75", "lat": "40.84"}, {"sign": ("111.75",)}),
        ({"lon": "111.75W", "lat": "40.84"}, {"sign": ("111.75E",)}),
        ({"lon": "111.75", "lat": "南纬40.84"}, {"sign": ("北纬40.84",)}),
        ({"lon": "1117500000", "lat": "40.84"}, {"decimal_point": ("111.7500000",)}),
        ({"lon": "11.175", "lat": "40.84"}, {"decimal_point": ("111.75",)}),
        ({"lon": "1117500000", "lat": "4084"}, {"decimal_point": ("111.7500000", "40.84")}),
        ({"lon": "-3.2", "lat": "55.9"}, {}),
        ({"x_north": "4523075.654", "y_east": "37563254.0"}, {"as_typed": ()}),
        (
            {"x_north": "37563254.0", "y_east": "4523075.654"},
            {"axes_swapped": ("37563254.0", "4523075.654")},
        ),
        (
            {"x_north": "45230756.54", "y_east": "37563254.0"},
            {"decimal_point": ("4523075.654",)},
        ),
        ({"x_north": "-4523075.654", "y_east": "37563254.0"}, {"sign": ("4523075.654",)}),
    ],
)
def test_repairs_in_the_steppe(cells: dict[str, str], expected: Found) -> None:
    assert codes(cells) == expected


def test_a_prefix_that_contradicts_the_stated_zone() -> None:
    found = codes({"x_north": "4523075.654", "y_east": "38563254.0"}, system=ZONE_37)
    assert found == {"zone_prefix": ("37563254.0",)}


def test_a_prefix_that_is_no_zone() -> None:
    found = codes({"x_north": "4523075.654", "y_east": "73563254.0"}, near=(111.75, 40.84))
    assert found == {"zone_prefix": ("37563254.0",)}


def test_repairs_in_britain() -> None:
    wgs84 = ReferenceSystem.parse("EPSG:4326")
    assert codes({"lon": "3.2", "lat": "55.9"}, BRITAIN, wgs84) == {"sign": ("-3.2",)}
    assert codes({"lon": "55.9", "lat": "-3.2"}, BRITAIN, wgs84) == {
        "axes_swapped": ("-3.2", "55.9")
    }
    assert codes({"lon": "-3.2", "lat": "5590000"}, BRITAIN, wgs84) == {
        "decimal_point": ("55.90000",)
    }


def test_an_unstated_zone_is_taken_from_the_marker_and_said_so() -> None:
    position = Position.parse(x_north="4523075.6541", y_east="563254.0", near=(111.7, 40.8))
    assert position.zone_assumed
    assert position.lon == pytest.approx(111.75, abs=1e-8)
    with pytest.raises(InvalidValue, match="zone"):
        Position.parse(x_north="4523075.6541", y_east="563254.0")


def test_degrees_in_columns_called_x_and_y() -> None:
    for x, y in (("111.75", "40.84"), ("40.84", "111.75")):
        position = Position.parse(x_north=x, y_east=y, region=STEPPE)
        assert (position.lon, position.lat) == (111.75, 40.84)


def test_metres_in_columns_called_longitude_and_latitude() -> None:
    position = Position.parse(lon="37563254.0", lat="4523075.6541", region=STEPPE)
    assert position.lon == pytest.approx(111.75, abs=1e-8)


def test_one_cell_without_letters_is_ordered_by_the_region() -> None:
    for text in ("40.84, 111.75", "111.75, 40.84"):
        assert Position.parse(text, region=STEPPE).lon == 111.75


def test_the_error_names_the_repair() -> None:
    with pytest.raises(InvalidValue, match=r"write lon: 111\.75; lat: 40\.84") as caught:
        Position.parse(lon="40.84", lat="111.75", region=STEPPE)
    assert "填反" in caught.value.zh
    with pytest.raises(InvalidValue, match="outside the region"):
        Position.parse(lon="-3.2", lat="55.9", region=STEPPE)
    with pytest.raises(InvalidValue, match="latitude between"):
        Position.parse(lon="40.84", lat="111.75")


def test_raw_text_is_kept() -> None:
    position = Position.parse(lon="１１１°45′", lat="40°50′24″")
    assert position.raw == ("１１１°45′", "40°50′24″")
    assert position.resolution_m < 40
