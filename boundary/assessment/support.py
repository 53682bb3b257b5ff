"""What bears a row out besides its session: taped ties, an earlier visit; what contradicts it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundary.assessment.cases import Case
from boundary.assessment.judging import Judged
from boundary.assessment.register import RegisteredMarker, Visit
from boundary.assessment.settings import AssessmentSettings
from boundary.diagnosis.batch import Batch
from boundary.diagnosis.findings import Finding
from boundary.displacement import rice_tail
from boundary.displacement_ties import Fusion, Tie, TieSolution, TieState, fuse, solve_ties
from boundary.displacement_verdicts import Verdict
from boundary.observations import MeasuredTie

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
_AGREEING_P = 0.01


@dataclass(frozen=True, slots=True)
class TieOutcome:
    """A row's ties and what they make of its coordinate displacement."""

    solution: TieSolution
    fusion: Fusion
    combined_m: Floats
    covariance: Floats


def match_ties(marker: RegisteredMarker, measured: Sequence[MeasuredTie]) -> list[Tie]:
    """Measured ties with their registered objects: by name where given, else by their number."""
    by_name = {w.name: w for w in marker.witness if w.name}
    found = []
    for tie in measured:
        registered = by_name.get(tie.name)
        if registered is None and tie.ordinal <= len(marker.witness) and not tie.name:
            registered = marker.witness[tie.ordinal - 1]
        if registered is None or registered.distance_m is None or registered.azimuth_deg is None:
            continue
        name = registered.name or f"#{tie.ordinal}"
        found.append(
            Tie(
                name,
                registered.distance_m,
                registered.azimuth_deg,
                tie.distance_m,
                tie.azimuth_deg,
            )
        )
    return found


def tie_outcomes(
    cases: Sequence[Case],
    members: Sequence[int],
    markers: Sequence[RegisteredMarker],
    batch: Batch,
    judged: Judged,
    settings: AssessmentSettings,
) -> dict[int, TieOutcome]:
    """Ties of the rows that have them, by position in the batch."""
    outcomes: dict[int, TieOutcome] = {}
    for k, i in enumerate(members):
        observation = cases[i].observation
        if observation is None or not observation.ties or np.isnan(batch.tolerance_m[k]):
            continue
        ties = match_ties(markers[batch.marker[k]], observation.ties)
        solution = solve_ties(ties, float(batch.tolerance_m[k]), settings.ties)
        within = judged.verdict[k] == Verdict.IN_PLACE.value
        fusion, vector, covariance = fuse(
            judged.remaining_m[k], judged.covariance[k],
            out=bool(judged.out[k]), within=within, ties=solution,
        )  # fmt: skip
        outcomes[k] = TieOutcome(solution, fusion, vector, covariance)
    return outcomes


def supported_rows(
    markers: Sequence[RegisteredMarker],
    batch: Batch,
    judged: Judged,
    outcomes: dict[int, TieOutcome],
) -> Flags:
    """Rows whose displacement ties confirm or an independent earlier visit has already shown."""
    supported = np.zeros(batch.size, bool)
    for k in np.flatnonzero(judged.out):
        row = int(k)
        outcome = outcomes.get(row)
        confirmed = outcome is not None and outcome.fusion is Fusion.CONFIRMED
        visits = markers[batch.marker[row]].visits
        earlier = any(_shows_it(visit, batch, judged, row) for visit in visits)
        supported[row] = confirmed or earlier or _seen_twice(batch, judged, row)
    return supported


def _shows_it(visit: Visit, batch: Batch, judged: Judged, row: int) -> bool:
    """An earlier survey-grade visit that lies out of tolerance and where this one does.

    A visit of the same day is no second one: the same file may have been sent twice.
    """
    if not visit.survey_grade or visit.observed_on.isoformat() == batch.day[row]:
        return False
    earlier = np.array([visit.east_m, visit.north_m])
    apart = judged.remaining_m[row] - earlier
    variance = visit.sigma_m**2 + float(batch.observation_sigma_m[row]) ** 2
    agrees = float(np.exp(-0.5 * (apart @ apart) / variance)) > _AGREEING_P
    return agrees and float(np.hypot(*earlier)) > batch.tolerance_m[row]


def _seen_twice(batch: Batch, judged: Judged, row: int) -> bool:
    """Another session of the same file that shows the same marker out and in the same place."""
    other = (batch.marker == batch.marker[row]) & (batch.session != batch.session[row])
    other &= judged.out & batch.survey_grade
    if not other.any():
        return False
    apart = judged.remaining_m[other] - judged.remaining_m[row]
    variance = batch.observation_sigma_m[other] ** 2 + batch.observation_sigma_m[row] ** 2
    agrees = np.exp(-0.5 * (apart**2).sum(axis=1) / variance) > _AGREEING_P
    return bool(agrees.any())


def apply_ties(
    verdict: NDArray[np.str_], batch: Batch, outcomes: dict[int, TieOutcome],
    settings: AssessmentSettings, plain: Flags,
) -> NDArray[np.str_]:  # fmt: skip
    """The fusion table on verdicts that no data error explains.

    Out by coordinate and in by ties is in place, with a question about the coordinate. Too weak a
    coordinate with ties that can tell is judged by both together; ties alone never say displaced.
    """
    changed = verdict.copy()
    for k, outcome in outcomes.items():
        if not plain[k]:
            continue
        tolerance = float(batch.tolerance_m[k])
        able = _largest(outcome.solution.covariance) * settings.rules.least_capability <= tolerance
        if outcome.fusion is Fusion.CONTRADICTED and able:
            changed[k] = Verdict.IN_PLACE.value
        elif verdict[k] == Verdict.CANNOT_TELL.value and outcome.fusion is Fusion.AGREED_IN:
            distance = float(np.hypot(*outcome.combined_m))
            joint = _largest(outcome.covariance) * settings.rules.least_capability <= tolerance
            if joint and distance <= tolerance:
                changed[k] = Verdict.IN_PLACE.value
        elif verdict[k] == Verdict.CANNOT_TELL.value and _ties_say_out(
            outcome, tolerance, settings
        ):
            changed[k] = Verdict.SUSPECT.value
    return changed


def _ties_say_out(outcome: TieOutcome, tolerance_m: float, settings: AssessmentSettings) -> bool:
    """Ties that are out; also three that disagree, which confirm nothing and cannot name why."""
    solution = outcome.solution
    if solution.state is not TieState.DISAGREE:
        return solution.state is TieState.OUT
    distance_m = float(np.hypot(*solution.vector_m))
    p = float(rice_tail(distance_m, tolerance_m, _largest(solution.covariance)))
    return distance_m > tolerance_m and p < settings.ties.alpha


def _largest(covariance: Floats) -> float:
    return float(np.sqrt(np.linalg.eigvalsh(covariance)[-1]))


def tie_findings(
    cases: Sequence[Case],
    members: Sequence[int],
    markers: Sequence[RegisteredMarker],
    batch: Batch,
    outcomes: dict[int, TieOutcome],
) -> list[Finding]:
    """What ties say that coordinates do not."""
    found: list[Finding] = []
    for k, outcome in outcomes.items():
        row, number = cases[members[int(k)]].row.row, markers[batch.marker[k]].marker_no
        sentence = _tie_sentence(number, outcome)
        if sentence is not None:
            code, zh, en = sentence
            details = {
                "marker_no": number,
                "tie_east_m": float(outcome.solution.vector_m[0]),
                "tie_north_m": float(outcome.solution.vector_m[1]),
                "object": outcome.solution.moved_object,
                "geometry": outcome.solution.geometry,
                "rotation_deg": outcome.solution.rotation_deg,
            }
            found.append(Finding(code, zh, en, (row,), details))
    return found


def _tie_sentence(number: str, outcome: TieOutcome) -> tuple[str, str, str] | None:
    solution = outcome.solution
    if solution.moved_object:
        zh = f"界桩 {number} 的方位物“{solution.moved_object}”与其余方位物不符，疑已变动；已剔除"
        en = (
            f"witness object {solution.moved_object!r} of marker {number} disagrees with the "
            "others and has likely moved; it was left out"
        )
        return "witness_object_moved", zh, en
    if outcome.fusion is Fusion.CONTRADICTED:
        zh = f"界桩 {number} 坐标超限而方位物丈量相符：界桩应在位，请检查坐标"
        en = (
            f"the coordinates of marker {number} are out of tolerance while its ties fit: it is "
            "in place, look for an error of the coordinates"
        )
        return "coordinate_contradicted", zh, en
    if outcome.fusion is Fusion.OBJECT_SUSPECT:
        zh = f"界桩 {number} 坐标相符而方位物丈量不符：方位物可能已变动"
        en = (
            f"the coordinates of marker {number} fit while its ties do not: the witness objects "
            "may have changed"
        )
        return "witness_objects_suspect", zh, en
    if solution.state is TieState.DISAGREE:
        zh = f"界桩 {number} 的方位物丈量互不相符，不作依据"
        en = f"the ties of marker {number} disagree with each other and are not used"
        return "ties_disagree", zh, en
    return None
