"""How well each hypothesis explains the rows: a robust marginal likelihood, many at once.

For hypothesis h with residuals r (n, 2), variances v (n) and a common offset T ~ N(0, τ²):

    L(T) = Σ log[(1-ε) N(r - T; 0, v) + ε b(|r - T|)] + log N(T; 0, τ²)

b is log-uniform in distance and uniform in azimuth: moved markers up to 300 m and blunders beyond.
T is found by EM from several starts; the evidence is Laplace's, exp(L) 2π/A with A = Σ w/v + 1/τ².
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_NEAREST_M, _FARTHEST_M = 0.02, 2e7
_BLUNDER_SHARE = 0.2
_ROUNDS = 14
_STARTS = 6
_MISFIT_FROM, _MISFIT_SLOPE = 12.0, 2.0
_WIDE_TAU_M = 1.0
_LOST_M = 1e7  # where a reading was impossible


@dataclass(frozen=True, slots=True)
class Scores:
    """Per hypothesis (H): log evidence, offset T (H, 2), row weights (H, n)."""

    log_evidence: Floats
    offset_m: Floats
    weights: Floats


def log_background(squared_m2: Floats, variance_m2: Floats, moved_limit_m: float) -> Floats:
    """Log b of squared distances: density per square metre of moved markers and blunders."""
    reach = squared_m2 + variance_m2 + _NEAREST_M**2
    moved = np.where(
        squared_m2 < moved_limit_m**2,
        (1.0 - _BLUNDER_SHARE) / np.log(moved_limit_m / _NEAREST_M),
        0.0,
    )
    anywhere = _BLUNDER_SHARE / np.log(_FARTHEST_M / _NEAREST_M)
    return np.asarray(np.log((moved + anywhere) / (2.0 * np.pi * reach)), float)


def log_normal(squared_m2: Floats, variance_m2: Floats) -> Floats:
    """Log density of an isotropic two-dimensional normal."""
    return -np.log(2.0 * np.pi * variance_m2) - 0.5 * squared_m2 / variance_m2


def score(
    residuals_m: Floats,
    variance_m2: Floats,
    tau_m: Floats,
    outlier_share: float,
    moved_limit_m: float,
) -> Scores:
    """Score H hypotheses over n rows.

    Args:
        residuals_m: (H, n, 2), predicted vectors taken off; NaN where a reading is impossible.
        variance_m2: (H, n) per axis.
        tau_m: (H) one sigma per axis of the common offset.
        outlier_share: ε.
        moved_limit_m: how far markers move.
    """
    residuals = np.where(np.isfinite(residuals_m), residuals_m, _LOST_M)
    starts, owner = _starting_points(residuals, variance_m2, tau_m)
    r, v, tau2 = residuals[owner], variance_m2[owner], np.square(tau_m)[owner]
    offset = starts
    for _ in range(_ROUNDS):
        weight, _ = responsibilities(r, v, offset, outlier_share, moved_limit_m)
        gain = weight / v
        precision = gain.sum(axis=1) + 1.0 / tau2
        offset = (gain[:, :, None] * r).sum(axis=1) / precision[:, None]
    weight, log_rows = responsibilities(r, v, offset, outlier_share, moved_limit_m)
    precision = (weight / v).sum(axis=1) + 1.0 / tau2
    log_likelihood = log_rows.sum(axis=1) + log_normal((offset**2).sum(axis=1), tau2)
    log_evidence = log_likelihood + np.log(2.0 * np.pi / precision)
    log_evidence -= _misfit_penalty(offset, precision, tau2)
    best = _best_of_each(log_evidence, owner, len(tau_m))
    return Scores(log_evidence[best], offset[best], weight[best])


def _misfit_penalty(offset: Floats, precision: Floats, tau2: Floats) -> Floats:
    """An offset that its own prior calls impossible is not that error, however bad the others are.

    Beyond a probability of about 0.001 the evidence is made to fall much faster than a normal's.
    """
    spread = 1.0 / np.maximum(precision - 1.0 / tau2, 1e-12)
    squared = (offset**2).sum(axis=1) * (tau2 + spread) / tau2**2
    return np.asarray(_MISFIT_SLOPE * np.maximum(squared - _MISFIT_FROM, 0.0), float)


def _starting_points(
    residuals: Floats, variance: Floats, tau: Floats
) -> tuple[Floats, NDArray[np.intp]]:
    """Zero for every hypothesis; median and single rows too where the offset is open."""
    count, rows = residuals.shape[:2]
    starts = [np.zeros((count, 2))]
    owners = [np.arange(count)]
    wide = np.flatnonzero(tau > _WIDE_TAU_M)
    if wide.size and rows:
        chosen = residuals[wide]
        shrink = np.square(tau[wide])[:, None] / (np.square(tau[wide])[:, None] + variance[wide])
        asked = np.unique(np.linspace(0, rows - 1, min(rows, _STARTS)).astype(int))
        starts.append(np.median(chosen, axis=1))
        owners.append(wide)
        for row in asked:
            starts.append(chosen[:, row] * shrink[:, row, None])
            owners.append(wide)
    return np.concatenate(starts), np.concatenate(owners)


def responsibilities(
    r: Floats, v: Floats, offset: Floats, outlier_share: float, moved_limit_m: float
) -> tuple[Floats, Floats]:
    """Weight of "follows the batch" and log density of each row, both (H, n), given offsets."""
    r = np.where(np.isfinite(r), r, _LOST_M)
    squared = ((r - offset[:, None, :]) ** 2).sum(axis=2)
    inside = np.log1p(-outlier_share) + log_normal(squared, v)
    outside = np.log(outlier_share) + log_background(squared, v, moved_limit_m)
    both = np.logaddexp(inside, outside)
    return np.exp(inside - both), both


def _best_of_each(values: Floats, owner: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    order = np.lexsort((values, owner))
    last = np.searchsorted(owner[order], np.arange(count), side="right") - 1
    return np.asarray(order[last], np.intp)
