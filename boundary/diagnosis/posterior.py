"""From scores to a posterior over meanings, and the best hypothesis of the best meaning."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.causes import DiagnosisRules
from boundary.diagnosis.evidence import Scores, score
from boundary.diagnosis.hypotheses import Hypotheses, Meaning

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Meanings from most to least probable, with the best hypothesis of each (index into H)."""

    meanings: tuple[Meaning, ...]
    probability: Floats
    best: NDArray[np.intp]
    scores: Scores
    log_joint: Floats

    @property
    def winner(self) -> Meaning:
        """The most probable meaning."""
        return self.meanings[0]


def rank(hypotheses: Hypotheses, rules: DiagnosisRules) -> Ranked:
    """Score all hypotheses and group them by meaning."""
    scores = score(
        hypotheses.residuals_m,
        hypotheses.variance_m2,
        hypotheses.tau_m,
        rules.outlier_share,
        rules.moved_limit_m,
    )
    joint = scores.log_evidence + hypotheses.log_prior
    groups: dict[str, list[int]] = {}
    for h, meaning in enumerate(hypotheses.meanings):
        groups.setdefault(meaning.code, []).append(h)
    members = list(groups.values())
    totals = np.array([np.logaddexp.reduce(joint[group]) for group in members])
    best = np.array([group[int(np.argmax(joint[group]))] for group in members], dtype=np.intp)
    probability = np.exp(totals - np.logaddexp.reduce(totals))
    order = np.argsort(-probability, kind="stable")
    return Ranked(
        tuple(hypotheses.meanings[best[g]] for g in order),
        probability[order],
        best[order],
        scores,
        totals[order],
    )


def without_row(
    residuals_m: Floats, variance_m2: Floats, weights: Floats, tau_m: float
) -> tuple[Floats, Floats]:
    """The common offset (n, 2) and its variance per axis (n), each estimated without that row."""
    gain = weights / variance_m2
    total = gain.sum() + 1.0 / tau_m**2
    weighted = (gain[:, None] * residuals_m).sum(axis=0)
    precision = total - gain
    offset = (weighted[None, :] - gain[:, None] * residuals_m) / precision[:, None]
    return offset, 1.0 / precision
