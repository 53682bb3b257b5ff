"""The robust evidence: its offset, its Occam factor, its background."""

import numpy as np
import pytest

from boundary.diagnosis.evidence import log_background, score


def test_the_offset_is_the_weighted_mean_of_those_who_agree() -> None:
    r = np.array([[[10.0, -4.0], [10.2, -4.1], [9.9, -3.9], [300.0, 80.0]]])
    found = score(r, np.full((1, 4), 0.04), np.array([40.0]), 0.06, 300.0)
    assert found.offset_m[0] == pytest.approx([10.03, -4.0], abs=0.02)
    assert found.weights[0][:3].min() > 0.99
    assert found.weights[0][3] < 1e-6


def test_a_freer_hypothesis_pays_for_its_freedom() -> None:
    r = np.zeros((2, 5, 2))
    found = score(r, np.full((2, 5), 0.01), np.array([0.015, 40.0]), 0.06, 300.0)
    assert found.log_evidence[0] - found.log_evidence[1] > 8.0


def test_an_offset_its_own_prior_calls_impossible_is_not_that_error() -> None:
    near, far = np.full((1, 4, 2), 0.05), np.full((1, 4, 2), 0.35)
    tau, variance = np.array([0.05]), np.full((1, 4), 1e-4)
    good = score(near, variance, tau, 0.06, 300.0).log_evidence[0]
    bad = score(far, variance, tau, 0.06, 300.0).log_evidence[0]
    assert good - bad > 12.0


def test_the_background_is_a_density_in_the_plane() -> None:
    edges = np.geomspace(1e-3, 2e7, 4000)
    middle = np.sqrt(edges[1:] * edges[:-1])
    ring = np.pi * (edges[1:] ** 2 - edges[:-1] ** 2)
    total = float((np.exp(log_background(middle**2, np.zeros_like(middle), 300.0)) * ring).sum())
    assert total == pytest.approx(1.0, abs=0.05)


def test_rows_that_cannot_be_read_count_as_lost() -> None:
    r = np.full((1, 2, 2), np.nan)
    found = score(r, np.ones((1, 2)), np.array([0.015]), 0.06, 300.0)
    assert np.isfinite(found.log_evidence[0])
    assert found.weights[0].max() < 1e-6
