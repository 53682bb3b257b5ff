"""Several visits to one marker: combined, compared with each other, and followed through time.

The registered error is common to all visits: the level is tested with it, a change between visits
without it. A first good re-measurement is kept as a shadow baseline: later change is then seen at
decimetres even where the registered coordinate is of metres. The legal coordinate never changes.

Vectors are observed minus registered, east and north in metres; sigmas are of the observation
alone, per axis; times are decimal years. Source: the displacement note, section 1.6.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundary.displacement import detection_factor

Floats = NDArray[np.float64]
_GOOD_SIGMA_M = 0.05


@dataclass(frozen=True, slots=True)
class HistoryRules:
    """Thresholds for what is said of a marker over time.

    `certain_p`: of a change or a rate; `agreeing_p`: below, visits contradict each other;
    `least_visits`, `least_years`: for a rate; `session_sigma_m`: what the visits of one session
    have in common, added to each; `neighbours`: how many markers around count, within
    `neighbour_reach_m`, at least `least_neighbours` with a rate of their own; `warning_limit`: of
    the CUSUM, in halves of what a change between two visits can show.
    """

    certain_p: float = 0.001
    agreeing_p: float = 0.01
    least_visits: int = 3
    least_years: float = 1.0
    session_sigma_m: float = 0.01
    neighbours: int = 8
    neighbour_reach_m: float = 30_000.0
    least_neighbours: int = 3
    warning_limit: float = 4.0


@dataclass(frozen=True, slots=True)
class Combined:
    """Weighted mean (2,) of visits, its sigma per axis, and whether they agree (probability)."""

    vector_m: Floats
    sigma_m: float
    consistency_p: float
    visits: int


def combine(vectors_m: Floats, sigma_m: Floats) -> Combined:
    """Combine visits (k, 2) with sigmas (k,); χ² with 2(k-1) degrees tests that they agree."""
    from scipy import stats

    weight = 1.0 / np.square(sigma_m)
    mean = (weight[:, None] * vectors_m).sum(axis=0) / weight.sum()
    chi2 = float((weight[:, None] * (vectors_m - mean) ** 2).sum())
    spare = 2 * (len(sigma_m) - 1)
    p = float(stats.chi2.sf(chi2, spare)) if spare else 1.0
    return Combined(mean, float(1.0 / np.sqrt(weight.sum())), p, len(sigma_m))


@dataclass(frozen=True, slots=True)
class Change:
    """A change between two visits: vector (2,), sigma per axis, p if nothing changed, MDD."""

    vector_m: Floats
    sigma_m: float
    p: float
    mdd_m: float


def change_between(
    first_m: Floats, first_sigma_m: float, second_m: Floats, second_sigma_m: float
) -> Change:
    """What changed from one visit to another; the register's error cancels.

    Examples:
        >>> round(change_between(np.zeros(2), 0.025, np.zeros(2), 0.025).mdd_m, 2)
        0.13
    """
    sigma = float(np.hypot(first_sigma_m, second_sigma_m))
    vector = np.asarray(second_m, float) - np.asarray(first_m, float)
    p = float(np.exp(-0.5 * (vector @ vector) / sigma**2))
    return Change(vector, sigma, p, detection_factor() * sigma)


def shadow_baseline(sigma_m: Sequence[float], survey_grade: Sequence[bool]) -> int | None:
    """Index of the first good re-measurement: survey grade, five centimetres or better."""
    good = (
        i
        for i, (sigma, survey) in enumerate(zip(sigma_m, survey_grade, strict=True))
        if survey and sigma <= _GOOD_SIGMA_M
    )
    return next(good, None)


@dataclass(frozen=True, slots=True)
class Creep:
    """A steady motion: metres a year east and north (2,), sigma per axis, tests and power.

    `p_zero` against standing still; `p_neighbours` against the median rate around (1 if unknown);
    `detectable_m_per_year` at α = 0.01, power 0.8.
    """

    rate_m_per_year: Floats
    sigma_m_per_year: float
    p_zero: float
    p_neighbours: float
    detectable_m_per_year: float


def creep(
    years: Floats,
    vectors_m: Floats,
    sigma_m: Floats,
    neighbour_rate_m_per_year: Floats | None = None,
    neighbour_sigma_m_per_year: float = 0.0,
) -> Creep:
    """Generalised least squares line through visits.

    Args:
        years: decimal years (k,), at least three and not all one.
        vectors_m: (k, 2).
        sigma_m: (k,) per axis, white and session parts together.
        neighbour_rate_m_per_year: median rate of the markers around; the same rate on everything
            is a subsidence bowl or an epoch that was not reduced, not this marker.
        neighbour_sigma_m_per_year: one sigma per axis of that median.

    Examples:
        >>> t = np.arange(5.0)
        >>> found = creep(t, np.stack([0.03 * t, 0 * t], 1), np.full(5, 0.027))
        >>> found.rate_m_per_year.round(3).tolist(), round(1000 * found.detectable_m_per_year)
        ([0.03, 0.0], 32)
    """
    weight = 1.0 / np.square(sigma_m)
    centre = float((weight * years).sum() / weight.sum())
    lever = years - centre
    strength = float((weight * lever**2).sum())
    mean = (weight[:, None] * vectors_m).sum(axis=0) / weight.sum()
    rate = (weight[:, None] * lever[:, None] * (vectors_m - mean)).sum(axis=0) / strength
    sigma = float(1.0 / np.sqrt(strength))
    against = rate - (
        np.zeros(2) if neighbour_rate_m_per_year is None else neighbour_rate_m_per_year
    )
    joint2 = sigma**2 + neighbour_sigma_m_per_year**2
    p_neighbours = float(np.exp(-0.5 * (against @ against) / joint2))
    return Creep(
        rate,
        sigma,
        float(np.exp(-0.5 * (rate @ rate) / sigma**2)),
        1.0 if neighbour_rate_m_per_year is None else p_neighbours,
        detection_factor() * sigma,
    )


@dataclass(frozen=True, slots=True)
class Motion:
    """`kind` is `still`, `drift` or `step`; `step_at` the index of the first visit after a step."""

    kind: str
    bic: dict[str, float]
    step_at: int | None = None


def step_or_drift(years: Floats, vectors_m: Floats, sigma_m: Floats) -> Motion:
    """Which model fits best by BIC: a constant, a line, or two constants with a step between."""
    weight = 1.0 / np.square(sigma_m)
    count = 2 * len(years)

    def misfit(rows: Floats, w: Floats) -> float:
        mean = (w[:, None] * rows).sum(axis=0) / w.sum()
        return float((w[:, None] * (rows - mean) ** 2).sum())

    line = creep(years, vectors_m, sigma_m)
    steps = [
        (misfit(vectors_m[:k], weight[:k]) + misfit(vectors_m[k:], weight[k:]), k)
        for k in range(1, len(years))
    ]
    best, at = min(steps)
    drift = misfit(vectors_m - (years - years.mean())[:, None] * line.rate_m_per_year, weight)
    log_count = float(np.log(count))
    bic = {
        "still": misfit(vectors_m, weight) + 2 * log_count,
        "drift": drift + 4 * log_count,
        "step": best + 5 * log_count,  # two means and the time of the step
    }
    kind = min(bic, key=lambda name: bic[name])
    return Motion(kind, bic, at if kind == "step" else None)


def cusum_alarm(distances_m: Floats, tolerance_m: float, limit: float = 4.0) -> int | None:
    """One-sided CUSUM for early warning: index of the visit that raises it, or None.

    Args:
        distances_m: change since the baseline in units of metres, in the order of visits.
        tolerance_m: half of it is the slack.
        limit: alarm level in halves of the tolerance.
    """
    slack = 0.5 * tolerance_m
    level = 0.0
    for i, distance in enumerate(distances_m):
        level = max(0.0, level + float(distance) - slack)
        if level > limit * slack:
            return i
    return None
