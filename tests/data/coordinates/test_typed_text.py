"""What surveyors type, and what it is read as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.coordinates import Height, Position, ReferenceSystem, parse_angle, parse_metres
from data.coordinates.pairs import read_one_cell
from data.errors import InvalidValue

DMS = 111 + 45 / 60 + 30.5 / 3600


@pytest.mark.parametrize(
    "text",
    [
        "111°45′30.5″",
        "111°45'30.5\"",
        "111度45分30.5秒",
        "111-45-30.5",
        "111:45:30.5",
        "111 45 30.5",
        "1114530.5",
        "１１１°４５′３０．５″",
        "111º45’30.5”",
        "E111°45′30.5″",
        "111°45′30.5″E",
        "东经111°45′30.5″",
        "东经111度45分30.5秒",
        "111°45′30″.5",
        "111° 45′ 30.5″",
        "111°45′30,5″",
        "111°45.5083333′",
        "111度45.5083333分",
        "111:45.5083333",
        "经度：111°45′30.5″",
        "111.7584722222",
        "111,7584722222",
        "+111.7584722222",
        "111.7584722222°",
        "1.117584722222e2",
        "Lon 111.7584722222",
        "111－45－30.5",
        "111.7584722222 E",
        "  111°45′30.5″ ",
    ],
)
def test_longitudes_are_read_in_every_spelling(text: str) -> None:
    assert parse_angle("lon", text).value_deg == pytest.approx(DMS, abs=2e-9)


@pytest.mark.parametrize(
    ("text", "value_deg"),
    [
        ("40.84S", -40.84),
        ("南纬40°50′24″", -40.84),
        ("-40°50′24″", -40.84),
        ("−40.84", -40.84),
        ("W3.2", -3.2),
        ("3°12′W", -3.2),
        ("40°", 40.0),
        ("40度50分", 40 + 50 / 60),
        ("0", 0.0),
        ("-0°30′", -0.5),
        ("404530.5", 40 + 45 / 60 + 30.5 / 3600),
    ],
)
def test_signs_and_hemispheres(text: str, value_deg: float) -> None:
    assert parse_angle("lat", text).value_deg == pytest.approx(value_deg, abs=1e-12)


@pytest.mark.parametrize(
    "text", ["", "abc", "111°61′", "111°45′60″", "-111E", "111°45′30″40″", "--5", "1e400x", "nan"]
)
def test_what_is_no_angle_is_refused_with_a_way_out(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_angle("lon", text)
    assert caught.value.field == "lon"
    assert caught.value.way_out
    assert any("\u4e00" <= letter <= "\u9fff" for letter in caught.value.zh)


def test_dd_mmss_needs_to_be_declared() -> None:
    assert parse_angle("lon", "111.45305").value_deg == 111.45305
    assert parse_angle("lon", "111.45305", "dd.mmss").value_deg == pytest.approx(DMS)
    system = ReferenceSystem.parse("CGCS2000 度.分秒")
    assert Position.parse(lon="111.4500", lat="40.5024", system=system).lat == pytest.approx(40.84)
    with pytest.raises(InvalidValue):
        parse_angle("lon", "111.7584", "dd.mmss")


@given(st.integers(0, 179), st.integers(0, 59), st.integers(0, 59_999))
def test_degrees_minutes_seconds_come_back(degrees: int, minutes: int, millis: int) -> None:
    seconds = millis / 1000
    text = f"{degrees}°{minutes:02d}′{seconds:06.3f}″"
    angle = parse_angle("lon", text)
    assert angle.value_deg == pytest.approx(degrees + minutes / 60 + seconds / 3600, abs=1e-12)
    assert angle.step_deg == pytest.approx(1e-3 / 3600)


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("4523075.654", 4523075.654),
        ("4,523,075.654", 4523075.654),
        ("4 523 075,654", 4523075.654),
        ("4.523.075,654", 4523075.654),
        ("４５２３０７５．６５４", 4523075.654),
        ("563254", 563254.0),
        ("563,254", 563254.0),
        ("563254.0m", 563254.0),
        ("4'523'075.654", 4523075.654),
        ("4523075,654", 4523075.654),
        ("-12.5", -12.5),
    ],
)
def test_metres(text: str, metres: float) -> None:
    assert parse_metres("x_north", text) == pytest.approx(metres, abs=1e-9)


@pytest.mark.parametrize("text", ["4523o75", "", "四百", "1,2,3", "12 m 3"])
def test_what_is_no_length_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_metres("x_north", text)


@pytest.mark.parametrize(
    "text",
    [
        "111.75, 40.84",
        "E111.75 N40.84",
        "N40°50′24″ E111°45′00″",
        "北纬40°50′24″，东经111°45′",
        "40°50′24″N 111°45′E",
        "POINT(111.75 40.84)",
        "111.75;40.84",
        "111,75 40,84",
        "东经111.75 北纬40.84",
        "111°45′E，40°50′24″N",
        "111.75/40.84",
        "经度111.75 纬度40.84",
        "N40.84E111.75",
    ],
)
def test_one_cell_with_both(text: str) -> None:
    pair = read_one_cell("position", text)
    assert [pair.east, pair.north] == pytest.approx([111.75, 40.84])


@pytest.mark.parametrize(
    "text",
    [
        "X=4523075.654 Y=563254.000",
        "Y=563254.000,X=4523075.654",
        "纵坐标:4523075.654 横坐标:563254",
        "X：4523075.654，Y：563254.0",
    ],
)
def test_one_cell_in_survey_axes(text: str) -> None:
    pair = read_one_cell("position", text)
    assert pair.kind == "plane"
    assert [pair.east, pair.north] == pytest.approx([563254.0, 4523075.654])


def test_heights_keep_their_datum_and_text() -> None:
    height = Height.parse("1045.2", "1956年黄海高程系")
    assert (height.value_m, height.datum, height.text) == (1045.2, "yellow_sea_1956", "1045.2")
    assert Height.parse("12", "大地高").datum == "ellipsoidal"
    assert Height.parse("12").datum == ""
    with pytest.raises(InvalidValue):
        Height.parse("104520")


HUGE = "1" * 400
"""Digits that pass the largest number that a computer's arithmetic holds."""


def test_digits_without_end_are_no_number() -> None:
    with pytest.raises(InvalidValue, match="not a number"):
        parse_metres("height", HUGE)
    for text in (HUGE, f"{HUGE}°", f"{HUGE}°30′"):
        with pytest.raises(InvalidValue):
            parse_angle("lon", text)


@pytest.mark.parametrize(
    "cells",
    [
        {"x_north": HUGE, "y_east": HUGE},
        {"x_north": "4523075", "y_east": HUGE},
        {"lon": HUGE, "lat": HUGE},
        {"text": f"X={HUGE} Y={HUGE}"},
    ],
)
def test_a_position_of_digits_without_end_is_refused(cells: dict[str, str]) -> None:
    with pytest.raises(InvalidValue):
        Position.parse(**cells)


def test_minutes_and_seconds_in_a_decimal_fraction_have_no_exponent() -> None:
    with pytest.raises(InvalidValue, match="without exponent"):
        parse_angle("lon", "111.5e3", "dd.mmss")
