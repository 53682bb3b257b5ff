"""Taped witness objects (方位物): where a marker stands relative to what was fixed around it.

Ties know nothing of datums, zones, epochs, typing or base stations, so they confirm or contradict a
coordinate independently. The registered marker is the origin; object k lies at a registered azimuth
and distance; the marker's present position is found by least squares from the distances and
bearings measured now. Vectors are metres, east and north; azimuths degrees clockwise.

Source: the displacement note, section 1.7; its table is a test.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from boundary.displacement import rice_tail

Floats = NDArray[np.float64]
_ROUNDS = 12
_CONVERGED_M = 1e-7


class TieState(StrEnum):
    """What ties say: `IN`, `OUT`, a moved object, a turned compass, or nothing."""

    IN = "in"
    OUT = "out"
    OBJECT_MOVED = "object_moved"
    DISAGREE = "disagree"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Tie:
    """One object: as registered and as measured now; None where not recorded or not measured."""

    name: str
    registered_distance_m: float
    registered_azimuth_deg: float
    distance_m: float | None = None
    azimuth_deg: float | None = None


@dataclass(frozen=True, slots=True)
class TieRules:
    """Accuracies and gates.

    `tape_sigma_m`: of a distance now; `register_sigma_m`: of a recorded distance (to 0.1 m it is at
    least 0.03); `bearing_sigma_deg`: of a difference of two bearings; `weakest_geometry`:
    √tr(AᵀA)⁻¹ beyond which nothing is concluded; `alpha`: level of the tests.
    """

    tape_sigma_m: float = 0.03
    register_sigma_m: float = 0.03
    bearing_sigma_deg: float = 1.5
    weakest_geometry: float = 1.6
    alpha: float = 0.01
    snoop_critical: float = 3.29
    least_for_accusing: int = 4


@dataclass(frozen=True, slots=True)
class TieSolution:
    """The marker's position from its ties.

    `vector_m`: now minus registered; `covariance` (2, 2); `t_squared` and its probability if
    nothing moved; `model_p`: probability of the residuals; `geometry`: √tr(AᵀA)⁻¹; `rotation_deg`:
    what all bearings have in common (magnetic against grid); `moved_object`: name snooped out.
    """

    state: TieState
    vector_m: Floats
    covariance: Floats
    outside_p: float
    model_p: float
    geometry: float
    rotation_deg: float
    moved_object: str = ""
    used: int = 0


def solve_ties(
    ties: Sequence[Tie], tolerance_m: float, rules: TieRules | None = None
) -> TieSolution:
    """Least-squares position from ties, with its tests.

    Args:
        ties: objects with at least a distance or a bearing measured now.
        tolerance_m: displacement that does not matter.
        rules: accuracies and gates.

    Returns:
        The solution; `WEAK` where fewer than three quantities or a poor geometry decide.
    """
    chosen = rules or TieRules()
    measured = [tie for tie in ties if tie.distance_m is not None]
    first = _adjust(measured, ties, chosen, set())
    if first is None or first.used < 3 or first.geometry > chosen.weakest_geometry:  # noqa: PLR2004
        return _weak(first)
    if first.model_p >= chosen.alpha:
        return _tested(first, tolerance_m, chosen)
    if len(measured) < chosen.least_for_accusing:
        return _with_state(first, TieState.DISAGREE)
    return _without_moved_object(measured, ties, first, tolerance_m, chosen)


@dataclass(frozen=True, slots=True)
class _Adjusted:
    vector_m: Floats
    covariance: Floats
    residuals: Floats
    normalised: Floats
    model_p: float
    geometry: float
    rotation_deg: float
    used: int


def _adjust(
    measured: Sequence[Tie], ties: Sequence[Tie], rules: TieRules, left_out: set[int]
) -> _Adjusted | None:
    """Distances first; bearings join with one rotation in common."""
    taped = [tie for i, tie in enumerate(measured) if i not in left_out]
    names_out = {measured[i].name for i in left_out}
    sighted = [t for t in ties if t.azimuth_deg is not None and t.name not in names_out]
    objects = np.array([_offset(tie) for tie in taped]).reshape(-1, 2)
    distances = np.array([tie.distance_m for tie in taped], float)
    if len(taped) < 2:  # noqa: PLR2004 - two unknowns
        return None
    sigma = np.hypot(rules.tape_sigma_m, rules.register_sigma_m)
    use_bearings = len(sighted) >= 2  # noqa: PLR2004 - one is taken by the rotation
    state = np.zeros(3 if use_bearings else 2)
    for _ in range(_ROUNDS):
        design, misclosure, weight = _distance_rows(objects, distances, state, sigma)
        if use_bearings:
            more = _bearing_rows(sighted, state, rules)
            design = np.vstack([np.pad(design, ((0, 0), (0, 1))), more[0]])
            misclosure = np.concatenate([misclosure, more[1]])
            weight = np.concatenate([weight, more[2]])
        normal = design.T @ (weight[:, None] * design)
        if np.linalg.cond(normal) > 1e12:  # noqa: PLR2004 - objects in one line
            return None
        change = np.linalg.solve(normal, design.T @ (weight * misclosure))
        state = state + change
        if np.abs(change[:2]).max() < _CONVERGED_M:
            break
    return _quality(design, misclosure - design @ change, weight, state, objects, len(taped))


def _offset(tie: Tie) -> tuple[float, float]:
    azimuth = np.radians(tie.registered_azimuth_deg)
    return (
        tie.registered_distance_m * float(np.sin(azimuth)),
        tie.registered_distance_m * float(np.cos(azimuth)),
    )


def _distance_rows(
    objects: Floats, distances: Floats, state: Floats, sigma: float
) -> tuple[Floats, Floats, Floats]:
    to_object = objects - state[:2]
    computed = np.hypot(to_object[:, 0], to_object[:, 1])
    design = -to_object / computed[:, None]
    return design, distances - computed, np.full(len(distances), 1.0 / sigma**2)


def _bearing_rows(
    sighted: Sequence[Tie], state: Floats, rules: TieRules
) -> tuple[Floats, Floats, Floats]:
    """Bearings now, up to one rotation of all; columns east, north (per metre), rotation (rad)."""
    objects = np.array([_offset(tie) for tie in sighted]) - state[:2]
    squared = (objects**2).sum(axis=1)
    computed = np.arctan2(objects[:, 0], objects[:, 1])
    seen = np.radians([tie.azimuth_deg or 0.0 for tie in sighted])
    design = np.stack([-objects[:, 1] / squared, objects[:, 0] / squared, np.ones(len(sighted))], 1)
    misclosure = (seen - state[2] - computed + np.pi) % (2 * np.pi) - np.pi
    weight = np.full(len(sighted), 1.0 / np.radians(rules.bearing_sigma_deg) ** 2)
    return design, misclosure, weight


def _quality(
    design: Floats,
    residuals: Floats,
    weight: Floats,
    state: Floats,
    objects: Floats,
    taped: int,
) -> _Adjusted:
    from scipy import stats

    inverse = np.linalg.inv(design.T @ (weight[:, None] * design))
    cofactor = 1.0 / weight - np.einsum("ij,jk,ik->i", design, inverse, design)
    normalised = np.abs(residuals) / np.sqrt(np.maximum(cofactor, 1e-18))
    spare = len(weight) - len(state)
    chi2 = float((weight * residuals**2).sum())
    directions = objects / np.hypot(objects[:, 0], objects[:, 1])[:, None]
    plain = directions.T @ directions
    geometry = (
        float(np.sqrt(np.trace(np.linalg.inv(plain)))) if np.linalg.det(plain) > 0 else np.inf
    )
    return _Adjusted(
        state[:2], np.asarray(inverse[:2, :2], float), residuals[:taped], normalised[:taped],
        float(stats.chi2.sf(chi2, spare)) if spare > 0 else 1.0, geometry,
        float(np.degrees(state[2])) if len(state) > 2 else 0.0, len(weight),  # noqa: PLR2004
    )  # fmt: skip


def _outside_p(found: _Adjusted, tolerance_m: float) -> float:
    sigma = float(np.sqrt(np.linalg.eigvalsh(found.covariance)[-1]))
    return float(rice_tail(float(np.hypot(*found.vector_m)), tolerance_m, sigma))


def _with_state(
    found: _Adjusted, state: TieState, outside_p: float = 1.0, name: str = ""
) -> TieSolution:
    return TieSolution(
        state, found.vector_m, found.covariance, outside_p, found.model_p, found.geometry,
        found.rotation_deg, name, found.used,
    )  # fmt: skip


def _tested(found: _Adjusted, tolerance_m: float, rules: TieRules, name: str = "") -> TieSolution:
    p = _outside_p(found, tolerance_m)
    out = p < rules.alpha and float(np.hypot(*found.vector_m)) > tolerance_m
    state = TieState.OUT if out else (TieState.OBJECT_MOVED if name else TieState.IN)
    return _with_state(found, state, p, name)


def _weak(found: _Adjusted | None) -> TieSolution:
    if found is None:
        nowhere = np.full(2, np.nan)
        return TieSolution(TieState.WEAK, nowhere, np.full((2, 2), np.nan), 1.0, 1.0, np.inf, 0.0)
    return _with_state(found, TieState.WEAK)


def _without_moved_object(
    measured: Sequence[Tie],
    ties: Sequence[Tie],
    first: _Adjusted,
    tolerance_m: float,
    rules: TieRules,
) -> TieSolution:
    """Data snooping: leave out the object whose residual is largest, if that heals the rest."""
    worst = int(np.argmax(first.normalised))
    if first.normalised[worst] < rules.snoop_critical:
        return _with_state(first, TieState.DISAGREE)
    again = _adjust(measured, ties, rules, {worst})
    if again is None or again.model_p < rules.alpha or again.geometry > rules.weakest_geometry:
        return _with_state(first, TieState.DISAGREE)
    return _tested(again, tolerance_m, rules, measured[worst].name)


class Fusion(StrEnum):
    """What coordinates and ties say together (fusion table of the note's 1.7)."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    OBJECT_SUSPECT = "object_suspect"
    AGREED_IN = "agreed_in"
    OPEN = "open"


def fuse(
    vector_m: Floats, covariance: Floats, *, out: bool, within: bool, ties: TieSolution
) -> tuple[Fusion, Floats, Floats]:
    """Join a coordinate displacement with its ties.

    Args:
        vector_m: observed minus registered (2,).
        covariance: its covariance (2, 2).
        out: the coordinate test finds it outside.
        within: the coordinate test finds it in place.
        ties: their solution.

    Returns:
        What follows; the combined vector (2,) and covariance (2, 2) of independent estimates, or
        the coordinate's own where the ties do not count.
    """
    from scipy import stats

    if ties.state in {TieState.WEAK, TieState.DISAGREE}:
        return Fusion.OPEN, vector_m, covariance
    weight, tie_weight = np.linalg.inv(covariance), np.linalg.inv(ties.covariance)
    joint = np.linalg.inv(weight + tie_weight)
    combined = joint @ (weight @ vector_m + tie_weight @ ties.vector_m)
    apart = vector_m - ties.vector_m
    t2 = float(apart @ np.linalg.solve(covariance + ties.covariance, apart))
    agree = t2 <= float(stats.chi2.isf(0.01, 2))
    tie_out = ties.state is TieState.OUT
    if out and tie_out:
        return (Fusion.CONFIRMED if agree else Fusion.OPEN), combined, joint
    if out:
        return Fusion.CONTRADICTED, vector_m, covariance
    if within and tie_out:
        return Fusion.OBJECT_SUSPECT, vector_m, covariance
    return (Fusion.AGREED_IN if not tie_out else Fusion.OPEN), combined, joint
