"""Why a row has its verdict: the sentence that fits, from the numbers it stands on."""

from dataclasses import dataclass

import numpy as np

from boundary.assessment import words
from boundary.assessment.cases import Case
from boundary.assessment.judging import Judged
from boundary.assessment.settings import AssessmentSettings
from boundary.assessment.words import Sentence
from boundary.diagnosis.batch import Batch
from boundary.diagnosis.outcome import Diagnosis, Effect
from boundary.displacement import minimal_detectable_m, rice_tail
from boundary.displacement_verdicts import Verdict

_OF_THE_ROW_ITSELF = {Effect.TYPING.value, Effect.UNDECIDED.value}
_NOTHING_EXPLAINS = {Effect.NONE.value, Effect.ALIKE.value}


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """Row `k` of a batch with all that was found of it; `method_known`: its accuracy is stated."""

    case: Case
    batch: Batch
    diagnosis: Diagnosis
    judged: Judged
    k: int
    settings: AssessmentSettings
    method_known: bool

    @property
    def verdict(self) -> Verdict:
        """As the test left it."""
        return Verdict(self.judged.verdict[self.k])

    @property
    def effect(self) -> str:
        """What the diagnosis makes of the row."""
        return str(self.diagnosis.effect[self.k])

    @property
    def distance_m(self) -> float:
        """What is left of the distance once the explanation is taken off."""
        return float(self.judged.distance_m[self.k])

    @property
    def far(self) -> bool:
        """Whether that is certainly more than markers move."""
        sure_m = self.distance_m - 3.0 * float(self.judged.sigma_m[self.k])
        return sure_m > self.settings.rules.farthest_m


def reason(row: JudgedRow) -> tuple[str, Sentence]:
    """The verdict of a row as it is reported, and why."""
    found = _of_an_error(row)
    if found is not None:
        return found
    missing = _missing_fact(row)
    if missing is not None:
        return Verdict.CANNOT_TELL.value, words.no_accuracy(missing)
    return row.verdict.value, _of_the_marker(row)


def _of_an_error(row: JudgedRow) -> tuple[str, Sentence] | None:
    """What a data error of the row or of its batch makes of it; None where there is none."""
    case, verdict = row.case, row.verdict
    too_far = words.too_far(row.distance_m, row.settings.rules.farthest_m)
    if row.effect in _NOTHING_EXPLAINS:
        if case.placed.repair and verdict is not Verdict.CANNOT_TELL:
            fits = verdict is not Verdict.SUSPECT and not row.far
            return verdict.value, words.repaired(case.placed.repair, row.distance_m, fits)
        if case.placed.state == "outside":
            return Verdict.RESUBMIT.value, words.outside()
        return (verdict.value, too_far) if verdict is Verdict.RESUBMIT else None
    if row.far and row.effect not in _OF_THE_ROW_ITSELF and not case.placed.repair:
        return verdict.value, words.outside() if case.placed.state == "outside" else too_far
    found = words.vector(*map(float, row.batch.vectors_m[row.k]))
    if row.effect == Effect.TYPING.value and row.diagnosis.cause[row.k] == "number":
        return verdict.value, words.wrong_number(found)
    name = Sentence(*row.diagnosis.names[row.k])
    predicted = words.vector(*map(float, row.diagnosis.offset_m[row.k]))
    return verdict.value, words.explained(
        row.effect, verdict.value, name, found, predicted, row.distance_m
    )


def _missing_fact(row: JudgedRow) -> str | None:
    if np.isnan(row.batch.tolerance_m[row.k]):
        return "tolerance"
    if np.isnan(row.batch.register_sigma_m[row.k]):
        return "sigma"
    return None if row.method_known else "method"


def _of_the_marker(row: JudgedRow) -> Sentence:
    judged, k, verdict = row.judged, row.k, row.verdict
    distance_m, tolerance_m = row.distance_m, float(row.batch.tolerance_m[k])
    sigma_m, p = float(judged.sigma_m[k]), float(judged.outside_p[k])
    mdd_m = float(minimal_detectable_m(sigma_m))
    moved = words.vector(*map(float, judged.remaining_m[k]))
    if verdict is Verdict.IN_PLACE:
        risk = 1.0 - float(rice_tail(max(distance_m, tolerance_m), 2.0 * tolerance_m, sigma_m))
        return words.in_place(distance_m, tolerance_m, mdd_m, risk)
    if verdict is Verdict.DISPLACED:
        return words.displaced(distance_m, tolerance_m, p, moved)
    if verdict is Verdict.SUSPECT:
        return words.suspect(distance_m, tolerance_m, moved, words.MISSING[_missing_proof(row)])
    if judged.capability[k] < row.settings.rules.least_capability:
        return words.too_weak(sigma_m, tolerance_m, mdd_m)
    return words.borderline(distance_m, tolerance_m, p)


def _missing_proof(row: JudgedRow) -> str:
    if row.effect != Effect.NONE.value:
        return "explained"
    if not row.batch.survey_grade[row.k]:
        return "method"
    return "session" if not row.judged.validated[row.k] else "p"
