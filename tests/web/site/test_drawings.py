"""Drawings are whole markup with classes alone: the content policy allows no style."""

import re

import pytest
from defusedxml.ElementTree import fromstring

from web.site.drawings import (
    Bar,
    Column,
    Limit,
    Point,
    Shape,
    Span,
    Station,
    bars,
    columns,
    outline,
    ribbon,
    series,
    strip,
)

EVIL = "<img src=x onerror=alert(1)>\"'"
SQUARE = (((111.0, 40.0), (112.0, 40.0), (112.0, 41.0), (111.0, 41.0)),)
STATIONS = [Station(f"{n:03}Q", "in_place", "1 km", EVIL) for n in range(25)]
SPANS = [Span(EVIL, 1891, 1947, EVIL), Span("今名", 1947, None, "1947 –")]
DRAWN = {
    "ribbon": ribbon(SPANS, 2026, EVIL),
    "strip": strip(STATIONS, EVIL, "b", EVIL),
    "bars": bars([Bar(EVIL, [("bar", 3.0, EVIL)], "3"), Bar("b", [], "0")], EVIL),
    "columns": columns([Column("2024", [("bar", 3.0, EVIL)]), Column("2025", [])], EVIL),
    "series": series([(0.0, 1.0), (1.0, 2.0)], EVIL, "b", "°", EVIL, Limit(5.0, EVIL)),
    "outline": outline(
        [Shape(SQUARE, "area own", EVIL)], [Point(111.5, 40.5, "here", EVIL, EVIL)], EVIL
    ),
}


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_a_drawing_is_one_named_image_and_safe(name: str) -> None:
    root = fromstring(str(DRAWN[name]))
    assert root.tag == "svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == EVIL
    tags = re.sub(r'"[^"]*"', '""', re.sub(r">[^<]*<", "><", DRAWN[name]))
    assert not re.search(r"\s(style|on\w+|fill|stroke)=", tags)


def numbers(markup: str, attribute: str) -> list[float]:
    return [float(one) for one in re.findall(rf' {attribute}="([-0-9.]+)"', markup)]


def test_a_longer_bar_is_a_larger_value() -> None:
    drawn = bars([Bar("a", [("bar", 10.0, "")], ""), Bar("b", [("bar", 5.0, "")], "")], "x")
    first, second = (
        float(one) for one in re.findall(r'width="([0-9.]+)"[^>]*class="bar"', str(drawn))
    )
    assert first == pytest.approx(2 * second)


def test_a_name_of_unknown_years_is_not_drawn_as_known() -> None:
    assert 'class="track"' in ribbon([Span("a", None, None, "?")], 2026, "x")


def test_a_strip_goes_on_in_rows() -> None:
    heights = sorted(set(numbers(str(DRAWN["strip"]), "cy")))
    assert len(heights) == 3


def test_north_is_up_and_east_is_right() -> None:
    drawn = outline([], [Point(111.0, 40.0, "here"), Point(112.0, 41.0, "here")], "x")
    (west, east), (south, north) = numbers(drawn, "cx"), numbers(drawn, "cy")
    assert west < east
    assert north < south


def test_nothing_to_draw_is_no_drawing() -> None:
    assert outline([], [], "x") == ""
    assert series([], "a", "b", "%", "x") == ""


def test_a_higher_value_stands_higher() -> None:
    drawn = series([(0.0, 1.0), (1.0, 3.0)], "a", "b", "", "x")
    (path,) = re.findall(r'd="M[0-9.]+ ([0-9.]+)L[0-9.]+ ([0-9.]+)"', drawn)
    assert float(path[0]) > float(path[1])
