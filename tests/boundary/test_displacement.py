"""The tables of the displacement test."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from boundary.displacement import (
    benjamini_hochberg_threshold,
    confidence_ellipses,
    confidence_factor,
    detection_factor,
    minimal_detectable_m,
    outside_probability,
    principal_axes,
    rice_tail,
    total_covariance,
)


@pytest.mark.parametrize(
    ("alpha", "row"),
    [
        (0.05, (3.10, 3.56, 3.93, 4.63)),
        (0.01, (3.73, 4.17, 4.54, 5.24)),
        (0.001, (4.43, 4.88, 5.25, 5.94)),
    ],
)
def test_detection_factors(alpha: float, row: tuple[float, ...]) -> None:
    found = [detection_factor(alpha, power) for power in (0.80, 0.90, 0.95, 0.99)]
    assert found == pytest.approx(row, abs=0.006)


@pytest.mark.parametrize(
    ("observed_m", "row"),
    [
        (0.01, (0.19, 0.37, 1.9, 3.7, 18.6)),
        (0.025, (0.21, 0.38, 1.9, 3.7, 18.6)),
        (0.05, (0.26, 0.42, 1.9, 3.7, 18.6)),
        (0.15, (0.59, 0.67, 1.9, 3.8, 18.6)),
        (3.0, (11.2, 11.2, 11.3, 11.8, 21.7)),
        (5.0, (18.6, 18.6, 18.7, 19.0, 26.3)),
    ],
)
def test_minimal_detectable_displacements(observed_m: float, row: tuple[float, ...]) -> None:
    covariance = total_covariance([0.05, 0.10, 0.5, 1.0, 5.0], observed_m)
    major, _, _ = principal_axes(covariance)
    for found, expected in zip(minimal_detectable_m(major), row, strict=True):
        assert found == pytest.approx(expected, abs=0.051 if expected >= 1 else 0.0051)


def test_confidence_factors() -> None:
    found = [confidence_factor(level) for level in (0.6827, 0.95, 0.99, 0.999)]
    assert found == pytest.approx([1.52, 2.45, 3.03, 3.72], abs=0.006)


@pytest.mark.parametrize(
    ("capability", "critical"),
    [(0, 3.03), (1, 3.58), (2, 4.49), (3, 5.45), (5, 7.41), (10, 12.37)],
)
def test_critical_distances_of_the_interval_null(capability: float, critical: float) -> None:
    assert float(rice_tail(critical, capability, 1.0)) == pytest.approx(0.01, rel=0.06)


@pytest.mark.parametrize(
    ("capability", "risk"), [(1.0, 0.08), (1.5, 0.04), (2.0, 0.015), (2.5, 0.004), (3.0, 0.001)]
)
def test_risk_of_calling_a_twofold_displacement_in_place(capability: float, risk: float) -> None:
    seen_inside = 1.0 - float(rice_tail(capability, 2.0 * capability, 1.0))
    assert seen_inside == pytest.approx(risk, abs=0.006)


@pytest.mark.parametrize(
    ("capability", "moved", "power"),
    [(2, 2, 0.36), (3, 2, 0.74), (4, 2, 0.95), (2, 3, 0.95), (3, 3, 1.0)],
)
def test_power_to_call_a_displacement(capability: float, moved: float, power: float) -> None:
    critical = {2: 4.49, 3: 5.45, 4: 6.42}[int(capability)]
    assert float(rice_tail(critical, moved * capability, 1.0)) == pytest.approx(power, abs=0.011)


def test_rice_tail_agrees_with_the_non_central_chi_square_and_far_out() -> None:
    distance = np.linspace(0.1, 20, 40)
    for offset in (0.0, 0.7, 3.0, 8.0):
        exact = stats.ncx2.sf(distance**2, 2, offset**2) if offset else np.exp(-(distance**2) / 2)
        assert rice_tail(distance, offset, 1.0) == pytest.approx(exact, abs=2e-12)
    assert float(rice_tail(60.0, 60.0, 1.0)) == pytest.approx(0.5, abs=0.005)
    assert np.all(np.isfinite(rice_tail(np.array([1e7]), np.array([1e5]), np.array([0.01]))))


@given(st.floats(0.01, 50), st.floats(0.01, 20), st.floats(0.01, 20))
def test_a_longer_vector_is_never_less_outside(d: float, tolerance: float, sigma: float) -> None:
    distances = np.array([d, d * 1.3])
    p = outside_probability(distances, np.full(2, tolerance), np.full(2, sigma))
    assert p[1] <= p[0] + 1e-12


@given(st.floats(0.01, 9), st.floats(0.01, 9), st.floats(-0.99, 0.99))
def test_principal_axes_rebuild_the_covariance(a: float, c: float, r: float) -> None:
    b = r * np.sqrt(a * c)
    covariance = np.array([[[a, b], [b, c]]])
    major, minor, azimuth = principal_axes(covariance)
    u = np.array([np.sin(np.radians(azimuth[0])), np.cos(np.radians(azimuth[0]))])
    w = np.array([u[1], -u[0]])
    rebuilt = major[0] ** 2 * np.outer(u, u) + minor[0] ** 2 * np.outer(w, w)
    assert rebuilt == pytest.approx(covariance[0], abs=1e-9 + 1e-9 * max(a, c))


def test_ellipses_hold_their_share_of_points() -> None:
    rng = np.random.default_rng(3)
    covariance = np.array([[[4.0, 1.2], [1.2, 1.0]]])
    points = rng.multivariate_normal([0, 0], covariance[0], 40_000)
    ellipse = confidence_ellipses(covariance, 0.95)
    azimuth = np.radians(ellipse.azimuth_deg[0])
    along = points @ [np.sin(azimuth), np.cos(azimuth)]
    across = points @ [np.cos(azimuth), -np.sin(azimuth)]
    inside = (along / ellipse.semi_major_m[0]) ** 2 + (across / ellipse.semi_minor_m[0]) ** 2 <= 1
    assert inside.mean() == pytest.approx(0.95, abs=0.005)


def test_benjamini_hochberg_of_the_paper_of_1995() -> None:
    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
         0.5719, 0.6528, 0.7590, 1.0]  # fmt: skip
    assert benjamini_hochberg_threshold(p) == 0.0095
    assert benjamini_hochberg_threshold([]) == 0.0
    assert benjamini_hochberg_threshold([0.9]) == 0.0
