"""Gaps, overlaps and edges that do not match, on outlines whose faults are drawn."""

import pytest
import shapely
from shapely import Polygon, box

from boundary.topology import Area, Finding, TopologyRules
from boundary.topology.coverage import coverage_findings
from boundary.topology.planes import Ground
from data.coordinates import GRS80

RULES = TopologyRules.in_force()
GROUND = Ground.on(GRS80)
WEST = box(111, 41, 112, 42)
METRE_EAST = 1.0 / 83_900.0
"""A degree of longitude at 41.2° is about 83.9 km."""


def found(*shapes: shapely.Geometry, **more: object) -> list[Finding]:
    areas = [Area(f"99010{n}", f"旗{n}", "county", s, **more) for n, s in enumerate(shapes)]  # type: ignore[arg-type]
    return coverage_findings(areas, RULES, GROUND, lambda *_: None)


def east_with(*inner: tuple[float, float]) -> Polygon:
    """The eastern neighbour, with vertices of its own on the shared edge."""
    return Polygon([(112, 41), (113, 41), (113, 42), (112, 42), *inner])


def test_outlines_that_match_have_no_finding() -> None:
    assert found(WEST, box(112, 41, 113, 42), box(111, 42, 113, 43)) != []
    assert found(WEST, box(112, 41, 113, 42), box(111, 40, 112, 41)) == []


def test_a_vertex_on_one_side_alone_is_said_where_it_parts_nothing() -> None:
    (one,) = found(WEST, east_with((112, 41.5)))
    assert (one.kind, one.grade, one.divisions) == (
        "vertices_differ",
        "minor",
        ("990100", "990101"),
    )
    assert one.figures["length_m"] == pytest.approx(111_063, rel=1e-3)


@pytest.mark.parametrize("metres", [0.5, 30.0, 800.0])
@pytest.mark.parametrize(("kind", "sign"), [("gap", 1), ("overlap", -1)])
def test_a_vertex_that_stands_apart_makes_a_gap_or_an_overlap(
    kind: str, sign: int, metres: float
) -> None:
    (one,) = found(WEST, east_with((112 + sign * metres * METRE_EAST, 41.5)))
    # A gap wider than the search for slivers is found as a piece that belongs to nobody.
    assert one.kind == (kind if kind == "overlap" or metres < RULES.gap_width_m else "hole")
    assert one.figures["width_m"] == pytest.approx(metres, rel=0.02)
    assert one.figures["area_m2"] == pytest.approx(metres * 111_063 / 2, rel=0.01)
    limit = one.figures["limit_m"]
    assert limit == pytest.approx(RULES.outline_m * 2**0.5)
    assert one.grade == ("minor" if metres <= limit else "grave")
    assert one.shape is not None
    assert shapely.distance(one.shape, shapely.Point(one.lon, one.lat)) < 1e-9


def test_an_uncertain_outline_makes_a_sliver_less_grave() -> None:
    shapes = (WEST, east_with((112 - 800 * METRE_EAST, 41.5)))
    assert [one.grade for one in found(*shapes, uncertainty_m=682.0)] == ["minor"]


def test_a_strip_open_at_both_ends_is_found_by_its_edges() -> None:
    (one,) = found(WEST, box(112 + 8 * METRE_EAST, 41, 113, 42))
    assert one.kind == "edges_apart"
    assert one.figures["apart_m"] == pytest.approx(8.0, rel=0.02)


@pytest.mark.parametrize(
    ("other", "share"),
    [(WEST, 1.0), (box(111.2, 41.2, 111.4, 41.4), 0.04), (box(111.5, 40.5, 112.5, 42.5), 0.5)],
)
def test_an_outline_over_another_is_an_overlap(other: Polygon, share: float) -> None:
    (one,) = found(WEST, other)
    assert (one.kind, one.grade) == ("overlap", "grave")
    assert one.figures["area_m2"] == pytest.approx(share * GROUND.area_m2(WEST), rel=0.01)


def test_a_piece_that_nobody_owns_is_a_hole_with_those_around_it() -> None:
    ring = Polygon(WEST.exterior, [box(111.3, 41.3, 111.5, 41.5).exterior])
    (one,) = found(ring, box(112, 41, 113, 42))
    assert (one.kind, one.divisions) == ("hole", ("990100",))
    filled = (ring, box(111.3, 41.3, 111.5, 41.5), box(112, 41, 113, 42))
    assert found(*filled) == []


def test_an_outline_that_crosses_itself_is_said_and_does_not_stop_the_rest() -> None:
    bow = Polygon([(111, 41), (112, 42), (112, 41), (111, 42)])
    kinds = [one.kind for one in found(bow, box(113, 41, 114, 42), east_with((111.9, 41.5)))]
    assert "outline_invalid" in kinds


def test_what_concerns_neighbours_alone_is_left_out() -> None:
    assert found(WEST, east_with((111.9, 41.5)), in_region=False) == []
    mixed = [
        Area("990100", "旗", "county", WEST),
        Area("980101", "邻", "county", east_with((111.9, 41.5)), in_region=False),
    ]
    assert len(coverage_findings(mixed, RULES, GROUND, lambda *_: None)) == 1


def test_no_outline_no_finding() -> None:
    assert coverage_findings([], RULES, GROUND, lambda *_: None) == []
