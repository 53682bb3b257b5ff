"""`assess`: a register, the rows of a file and settings in; every verdict with its reason out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from boundary.assessment.batch_findings import batch_findings
from boundary.assessment.batching import build_batch
from boundary.assessment.cases import Case, build_cases, marker_index, zone_faults
from boundary.assessment.histories import history_findings
from boundary.assessment.judging import Judged, judge_batch
from boundary.assessment.register import Register, RegisteredMarker, Visit
from boundary.assessment.reporting import report_by_ties, report_case, report_judged
from boundary.assessment.results import Assessment, MarkerResult
from boundary.assessment.session_findings import (
    Seen,
    height_findings,
    repeat_findings,
    scatter_findings,
)
from boundary.assessment.settings import AssessmentSettings
from boundary.assessment.support import (
    TieOutcome,
    apply_ties,
    supported_rows,
    tie_findings,
    tie_outcomes,
)
from boundary.diagnosis.batch import Batch
from boundary.diagnosis.diagnose import diagnose
from boundary.diagnosis.outcome import Diagnosis, Effect
from boundary.diagnosis.question import Question
from boundary.diagnosis.typing_errors import RegisterView
from boundary.matching import MarkerIndex
from boundary.observations import ObservationRow
from data.coordinates import Region


@dataclass(frozen=True, slots=True)
class Matched:
    """The rows of a file read, matched and placed; what is still needed are earlier visits.

    `concerned` are indices into the register: the markers that rows mean, and those around them.
    """

    markers: Sequence[RegisteredMarker]
    index: MarkerIndex
    arrays: Register
    cases: Sequence[Case]
    settings: AssessmentSettings

    @property
    def concerned(self) -> tuple[int, ...]:
        """Markers whose visits matter, ascending."""
        meant = np.unique([c.marker for c in self.cases if c.marker is not None]).astype(np.intp)
        if not meant.size:
            return ()
        lon, lat = self.arrays.frame.lon[meant], self.arrays.frame.lat[meant]
        return self.index.around(lon, lat, self.settings.history.neighbours)


def assess(
    register: Sequence[RegisteredMarker],
    rows: Sequence[ObservationRow],
    settings: AssessmentSettings,
) -> Assessment:
    """Judge the rows of one inspection file against a register.

    Pure: no store, no clock, no files. The register's positions are in `settings.system`, degrees.
    Rows with faults keep a result (`cannot_tell` unless the rest of the row still tells).

    Args:
        register: markers that rows may mean, with their earlier visits.
        rows: raw cells keyed by canonical field.
        settings: today, system, words, thresholds.

    Returns:
        Faults of cells, findings about the batch and one result per row, in the rows' order.

    Raises:
        InvalidValue: a setting is unusable (an unknown default system or method).
    """
    return judge_matched(match_rows(register, rows, settings))


def match_rows(
    register: Sequence[RegisteredMarker],
    rows: Sequence[ObservationRow],
    settings: AssessmentSettings,
) -> Matched:
    """The first half of `assess`: which markers the rows mean, and where they were seen."""
    markers = _with_classes(register, settings)
    ellipsoid = settings.system.datum.ellipsoid
    index = marker_index(markers, ellipsoid)
    region = settings.region or _region_of(markers)
    cases = build_cases(rows, markers, index, region, settings)
    return Matched(markers, index, Register.of(markers, ellipsoid), cases, settings)


def judge_matched(
    matched: Matched, visits: Mapping[int, Sequence[Visit]] | None = None
) -> Assessment:
    """The second half of `assess`: what explains the rows, and each marker's verdict.

    Args:
        matched: the first half's answer.
        visits: earlier visits by index of the marker, where the register came without them.
    """
    cases, settings, arrays = matched.cases, matched.settings, matched.arrays
    markers = list(matched.markers)
    for place, known in (visits or {}).items():
        markers[place] = replace(markers[place], visits=tuple(known))
    batch, members = build_batch(cases, arrays, settings)
    names = [marker.marker_no for marker in markers]
    diagnosis = diagnose(
        Question(
            batch,
            settings.system,
            settings.diagnosis,
            RegisterView(matched.index, arrays.frame, arrays.sigma_m, names),
            [_typed_number(cases[i]) for i in members],
            [cases[i].row.row for i in members],
            settings.datum_parameters,
        )
    )
    positions = members.tolist()
    judged = judge_batch(batch, diagnosis, settings, np.zeros(batch.size, bool))
    ties = tie_outcomes(cases, positions, markers, batch, judged, settings)
    supported = supported_rows(markers, batch, judged, ties)
    if supported.any():
        judged = judge_batch(batch, diagnosis, settings, supported)
    results = _results(matched, markers, batch, positions, diagnosis, judged, ties)
    explained = {cases[i].row.row for k, i in enumerate(members) if diagnosis.cause[k]}
    seen = Seen(cases, positions, markers, batch, judged, diagnosis, settings)
    return Assessment(
        row_count=len(cases),
        faults=tuple(fault for case in cases for fault in (*case.faults, *zone_faults(case))),
        findings=(
            *batch_findings(cases, markers, settings, explained),
            *diagnosis.findings,
            *tie_findings(cases, positions, markers, batch, ties),
            *history_findings(seen),
            *scatter_findings(seen),
            *repeat_findings(seen),
            *height_findings(seen),
        ),
        results=results,
    )


def _results(
    matched: Matched,
    markers: Sequence[RegisteredMarker],
    batch: Batch,
    members: Sequence[int],
    diagnosis: Diagnosis,
    judged: Judged,
    ties: dict[int, TieOutcome],
) -> tuple[MarkerResult, ...]:
    cases, settings = matched.cases, matched.settings
    plain = (diagnosis.effect == Effect.NONE.value) & ~batch.repaired
    with_ties = apply_ties(judged.verdict, batch, ties, settings, plain)
    results: list[MarkerResult] = [report_case(case, markers) for case in cases]
    for k, i in enumerate(members):
        result = report_judged(cases[i], markers, batch, diagnosis, judged, k, settings)
        if with_ties[k] != judged.verdict[k] and k in ties:
            result = report_by_ties(result, str(with_ties[k]), ties[k])
        results[i] = result
    return tuple(results)


def _typed_number(case: Case) -> str:
    return case.observation.marker_no if case.observation else ""


def _with_classes(
    register: Sequence[RegisteredMarker], settings: AssessmentSettings
) -> list[RegisteredMarker]:
    """Markers whose register states only an accuracy class get the class's numbers and source."""
    return [_with_class(marker, settings) for marker in register]


def _with_class(marker: RegisteredMarker, settings: AssessmentSettings) -> RegisteredMarker:
    known = settings.accuracy_classes.get(marker.accuracy_class.strip().upper())
    if known is None or (marker.sigma_m is not None and marker.tolerance_m is not None):
        return marker
    return replace(
        marker,
        sigma_m=known.sigma_m if marker.sigma_m is None else marker.sigma_m,
        tolerance_m=known.tolerance_m if marker.tolerance_m is None else marker.tolerance_m,
        tolerance_source=marker.tolerance_source
        if marker.tolerance_m is not None
        else f"{marker.accuracy_class}: {known.source}",
    )


def _region_of(markers: Sequence[RegisteredMarker]) -> Region:
    if not markers:
        return Region(-180.0, -90.0, 180.0, 90.0)
    return Region.around([m.lon for m in markers], [m.lat for m in markers])
