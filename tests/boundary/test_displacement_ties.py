"""Witness objects: the table of section 1.7, a moved object, what ties and GNSS say together."""

import numpy as np
import pytest

from boundary.displacement import isotropic
from boundary.displacement_ties import Fusion, Tie, TieRules, TieState, fuse, solve_ties

RULES = TieRules(tape_sigma_m=0.05 / np.sqrt(2), register_sigma_m=0.05 / np.sqrt(2))


def taped(
    rng: np.random.Generator, count: int, moved_m: float = 0.0, object_m: float = 0.0
) -> list[Tie]:
    azimuth, length = rng.uniform(0, 360, count), rng.uniform(5, 50, count)
    objects = length[:, None] * np.stack(
        [np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))], 1
    )
    turn = rng.uniform(0, 2 * np.pi, 2)
    now = objects - moved_m * np.array([np.sin(turn[0]), np.cos(turn[0])])
    now[0] += object_m * np.array([np.sin(turn[1]), np.cos(turn[1])])
    distance = np.hypot(now[:, 0], now[:, 1]) + rng.normal(0, 0.05, count)
    return [
        Tie(str(k), float(length[k]), float(azimuth[k]), float(distance[k])) for k in range(count)
    ]


def shares(count: int, moved_m: float = 0.0, object_m: float = 0.0) -> dict[TieState, float]:
    rng = np.random.default_rng(4)
    states = [
        solve_ties(taped(rng, count, moved_m, object_m), 0.0, RULES).state for _ in range(400)
    ]
    usable = [state.value for state in states if state is not TieState.WEAK]
    found = {state: usable.count(state.value) / len(usable) for state in TieState}
    found[TieState.WEAK] = 1 - len(usable) / len(states)
    return found


def test_sound_markers_are_not_accused_and_moved_ones_are_seen() -> None:
    assert shares(3)[TieState.OUT] < 0.02
    assert shares(4)[TieState.OUT] < 0.02
    assert shares(3, 0.3)[TieState.OUT] > 0.9
    assert shares(4, 0.3)[TieState.OUT] > 0.95
    assert shares(5, 1.0)[TieState.OUT] > 0.97


def test_the_geometry_gate_keeps_three_quarters_of_random_threes() -> None:
    assert shares(3)[TieState.WEAK] == pytest.approx(0.27, abs=0.06)


def test_a_moved_object_is_named_where_there_are_enough_ties() -> None:
    rng = np.random.default_rng(8)
    named = wrong = 0
    for _ in range(300):
        found = solve_ties(taped(rng, 5, object_m=1.0), 0.0, RULES)
        named += found.moved_object == "0" and found.state is TieState.OBJECT_MOVED
        wrong += found.state is TieState.OUT
    assert named > 200
    assert wrong < 30


def test_three_ties_with_a_moved_object_do_not_name_it() -> None:
    found = shares(3, object_m=0.5)
    assert found[TieState.OBJECT_MOVED] == 0.0
    assert found[TieState.DISAGREE] > 0.4


def test_a_turned_compass_is_a_rotation_not_a_displacement() -> None:
    ties = [
        Tie("tower", 20.0, 10.0, 20.0, 4.0),
        Tie("well", 15.0, 130.0, 15.0, 124.0),
        Tie("tree", 30.0, 250.0, 30.0, 244.0),
    ]
    found = solve_ties(ties, 0.2)
    assert found.rotation_deg == pytest.approx(-6.0, abs=0.01)
    assert found.state is TieState.IN
    assert np.hypot(*found.vector_m) < 1e-6


def test_two_ties_or_objects_in_one_line_conclude_nothing() -> None:
    assert solve_ties([Tie("a", 10, 0, 10.0), Tie("b", 10, 90, 10.0)], 0.2).state is TieState.WEAK
    row = [Tie(str(k), 10.0 + k, 0.0, 10.0 + k) for k in range(4)]
    assert solve_ties(row, 0.2).state is TieState.WEAK
    assert solve_ties([], 0.2).state is TieState.WEAK


def exact(east_m: float, north_m: float) -> list[Tie]:
    ties = []
    for k, azimuth in enumerate((0.0, 90.0, 200.0, 300.0)):
        spot = 20.0 * np.array([np.sin(np.radians(azimuth)), np.cos(np.radians(azimuth))])
        ties.append(Tie(str(k), 20.0, azimuth, float(np.hypot(*(spot - [east_m, north_m])))))
    return ties


@pytest.mark.parametrize(
    ("gnss", "tied", "expected"),
    [
        ((1.0, 0.0), (1.02, 0.01), Fusion.CONFIRMED),
        ((1.0, 0.0), (0.0, 0.0), Fusion.CONTRADICTED),
        ((0.0, 0.0), (1.0, 0.0), Fusion.OBJECT_SUSPECT),
        ((0.0, 0.0), (0.0, 0.0), Fusion.AGREED_IN),
        ((1.0, 0.0), (0.0, 1.5), Fusion.OPEN),
    ],
)
def test_the_fusion_table(
    gnss: tuple[float, float], tied: tuple[float, float], expected: Fusion
) -> None:
    solution = solve_ties(exact(*tied), 0.2)
    assert solution.vector_m == pytest.approx(tied, abs=1e-6)
    covariance = isotropic([0.06])[0]
    vector = np.array(gnss)
    out = bool(np.hypot(*vector) > 0.2)
    found, combined, joint = fuse(vector, covariance, out=out, within=not out, ties=solution)
    assert found is expected
    assert np.trace(joint) <= np.trace(covariance) + 1e-12
    assert np.all(np.isfinite(combined))
