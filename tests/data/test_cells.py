"""Cells: what people type is read, what cannot be read is told with its place and a way out."""

from datetime import date

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.cell_positions import point_of
from data.cell_values import parse_day, parse_flag, parse_kilometres, parse_number, parse_whole
from data.cells import Cells
from data.coordinates import Position, ReferenceSystem
from data.errors import InvalidValue, NotComparable
from data.formats import Row, map_columns
from data.geometry import point_xy

CGCS2000 = ReferenceSystem.parse("EPSG:4490")
WGS84 = ReferenceSystem.parse("EPSG:4326")
XIAN = ReferenceSystem.parse("西安80")


def cells_of(record: str = "markers", crs: str | None = None, **values: str) -> Cells:
    columns = tuple(values)
    return Cells(Row(7, tuple(values.values())), map_columns(record, columns), crs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12.5", 12.5), ("1,234.5", 1234.5), ("１２．５", 12.5), ("-3", -3.0), ("12,5", 12.5)],
)
def test_numbers_as_people_type_them(text: str, expected: float) -> None:
    assert parse_number("length_km", text) == expected


@pytest.mark.parametrize("text", ["abc", "nan", "inf", "1e999", "", "12.5.3", "--4"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_number("length_km", text)


@pytest.mark.parametrize("text", ["12.5km", "12.5 KM", "12.5公里", "１２.５千米"])
def test_kilometres_with_their_unit(text: str) -> None:
    assert parse_kilometres("length_km", text) == 12.5


def test_a_whole_number_is_not_cut() -> None:
    assert parse_whole("faces", "2") == 2
    with pytest.raises(InvalidValue, match="whole"):
        parse_whole("faces", "2.7")
    with pytest.raises(InvalidValue):
        parse_whole("faces", "99999999999999999999")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-05-03", date(2024, 5, 3)),
        ("2024/5/3", date(2024, 5, 3)),
        ("2024.5.3", date(2024, 5, 3)),
        ("2024年5月3日", date(2024, 5, 3)),
        ("２０２４年５月３日", date(2024, 5, 3)),
        ("20240503", date(2024, 5, 3)),
        ("2024-05-03T08:30:00", date(2024, 5, 3)),
        ("2024-05-03T08:30:00+08:00", date(2024, 5, 3)),
        ("2024/5/3 0:00", date(2024, 5, 3)),
        ("2024年5月", date(2024, 5, 1)),
        ("1954", date(1954, 1, 1)),
        ("1954年", date(1954, 1, 1)),
    ],
)
def test_dates_as_people_type_them(text: str, expected: date) -> None:
    assert parse_day("valid_from", text) == expected


@pytest.mark.parametrize("text", ["2024-02-30", "5/3/2024", "三月", "20241303", "0", "2024-5-3-1"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="date"):
        parse_day("valid_from", text)


def test_yes_and_no() -> None:
    assert [parse_flag("heritage", word) for word in ("是", "YES", "1", "列入")] == [True] * 4
    assert [parse_flag("heritage", word) for word in ("否", "no", "0", "未列入")] == [False] * 4
    with pytest.raises(InvalidValue):
        parse_flag("heritage", "也许")


@given(
    lon=st.decimals(-180, 180, places=7, allow_nan=False).map(str),
    lat=st.decimals(-90, 90, places=7, allow_nan=False).map(str),
)
def test_plain_degrees_are_read_as_the_full_parser_reads_them(lon: str, lat: str) -> None:
    full = Position.parse(lon=lon, lat=lat, system=CGCS2000)
    quick = point_of({"lon": lon, "lat": lat}, CGCS2000, CGCS2000, exact=True)
    assert point_xy(quick.wkb) == (full.lon, full.lat)


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("111°45′30″", "40°50′24″"),
        ("111度45分30秒", "40度50分24秒"),
        ("东经111°45'30\"", "北纬40°50'24\""),
        ("１１１°４５′３０″", "４０°５０′２４″"),
        ("111-45-30", "40-50-24"),
        ("111 45 30", "40 50 24"),
        ("1114530", "405024"),
        ("111,758333333", "40,84"),
    ],
)
def test_degrees_minutes_seconds_in_every_spelling(lon: str, lat: str) -> None:
    found = point_of({"lon": lon, "lat": lat}, CGCS2000, CGCS2000, exact=True)
    assert point_xy(found.wkb) == pytest.approx((111.758333333, 40.84), abs=1e-8)


def test_gauss_kruger_x_is_north() -> None:
    plane = ReferenceSystem.parse("CGCS2000 3度带 中央子午线111")
    typed = {"x_north": "4523075.654", "y_east": "563254.000"}
    assert point_xy(point_of(typed, plane, CGCS2000, exact=True).wkb) == pytest.approx(
        (111.75, 40.84), abs=1e-8
    )
    prefixed = {"x_north": "4523075.654", "y_east": "37563254.000"}
    assert point_xy(point_of(prefixed, CGCS2000, CGCS2000, exact=True).wkb) == pytest.approx(
        (111.75, 40.84), abs=1e-8
    )


def test_plane_coordinates_without_zone_are_refused() -> None:
    with pytest.raises(InvalidValue, match="zone"):
        point_of({"x_north": "4523075.6", "y_east": "563254.0"}, CGCS2000, CGCS2000, exact=True)


def test_of_degrees_and_plane_coordinates_the_finer_is_taken() -> None:
    both = {"lon": "111°45′", "lat": "40°50′24″", "x_north": "4523075.654", "y_east": "563254.000"}
    plane = ReferenceSystem.parse("CGCS2000 3度带 中央子午线111")
    assert point_xy(point_of(both, plane, CGCS2000, exact=True).wkb) == pytest.approx(
        (111.75, 40.84), abs=1e-8
    )
    zoneless = both | {"lon": "111.75", "lat": "40.84"}
    assert point_of(zoneless, CGCS2000, CGCS2000, exact=True)


def test_degrees_and_plane_coordinates_that_disagree_are_a_fault() -> None:
    both = {"lon": "111.75", "lat": "40.850000", "x_north": "4523075.654", "y_east": "37563254.000"}
    with pytest.raises(InvalidValue, match=r"lie \d+\.\d m from X and Y") as caught:
        point_of(both, CGCS2000, CGCS2000, exact=True)
    assert "相差" in caught.value.zh


def test_another_datum_is_refused_for_a_marker_and_told_for_a_name() -> None:
    typed = {"lon": "111.75", "lat": "40.84"}
    with pytest.raises(NotComparable):
        point_of(typed, XIAN, CGCS2000, exact=True)
    with pytest.raises(NotComparable):
        point_of(typed, WGS84, CGCS2000, exact=True)
    with pytest.raises(NotComparable):
        point_of(typed, XIAN, CGCS2000, exact=False)
    assert point_of(typed, WGS84, CGCS2000, exact=False).as_stated


def test_every_fault_of_a_row_is_told_at_once() -> None:
    cells = cells_of(桩号="", 经度="200", 纬度="40", 高程="abc", 测量日期="昨天")
    cells.required("marker_no")
    cells.position(CGCS2000, exact=True)
    cells.metres("height_m")
    cells.day("surveyed_on")
    assert [(fault.code, fault.row, fault.column) for fault in cells.faults] == [
        ("missing", 7, "桩号"),
        ("invalid-value", 7, "经度"),
        ("invalid-value", 7, "高程"),
        ("invalid-value", 7, "测量日期"),
    ]
    for fault in cells.faults:
        assert fault.zh
        assert fault.en
        assert fault.sentence("zh").startswith("第 7 行")


def test_a_fault_of_the_datum_names_both_and_a_way_out() -> None:
    cells = cells_of(桩号="1", 经度="111.75", 纬度="40.84", 坐标系="西安80")
    assert cells.position(CGCS2000, exact=True) is None
    (fault,) = cells.faults
    assert (fault.code, fault.column, fault.value) == ("not-comparable", "坐标系", "西安80")
    assert "Xian 1980" in fault.en
    assert "--crs" in fault.en
    assert "转换参数" in fault.zh


def test_a_half_position_is_a_fault_in_the_missing_column() -> None:
    cells = cells_of(桩号="1", 经度="111.75", 纬度="")
    assert cells.position(CGCS2000, exact=True) is None
    assert [fault.column for fault in cells.faults] == ["纬度"]


def test_an_accuracy_is_above_zero() -> None:
    cells = cells_of(桩号="1", 经度="1", 纬度="1", 点位中误差="0", 限差="-0.2")
    assert cells.positive_metres("sigma_m") is None
    assert cells.positive_metres("tolerance_m") is None
    assert [fault.column for fault in cells.faults] == ["点位中误差", "限差"]


@pytest.mark.parametrize(
    "wkt",
    ["LINESTRING (40 111, 41 112)", "LINESTRING (1e9 40, 111 40)", "LINESTRING (inf 40, 111 40)"],
)
def test_a_shape_that_lies_on_no_earth_is_a_fault(wkt: str) -> None:
    columns = map_columns("lines", ("名称",), has_geometry=True, crs="EPSG:4490")
    drawn = shapely.to_wkb(shapely.from_wkt(wkt))
    cells = Cells(Row(7, ("一",), drawn), columns)
    assert cells.shape("MULTILINESTRING", CGCS2000, "EPSG:4490") is None
    (fault,) = cells.faults
    position = ", ".join(map(str, shapely.get_coordinates(shapely.from_wkt(wkt))[0]))
    assert (fault.code, fault.value) == ("off-the-earth", position)
    assert all(position in sentence for sentence in (fault.zh, fault.en))
