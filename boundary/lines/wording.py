"""A section in words, as course descriptions (走向说明) are worded."""

from boundary.lines.course import CourseSection
from data.reference import directions

_KILOMETRE_M = 1000.0


def describe(section: CourseSection, feature: str = "") -> str:
    """A draft of a section's course description.

    Args:
        section: the section.
        feature: what the line follows there, such as 山脊线 or 某河中心线; empty for none.

    >>> from boundary.lines.course import Leg
    >>> legs = (Leg("NE", 1250.4), Leg("E", 830.0))
    >>> describe(CourseSection("1521001Q", "1521002Q", 2080.4, 60.0, "ENE", legs), "山脊线")
    '自1521001Q号界桩起，界线沿山脊线向东北行1.25千米，折向东行830米，至1521002Q号界桩，长2.08千米。'
    """
    names = {row.code: row.zh for row in directions()}
    start = f"{section.from_marker}号界桩" if section.from_marker else "界线起点"
    end = f"{section.to_marker}号界桩" if section.to_marker else "界线止点"
    along = f"沿{feature}" if feature else ""
    first, *others = [
        f"{names[leg.direction]}行{distance_zh(leg.length_m)}" for leg in section.legs
    ]
    way = "，折向".join([f"界线{along}向{first}", *others])
    return f"自{start}起，{way}，至{end}，长{distance_zh(section.length_m)}。"


def distance_zh(length_m: float) -> str:
    """A length as course descriptions give it.

    >>> distance_zh(830.2), distance_zh(12345.6)
    ('830米', '12.35千米')
    """
    if length_m < _KILOMETRE_M:
        return f"{length_m:.0f}米"
    return f"{length_m / _KILOMETRE_M:.2f}千米"
