"""A little country of squares, half a degree wide, that stands in for the packages."""

import pytest
import shapely

from data.sample import NamedPoint, Outline, Sample, SampleInput, build_sample

WEST, SOUTH, SIDE = 110.0, 40.0, 0.5
REGION = "990000"
SQUARES = {
    "990101": ("东旗", 0, 0),
    "990102": ("西旗", 1, 0),
    "990201": ("南县", 0, 1),
    "990202": ("北县", 1, 1),
    "980101": ("河县", 2, 0),
    "980102": ("山县", 2, 1),
    "960101": ("角县", 2, 2),
    "970101": ("远县", 9, 9),
}
NAMES = {
    "990000": "方块自治区",
    "990100": "甲盟",
    "990200": "乙市",
    "980000": "丙省",
    "980100": "丙市",
}


def _square(column: int, row: int) -> shapely.Geometry:
    west, south = WEST + column * SIDE, SOUTH + row * SIDE
    return shapely.box(west, south, west + SIDE, south + SIDE)


@pytest.fixture(scope="session")
def country() -> SampleInput:
    return SampleInput(
        outlines=tuple(
            Outline(code, name, _square(column, row))
            for code, (name, column, row) in SQUARES.items()
        ),
        names=NAMES,
        points=(
            NamedPoint(
                "12", "Wuhai", 110.2, 40.2, ("Wuhai", "HET", "乌海", "烏海", "Ухай", "东旗", "ᠬᠥᠬᠡ")
            ),
            NamedPoint("7", "Nowhere", 90.0, 10.0, ()),
            NamedPoint("3", "Plain", 110.7, 40.7, ("Plain",)),
        ),
        outline_source="drawn squares",
        outline_licence="outlines: drawn for a test",
        point_source="invented points",
        point_licence="points: invented for a test",
    )


@pytest.fixture(scope="session")
def sample(country: SampleInput) -> Sample:
    return build_sample(seed=1, region_code=REGION, source=country)
