"""Rows that do not follow the batch: two teams in one file, half of it in an old datum."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.causes import FREE, NONE, UNNAMED
from boundary.diagnosis.common import (
    HALF,
    LOST_M,
    Standing,
    claim,
    effect_of,
    even_sample,
    propose_texts,
    row_weights,
    take_off,
)
from boundary.diagnosis.evidence import log_background
from boundary.diagnosis.explanations import claim_finding
from boundary.diagnosis.hypotheses import Hypotheses, Meaning
from boundary.diagnosis.outcome import Effect
from boundary.diagnosis.posterior import Ranked, rank
from boundary.diagnosis.question import Question
from boundary.diagnosis.sheet import Sheet

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]
_ROUNDS = 5
_SIGMAS = 4.0


@dataclass(frozen=True, slots=True)
class _Taken:
    """Rows taken by a second explanation, and the hypothesis with its weights (n) and offset."""

    rows: Rows
    h: int
    weights: Floats
    offset_m: Floats
    meaning: Meaning
    probability: float


def explain_mixture(question: Question, found: Standing, sheet: Sheet) -> Rows:
    """Rows that do not follow the batch, as batches of their own; returns those still open."""
    hypotheses, rules = found.hypotheses, question.rules
    left = np.flatnonzero(found.weights <= HALF)
    seconds: list[_Taken] = []
    for _ in range(_ROUNDS):
        keep = _others(found, left) if left.size else np.zeros(0, bool)
        if not keep.any():
            break
        second = rank(hypotheses.rows(even_sample(left, rules.rows_scored), keep), rules)
        taken = _take_second(question, found, second, left, keep, sheet)
        if taken is None:
            break
        seconds.append(taken)
        left = np.setdiff1d(left, taken.rows)
    return _adopt(question, found, seconds, left, sheet)


def _others(found: Standing, left: Rows) -> Flags:
    """The hypotheses (H) that say something else of these rows than the batch's own.

    The same misreading in another variant (a second meridian) is something else.
    """
    hypotheses, own = found.hypotheses, found.meaning
    read = np.nan_to_num(hypotheses.read_m[:, left], nan=LOST_M)
    elsewhere = np.abs(read - read[found.h]).max(axis=(1, 2)) > 1.0
    return np.array(
        [
            fit is None
            and (
                meaning.code != own.code
                or (own.structure.code != "" and meaning.structure.code != "" and differs)
            )
            for meaning, fit, differs in zip(
                hypotheses.meanings, hypotheses.similarity, elsewhere, strict=True
            )
        ],
        bool,
    )


def _adopt(
    question: Question, found: Standing, seconds: list[_Taken], left: Rows, sheet: Sheet
) -> Rows:
    """Rows too far for a displacement, but near under what explains others: wrong, and moved."""
    residuals, limit_m = found.hypotheses.residuals_m, question.rules.moved_limit_m
    open_rows = []
    for row in left:
        own = residuals[found.h][row] - found.offset_m
        apart = [float(np.hypot(*(residuals[s.h][row] - s.offset_m))) for s in seconds]
        best = int(np.argmin(apart)) if apart else 0
        if np.hypot(*own) < limit_m or not apart or not apart[best] < limit_m:
            open_rows.append(int(row))
            continue
        chosen, rows = seconds[best], np.array([row])
        take_off(question, found.hypotheses, chosen.h, chosen.weights, rows, sheet)
        effect = _effect(chosen.meaning, chosen.probability, question)
        sheet.claim(rows, effect, chosen.meaning.code, chosen.probability)
    return np.array(open_rows, dtype=np.intp)


def _background(question: Question, found: Standing, rows: Rows) -> float:
    """Log density of some rows as moved markers and blunders under the batch's own hypothesis."""
    rules, h = question.rules, found.h
    rest = np.nan_to_num(found.hypotheses.residuals_m[h][rows], nan=LOST_M) - found.offset_m
    log_b = log_background(
        (rest**2).sum(axis=1), found.hypotheses.variance_m2[h][rows], rules.moved_limit_m
    )
    return float(log_b.sum() + len(rows) * np.log(rules.outlier_share))


def _take_second(
    question: Question,
    found: Standing,
    second: Ranked,
    left: Rows,
    keep: Flags,
    sheet: Sheet,
) -> _Taken | None:
    batch, rules, hypotheses = question.batch, question.rules, found.hypotheses
    background = _background(question, found, even_sample(left, rules.rows_scored))
    part = hypotheses.rows(left, keep)
    chosen = _first_claimable(question, found, part, second, left, background)
    if chosen is None:
        return None
    position, inside = chosen
    h_part = int(second.best[position])
    h = int(np.flatnonzero(keep)[h_part])
    meaning, offset_m = second.meanings[position], second.scores.offset_m[h_part]
    everything = np.logaddexp(np.logaddexp.reduce(second.log_joint), background)
    probability = float(np.exp(second.log_joint[position] - everything))
    rows = left[inside]
    weights = np.zeros(batch.size)
    weights[left] = row_weights(part, h_part, offset_m, rules)
    taken = _Taken(rows, h, weights, offset_m, meaning, probability)
    if meaning.code == "":
        sheet.offset_m[rows], sheet.variance_m2[rows] = 0.0, 0.0
        sheet.claim(rows, Effect.NONE, "", 1.0)
        return taken
    single = meaning.session_level and not _whole_of(rows, batch.session)
    if single:
        sheet.claim(rows, Effect.ALIKE, meaning.code, probability)
    else:
        take_off(question, hypotheses, h, weights, rows, sheet)
        sheet.claim(rows, _effect(meaning, probability, question), meaning.code, probability)
        propose_texts(question, hypotheses, h, rows, sheet)
    # The ranking is of the hypotheses kept; its best of each are told by their place among all.
    among_all = np.flatnonzero(keep)[second.best]
    ranked = Ranked(second.meanings, second.probability, among_all, second.scores, second.log_joint)
    told = claim(
        question, Standing(hypotheses, ranked, position, weights), rows, probability, sheet
    )
    sheet.findings.append(claim_finding(told, rules, alone=single))
    return taken


def _effect(meaning: Meaning, probability: float, question: Question) -> Effect:
    effect = effect_of(meaning)
    unsure = probability < question.rules.act_probability and effect is Effect.NAMED
    return Effect.OPEN if unsure else effect


def _whole_of(rows: Rows, session: Rows) -> bool:
    """At least two rows, or all the rows of a session."""
    if rows.size >= 2:  # noqa: PLR2004 - two rows
        return True
    return all(np.isin(np.flatnonzero(session == session[row]), rows).all() for row in rows)


def _first_claimable(
    question: Question,
    found: Standing,
    part: Hypotheses,
    second: Ranked,
    left: Rows,
    background: float,
) -> tuple[int, Flags] | None:
    """The most probable meaning that may be claimed for these rows, and which of them it holds."""
    against = found.hypotheses.residuals_m[found.h][left]
    for position, meaning in enumerate(second.meanings):
        if second.log_joint[position] < background + question.rules.decisive_log_odds:
            break
        h = int(second.best[position])
        inside = row_weights(part, h, second.scores.offset_m[h], question.rules) > HALF
        inside &= part.concerned[h] | (meaning.datum.code in {FREE.code, NONE.code})
        inside &= _told_apart(part, h, against)
        if not inside.any():
            continue
        if meaning.datum.code in UNNAMED and not _of_sessions(question, left[inside]):
            continue
        return position, inside
    return None


def _of_sessions(question: Question, rows: Rows) -> bool:
    """Whether rows are whole sessions of two markers or more, as a common offset would be."""
    batch = question.batch
    whole = all(
        np.isin(np.flatnonzero(batch.session == number), rows).all()
        for number in np.unique(batch.session[rows])
    )
    return bool(np.unique(batch.marker[rows]).size >= 2 and whole)  # noqa: PLR2004 - two share it


def _told_apart(part: Hypotheses, h: int, against: Floats) -> Flags:
    """Rows good enough to tell a hypothesis from the batch's own (whose residuals are given)."""
    apart = np.nan_to_num(part.residuals_m[h] - against, nan=LOST_M)
    reach = np.sqrt(part.variance_m2[h]) * _SIGMAS
    return np.asarray(np.hypot(apart[:, 0], apart[:, 1]) > reach, bool)
