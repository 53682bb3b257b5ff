from typing import Any

import pytest

from web.site.formatting import position
from web.site.helpers import columns_of, is_mongolian, metres, wind, with_query


@pytest.mark.parametrize(
    ("distance_m", "text"),
    [(None, "—"), (0.0, "0.00 m"), (9.994, "9.99 m"), (10.0, "10.0 m"), (5123.0, "5.12 km")],
)
def test_metres_have_the_digits_that_matter(distance_m: float | None, text: str) -> None:
    assert metres(distance_m, "zh") == metres(distance_m, "en") == text


@pytest.mark.parametrize(
    ("bearing_deg", "en", "zh"),
    [(0.0, "N", "北"), (78.0, "ENE", "东"), (225.0, "SW", "西南"), (359.9, "N", "北")],
)
def test_a_bearing_has_its_wind_in_both_languages(bearing_deg: float, en: str, zh: str) -> None:
    assert (wind(bearing_deg, "en"), wind(bearing_deg, "zh")) == (en, zh)


def test_a_position_reads_longitude_first_in_both_languages() -> None:
    assert position(-1.5, -33.25, "en") == "1.50000° W, 33.25000° S"
    assert position(-1.5, -33.25, "zh") == "西经1.50000°，南纬33.25000°"


@pytest.mark.parametrize(
    ("text", "answer"),
    [("ᠣᠪᠣᠭ᠎ᠠ", True), ("Ovoo 敖包", False), ("", False), (None, False), ("᠀᠁", False)],
)
def test_mongolian_script_is_known_by_its_letters(text: object, *, answer: bool) -> None:
    assert is_mongolian(text) is answer


def test_a_query_keeps_its_order_and_its_empty_values() -> None:
    assert with_query("/items?bbox=1,2&q=&lang=zh", lang="en") == "/items?bbox=1%2C2&q=&lang=en"


def test_a_table_shows_the_telling_columns_first_and_only_flat_ones() -> None:
    features: list[dict[str, Any]] = [
        {"properties": {"version": 1, "code": "15", "name": None, "names": []}},
        {"properties": {"faces": 2, "verdict": "suspect", "name": "阿巴嘎旗", "remark": ""}},
        {"properties": None},
    ]
    assert columns_of(features, 8) == ["name", "verdict", "code", "faces"]
    assert columns_of(features, 2) == ["name", "verdict"]
