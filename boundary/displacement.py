"""Is a marker further from its registered position than matters? Covariances and the interval test.

Vectors are observed minus registered, east and north in metres, on the horizon of the registered
point. Covariances are (n, 2, 2) or one sigma per axis (n,), in square metres and metres. Nothing
here knows about stores, files or batches.

Source of the formulas: the displacement note, sections 1.1 to 1.4; its tables are the tests.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_FAR_TAIL_CAPABILITY = 50.0  # beyond, the curvature of the circle no longer shows: a normal tail
_CERTAIN_FRACTION = 0.5  # a distance under half the tolerance is not worth a tail


def isotropic(sigma_m: ArrayLike) -> Floats:
    """Covariances (n, 2, 2) in square metres of equal sigmas (n,) per axis in metres."""
    variance = np.square(np.atleast_1d(np.asarray(sigma_m, float)))
    return np.asarray(variance[:, None, None] * np.eye(2), float)


def total_covariance(*parts: ArrayLike) -> Floats:
    """Sum of independent parts, each (n, 2, 2) or one sigma per axis (n,) or a scalar sigma.

    The parts of a displacement are the register, the observation, the epoch reduction, the
    centring on the marker, the datum change and what the session has in common.

    Examples:
        >>> total_covariance(0.05, [0.025, 0.15])[:, 0, 0].round(6).tolist()
        [0.003125, 0.025]
    """
    arrays = [np.asarray(part, float) for part in parts]
    return np.asarray(sum(a if a.ndim == 3 else isotropic(a) for a in arrays), float)  # noqa: PLR2004


@dataclass(frozen=True, slots=True)
class Ellipses:
    """Confidence ellipses: semi-axes in metres, azimuth of the major one in degrees (0 to 180)."""

    semi_major_m: Floats
    semi_minor_m: Floats
    azimuth_deg: Floats
    confidence: float


def principal_axes(covariance: Floats) -> tuple[Floats, Floats, Floats]:
    """Largest and smallest sigma in metres and the azimuth of the largest, degrees east of north.

    Closed form for (n, 2, 2); an isotropic covariance has azimuth 0.
    """
    half_sum = 0.5 * (covariance[..., 0, 0] + covariance[..., 1, 1])
    half_difference = 0.5 * (covariance[..., 0, 0] - covariance[..., 1, 1])
    root = np.hypot(half_difference, covariance[..., 0, 1])
    azimuth_deg = np.degrees(0.5 * np.arctan2(covariance[..., 0, 1], -half_difference)) % 180.0
    smallest = np.maximum(half_sum - root, 0.0)
    return np.sqrt(half_sum + root), np.sqrt(smallest), np.where(root > 0.0, azimuth_deg, 0.0)


def confidence_factor(confidence: float) -> float:
    """Semi-axis in sigmas of a two-dimensional ellipse, Σ known.

    Examples:
        >>> [round(confidence_factor(c), 2) for c in (0.683, 0.95, 0.99, 0.999)]
        [1.52, 2.45, 3.03, 3.72]
    """
    return float(np.sqrt(-2.0 * np.log1p(-confidence)))


def confidence_ellipses(covariance: Floats, confidence: float = 0.95) -> Ellipses:
    """The ellipse that holds the true vector with a probability, for each covariance (n, 2, 2)."""
    major, minor, azimuth_deg = principal_axes(covariance)
    factor = confidence_factor(confidence)
    return Ellipses(factor * major, factor * minor, azimuth_deg, confidence)


def rice_tail(distance_m: ArrayLike, offset_m: ArrayLike, sigma_m: ArrayLike) -> Floats:
    """P(length ≥ distance) of a vector with mean length `offset_m` and `sigma_m` per axis.

    Examples:
        >>> float(rice_tail(3.0349, 0.0, 1.0).round(4)), float(rice_tail(5.451, 3.0, 1.0).round(4))
        (0.01, 0.01)
    """
    from scipy import special

    sigma = np.asarray(sigma_m, float)
    d, t = np.broadcast_arrays(np.asarray(distance_m, float) / sigma, np.asarray(offset_m) / sigma)
    tail = np.empty(d.shape)
    near = t < _FAR_TAIL_CAPABILITY
    tail[near] = 1.0 - special.chndtr(np.square(d[near]), 2.0, np.square(t[near]))
    # The length of a far mean vector is normal about t + 1/(2t).
    far = t[~near]
    tail[~near] = special.ndtr(-(d[~near] - far - 0.5 / far))
    return np.clip(tail, 0.0, 1.0)


def outside_probability(distance_m: Floats, tolerance_m: Floats, sigma_m: Floats) -> Floats:
    """P of the interval null "the marker is within its tolerance", arrays (n,) in metres.

    It is 1 where the distance is under half the tolerance: the tail there is above 0.8 for every
    capability that allows a verdict, and need not be computed.
    """
    p = np.ones_like(distance_m)
    asked = distance_m > _CERTAIN_FRACTION * tolerance_m
    p[asked] = rice_tail(distance_m[asked], tolerance_m[asked], sigma_m[asked])
    return p


@lru_cache(maxsize=64)
def detection_factor(alpha: float = 0.01, power: float = 0.8) -> float:
    """Smallest detectable displacement in sigmas: δ₀ of the non-central χ² with 2 dof.

    Examples:
        >>> [round(detection_factor(0.01, power), 2) for power in (0.8, 0.9, 0.95, 0.99)]
        [3.73, 4.17, 4.54, 5.24]
    """
    from scipy import optimize, special, stats

    critical = float(stats.chi2.isf(alpha, 2))
    return float(
        optimize.brentq(lambda d: 1.0 - special.chndtr(critical, 2.0, d * d) - power, 0.1, 30.0)
    )


def minimal_detectable_m(sigma_m: ArrayLike, alpha: float = 0.01, power: float = 0.8) -> Floats:
    """Displacement in metres found with a power at a level, for the largest sigma per axis."""
    return np.asarray(detection_factor(alpha, power) * np.asarray(sigma_m, float), float)


def benjamini_hochberg_threshold(p_values: ArrayLike, q: float = 0.05) -> float:
    """The largest p that is rejected so that a share `q` of the alarms is false at most; 0 if none.

    Examples:
        >>> p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
        ...      0.4262, 0.5719, 0.6528, 0.7590, 1.0]
        >>> benjamini_hochberg_threshold(p)
        0.0095
    """
    p = np.sort(np.asarray(p_values, float))
    passed = np.flatnonzero(p <= q * np.arange(1, p.size + 1) / max(p.size, 1))
    return float(p[passed[-1]]) if passed.size else 0.0
