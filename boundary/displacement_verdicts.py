"""From a test to one of five verdicts: in place, suspect, displaced, cannot tell, resubmit.

The rule table is that of the displacement note, section 1.4: an interval null with a tolerance T,
capability c = T/σ, and conditions that cap what a measurement may say.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from boundary.displacement import benjamini_hochberg_threshold, outside_probability

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class Verdict(StrEnum):
    """What is said about a marker's position (位置结论)."""

    IN_PLACE = "in_place"
    SUSPECT = "suspect"
    DISPLACED = "displaced"
    CANNOT_TELL = "cannot_tell"
    RESUBMIT = "resubmit"


@dataclass(frozen=True, slots=True)
class VerdictRules:
    """Thresholds of the rule table; all can be set, each default is that of the note.

    `displaced_p` and `suspect_p` are probabilities of the interval null; `explained_suspect_p` is
    that of a row whose batch has a data error taken off, which stays open in any case;
    `validating_p` is that of a row relative to the mark that bears it out;
    `false_alarm_share` is the Benjamini-Hochberg q over a campaign; capabilities are T/σ;
    `farthest_m` is the distance beyond which markers do not walk: a blunder or another marker.
    """

    displaced_p: float = 0.001
    suspect_p: float = 0.05
    explained_suspect_p: float = 0.01
    validating_p: float = 0.01
    false_alarm_share: float = 0.05
    least_capability: float = 2.0
    relaxed_capability: float = 3.0
    farthest_m: float = 300.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the test found and what may be claimed, one entry per row (arrays of one shape).

    `distance_m`, `sigma_m` (largest per axis), `tolerance_m`; `survey_grade`: the method can prove
    a displacement; `validated`: another mark of the session, ties or a second visit bear it out;
    `explained`: a data error is still open for the row.
    """

    distance_m: Floats
    sigma_m: Floats
    tolerance_m: Floats
    survey_grade: Flags
    validated: Flags
    explained: Flags


@dataclass(frozen=True, slots=True)
class Judgement:
    """Verdicts with the numbers they stand on, arrays of one shape."""

    verdicts: NDArray[np.str_]
    outside_p: Floats
    capability: Floats
    threshold_p: float


def judge(evidence: Evidence, rules: VerdictRules, campaign_p: Floats | None = None) -> Judgement:
    """The rule table over many rows at once.

    Args:
        evidence: one entry per row.
        rules: thresholds.
        campaign_p: p-values of the other open inspections of the campaign; the false-alarm share
            is kept over all of them, not over one file.
    """
    distance, sigma, tolerance = evidence.distance_m, evidence.sigma_m, evidence.tolerance_m
    p = outside_probability(distance, tolerance, sigma)
    capability = tolerance / sigma
    everything = p if campaign_p is None else np.concatenate([p, campaign_p])
    threshold = min(
        rules.displaced_p, benjamini_hochberg_threshold(everything, rules.false_alarm_share)
    )
    in_place = (capability >= rules.least_capability) & (distance <= tolerance)
    in_place |= (capability >= rules.relaxed_capability) & (distance <= tolerance + sigma)
    out = (distance > tolerance) & (p < rules.suspect_p)
    far = distance > rules.farthest_m
    proved = out & (p <= threshold) & evidence.survey_grade & evidence.validated & ~far
    verdicts = np.full(distance.shape, Verdict.CANNOT_TELL.value, dtype="<U12")
    verdicts[in_place] = Verdict.IN_PLACE.value
    verdicts[out] = Verdict.SUSPECT.value
    verdicts[proved & ~evidence.explained] = Verdict.DISPLACED.value
    verdicts[far & out] = Verdict.RESUBMIT.value
    return Judgement(verdicts, p, capability, threshold)
