import pytest
import shapely
from pyproj import Geod

from data.sample import Sample
from data.sample.families import family_of, level_between
from data.sample.lines import chainage


@pytest.mark.parametrize(
    ("code_a", "code_b", "level"),
    [
        ("150102", "150103", "county"),
        ("150102", "150202", "prefecture"),
        ("130722", "150923", "province"),
    ],
)
def test_a_line_has_the_level_at_which_its_sides_differ(
    code_a: str, code_b: str, level: str
) -> None:
    assert level_between(code_a, code_b) == level


NAMES = {
    "150000": "内蒙古自治区",
    "150100": "呼和浩特市",
    "150200": "包头市",
    "150600": "鄂尔多斯市",
    "150700": "呼伦贝尔市",
    "152200": "兴安盟",
    "150102": "新城区",
    "150103": "回民区",
}


@pytest.mark.parametrize(
    ("code_a", "code_b", "name", "code", "sure"),
    [
        ("152224", "211322", "蒙辽线", "1521", "verified"),
        ("130722", "150923", "冀蒙线", "1315", "derived"),
        ("150781", "152201", "兴呼线", "1507-1522", "verified"),
        ("150221", "150621", "包鄂线", "1502-1506", "derived"),
        ("150121", "150221", "呼和浩特市-包头市线", "1501-1502", "derived"),
        ("150102", "150103", "新城区-回民区线", "150102-150103", "derived"),
    ],
)
def test_lines_are_named_as_lines_are_named(
    code_a: str, code_b: str, name: str, code: str, sure: str
) -> None:
    family = family_of(code_a, code_b, NAMES)
    assert (family.name, family.code) == (name, code)
    assert family.name_source.startswith(sure)


def test_every_number_that_no_source_gives_says_so(sample: Sample) -> None:
    assert all("synthetic" in row.name_source for row in sample.lines)


def test_each_pair_of_counties_has_one_line(sample: Sample) -> None:
    assert [(row.level, row.name, row.section, row.code) for row in sample.lines] == [
        ("province", "丙省-方块自治区线", "山县-北县", "9899-01"),
        ("province", "丙省-方块自治区线", "河县-西旗", "9899-02"),
        ("prefecture", "甲乙线", "东旗-南县", "9901-9902-01"),
        ("prefecture", "甲乙线", "西旗-北县", "9901-9902-02"),
        ("county", "东旗-西旗线", "东旗-西旗", "990101-990102"),
        ("county", "南县-北县线", "南县-北县", "990201-990202"),
    ]


def test_lines_are_approved_by_the_state_council_or_the_region(sample: Sample) -> None:
    authorities = {row.level: row.approving_authority for row in sample.lines}
    assert authorities == {
        "province": "国务院",
        "prefecture": "方块自治区人民政府",
        "county": "方块自治区人民政府",
    }


def test_lengths_are_on_the_ellipsoid(sample: Sample) -> None:
    line = sample.lines[0]
    expected_m = Geod(ellps="GRS80").inv(111.0, 40.5, 111.0, 41.0)[2]
    assert line.length_m == pytest.approx(expected_m, abs=0.1)


def test_chainage_orders_points_over_gaps() -> None:
    chain = shapely.MultiLineString([[(0, 0), (1, 0)], [(2, 0), (3, 0)]])
    points = [shapely.Point(2.5, 0.1), shapely.Point(0.25, 0)]
    assert chainage(chain, points) == [pytest.approx(1.5), pytest.approx(0.25)]
