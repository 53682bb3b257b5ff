"""The six stages over a batch: the batch first, the row second, the marker last.

Certain errors are already repaired when a batch is built, and the marker test follows in the
assessment; here are the hypotheses about the batch, mixtures within it, and slips of single rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import special

from boundary.diagnosis.batch import Batch
from boundary.diagnosis.causes import DiagnosisRules
from boundary.diagnosis.evidence import log_background, responsibilities
from boundary.diagnosis.explanations import (
    Claim,
    claim_finding,
    names_of_code,
    slip_finding,
)
from boundary.diagnosis.findings import Finding, Proposal
from boundary.diagnosis.hypotheses import Hypotheses, Meaning, build_hypotheses
from boundary.diagnosis.outcome import Diagnosis, Effect
from boundary.diagnosis.posterior import Ranked, rank, without_row
from boundary.diagnosis.typing_errors import (
    RegisterView,
    RowContext,
    Slip,
    search_number,
    search_text,
)
from data.coordinates import LocalFrame, ReferenceSystem

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
_HALF = 0.5
_CLEAN_SHARE = 0.85  # a slip happens in a file without common error
_MIXTURE_ROUNDS = 5
_OPEN_LOG_ODDS = -1.0  # from here a slip and a displacement are too close to call
_SIGMAS = 4.0
_CAPPING_LOG_ODDS = -3.0  # from here a slip is a data error still open: suspect at most
_MISREAD_M = 3_000.0  # a larger offset is another reading of the numbers, whose text is not edited


@dataclass(slots=True)
class _Sheet:
    """The outcome while it is being written, one entry per row of the batch."""

    offset_m: Floats
    variance_m2: Floats
    effect: NDArray[np.str_]
    cause: list[str]
    probability: Floats
    findings: list[Finding] = field(default_factory=list)
    proposals: dict[int, Proposal] = field(default_factory=dict)

    @classmethod
    def blank(cls, n: int) -> "_Sheet":
        none = np.full(n, Effect.NONE.value, dtype="<U12")
        return cls(np.zeros((n, 2)), np.zeros(n), none, [""] * n, np.ones(n))

    def claim(self, rows: Rows, effect: Effect, code: str, probability: float) -> None:
        self.effect[rows] = effect.value
        self.probability[rows] = probability
        for row in rows:
            self.cause[int(row)] = code

    def outcome(self) -> Diagnosis:
        covariance = self.variance_m2[:, None, None] * np.eye(2)
        return Diagnosis(
            self.offset_m,
            covariance,
            self.effect,
            tuple(self.cause),
            self.probability,
            tuple(names_of_code(code) for code in self.cause),
            tuple(self.findings),
            dict(self.proposals),
        )


def diagnose(
    batch: Batch,
    system: ReferenceSystem,
    rules: DiagnosisRules,
    register: RegisterView,
    typed_numbers: Sequence[str],
    row_numbers: Sequence[int],
) -> Diagnosis:
    """Find what explains a batch and its rows.

    Args:
        batch: the rows.
        system: the store's reference system.
        rules: priors and thresholds.
        register: for coordinates that belong to another marker.
        typed_numbers: the marker number as typed in each row, empty where there is none.
        row_numbers: the row's number in the file, for findings.
    """
    if batch.size == 0:
        return Diagnosis.nothing(batch)
    if batch.size > rules.rows_together:
        return _in_pieces(batch, system, rules, register, typed_numbers, row_numbers)
    hypotheses = build_hypotheses(batch, system, rules)
    sheet = _Sheet.blank(batch.size)
    ranked = _rank_sample(hypotheses, batch, rules)
    if batch.size == 1 and _slip_beats(batch, ranked, rules, register, typed_numbers, sheet):
        _explain_row(0, batch, rules, register, typed_numbers, row_numbers, sheet)
        return sheet.outcome()
    weights = _settle_batch(batch, hypotheses, ranked, rules, sheet, row_numbers)
    left = _explain_mixture(batch, hypotheses, ranked, weights, rules, sheet, row_numbers)
    for row in left:
        _explain_row(int(row), batch, rules, register, typed_numbers, row_numbers, sheet)
    return sheet.outcome()


def _in_pieces(
    batch: Batch,
    system: ReferenceSystem,
    rules: DiagnosisRules,
    register: RegisterView,
    typed_numbers: Sequence[str],
    row_numbers: Sequence[int],
) -> Diagnosis:
    """A very long file in consecutive pieces, so that memory does not grow with it."""
    pieces = []
    for first in range(0, batch.size, rules.rows_together):
        rows = np.arange(first, min(first + rules.rows_together, batch.size))
        pieces.append(
            diagnose(
                batch.take(rows),
                system,
                rules,
                register,
                [typed_numbers[i] for i in rows.tolist()],
                [row_numbers[i] for i in rows.tolist()],
            )
        )
    return Diagnosis.joined(pieces)


def _slip_beats(
    batch: Batch,
    ranked: Ranked,
    rules: DiagnosisRules,
    register: RegisterView,
    typed_numbers: Sequence[str],
    sheet: _Sheet,
) -> bool:
    """Whether a slip explains a lone row better than any error of its whole session."""
    if ranked.winner.code == "" or not ranked.winner.session_level:
        return False
    slip = _best_slip(0, batch, rules, register, typed_numbers, sheet)
    if slip is None or not slip.close:
        return False
    variance = np.array([batch.sigma_m[0] ** 2])
    moved = log_background(np.array([batch.distance_m[0] ** 2]), variance, rules.moved_limit_m)
    log_slip = slip.log_odds + np.log(rules.moved_share) + float(moved[0]) + np.log(_CLEAN_SHARE)
    return bool(log_slip > ranked.log_joint[0])


def _rank_sample(hypotheses: Hypotheses, batch: Batch, rules: DiagnosisRules) -> Ranked:
    """Rank on all rows, or on an even sample of a very long file."""
    if batch.size <= rules.rows_scored:
        return rank(hypotheses, rules)
    rows = _even_sample(np.arange(batch.size), rules.rows_scored)
    return rank(hypotheses.rows(rows, np.ones(len(hypotheses.meanings), bool)), rules)


def _even_sample(rows: Rows, most: int) -> Rows:
    """All rows, or `most` of them spread evenly."""
    if rows.size <= most:
        return rows
    return rows[np.unique(np.linspace(0, rows.size - 1, most).astype(np.intp))]


def _settle_batch(
    batch: Batch,
    hypotheses: Hypotheses,
    ranked: Ranked,
    rules: DiagnosisRules,
    sheet: _Sheet,
    row_numbers: Sequence[int],
) -> Floats:
    """Write what the batch has in common; returns each row's weight under it."""
    h = ranked.chosen
    winner, probability = ranked.winner, float(ranked.probability[0])
    weights = _weights(hypotheses, h, ranked.scores.offset_m[h], rules)
    inliers = weights > _HALF
    if winner.code == "":
        return weights
    rows = np.arange(batch.size)
    _take_off(sheet, rows, hypotheses, h, weights)
    effect = _effect_of(winner)
    if winner.session_level and winner.named and not _whole(inliers, batch.session):
        effect = Effect.OPEN
    if probability < rules.act_probability:
        effect = Effect.OPEN if winner.named or effect is Effect.FREE else effect
    sheet.claim(rows, effect, winner.code, probability)
    concerned = np.flatnonzero(inliers)
    sheet.findings.append(
        claim_finding(
            _claim(batch, hypotheses, h, ranked, concerned, probability, row_numbers, sheet), rules
        )
    )
    return weights


def _weights(hypotheses: Hypotheses, h: int, offset_m: Floats, rules: DiagnosisRules) -> Floats:
    weights, _ = responsibilities(
        hypotheses.residuals_m[h : h + 1],
        hypotheses.variance_m2[h : h + 1],
        offset_m[None, :],
        rules.outlier_share,
        rules.moved_limit_m,
    )
    return np.asarray(weights[0], float)


def _take_off(sheet: _Sheet, rows: Rows, hypotheses: Hypotheses, h: int, weights: Floats) -> None:
    """Offsets to take off `vectors_m`: the misreading, the prediction and the common part."""
    residuals = np.nan_to_num(hypotheses.residuals_m[h], nan=1e7)
    offset, variance = without_row(
        residuals, hypotheses.variance_m2[h], weights, float(hypotheses.tau_m[h])
    )
    as_read = hypotheses.read_m[0]  # the first hypothesis is the batch as typed
    misread = as_read - np.nan_to_num(hypotheses.read_m[h], nan=1e7)
    total = misread + hypotheses.predicted_m[h] + offset
    sheet.offset_m[rows] = total[rows]
    sheet.variance_m2[rows] = (variance + hypotheses.local_m[h] ** 2)[rows]


def _effect_of(meaning: Meaning) -> Effect:
    if meaning.datum.code == "free":
        return Effect.FREE
    return Effect.REGISTER if meaning.datum.side == "register" else Effect.NAMED


def _whole(inliers: NDArray[np.bool_], session: Rows) -> bool:
    """Whether an error of sessions is seen in two rows, or in the whole of one session."""
    if inliers.sum() >= 2:  # noqa: PLR2004 - two rows
        return True
    rows = np.flatnonzero(inliers)
    return all(int((session == session[row]).sum()) == 1 for row in rows)


def _explain_mixture(
    batch: Batch,
    hypotheses: Hypotheses,
    ranked: Ranked,
    weights: Floats,
    rules: DiagnosisRules,
    sheet: _Sheet,
    row_numbers: Sequence[int],
) -> Rows:
    """Rows that do not follow the batch, as batches of their own; returns those still open."""
    h = ranked.chosen
    left = np.flatnonzero(weights <= _HALF)
    keep = np.array([m.code != ranked.winner.code for m in hypotheses.meanings], bool)
    for _ in range(_MIXTURE_ROUNDS):
        if not left.size or not keep.any():
            break
        asked = _even_sample(left, rules.rows_scored)
        second = rank(hypotheses.rows(asked, keep), rules)
        background = _background(hypotheses, h, ranked.scores.offset_m[h], asked, rules)
        part = hypotheses.rows(left, keep)
        against = hypotheses.residuals_m[h][left]
        taken = _take_second(
            batch, hypotheses, part, second, background, against, left, keep, rules, sheet,
            row_numbers,
        )  # fmt: skip
        if not taken.size:
            break
        left = np.setdiff1d(left, taken)
    return left


def _background(
    hypotheses: Hypotheses, h: int, offset_m: Floats, rows: Rows, rules: DiagnosisRules
) -> float:
    """Log density of some rows as moved markers and blunders under the batch's own hypothesis."""
    rest = np.nan_to_num(hypotheses.residuals_m[h][rows], nan=1e7) - offset_m
    log_b = log_background(
        (rest**2).sum(axis=1), hypotheses.variance_m2[h][rows], rules.moved_limit_m
    )
    return float(log_b.sum() + len(rows) * np.log(rules.outlier_share))


def _take_second(
    batch: Batch,
    hypotheses: Hypotheses,
    part: Hypotheses,
    second: Ranked,
    background: float,
    against: Floats,
    left: Rows,
    keep: NDArray[np.bool_],
    rules: DiagnosisRules,
    sheet: _Sheet,
    row_numbers: Sequence[int],
) -> Rows:
    chosen = _first_claimable(batch, part, second, left, against, background, rules)
    if chosen is None:
        return left[:0]
    position, inside = chosen
    h_part = int(second.best[position])
    h = int(np.flatnonzero(keep)[h_part])
    meaning = second.meanings[position]
    everything = special.logsumexp([*second.log_joint, background])
    probability = float(np.exp(second.log_joint[position] - everything))
    rows = left[inside]
    if meaning.code == "":
        sheet.offset_m[rows], sheet.variance_m2[rows] = 0.0, 0.0
        sheet.claim(rows, Effect.NONE, "", 1.0)
        return rows
    full = np.zeros(batch.size)
    full[left] = _weights(part, h_part, second.scores.offset_m[h_part], rules)
    single = meaning.session_level and not _whole_of(rows, batch.session)
    if single:
        sheet.claim(rows, Effect.ALIKE, meaning.code, probability)
    else:
        _take_off(sheet, rows, hypotheses, h, full)
        effect = _effect_of(meaning)
        if probability < rules.act_probability and effect is Effect.NAMED:
            effect = Effect.OPEN
        sheet.claim(rows, effect, meaning.code, probability)
    claim = _claim(batch, hypotheses, h, second, rows, probability, row_numbers, sheet, position)
    sheet.findings.append(claim_finding(claim, rules, alone=single))
    return rows


def _whole_of(rows: Rows, session: Rows) -> bool:
    """At least two rows, or all the rows of a session."""
    if rows.size >= 2:  # noqa: PLR2004 - two rows
        return True
    return all(np.isin(np.flatnonzero(session == session[row]), rows).all() for row in rows)


def _first_claimable(
    batch: Batch,
    part: Hypotheses,
    second: Ranked,
    left: Rows,
    against: Floats,
    background: float,
    rules: DiagnosisRules,
) -> tuple[int, NDArray[np.bool_]] | None:
    """The most probable meaning that may be claimed for these rows, and which of them it holds."""
    for position, meaning in enumerate(second.meanings):
        if second.log_joint[position] < background + rules.decisive_log_odds:
            break
        h = int(second.best[position])
        inside = _weights(part, h, second.scores.offset_m[h], rules) > _HALF
        inside &= part.concerned[h] | (meaning.datum.code in {"free", "none"})
        inside &= _told_apart(part, h, against)
        if not inside.any():
            continue
        if meaning.datum.code == "free":
            rows = left[inside]
            whole = all(
                np.isin(np.flatnonzero(batch.session == number), rows).all()
                for number in np.unique(batch.session[rows])
            )
            if np.unique(batch.marker[rows]).size < 2 or not whole:  # noqa: PLR2004 - two share it
                continue
        return position, inside
    return None


def _told_apart(part: Hypotheses, h: int, against: Floats) -> NDArray[np.bool_]:
    """Rows good enough to tell a hypothesis from the batch's own (whose residuals are given)."""
    apart = np.nan_to_num(part.residuals_m[h] - against, nan=1e7)
    reach = np.sqrt(part.variance_m2[h]) * _SIGMAS
    return np.asarray(np.hypot(apart[:, 0], apart[:, 1]) > reach, bool)


def _claim(
    batch: Batch,
    hypotheses: Hypotheses,
    h: int,
    ranked: Ranked,
    rows: Rows,
    probability: float,
    row_numbers: Sequence[int],
    sheet: _Sheet,
    position: int = 0,
) -> Claim:
    runner_up = 1 if position == 0 else 0
    second = ranked.meanings[runner_up] if len(ranked.meanings) > runner_up else None
    misread = hypotheses.read_m[0] - hypotheses.read_m[h]
    remaining = batch.vectors_m - sheet.offset_m
    return Claim(
        meaning=hypotheses.meanings[h],
        probability=probability,
        second=second,
        second_probability=float(ranked.probability[runner_up]) if second else 0.0,
        rows=tuple(int(row_numbers[i]) for i in rows),
        batch_rows=batch.size,
        predicted_m=_median(misread[rows] + hypotheses.predicted_m[h][rows]),
        found_m=_median(batch.vectors_m[rows]),
        tau_m=float(hypotheses.tau_m[h]),
        leftover_m=float(np.median(np.hypot(remaining[rows, 0], remaining[rows, 1])))
        if rows.size
        else float("nan"),
    )


def _median(vectors_m: Floats) -> tuple[float, float]:
    if not len(vectors_m):
        return float("nan"), float("nan")
    east, north = np.median(vectors_m, axis=0)
    return float(east), float(north)


def _explain_row(
    row: int,
    batch: Batch,
    rules: DiagnosisRules,
    register: RegisterView,
    typed_numbers: Sequence[str],
    row_numbers: Sequence[int],
    sheet: _Sheet,
) -> None:
    """One row that nothing explains: a slip of its text, or another marker's coordinates."""
    remaining = batch.vectors_m[row] - sheet.offset_m[row]
    tolerance = batch.tolerance_m[row]
    if np.hypot(*remaining) <= (0.0 if np.isnan(tolerance) else tolerance):
        return
    best = _best_slip(row, batch, rules, register, typed_numbers, sheet)
    if best is not None and best.log_odds > _CAPPING_LOG_ODDS:
        _write_slip(row, best, rules, row_numbers, sheet)


def _best_slip(
    row: int,
    batch: Batch,
    rules: DiagnosisRules,
    register: RegisterView,
    typed_numbers: Sequence[str],
    sheet: _Sheet,
) -> Slip | None:
    context = RowContext(
        batch.pairs[row],
        batch.systems[row],
        batch.registered.take(np.array([row])),
        batch.vectors_m[row],
        sheet.offset_m[row],
        float(batch.sigma_m[row] ** 2 + sheet.variance_m2[row]),
    )
    found = [_number_slip(row, context, batch, rules, register, typed_numbers, sheet)]
    if np.abs(sheet.offset_m[row]).max() < _MISREAD_M:
        found.append(search_text(context, rules))
    return max((s for s in found if s is not None), key=lambda s: s.log_odds, default=None)


def _number_slip(
    row: int,
    context: RowContext,
    batch: Batch,
    rules: DiagnosisRules,
    register: RegisterView,
    typed_numbers: Sequence[str],
    sheet: _Sheet,
) -> Slip | None:
    if not typed_numbers[row]:
        return None
    seen = LocalFrame.at(batch.lon[row], batch.lat[row], batch.registered.ellipsoid)
    place = seen.moved(-sheet.offset_m[row][None, :])
    others = sorted({int(m) for k, m in enumerate(batch.marker) if k != row})
    return search_number(
        context, (float(place[0][0]), float(place[1][0])), int(batch.marker[row]),
        typed_numbers[row], others, register, rules,
    )  # fmt: skip


def _write_slip(
    row: int, slip: Slip, rules: DiagnosisRules, row_numbers: Sequence[int], sheet: _Sheet
) -> None:
    rows = np.array([row])
    probability = float(special.expit(slip.log_odds))
    if slip.log_odds > rules.decisive_log_odds and slip.close:
        sheet.claim(rows, Effect.TYPING, slip.code, probability)
    elif sheet.effect[row] == Effect.NONE.value:
        capped = slip.log_odds < _OPEN_LOG_ODDS
        sheet.claim(rows, Effect.ALIKE if capped else Effect.UNDECIDED, slip.code, probability)
        if capped:
            return
    if slip.proposal is not None:
        sheet.proposals[row] = slip.proposal
        if probability >= rules.ask_probability:
            sheet.findings.append(slip_finding(slip.proposal, int(row_numbers[row]), probability))
