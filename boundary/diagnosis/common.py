"""What a batch has in common: the winning hypothesis, taken off and told."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.causes import NONE, UNNAMED, DiagnosisRules
from boundary.diagnosis.distortion import predict_field
from boundary.diagnosis.evidence import responsibilities
from boundary.diagnosis.explanations import Claim, claim_finding
from boundary.diagnosis.hypotheses import Hypotheses, Meaning
from boundary.diagnosis.outcome import Effect
from boundary.diagnosis.posterior import Ranked, rank, without_row
from boundary.diagnosis.question import Question
from boundary.diagnosis.rewriting import rewritten
from boundary.diagnosis.sheet import Sheet
from boundary.diagnosis.similarity import offsets_without_row, places_m

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
HALF = 0.5
FOLLOWING_SHARE = 0.9  # a cause that holds nearly all rows leaves nothing to look for
_LOOSE_M = 0.3  # a distortion this large may be something else than distortion
LOST_M = 1e7  # a reading that was impossible


@dataclass(frozen=True, slots=True)
class Standing:
    """The hypothesis that stands for a batch: its index, and how much each row follows it (n)."""

    hypotheses: Hypotheses
    ranked: Ranked
    position: int
    weights: Floats

    @property
    def h(self) -> int:
        """Its index among the hypotheses."""
        return int(self.ranked.best[self.position])

    @property
    def meaning(self) -> Meaning:
        """What it says."""
        return self.ranked.meanings[self.position]

    @property
    def offset_m(self) -> Floats:
        """Its common offset, (2,)."""
        return np.asarray(self.ranked.scores.offset_m[self.h], float)


def rank_sample(hypotheses: Hypotheses, rules: DiagnosisRules) -> Ranked:
    """Rank on all rows, or on an even sample of a very long file."""
    count = hypotheses.variance_m2.shape[1]
    if count <= rules.rows_scored:
        return rank(hypotheses, rules)
    rows = even_sample(np.arange(count), rules.rows_scored)
    return rank(hypotheses.rows(rows, np.ones(len(hypotheses.meanings), bool)), rules)


def even_sample(rows: Rows, most: int) -> Rows:
    """All rows, or `most` of them spread evenly."""
    if rows.size <= most:
        return rows
    return rows[np.unique(np.linspace(0, rows.size - 1, most).astype(np.intp))]


def standing(hypotheses: Hypotheses, ranked: Ranked, rules: DiagnosisRules) -> Standing:
    """The most probable meaning that bears on a row: far rows alone can favour one by chance."""
    for position, meaning in enumerate(ranked.meanings):
        h = int(ranked.best[position])
        offset = ranked.scores.offset_m[h]
        weights = row_weights(hypotheses, h, offset, rules)
        if meaning.code == "" or _bears(hypotheses, h, offset, weights, rules):
            return Standing(hypotheses, ranked, position, weights)
    raise AssertionError  # a batch without error is always among the meanings


def _bears(
    hypotheses: Hypotheses, h: int, offset_m: Floats, weights: Floats, rules: DiagnosisRules
) -> bool:
    """Whether a row follows it, or comes within reach of a displacement by it alone."""
    if (weights > HALF).any():
        return True
    rest = np.nan_to_num(hypotheses.residuals_m[h], nan=LOST_M) - offset_m
    within = np.hypot(rest[:, 0], rest[:, 1]) < rules.moved_limit_m
    as_typed = hypotheses.residuals_m[0]
    beyond = np.hypot(as_typed[:, 0], as_typed[:, 1]) >= rules.moved_limit_m
    return bool((within & (beyond | (weights.size == 1))).any())


def is_plain(found: Standing) -> bool:
    """Whether nearly all rows follow a cause that fits closely: nothing is left to look for."""
    close = found.hypotheses.local_m[found.h] < _LOOSE_M and found.meaning.datum.code not in UNNAMED
    return bool(close and (found.weights > HALF).mean() >= FOLLOWING_SHARE)


def row_weights(hypotheses: Hypotheses, h: int, offset_m: Floats, rules: DiagnosisRules) -> Floats:
    """How much each row follows a hypothesis, (n)."""
    weights, _ = responsibilities(
        hypotheses.residuals_m[h : h + 1],
        hypotheses.variance_m2[h : h + 1],
        offset_m[None, :],
        rules.outlier_share,
        rules.moved_limit_m,
    )
    return np.asarray(weights[0], float)


def settle(question: Question, found: Standing, sheet: Sheet) -> None:
    """Write what the batch has in common, if anything."""
    meaning = found.meaning
    if meaning.code == "":
        return
    batch, rules = question.batch, question.rules
    probability = float(found.ranked.probability[found.position])
    inliers = found.weights > HALF
    rows = np.arange(batch.size)
    take_off(question, found.hypotheses, found.h, found.weights, rows, sheet)
    effect = effect_of(meaning)
    half_session = meaning.session_level and meaning.named and not _whole(inliers, batch.session)
    unsure = probability < rules.act_probability and effect is not Effect.REGISTER
    if half_session or unsure:
        effect = Effect.OPEN
    sheet.claim(rows, effect, meaning.code, probability)
    propose_texts(question, found.hypotheses, found.h, np.flatnonzero(inliers), sheet)
    told_of = np.flatnonzero(inliers) if inliers.any() else rows
    told = claim(question, found, told_of, probability, sheet)
    sheet.findings.append(claim_finding(told, rules))


def propose_texts(
    question: Question, hypotheses: Hypotheses, h: int, rows: Rows, sheet: Sheet
) -> None:
    """The exact text of rows (indices) that a misreading alone explains."""
    meaning = hypotheses.meanings[h]
    if meaning.structure.code == "" or meaning.datum.code != NONE.code:
        return
    for row in rows.tolist():
        meridian = float(hypotheses.meridian_deg[h, row])
        proposal = rewritten(meaning.structure.code, question.batch.pairs[row], meridian)
        if proposal is not None:
            sheet.proposals[row] = proposal


def effect_of(meaning: Meaning) -> Effect:
    """How a meaning bears on the rows it explains."""
    if meaning.datum.code in UNNAMED:
        return Effect.FREE
    return Effect.REGISTER if meaning.datum.side == "register" else Effect.NAMED


def _whole(inliers: Flags, session: Rows) -> bool:
    """Whether an error of sessions is seen in two rows, or in the whole of one session."""
    if inliers.sum() >= 2:  # noqa: PLR2004 - two rows
        return True
    rows = np.flatnonzero(inliers)
    return all(int((session == session[row]).sum()) == 1 for row in rows)


def take_off(
    question: Question, hypotheses: Hypotheses, h: int, weights: Floats, rows: Rows, sheet: Sheet
) -> None:
    """Offsets to take off `vectors_m`: the misreading, the prediction and the common part.

    What is common is told of each row without that row; `weights` are (n) over the whole batch.
    """
    misread = hypotheses.read_m[0] - np.nan_to_num(hypotheses.read_m[h], nan=LOST_M)
    variance_m2, tau_m = hypotheses.variance_m2[h], float(hypotheses.tau_m[h])
    fitted = hypotheses.similarity[h]
    if fitted is not None:
        common, variance = offsets_without_row(
            fitted.places_m, question.batch.vectors_m, variance_m2, weights, tau_m
        )
    else:
        residuals = np.nan_to_num(hypotheses.residuals_m[h], nan=LOST_M)
        common, variance = _common_part(question, hypotheses, h, residuals, weights)
        common = common + hypotheses.predicted_m[h]
    sheet.offset_m[rows] = (misread + common)[rows]
    sheet.variance_m2[rows] = variance[rows]


def _common_part(
    question: Question, hypotheses: Hypotheses, h: int, residuals: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """Shift (n, 2) and, where the cause has one, distortion; with the variance per axis (n)."""
    local_m, tau_m = float(hypotheses.local_m[h]), float(hypotheses.tau_m[h])
    largest_m = max(hypotheses.meanings[h].datum.local_m)
    if largest_m >= _LOOSE_M:
        field = predict_field(
            places_m(question.batch.registered) / 1000.0, residuals,
            hypotheses.variance_m2[h] - local_m**2, weights > HALF, tau_m, largest_m,
        )  # fmt: skip
        if field is not None:
            return field.offset_m, field.variance_m2
    common, variance = without_row(residuals, hypotheses.variance_m2[h], weights, tau_m)
    return common, variance + local_m**2


def claim(
    question: Question, found: Standing, rows: Rows, probability: float, sheet: Sheet
) -> Claim:
    """What is said of the rows (indices into the batch) that a hypothesis explains."""
    ranked, hypotheses, h = found.ranked, found.hypotheses, found.h
    runner_up = 1 if found.position == 0 else 0
    second = ranked.meanings[runner_up] if len(ranked.meanings) > runner_up else None
    misread = hypotheses.read_m[0] - hypotheses.read_m[h]
    left = (question.batch.vectors_m - sheet.offset_m)[rows]
    fitted = hypotheses.similarity[h]
    zone = found.meaning.structure.code in {"zone", "utm"}
    meridians = np.unique(hypotheses.meridian_deg[h, rows]) if zone else np.zeros(0)
    return Claim(
        meaning=found.meaning,
        probability=probability,
        second=second,
        second_probability=float(ranked.probability[runner_up]) if second else 0.0,
        rows=tuple(int(question.row_numbers[i]) for i in rows),
        batch_rows=question.batch.size,
        predicted_m=_median(misread[rows] + hypotheses.predicted_m[h][rows]),
        found_m=_median(question.batch.vectors_m[rows]),
        tau_m=float(hypotheses.tau_m[h]),
        leftover_m=float(np.median(np.hypot(left[:, 0], left[:, 1]))),
        markers=int(np.unique(question.batch.marker[rows]).size),
        group=question.group,
        meridians_deg=tuple(float(x) for x in meridians if np.isfinite(x)),
        scale_ppm=fitted.scale_ppm if fitted else None,
        turn_arcsec=fitted.turn_arcsec if fitted else None,
    )


def _median(vectors_m: Floats) -> tuple[float, float]:
    east, north = np.median(vectors_m, axis=0)
    return float(east), float(north)
