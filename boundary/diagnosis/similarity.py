"""A free similarity: shift, scale and turn in common, as a local engineering grid shows them.

    r = t + s x + θ J x,    x east and north of the batch's middle, J the quarter turn

Found as the other common offsets are, by EM against moved markers and blunders; four markers over
three kilometres are asked for. Its scale and turn have a prior of their own, so that they are
paid for (Occam), and what is left of a row is told without that row.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.evidence import log_normal, responsibilities
from data.coordinates import LocalFrame

Floats = NDArray[np.float64]
LEAST_MARKERS, LEAST_EXTENT_M = 4, 3_000.0
SPREAD = 250e-6
"""One sigma of scale and of turn: ground at 1,500 m is 235 ppm off the ellipsoid."""
_ROUNDS = 15
_PAIRS = 12
_BLUNDER_M = 1_000.0


@dataclass(frozen=True, slots=True)
class Similarity:
    """A fit: `linear` holds scale and turn (radians); `places_m` (n, 2) from the rows' middle.

    `log_prior` is what scale and turn add to a hypothesis' prior: their own prior and their Occam
    factor.
    """

    linear: Floats
    places_m: Floats
    log_prior: float

    @property
    def predicted_m(self) -> Floats:
        """What scale and turn show at each row, (n, 2); the shift is not in it."""
        return _columns(self.places_m) @ self.linear

    @property
    def scale_ppm(self) -> float:
        """Scale, millionths."""
        return float(1e6 * self.linear[0])

    @property
    def turn_arcsec(self) -> float:
        """Turn, seconds of arc, counter-clockwise."""
        return float(np.degrees(self.linear[1]) * 3600.0)


def fit_similarity(
    registered: LocalFrame,
    vectors_m: Floats,
    variance_m2: Floats,
    tau_m: float,
    outlier_share: float,
    moved_limit_m: float,
) -> Similarity | None:
    """The best similarity of some vectors (n, 2); None where the rows cannot show one."""
    places = places_m(registered)
    near = np.hypot(vectors_m[:, 0], vectors_m[:, 1]) < _BLUNDER_M
    known = np.unique(places[near].round(1), axis=0)
    if len(known) < LEAST_MARKERS or float(np.ptp(known, axis=0).max()) < LEAST_EXTENT_M:
        return None
    starts = np.array(_starts(places[near], vectors_m[near]))
    linear, weight = _settle(
        starts, places, vectors_m, variance_m2, tau_m, outlier_share, moved_limit_m
    )
    gain = weight / variance_m2
    if gain.sum() <= 0.0:
        return None
    middle = (gain[:, None] * places).sum(axis=0) / gain.sum()
    centred = places - middle
    strength = float((gain * (centred**2).sum(axis=1)).sum()) + 1.0 / SPREAD**2
    prior = log_normal(np.array([linear @ linear]), np.array([SPREAD**2]))[0]
    return Similarity(linear, centred, float(prior + np.log(2.0 * np.pi / strength)))


def places_m(registered: LocalFrame) -> Floats:
    """East and north of the rows' middle, metres (n, 2)."""
    middle = LocalFrame.at(
        [float(np.median(registered.lon))], [float(np.median(registered.lat))], registered.ellipsoid
    )
    here = middle.take(np.zeros(registered.lon.size, dtype=np.intp))
    return here.residuals(registered.lon, registered.lat)


def _columns(places_m: Floats) -> Floats:
    """Of scale and of turn, (n, 2, 2): rows are east and north."""
    turned = np.stack([-places_m[:, 1], places_m[:, 0]], axis=1)
    return np.stack([places_m, turned], axis=2)


def _starts(places: Floats, vectors: Floats) -> list[Floats]:
    """Shift and linear part (4,) from pairs of rows far apart, and of nothing but a shift."""
    order = np.argsort(places[:, int(np.argmax(np.ptp(places, axis=0)))], kind="stable")
    half = len(order) // 2
    chosen = np.unique(np.linspace(0, half - 1, min(half, _PAIRS)).astype(int))
    found = [np.concatenate([np.median(vectors, axis=0), np.zeros(2)])]
    for k in chosen:
        i, j = order[k], order[k + half]
        apart, change = places[j] - places[i], vectors[j] - vectors[i]
        square = float(apart @ apart)
        if square < 1.0:
            continue
        linear = np.array([apart @ change, apart[0] * change[1] - apart[1] * change[0]]) / square
        shift = vectors[i] - _columns(places[i : i + 1])[0] @ linear
        found.append(np.concatenate([shift, linear]))
    return found


def _settle(
    starts: Floats,
    places: Floats,
    vectors: Floats,
    variance: Floats,
    tau_m: float,
    outlier_share: float,
    moved_limit_m: float,
) -> tuple[Floats, Floats]:
    """EM from all starts (S, 4) at once; scale and turn of the best, and each row's weight (n)."""
    design, ridge = _design(places), _ridge(tau_m)
    spread = np.broadcast_to(variance, (len(starts), len(variance)))
    nowhere = np.zeros((len(starts), 2))
    state = starts
    for left in range(_ROUNDS, -1, -1):
        rest = vectors - np.einsum("nai,si->sna", design, state)
        weight, log_rows = responsibilities(rest, spread, nowhere, outlier_share, moved_limit_m)
        if left:
            gain = weight / variance
            normal = np.einsum("sn,nai,naj->sij", gain, design, design) + ridge
            right = np.einsum("sn,nai,na->si", gain, design, vectors)
            state = np.linalg.solve(normal, right[..., None])[..., 0]
    value = log_rows.sum(axis=1) - 0.5 * np.einsum("si,ij,sj->s", state, ridge, state)
    best = int(np.argmax(value))
    return np.asarray(state[best, 2:], float), weight[best]


def _design(places_m: Floats) -> Floats:
    """Of shift, scale and turn, (n, 2, 4)."""
    shift = np.broadcast_to(np.eye(2), (len(places_m), 2, 2))
    return np.concatenate([shift, _columns(places_m)], axis=2)


def _ridge(tau_m: float) -> Floats:
    return np.diag([1.0 / tau_m**2] * 2 + [1.0 / SPREAD**2] * 2)


def offsets_without_row(
    places_m: Floats, vectors_m: Floats, variance_m2: Floats, weights: Floats, tau_m: float
) -> tuple[Floats, Floats]:
    """Shift, scale and turn at each row (n, 2) with the variance per axis, told without that row.

    `vectors_m` are the rows as read.
    """
    design = _design(places_m)
    gain = weights / variance_m2
    normal = np.einsum("n,nai,naj->ij", gain, design, design) + _ridge(tau_m)
    right = np.einsum("n,nai,na->i", gain, design, vectors_m)
    own = gain[:, None, None] * np.einsum("nai,naj->nij", design, design)
    inverse = np.linalg.inv(normal[None] - own)
    state = np.einsum(
        "nij,nj->ni", inverse,
        right[None] - gain[:, None] * np.einsum("nai,na->ni", design, vectors_m),
    )  # fmt: skip
    offset = np.einsum("nai,ni->na", design, state)
    spread = np.einsum("nai,nij,naj->na", design, inverse, design).max(axis=1)
    return offset, spread
