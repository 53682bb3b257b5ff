"""Repeats, changes, creep: the numbers of section 1.6."""

import numpy as np
import pytest

from boundary.displacement_visits import (
    change_between,
    combine,
    creep,
    cusum_alarm,
    shadow_baseline,
    step_or_drift,
)


def test_visits_combine_by_weight_and_say_whether_they_agree() -> None:
    found = combine(
        np.array([[0.10, 0.0], [0.12, 0.02], [0.11, -0.01]]), np.array([0.02, 0.04, 0.02])
    )
    assert found.vector_m == pytest.approx([0.1067, -0.0022], abs=1e-3)
    assert found.sigma_m == pytest.approx(0.0133, abs=1e-4)
    assert found.consistency_p > 0.5
    assert combine(np.array([[0.0, 0.0], [0.5, 0.0]]), np.array([0.02, 0.02])).consistency_p < 1e-6


def test_a_change_between_two_rtk_visits_is_seen_at_thirteen_centimetres() -> None:
    found = change_between(np.zeros(2), 0.025, np.array([0.2, 0.0]), 0.025)
    assert found.mdd_m == pytest.approx(0.13, abs=0.002)
    assert found.p < 0.001


@pytest.mark.parametrize(
    ("visits", "sigma_mm", "detectable_mm"),
    [(3, 19, 71), (5, 8.5, 32), (8, 4.2, 15.5), (10, 3.0, 11)],
)
def test_yearly_rates(visits: int, sigma_mm: float, detectable_mm: float) -> None:
    years = np.arange(float(visits))
    sigma = np.full(visits, np.hypot(0.025, 0.010))
    found = creep(years, np.zeros((visits, 2)), sigma)
    assert 1000 * found.sigma_m_per_year == pytest.approx(sigma_mm, abs=0.6)
    assert 1000 * found.detectable_m_per_year == pytest.approx(detectable_mm, abs=1.2)


def test_the_same_rate_everywhere_is_not_this_marker() -> None:
    years = np.arange(6.0)
    drift = np.stack([0.031 * years, -0.009 * years], 1)
    found = creep(years, drift, np.full(6, 0.027), np.array([0.031, -0.009]))
    assert found.p_zero < 0.01
    assert found.p_neighbours == pytest.approx(1.0, abs=1e-6)


def test_a_step_is_told_from_a_drift() -> None:
    years, sigma = np.arange(8.0), np.full(8, 0.03)
    rng = np.random.default_rng(2)
    noise = rng.normal(0, 0.03, (8, 2))
    step = np.where(years < 4, 0.0, 0.6)[:, None] * np.array([1.0, 0.0])
    drift = (0.1 * years)[:, None] * np.array([0.0, 1.0])
    assert step_or_drift(years, noise, sigma).kind == "still"
    assert (
        step_or_drift(years, step + noise, sigma).kind,
        step_or_drift(years, step + noise, sigma).step_at,
    ) == ("step", 4)
    assert step_or_drift(years, drift + noise, sigma).kind == "drift"


def test_the_shadow_baseline_is_the_first_good_visit() -> None:
    assert shadow_baseline([5.0, 0.15, 0.03, 0.02], [False, True, True, True]) == 2
    assert shadow_baseline([0.03], [False]) is None


def test_cusum_warns_early_and_not_of_noise() -> None:
    assert cusum_alarm(np.array([0.02, 0.05, 0.03, 0.06]), 0.2) is None
    assert cusum_alarm(np.array([0.1, 0.25, 0.3, 0.35]), 0.2) == 3
