"""What an old network is off by from place to place, told of each row by its neighbours.

The distortion of a network is smooth over kilometres: near markers share it. What a batch has in
common is then a shift and a random field g with a Matérn covariance,

    r = T + g(x) + e,    cov g = a² (1 + √3 d/L) exp(-√3 d/L),

and a row's part of it is predicted from the other rows (kriging, each row left out). Size a and
length L are not known: all of a small grid count by how well they explain the rows. Rows that
moved are left out one by one, the worst first, so that they do not speak for their neighbours.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
LEAST_ROWS, MOST_ROWS = 3, 200
"""Fewer rows show no field; more would cost too much, and are judged with its whole size."""
_SIZES = (1 / 30, 1 / 8, 1 / 3, 1.0)  # of the largest that the cause allows
_LENGTHS_KM = (15.0, 50.0, 200.0)
_NUGGET = 0.1  # of the field's size, from point to point
_LEFT_OUT_T2 = 15.2  # exp(-T²/2) = 0.0005
_MOST_LEFT_OUT = 0.34


@dataclass(frozen=True, slots=True)
class Field:
    """Per row (n): shift and distortion (n, 2) predicted without it, and their variance (n)."""

    offset_m: Floats
    variance_m2: Floats


def predict_field(
    places_km: Floats,
    residuals_m: Floats,
    variance_m2: Floats,
    following: Flags,
    tau_m: float,
    largest_m: float,
) -> Field | None:
    """Predict what rows have in common, each from the others.

    Args:
        places_km: (n, 2).
        residuals_m: (n, 2), the cause's prediction taken off.
        variance_m2: (n) per axis, without any distortion.
        following: (n), rows that follow the cause.
        tau_m: one sigma of the shift.
        largest_m: one sigma of the largest distortion that the cause allows.

    Returns:
        None where too few rows, or too many, follow.
    """
    if following.sum() < LEAST_ROWS or len(following) > MOST_ROWS:
        return None
    models = _models(places_km, tau_m, largest_m)
    used = following.copy()
    least = following.sum() * (1.0 - _MOST_LEFT_OUT)
    while True:
        field = _predict(models, residuals_m, variance_m2, used)
        apart = ((residuals_m - field.offset_m) ** 2).sum(axis=1)
        t2 = np.where(used, apart / (field.variance_m2 + variance_m2), 0.0)
        worst = int(np.argmax(t2))
        if t2[worst] < _LEFT_OUT_T2 or used.sum() - 1 < max(least, LEAST_ROWS):
            return field
        used[worst] = False


def _models(places_km: Floats, tau_m: float, largest_m: float) -> list[Floats]:
    """Covariances (n, n) of shift and field, without the rows' own errors."""
    apart = np.hypot(*(places_km[:, None, :] - places_km[None, :, :]).transpose(2, 0, 1))
    found = []
    for length in _LENGTHS_KM:
        steps = np.sqrt(3.0) * apart / length
        kernel = (1.0 + steps) * np.exp(-steps)
        for share in _SIZES:
            size2 = (share * largest_m) ** 2
            nugget = np.eye(len(apart)) * size2 * _NUGGET**2
            found.append(tau_m**2 + size2 * kernel + nugget)
    return found


def _predict(models: list[Floats], residuals: Floats, variance: Floats, used: Flags) -> Field:
    rows = np.flatnonzero(used)
    values = [_one_model(model, residuals, variance, rows) for model in models]
    log_weight = np.array([value[0] for value in values])
    weight = np.exp(log_weight - np.logaddexp.reduce(log_weight))
    offsets = np.stack([value[1] for value in values])
    variances = np.stack([value[2] for value in values])
    mean = np.einsum("g,gna->na", weight, offsets)
    spread = ((offsets - mean) ** 2).mean(axis=2)
    return Field(mean, np.einsum("g,gn->n", weight, variances + spread))


def _one_model(
    model: Floats, residuals: Floats, variance: Floats, rows: NDArray[np.intp]
) -> tuple[float, Floats, Floats]:
    """Log likelihood of the rows used; prediction (n, 2) and variance (n), each row left out."""
    inside = model[np.ix_(rows, rows)] + np.diag(variance[rows])
    inverse = np.linalg.inv(inside)
    solved = inverse @ residuals[rows]
    log_likelihood = -float((residuals[rows] * solved).sum()) / 2.0
    log_likelihood -= float(np.linalg.slogdet(inside)[1])  # two axes, half of it each
    across = model[:, rows]
    offset = across @ solved
    spread = np.diag(model) - np.einsum("ij,jk,ik->i", across, inverse, across)
    own = np.diag(inverse)
    offset[rows] = residuals[rows] - solved / own[:, None]
    spread[rows] = 1.0 / own - variance[rows]
    return log_likelihood, offset, np.maximum(spread, 0.0)
