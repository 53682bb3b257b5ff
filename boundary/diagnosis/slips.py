"""Rows that nothing else explains: a slip of their text, or another marker's coordinates."""

import numpy as np
from numpy.typing import NDArray

from boundary.diagnosis.evidence import log_background
from boundary.diagnosis.explanations import slip_finding
from boundary.diagnosis.outcome import Effect
from boundary.diagnosis.posterior import Ranked
from boundary.diagnosis.question import Question
from boundary.diagnosis.sheet import Sheet
from boundary.diagnosis.typing_errors import RowContext, Slip, search_number, search_text
from data.coordinates import LocalFrame

Floats = NDArray[np.float64]
_CLEAN_SHARE = 0.85  # a slip happens in a file without common error
_OPEN_LOG_ODDS = -1.0  # from here a slip and a displacement are too close to call
_CAPPING_LOG_ODDS = -3.0  # from here a slip is a data error still open: suspect at most
_MISREAD_M = 3_000.0  # a larger offset is another reading of the numbers, whose text is not edited


def slip_beats(question: Question, ranked: Ranked, sheet: Sheet) -> bool:
    """Whether a slip explains a lone row better than any error of its whole session."""
    batch, rules = question.batch, question.rules
    if ranked.winner.code == "" or not ranked.winner.session_level:
        return False
    slip = _best_slip(question, 0, sheet)
    if slip is None or not slip.close:
        return False
    variance = np.array([batch.sigma_m[0] ** 2])
    moved = log_background(np.array([batch.distance_m[0] ** 2]), variance, rules.moved_limit_m)
    log_slip = slip.log_odds + np.log(rules.moved_share) + float(moved[0]) + np.log(_CLEAN_SHARE)
    return bool(log_slip > ranked.log_joint[0])


def explain_row(question: Question, row: int, sheet: Sheet) -> None:
    """One row that nothing explains: a slip of its text, or another marker's coordinates."""
    remaining = question.batch.vectors_m[row] - sheet.offset_m[row]
    tolerance = question.batch.tolerance_m[row]
    if np.hypot(*remaining) <= (0.0 if np.isnan(tolerance) else tolerance):
        return
    best = _best_slip(question, row, sheet)
    if best is not None and best.log_odds > _CAPPING_LOG_ODDS:
        _write_slip(question, row, best, sheet)


def _best_slip(question: Question, row: int, sheet: Sheet) -> Slip | None:
    batch, rules = question.batch, question.rules
    context = RowContext(
        batch.pairs[row],
        batch.systems[row],
        batch.registered.take(np.array([row])),
        batch.vectors_m[row],
        sheet.offset_m[row],
        float(batch.sigma_m[row] ** 2 + sheet.variance_m2[row]),
    )
    found = [_number_slip(question, row, context, sheet)]
    if np.abs(sheet.offset_m[row]).max() < _MISREAD_M:
        found.append(search_text(context, rules))
    return max((s for s in found if s is not None), key=lambda s: s.log_odds, default=None)


def _number_slip(question: Question, row: int, context: RowContext, sheet: Sheet) -> Slip | None:
    batch = question.batch
    if not question.typed_numbers[row]:
        return None
    seen = LocalFrame.at(batch.lon[row], batch.lat[row], batch.registered.ellipsoid)
    place = seen.moved(-sheet.offset_m[row][None, :])
    others = sorted({int(m) for k, m in enumerate(batch.marker) if k != row})
    return search_number(
        context, (float(place[0][0]), float(place[1][0])), int(batch.marker[row]),
        question.typed_numbers[row], others, question.register, question.rules,
    )  # fmt: skip


def _write_slip(question: Question, row: int, slip: Slip, sheet: Sheet) -> None:
    from scipy import special

    rows, rules = np.array([row]), question.rules
    probability = float(special.expit(slip.log_odds))
    decisive = slip.log_odds > rules.decisive_log_odds
    if decisive and slip.code == "typing" and (slip.close or slip.far):
        sheet.offset_m[row] = question.batch.vectors_m[row] - slip.remaining_m
    if decisive and slip.close:
        sheet.claim(rows, Effect.TYPING, slip.code, probability)
    elif decisive and slip.code == "typing" and slip.far:
        # Corrected it is near, and still out: the marker is judged on what is left.
        sheet.claim(rows, Effect.NAMED, slip.code, probability)
    elif decisive and slip.far:
        sheet.claim(rows, Effect.TYPING, slip.code, probability)
    elif sheet.effect[row] == Effect.NONE.value:
        capped = slip.log_odds < _OPEN_LOG_ODDS
        sheet.claim(rows, Effect.ALIKE if capped else Effect.UNDECIDED, slip.code, probability)
        if capped:
            return
    sheet.proposals[row] = slip.proposal
    if probability >= rules.ask_probability:
        number = int(question.row_numbers[row])
        sheet.findings.append(slip_finding(slip.proposal, number, probability))
