"""Findings about markers over time, about their ties, and about heights."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from boundary.assessment.cases import Case
from boundary.assessment.judging import Judged
from boundary.assessment.register import RegisteredMarker
from boundary.assessment.support import TieOutcome
from boundary.assessment.words import metres, vector
from boundary.diagnosis.batch import Batch
from boundary.diagnosis.findings import Finding
from boundary.diagnosis.outcome import Diagnosis, Effect
from boundary.displacement_ties import Fusion, TieState
from boundary.displacement_visits import (
    Change,
    Combined,
    change_between,
    combine,
    creep,
    shadow_baseline,
)
from data.coordinates import Height

Floats = NDArray[np.float64]
_CERTAIN_P = 0.001
_AGREEING_P = 0.01
_LEAST_VISITS = 3
_LEAST_HEIGHTS = 3
_HEIGHT_NOISE_M = 0.15


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


def history_findings(
    cases: Sequence[Case],
    members: Sequence[int],
    markers: Sequence[RegisteredMarker],
    batch: Batch,
    judged: Judged,
    diagnosis: Diagnosis,
) -> list[Finding]:
    """Change since the shadow baseline, and creep, of markers that were visited before."""
    found: list[Finding] = []
    for k in range(batch.size):
        marker = markers[batch.marker[k]]
        explained = bool(diagnosis.offset_m[k].any())
        if not marker.visits or explained or diagnosis.effect[k] == Effect.TYPING.value:
            continue
        row = cases[members[int(k)]].row.row
        found += _change(marker, batch, judged, k, row) + _creeping(marker, batch, judged, k, row)
    return found


def _change(
    marker: RegisteredMarker, batch: Batch, judged: Judged, k: int, row: int
) -> list[Finding]:
    visits = marker.visits
    first = shadow_baseline([v.sigma_m for v in visits], [v.survey_grade for v in visits])
    if first is None:
        return []
    base = visits[first]
    change: Change = change_between(
        np.array([base.east_m, base.north_m]), base.sigma_m,
        judged.remaining_m[k], float(batch.observation_sigma_m[k]),
    )  # fmt: skip
    if change.p >= _CERTAIN_P:
        return []
    said = vector(float(change.vector_m[0]), float(change.vector_m[1]))
    day = base.observed_on.isoformat()
    return [
        Finding(
            "changed_since_baseline",
            f"界桩 {marker.marker_no} 自 {day} 首次复测以来{said.zh}（最小可发现 "
            f"{metres(change.mdd_m)} m）",
            f"marker {marker.marker_no} has changed by {said.en} since its first re-measurement on "
            f"{day} (smallest detectable {metres(change.mdd_m)} m)",
            (row,),
            {
                "marker_no": marker.marker_no,
                "east_m": float(change.vector_m[0]),
                "north_m": float(change.vector_m[1]),
                "p": change.p,
                "mdd_m": change.mdd_m,
            },
        )
    ]


def _creeping(
    marker: RegisteredMarker, batch: Batch, judged: Judged, k: int, row: int
) -> list[Finding]:
    visits = [v for v in marker.visits if v.survey_grade]
    if len(visits) + 1 < _LEAST_VISITS or np.isnan(batch.year[k]) or not batch.survey_grade[k]:
        return []
    years = np.array(
        [v.observed_on.year + v.observed_on.timetuple().tm_yday / 365.25 for v in visits]
        + [float(batch.year[k])]
    )
    if float(np.ptp(years)) < 1.0:
        return []
    vectors = np.array([[v.east_m, v.north_m] for v in visits] + [judged.remaining_m[k].tolist()])
    sigma = np.array([v.sigma_m for v in visits] + [float(batch.observation_sigma_m[k])])
    rate = creep(years, vectors, sigma)
    if rate.p_zero >= _CERTAIN_P:
        return []
    east, north = 1000.0 * rate.rate_m_per_year
    return [
        Finding(
            "creep",
            f"界桩 {marker.marker_no} 逐年移动：东 {east:.0f} mm/年，北 {north:.0f} mm/年"
            f"（{len(years)} 次观测）",
            f"marker {marker.marker_no} moves steadily: {east:.0f} mm a year east, "
            f"{north:.0f} mm a year north ({len(years)} visits)",
            (row,),
            {
                "marker_no": marker.marker_no,
                "east_mm_per_year": float(east),
                "north_mm_per_year": float(north),
                "sigma_mm_per_year": 1000.0 * rate.sigma_m_per_year,
                "p": rate.p_zero,
            },
        )
    ]


def scatter_findings(
    cases: Sequence[Case], members: Sequence[int], judged: Judged
) -> list[Finding]:
    """Sessions that scatter more than their stated accuracy allows."""
    raised = np.flatnonzero(judged.scale > 1.0)
    if not raised.size:
        return []
    rows = tuple(cases[members[int(k)]].row.row for k in raised)
    largest = float(judged.scale[raised].max())
    return [
        Finding(
            "accuracy_optimistic",
            f"{len(rows)} 行的离散程度大于所报精度（最多 {largest:.1f} 倍），"
            "已按实际离散放宽中误差",
            f"{len(rows)} rows scatter more than their stated accuracy (up to {largest:.1f} "
            "times); their sigma was raised accordingly",
            rows,
            {"largest_factor": largest},
        )
    ]


def repeat_findings(
    cases: Sequence[Case],
    members: Sequence[int],
    markers: Sequence[RegisteredMarker],
    batch: Batch,
    judged: Judged,
) -> list[Finding]:
    """Several rows of one marker: combined if they agree, a question if they do not."""
    found: list[Finding] = []
    order = np.argsort(batch.marker, kind="stable")
    numbers, starts, counts = np.unique(batch.marker[order], return_index=True, return_counts=True)
    for marker, start, count in zip(numbers, starts, counts, strict=True):
        if count == 1:
            continue
        ks = np.sort(order[start : start + count])
        joined = combine(judged.remaining_m[ks], batch.observation_sigma_m[ks])
        rows = tuple(cases[members[int(k)]].row.row for k in ks)
        found.append(_repeat_finding(markers[int(marker)].marker_no, rows, joined))
    return found


def _repeat_finding(number: str, rows: tuple[int, ...], joined: Combined) -> Finding:
    details = {
        "marker_no": number,
        "east_m": float(joined.vector_m[0]),
        "north_m": float(joined.vector_m[1]),
        "sigma_m": joined.sigma_m,
        "consistency_p": joined.consistency_p,
    }
    said = vector(float(joined.vector_m[0]), float(joined.vector_m[1]))
    if joined.consistency_p >= _AGREEING_P:
        zh = f"界桩 {number} 的 {joined.visits} 次观测一致，加权平均{said.zh}"
        en = f"the {joined.visits} observations of marker {number} agree; their mean is {said.en}"
        return Finding("repeats_agree", zh, en, rows, details)
    zh = (
        f"界桩 {number} 的 {joined.visits} 次观测互相矛盾"
        f"（p={joined.consistency_p:.2g}）；请查明原因"
    )
    en = (
        f"the {joined.visits} observations of marker {number} contradict each other "
        f"(p={joined.consistency_p:.2g}); find out why"
    )
    return Finding("repeats_disagree", zh, en, rows, details)


def height_findings(
    cases: Sequence[Case], members: Sequence[int], markers: Sequence[RegisteredMarker], batch: Batch
) -> list[Finding]:
    """Heights apart from the horizontal verdict: one shift of a session is antenna or datum."""
    found: list[Finding] = []
    for session in np.unique(batch.session):
        rows: list[int] = []
        differences: list[float] = []
        for k in np.flatnonzero(batch.session == session):
            height = _comparable(cases[members[int(k)]], markers[batch.marker[k]])
            if height is not None:
                rows.append(cases[members[int(k)]].row.row)
                differences.append(height)
        if len(rows) >= _LEAST_HEIGHTS:
            found += _height_shift(rows, np.array(differences))
    return found


def _comparable(case: Case, marker: RegisteredMarker) -> float | None:
    height = case.observation.height if case.observation else None
    if height is None or marker.height_m is None:
        return None
    registered = Height.parse(str(marker.height_m), marker.height_datum)
    if height.datum and registered.datum and height.datum != registered.datum:
        return None
    return height.value_m - marker.height_m


def _height_shift(rows: list[int], differences_m: Floats) -> list[Finding]:
    middle = float(np.median(differences_m))
    spread = 1.4826 * float(np.median(np.abs(differences_m - middle)))
    if abs(middle) < _HEIGHT_NOISE_M or abs(middle) < 3.0 * spread / np.sqrt(len(rows)):
        return []
    return [
        Finding(
            "height_shift",
            f"{len(rows)} 点高程整体相差 {middle:+.2f} m（离散 {spread:.2f} m）：请检查天线高、"
            "大地高与正常高；不影响平面结论",
            f"{len(rows)} heights differ by {middle:+.2f} m together (spread {spread:.2f} m): "
            "check antenna height and ellipsoidal against normal heights; positions are not "
            "affected",
            tuple(rows),
            {"shift_m": middle, "spread_m": spread},
        )
    ]
