"""Is a session borne out? One wrong base coordinate moves every marker it sees alike.

A displacement counts as validated when another mark of the same session fits its register and the
displacement, taken relative to that mark, is still out of tolerance.
"""

import numpy as np
from numpy.typing import NDArray

from boundary.displacement import rice_tail

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_LEAST_ROWS = 5
_EXCESS = 3.0  # of the standard deviation, about 1.4/√n, of such a median
_CHI2_MEDIAN = 2.0 * float(np.log(2.0))
_MARKS_ASKED = 12  # the best of a session; more would only repeat them


def scatter_scale(
    vectors_m: Floats, sigma_m: Floats, session: NDArray[np.intp], usable: Flags
) -> Floats:
    """How much larger than declared a session's errors are, per row (n,); 1 where it is not shown.

    The median of |d|²/σ² over a session's usable rows, against that of χ² with two degrees of
    freedom. Moved markers do not raise a median; fewer than five rows show nothing, and an excess
    that chance explains is left alone. Accuracies are raised by it, never lowered.
    """
    scale = np.ones(len(sigma_m))
    squared = (vectors_m**2).sum(axis=1) / np.square(sigma_m)
    for number in np.unique(session[usable]):
        rows = np.flatnonzero(session == number)
        chosen = rows[usable[rows]]
        if len(chosen) < _LEAST_ROWS:
            continue
        factor = float(np.median(squared[chosen])) / _CHI2_MEDIAN
        if factor > 1.0 + _EXCESS / np.sqrt(len(chosen)):
            scale[rows] = np.sqrt(factor)
    return scale


def validated_by_session(
    vectors_m: Floats,
    sigma_m: Floats,
    tolerance_m: Floats,
    session: NDArray[np.intp],
    marker: NDArray[np.intp],
    bears: Flags,
    *,
    least_capability: float = 2.0,
    validating_p: float = 0.01,
) -> Flags:
    """Which rows (n,) have another mark of their session that bears them out.

    Args:
        vectors_m: observed minus registered (n, 2), metres.
        sigma_m: largest sigma per axis (n,).
        tolerance_m: tolerance (n,), NaN where unknown.
        session: session number of each row.
        marker: marker of each row; a marker does not bear itself out.
        bears: which rows may bear others out (survey grade, no error open).
        least_capability: a mark that fits must be able to show it: T/σ.
        validating_p: level at which a row is still out relative to the mark; two centimetre marks
            tell it easily, a mark of metres does not by chance.
    """
    distance_m = np.hypot(vectors_m[:, 0], vectors_m[:, 1])
    with np.errstate(invalid="ignore"):
        fits = bears & (distance_m <= tolerance_m) & (tolerance_m >= least_capability * sigma_m)
    out = np.zeros(len(sigma_m), bool)
    for number in np.unique(session[fits]):
        rows = np.flatnonzero(session == number)
        marks = rows[fits[rows]]
        marks = marks[np.argsort(sigma_m[marks], kind="stable")[:_MARKS_ASKED]]
        relative = vectors_m[rows, None, :] - vectors_m[None, marks, :]
        sigma = np.hypot(sigma_m[rows, None], sigma_m[None, marks])
        tolerance = np.where(np.isnan(tolerance_m[rows]), np.inf, tolerance_m[rows])
        apart = np.hypot(relative[..., 0], relative[..., 1])
        p = rice_tail(apart, np.minimum(tolerance, 1e9)[:, None], sigma)
        other = marker[rows, None] != marker[None, marks]
        out[rows] |= ((p < validating_p) & (apart > tolerance[:, None]) & other).any(axis=1)
    return out
