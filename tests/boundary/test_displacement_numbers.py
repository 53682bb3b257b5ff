"""The figures of the displacement rooms, worked out another way by numpy and scipy."""

import numpy as np
import pytest
from scipy import optimize, stats

from boundary.displacement import (
    benjamini_hochberg_threshold,
    confidence_ellipses,
    isotropic,
    minimal_detectable_m,
    outside_probability,
    rice_tail,
)
from boundary.displacement_sessions import validated_by_session
from boundary.displacement_ties import Fusion, Tie, TieRules, TieState, fuse, solve_ties
from boundary.displacement_visits import (
    change_between,
    combine,
    creep,
    cusum_alarm,
    shadow_baseline,
    step_or_drift,
)


@pytest.mark.parametrize("offset", [0.0, 3.0, 49.0, 51.0, 400.0])
@pytest.mark.parametrize("beyond", [-2.0, 0.0, 2.5])
def test_the_tail_of_a_displaced_length(offset: float, beyond: float) -> None:
    distance = max(offset + beyond, 0.0)
    expected = stats.ncx2.sf(distance**2, 2, offset**2) if offset else stats.rayleigh.sf(distance)
    found = float(rice_tail(distance * 0.2, offset * 0.2, 0.2))
    assert found == pytest.approx(float(expected), abs=2e-4)
    assert 0.0 <= found <= 1.0


def test_the_tail_is_asked_for_only_where_it_may_matter() -> None:
    distance, tolerance, sigma = np.array([0.4, 0.6]), np.ones(2), np.full(2, 0.8)
    found = outside_probability(distance, tolerance, sigma)
    assert found[0] == 1.0
    assert found[1] == pytest.approx(float(rice_tail(0.6, 1.0, 0.8)))
    assert found[1] < 1.0


def test_what_can_be_detected_at_another_level_and_power() -> None:
    critical = stats.chi2.isf(0.05, 2)
    factor = optimize.brentq(lambda d: stats.ncx2.sf(critical, 2, d * d) - 0.9, 0.5, 9)
    found = minimal_detectable_m([0.1, 2.0], 0.05, 0.9)
    assert found == pytest.approx([0.1 * factor, 2.0 * factor], rel=1e-6)
    assert minimal_detectable_m(1.0) == pytest.approx(3.73, abs=0.01)


def test_a_share_of_false_alarms() -> None:
    p = [0.9, 0.05, 0.21, 0.1]
    assert benjamini_hochberg_threshold(p, 0.2) == 0.1
    assert benjamini_hochberg_threshold(p) == 0.0
    assert benjamini_hochberg_threshold([0.05]) == 0.05


def test_an_ellipse_says_how_sure_it_is() -> None:
    assert confidence_ellipses(isotropic([1.0])).confidence == 0.95
    sure = confidence_ellipses(isotropic([2.0]), 0.99)
    assert sure.confidence == 0.99
    assert sure.semi_major_m == pytest.approx([2.0 * np.sqrt(stats.chi2.isf(0.01, 2))])


def test_visits_are_combined_by_their_weights() -> None:
    vectors, sigma = np.array([[0.1, 0.0], [0.4, 0.2], [0.2, -0.1]]), np.array([0.1, 0.2, 0.05])
    found = combine(vectors, sigma)
    mean = np.average(vectors, axis=0, weights=sigma**-2)
    chi2 = (((vectors - mean) / sigma[:, None]) ** 2).sum()
    assert found.vector_m == pytest.approx(mean)
    assert found.sigma_m == pytest.approx((sigma**-2.0).sum() ** -0.5)
    assert found.consistency_p == pytest.approx(stats.chi2.sf(chi2, 4))
    assert found.visits == 3
    assert combine(vectors[:1], sigma[:1]).consistency_p == 1.0


def test_a_change_has_the_direction_from_the_first_visit_to_the_second() -> None:
    found = change_between(np.array([1.0, 2.0]), 0.1, np.array([1.3, 2.1]), 0.24)
    assert found.vector_m == pytest.approx([0.3, 0.1])
    assert found.sigma_m == pytest.approx(0.26)
    assert found.p == pytest.approx(stats.chi2.sf(0.1 / 0.26**2, 2))
    assert found.mdd_m == pytest.approx(float(minimal_detectable_m(0.26)))


def test_the_baseline_is_the_first_good_visit_of_survey_grade() -> None:
    assert shadow_baseline([0.02, 0.06, 0.05, 0.01], [False, True, True, True]) == 2
    assert shadow_baseline([0.06], [True]) is None
    with pytest.raises(ValueError, match="shorter"):
        shadow_baseline([0.06, 0.01], [True])


def test_a_steady_motion_is_the_weighted_line() -> None:
    years = np.array([2018.0, 2020.0, 2021.5, 2026.0])
    vectors = np.array([[0.5, 1.0], [0.54, 1.02], [0.58, 0.99], [0.68, 1.08]])
    sigma = np.array([0.01, 0.02, 0.05, 0.015])
    neighbours, around = np.array([0.02, 0.0]), 0.004
    found = creep(years, vectors, sigma, neighbours, around)
    slope, covariance = np.polyfit(years - 2020, vectors, 1, w=1 / sigma, cov="unscaled")
    own = float(np.sqrt(covariance[0, 0, 0]))
    assert found.rate_m_per_year == pytest.approx(slope[0])
    assert found.sigma_m_per_year == pytest.approx(own)
    assert found.p_zero == pytest.approx(stats.chi2.sf((slope[0] ** 2).sum() / own**2, 2))
    against = ((slope[0] - neighbours) ** 2).sum() / (own**2 + around**2)
    assert found.p_neighbours == pytest.approx(stats.chi2.sf(against, 2))
    assert found.detectable_m_per_year == pytest.approx(float(minimal_detectable_m(own)))
    assert creep(years, vectors, sigma).p_neighbours == 1.0
    certain = creep(years, vectors, sigma, neighbours)
    least = ((slope[0] - neighbours) ** 2).sum() / own**2
    assert certain.p_neighbours == pytest.approx(stats.chi2.sf(least, 2))


def test_models_of_motion_are_weighed_by_their_parameters() -> None:
    years = np.array([2010.0, 2012.0, 2015.0, 2021.0])
    sigma = np.full(4, 0.02)
    still = step_or_drift(years, np.zeros((4, 2)) + 0.7, sigma)
    log_count = np.log(8)
    assert still.kind == "still"
    assert still.step_at is None
    assert still.bic == pytest.approx(
        {"still": 2 * log_count, "drift": 4 * log_count, "step": 5 * log_count}, abs=1e-6
    )
    drift = np.stack([0.05 * (years - 2010), 0.3 - 0.02 * (years - 2010)], 1)
    assert step_or_drift(years, drift, sigma).bic["drift"] == pytest.approx(4 * log_count, abs=1e-6)
    step = np.zeros((4, 2)) + 0.7
    step[1:] += 1.0
    found = step_or_drift(years, step, sigma)
    assert (found.kind, found.step_at) == ("step", 1)
    assert found.bic["step"] == pytest.approx(5 * log_count, abs=1e-6)


def test_the_warning_comes_beyond_its_limit() -> None:
    reaching = np.array([1.5, 1.5, 1.0])
    assert cusum_alarm(reaching, 1.0, 5.0) is None
    assert cusum_alarm(np.append(reaching, 0.6), 1.0, 5.0) == 3
    assert cusum_alarm(reaching, 1.0) == 2


OBJECTS = [(30.0, 20.0), (150.0, 35.0), (265.0, 12.0), (330.0, 28.0)]
RULES = TieRules(tape_sigma_m=0.03, register_sigma_m=0.04, bearing_sigma_deg=1.0)


def sighted(east: float, north: float, turned_deg: float, with_distance: int) -> list[Tie]:
    """What a marker that stands off its register measures with a compass that is turned."""
    ties = []
    for number, (azimuth, length) in enumerate(OBJECTS):
        to_east = length * np.sin(np.radians(azimuth)) - east
        to_north = length * np.cos(np.radians(azimuth)) - north
        seen = (np.degrees(np.arctan2(to_east, to_north)) + turned_deg) % 360
        taped = float(np.hypot(to_east, to_north)) if number < with_distance else None
        ties.append(Tie(str(number), length, azimuth, taped, float(seen)))
    return ties


def test_distances_and_bearings_give_the_position_and_the_turn_of_the_compass() -> None:
    found = solve_ties(sighted(0.8, -0.5, 7.0, 3), 0.3, RULES)
    assert found.state is TieState.OUT
    assert found.vector_m == pytest.approx([0.8, -0.5], abs=1e-6)
    assert found.rotation_deg == pytest.approx(7.0, abs=1e-4)
    assert (found.used, found.moved_object) == (7, "")
    assert found.model_p == pytest.approx(1.0)
    sigma = float(np.sqrt(np.linalg.eigvalsh(found.covariance)[-1]))
    assert found.outside_p == pytest.approx(float(rice_tail(np.hypot(0.8, 0.5), 0.3, sigma)))


def test_their_covariance_is_that_of_the_least_squares_problem() -> None:
    ties = sighted(0.8, -0.5, 7.0, 3)

    def misfit(state: np.ndarray) -> np.ndarray:
        rows = []
        for tie in ties:
            angle = np.radians(tie.registered_azimuth_deg)
            to_east = tie.registered_distance_m * np.sin(angle) - state[0]
            to_north = tie.registered_distance_m * np.cos(angle) - state[1]
            if tie.distance_m is not None:
                rows.append((np.hypot(to_east, to_north) - tie.distance_m) / 0.05)
            turn = np.radians(tie.azimuth_deg or 0.0) - np.arctan2(to_east, to_north) - state[2]
            rows.append(((turn + np.pi) % (2 * np.pi) - np.pi) / np.radians(1.0))
        return np.array(rows)

    solved = optimize.least_squares(misfit, np.zeros(3), xtol=1e-14, ftol=1e-14, gtol=1e-14)
    expected = np.linalg.inv(solved.jac.T @ solved.jac)[:2, :2]
    found = solve_ties(ties, 0.3, RULES)
    assert found.covariance == pytest.approx(expected, rel=1e-4)
    assert found.vector_m == pytest.approx(solved.x[:2], abs=1e-6)


def test_ties_that_say_nothing_say_so_with_nothing() -> None:
    nothing = solve_ties(sighted(0.0, 0.0, 0.0, 1), 0.3, RULES)
    assert nothing.state is TieState.WEAK
    assert nothing.vector_m.shape == (2,)
    assert nothing.covariance.shape == (2, 2)
    assert np.isnan(nothing.vector_m).all()
    assert np.isnan(nothing.covariance).all()
    assert (nothing.outside_p, nothing.model_p, nothing.geometry) == (1.0, 1.0, np.inf)
    assert (nothing.rotation_deg, nothing.used) == (0.0, 0)


def test_coordinates_and_ties_are_joined_by_their_weights() -> None:
    ties = solve_ties(sighted(0.8, -0.5, 0.0, 4), 0.3, RULES)
    covariance = np.array([[0.01, 0.004], [0.004, 0.02]])
    state, vector, joint = fuse(
        np.array([0.7, -0.4]), covariance, out=True, within=False, ties=ties
    )
    weight, other = np.linalg.inv(covariance), np.linalg.inv(ties.covariance)
    assert state is Fusion.CONFIRMED
    assert joint == pytest.approx(np.linalg.inv(weight + other))
    assert vector == pytest.approx(joint @ (weight @ [0.7, -0.4] + other @ ties.vector_m))
    far, kept, own = fuse(np.array([9.0, 9.0]), covariance, out=True, within=False, ties=ties)
    assert far is Fusion.OPEN
    assert kept.shape == own[0].shape == (2,)


def borne_out(**changed: object) -> list[bool]:
    """A moved marker and two that fit, all of one session."""
    given: dict[str, object] = {
        "vectors_m": np.array([[1.0, 0.0], [0.02, 0.01], [0.0, 0.03]]),
        "sigma_m": np.full(3, 0.06),
        "tolerance_m": np.full(3, 0.2),
        "session": np.zeros(3, int),
        "marker": np.arange(3),
        "bears": np.ones(3, bool),
    }
    return [bool(one) for one in validated_by_session(**(given | changed))]  # type: ignore[arg-type]


def test_who_bears_a_displacement_out() -> None:
    assert borne_out() == [True, False, False]
    assert borne_out(bears=np.zeros(3, bool)) == [False] * 3
    assert borne_out(marker=np.zeros(3, int)) == [False] * 3
    assert borne_out(least_capability=4.0) == [False] * 3
    assert borne_out(validating_p=0.0) == [False] * 3
    assert borne_out(tolerance_m=np.array([np.nan, 0.2, 0.2])) == [False] * 3
    assert borne_out(tolerance_m=np.array([0.2, np.nan, 0.2])) == [True, False, False]
    assert (
        borne_out(sigma_m=np.array([0.06, 0.06, 0.11]), bears=np.array([1, 0, 1], bool))
        == [False] * 3
    )
    assert borne_out(session=np.array([0, 1, 0])) == [True, False, False]
    assert borne_out(session=np.array([0, 1, 1])) == [False] * 3
