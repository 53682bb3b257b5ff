"""One row's result: numbers from the arrays, reasons in words."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from boundary.assessment import words
from boundary.assessment.batching import observation_sigma_m
from boundary.assessment.cases import Case
from boundary.assessment.judging import Judged
from boundary.assessment.reasons import JudgedRow, reason
from boundary.assessment.register import RegisteredMarker
from boundary.assessment.results import Ellipse, MarkerResult
from boundary.assessment.settings import AssessmentSettings
from boundary.assessment.support import TieOutcome
from boundary.assessment.words import Sentence
from boundary.diagnosis.batch import Batch
from boundary.diagnosis.findings import Proposal
from boundary.diagnosis.outcome import Diagnosis
from boundary.diagnosis.typing_errors import as_written
from boundary.displacement import confidence_ellipses, minimal_detectable_m
from boundary.displacement_verdicts import Verdict
from data.coordinates import LocalFrame, distance_and_bearing, fold, prefixed_easting

_CONFIDENCE = 0.95


def report_case(case: Case, markers: Sequence[RegisteredMarker]) -> MarkerResult:
    """The result of a row without a marker or without a position."""
    verdict, sentence = _unplaced(case)
    marker = None if case.marker is None else markers[case.marker]
    observation = case.observation
    return MarkerResult(
        row=case.row.row,
        marker_no=_printed(case, marker),
        verdict=verdict.value,
        zh=sentence.zh,
        en=sentence.en,
        marker_id=marker.marker_id if marker else None,
        match=case.match,
        condition=_condition(case),
        registered=(marker.lon, marker.lat) if marker else None,
        observed=_observed(case),
        observation_sigma_m=observation_sigma_m(observation) if observation else None,
        grade=_grade(case),
        tolerance_m=marker.tolerance_m if marker else None,
        tolerance_source=marker.tolerance_source if marker else "",
        cause="" if verdict is Verdict.CANNOT_TELL else _cause(case),
        proposal=_number_proposal(case, markers) or repair_proposal(case),
        synthetic=marker.synthetic if marker else False,
    )


def _printed(case: Case, marker: RegisteredMarker | None) -> str:
    if marker is not None:
        return marker.marker_no
    return case.observation.marker_no if case.observation else ""


def _condition(case: Case) -> str | None:
    condition = case.observation.condition if case.observation else None
    return condition.code if condition else None


def _grade(case: Case) -> str:
    method = case.observation.method if case.observation else None
    return method.grade if method else ""


def _observed(case: Case) -> tuple[float, float] | None:
    lon, lat = case.placed.typed_lon, case.placed.typed_lat
    return (float(lon), float(lat)) if np.isfinite(lon) and np.isfinite(lat) else None


def _cause(case: Case) -> str:
    if case.unmatched is not None:
        return case.unmatched.code
    return case.placed.repair or ("outside_region" if case.placed.state == "outside" else "")


def _unplaced(case: Case) -> tuple[Verdict, Sentence]:
    observation, placed = case.observation, case.placed
    if observation is None:
        return Verdict.CANNOT_TELL, words.no_accuracy("position")
    if not observation.seen and observation.pair is None and observation.condition is not None:
        said = words.unseen(observation.condition.zh, observation.condition.en)
        unmatched = case.unmatched
        extra = Sentence(unmatched.zh + "。", unmatched.en + ".") if unmatched else Sentence("", "")
        return Verdict.CANNOT_TELL, extra + said
    if placed.state == "outside":
        return Verdict.RESUBMIT, words.outside()
    if case.unmatched is not None:
        verdict = (
            Verdict.RESUBMIT if case.unmatched.code == "unknown_number" else Verdict.CANNOT_TELL
        )
        en = case.unmatched.en
        return verdict, Sentence(f"{case.unmatched.zh}。", f"{en[:1].upper()}{en[1:]}.")
    reasons = {
        "not_comparable": words.not_comparable(placed.why_zh, placed.why_en),
        "no_zone": words.no_zone(),
    }
    return Verdict.CANNOT_TELL, reasons.get(placed.state, words.no_accuracy("position"))


def _number_proposal(case: Case, markers: Sequence[RegisteredMarker]) -> Proposal | None:
    unmatched, observation = case.unmatched, case.observation
    if unmatched is None or observation is None or len(unmatched.candidates) != 1:
        return None
    if unmatched.code != "unknown_number":
        return None
    number = markers[unmatched.candidates[0]].marker_no
    return Proposal(
        "number",
        (("marker_no", observation.marker_no, number),),
        f"登记簿中最接近的编号是“{number}”，请确认。",
        f"The closest number of the register is {number!r}; confirm it.",
    )


def repair_proposal(case: Case) -> Proposal | None:
    """The exact text that repairs a certain error."""
    if not case.placed.repair or not case.placed.changes:
        return None
    zh, en = words.REPAIRS[case.placed.repair]
    shown = "; ".join(
        f"{field}: {before} → {after}" for field, before, after in case.placed.changes
    )
    return Proposal(
        case.placed.repair, case.placed.changes, f"{zh}；建议改为 {shown}", f"{en}; write {shown}"
    )


def zone_proposal(case: Case, distance_m: float | None, farthest_m: float) -> Proposal | None:
    """The easting with the prefix of its zone, where the marker that the row names proves it.

    In any other zone the same numbers lie hundreds of kilometres away, so that a place near the
    marker leaves no other zone. Of the two numbers of a meridian the one of the zone's width that
    was assumed is given; either says the same place.
    """
    reading = case.placed.reading
    if reading is None or not reading.zone_assumed or case.match != "number":
        return None
    field, text = reading.pair.fields[0], reading.pair.texts[0]
    written = prefixed_easting(text, reading.system)
    if field == "position" or written is None or distance_m is None or distance_m > farthest_m:
        return None
    zh, en = words.REPAIRS["zone_unstated"]
    shown = f"{field}: {text} → {written}"
    return Proposal(
        "zone_unstated",
        ((field, text, written),),
        f"{zh}；建议改为 {shown}",
        f"{en}; write {shown}",
    )


def _of_whole_cell(proposal: Proposal | None, case: Case) -> Proposal | None:
    """A slip within a cell that holds both coordinates, as a change of the whole cell."""
    if proposal is None or proposal.changes[0][0] != "position":
        return proposal
    _, before, after = proposal.changes[0]
    typed = case.row.cells.get("position", "")
    changed = as_written(typed, fold(typed).upper().replace(before, after, 1))
    return replace(proposal, changes=(("position", typed, changed),))


def report_judged(
    case: Case,
    markers: Sequence[RegisteredMarker],
    batch: Batch,
    diagnosis: Diagnosis,
    judged: Judged,
    k: int,
    settings: AssessmentSettings,
) -> MarkerResult:
    """The result of row `k` of the batch."""
    marker = markers[batch.marker[k]]
    sigma_m = float(judged.sigma_m[k])
    method_known = (
        case.observation is not None and observation_sigma_m(case.observation) is not None
    )
    row = JudgedRow(case, batch, diagnosis, judged, k, settings, method_known)
    verdict, sentence = reason(row)
    explained = bool(diagnosis.offset_m[k].any())
    typed = _typed_vector(case, marker, settings)
    ellipse = confidence_ellipses(judged.covariance[k : k + 1], _CONFIDENCE)
    far_m = settings.rules.farthest_m
    proposal = (
        _of_whole_cell(diagnosis.proposals.get(k), case)
        or repair_proposal(case)
        or zone_proposal(case, typed["distance_m"], far_m)
    )
    return MarkerResult(
        row=case.row.row,
        marker_no=marker.marker_no,
        verdict=verdict,
        zh=sentence.zh,
        en=sentence.en,
        marker_id=marker.marker_id,
        match=case.match,
        condition=_condition(case),
        registered=(marker.lon, marker.lat),
        observed=_observed(case),
        **typed,
        predicted_east_m=float(diagnosis.offset_m[k, 0]) if explained else None,
        predicted_north_m=float(diagnosis.offset_m[k, 1]) if explained else None,
        remaining_east_m=float(judged.remaining_m[k, 0]),
        remaining_north_m=float(judged.remaining_m[k, 1]),
        remaining_m=float(judged.distance_m[k]),
        sigma_m=sigma_m if method_known else None,
        observation_sigma_m=float(batch.observation_sigma_m[k]) if method_known else None,
        grade=_grade(case),
        tolerance_m=marker.tolerance_m,
        tolerance_source=marker.tolerance_source,
        capability=words.finite(judged.capability[k]) if method_known else None,
        outside_p=words.finite(judged.outside_p[k]) if method_known else None,
        mdd_m=float(minimal_detectable_m(sigma_m)) if method_known else None,
        ellipse=Ellipse(
            float(ellipse.semi_major_m[0]),
            float(ellipse.semi_minor_m[0]),
            float(ellipse.azimuth_deg[0]),
            _CONFIDENCE,
        )
        if method_known
        else None,
        cause=diagnosis.cause[k] or _cause(case),
        cause_probability=float(diagnosis.probability[k]) if diagnosis.cause[k] else None,
        proposal=proposal,
        synthetic=marker.synthetic,
    )


def report_by_ties(result: MarkerResult, verdict: str, outcome: TieOutcome) -> MarkerResult:
    """The result with the verdict and reason that its ties decided."""
    east, north = (float(x) for x in outcome.solution.vector_m)
    said = words.by_ties(verdict, east, north, result.tolerance_m or 0.0)
    return replace(result, verdict=verdict, zh=said.zh, en=said.en)


def _typed_vector(
    case: Case, marker: RegisteredMarker, settings: AssessmentSettings
) -> dict[str, float | None]:
    seen = _observed(case)
    if seen is None:
        return {"east_m": None, "north_m": None, "distance_m": None, "bearing_deg": None}
    frame = LocalFrame.at(marker.lon, marker.lat, settings.system.datum.ellipsoid)
    vector = frame.residuals([seen[0]], [seen[1]])
    distance_m, bearing_deg = distance_and_bearing(vector)
    return {
        "east_m": float(vector[0, 0]),
        "north_m": float(vector[0, 1]),
        "distance_m": float(distance_m[0]),
        "bearing_deg": float(bearing_deg[0]),
    }
