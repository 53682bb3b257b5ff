"""The last step: what is left after the diagnosis, tested, capped and turned into a verdict."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundary.assessment.settings import AssessmentSettings
from boundary.diagnosis.batch import Batch, largest_sigma_m
from boundary.diagnosis.outcome import Diagnosis, Effect
from boundary.displacement import isotropic
from boundary.displacement_sessions import scatter_scale, validated_by_session
from boundary.displacement_verdicts import Evidence, Verdict, judge

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Judged:
    """Per row (n): verdict and what it stands on.

    `remaining_m` (n, 2): the vector once the explanation is taken off; `covariance` (n, 2, 2) and
    `sigma_m` with the explanation's own uncertainty; `out`: beyond tolerance at the suspect level;
    `scale`: how much larger than declared the session's scatter shows its errors to be.
    """

    verdict: NDArray[np.str_]
    remaining_m: Floats
    distance_m: Floats
    covariance: Floats
    sigma_m: Floats
    capability: Floats
    outside_p: Floats
    threshold_p: float
    validated: Flags
    out: Flags
    scale: Floats


def judge_batch(
    batch: Batch, diagnosis: Diagnosis, settings: AssessmentSettings, supported: Flags
) -> Judged:
    """Judge every row of a batch.

    Args:
        batch: the rows.
        diagnosis: what explains them.
        settings: thresholds.
        supported: rows borne out by ties or by a second visit.
    """
    remaining = batch.vectors_m - diagnosis.offset_m
    own = batch.covariance + diagnosis.offset_covariance
    covariance = own + _session_part(diagnosis, settings)
    sigma = largest_sigma_m(covariance)
    distance = np.hypot(remaining[:, 0], remaining[:, 1])
    usable = (distance <= settings.rules.farthest_m) & (diagnosis.effect != Effect.TYPING.value)
    scale = scatter_scale(remaining, sigma, batch.session, usable)
    sigma, covariance = sigma * scale, covariance * np.square(scale)[:, None, None]
    plain = (diagnosis.effect == Effect.NONE.value) & ~batch.repaired
    # Between two marks of one session what it has in common cancels.
    validated = supported | validated_by_session(
        remaining, largest_sigma_m(own) * scale, batch.tolerance_m, batch.session, batch.marker,
        batch.survey_grade & plain,
        least_capability=settings.rules.least_capability, validating_p=settings.rules.validating_p,
    )  # fmt: skip
    known = ~np.isnan(batch.tolerance_m) & ~np.isnan(batch.register_sigma_m)
    tolerance = np.where(known, batch.tolerance_m, np.inf)
    evidence = Evidence(distance, sigma, tolerance, batch.survey_grade, validated, ~plain)
    campaign = np.asarray(settings.campaign_p_values, float)
    tested = judge(evidence, settings.rules, campaign)
    far = distance - 3.0 * sigma > settings.rules.farthest_m
    out = (distance > tolerance) & (tested.outside_p < settings.rules.suspect_p)
    # Among many rows of an explained file one sticks out by chance; a lone row needs no guard.
    alone = batch.size == 1
    level = settings.rules.suspect_p if alone else settings.rules.explained_suspect_p
    explained_out = out & (tested.outside_p < level)
    verdict = tested.verdicts.copy()
    verdict[~known] = Verdict.CANNOT_TELL.value
    _apply_effects(verdict, explained_out, diagnosis.effect, batch.repaired)
    # Markers do not walk: whatever else explains the row, its coordinates or number are wrong.
    verdict[far & (diagnosis.effect != Effect.UNDECIDED.value)] = Verdict.RESUBMIT.value
    return Judged(
        verdict, remaining, distance, covariance, sigma,
        np.where(known, tested.capability, np.nan), np.where(known, tested.outside_p, np.nan),
        tested.threshold_p, validated, out, scale,
    )  # fmt: skip


def _session_part(diagnosis: Diagnosis, settings: AssessmentSettings) -> Floats:
    """What a session has in common (n, 2, 2), where the diagnosis did not estimate it."""
    plain = (diagnosis.effect == Effect.NONE.value) | (diagnosis.effect == Effect.ALIKE.value)
    return isotropic(np.where(plain, settings.session_sigma_m, 0.0))


def _apply_effects(
    verdict: NDArray[np.str_], out: Flags, effect: NDArray[np.str_], repaired: Flags
) -> None:
    """What an explanation makes of a row: fits it, sticks out of it, or cannot be told."""
    sticks_out = {Effect.NAMED, Effect.FREE, Effect.REGISTER, Effect.OPEN}
    fitting = {
        Effect.NAMED: Verdict.RESUBMIT,
        Effect.FREE: Verdict.CANNOT_TELL,
        Effect.REGISTER: Verdict.CANNOT_TELL,
        Effect.OPEN: Verdict.CANNOT_TELL,
        Effect.TYPING: Verdict.RESUBMIT,
        Effect.UNDECIDED: Verdict.CANNOT_TELL,
    }
    verdict[repaired] = np.where(out[repaired], Verdict.SUSPECT.value, Verdict.RESUBMIT.value)
    alike = (effect == Effect.ALIKE.value) & (verdict == Verdict.DISPLACED.value)
    verdict[alike] = Verdict.SUSPECT.value
    for kind, fits in fitting.items():
        rows = effect == kind.value
        verdict[rows] = fits.value
        if kind in sticks_out:
            verdict[rows & out] = Verdict.SUSPECT.value
