"""Findings about sessions: their scatter, several rows of one marker, heights."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from boundary.assessment import words
from boundary.assessment.cases import Case
from boundary.assessment.judging import Judged
from boundary.assessment.register import RegisteredMarker
from boundary.assessment.settings import AssessmentSettings
from boundary.assessment.words import Sentence, counted, metres, vector
from boundary.diagnosis.batch import Batch
from boundary.diagnosis.findings import Finding
from boundary.diagnosis.outcome import Diagnosis
from boundary.displacement import minimal_detectable_m
from boundary.displacement_verdicts import Evidence, judge
from boundary.displacement_visits import Combined, combine
from data.coordinates import Height

Floats = NDArray[np.float64]
_AGREEING_P = 0.01
_LEAST_HEIGHTS = 3
_HEIGHT_NOISE_M = 0.15
_HEIGHT_DATUM_M = 5.0
_LONE_SIGMAS = 5.0


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that was found of a file, for findings about it: rows of `batch` are `members`."""

    cases: Sequence[Case]
    members: Sequence[int]
    markers: Sequence[RegisteredMarker]
    batch: Batch
    judged: Judged
    diagnosis: Diagnosis
    settings: AssessmentSettings

    def row(self, k: int) -> int:
        """The number in the file of row `k` of the batch."""
        return self.cases[self.members[k]].row.row

    def marker(self, k: int) -> RegisteredMarker:
        """The marker that row `k` of the batch means."""
        return self.markers[int(self.batch.marker[k])]


def scatter_findings(seen: Seen) -> list[Finding]:
    """Sessions that scatter more than their stated accuracy allows."""
    raised = np.flatnonzero(seen.judged.scale > 1.0)
    if not raised.size:
        return []
    rows = tuple(seen.row(int(k)) for k in raised)
    largest = float(seen.judged.scale[raised].max())
    return [
        Finding(
            "accuracy_optimistic",
            f"{len(rows)} 行的离散程度大于所报精度（最多 {largest:.1f} 倍），"
            "已按实际离散放宽中误差",
            f"{counted(rows, 'scatters', 'scatter')} more than the stated accuracy"
            f" (up to {largest:.1f} times); their sigma was raised accordingly",
            rows,
            {"largest_factor": largest},
        )
    ]


def repeat_findings(seen: Seen) -> list[Finding]:
    """Several rows of one marker: combined if they agree, a question if they do not."""
    found: list[Finding] = []
    batch = seen.batch
    order = np.argsort(batch.marker, kind="stable")
    _, starts, counts = np.unique(batch.marker[order], return_index=True, return_counts=True)
    for start, count in zip(starts, counts, strict=True):
        if count == 1:
            continue
        ks = np.sort(order[start : start + count])
        joined = combine(seen.judged.remaining_m[ks], batch.observation_sigma_m[ks])
        found.append(_repeat_finding(seen, ks, joined))
    return found


def _repeat_finding(seen: Seen, ks: NDArray[np.intp], joined: Combined) -> Finding:
    number = seen.marker(int(ks[0])).marker_no
    rows = tuple(seen.row(int(k)) for k in ks)
    details: dict[str, object] = {
        "marker_no": number,
        "east_m": float(joined.vector_m[0]),
        "north_m": float(joined.vector_m[1]),
        "sigma_m": joined.sigma_m,
        "consistency_p": joined.consistency_p,
    }
    if joined.consistency_p < _AGREEING_P:
        zh = (
            f"界桩 {number} 的 {joined.visits} 次观测互相矛盾"
            f"（p={joined.consistency_p:.2g}）；请查明原因"
        )
        en = (
            f"the {joined.visits} observations of marker {number} contradict each other "
            f"(p={joined.consistency_p:.2g}); find out why"
        )
        return Finding("repeats_disagree", zh, en, rows, details)
    level = level_of(seen, ks, joined)
    said = vector(float(joined.vector_m[0]), float(joined.vector_m[1]))
    zh = (
        f"界桩 {number} 的 {joined.visits} 次观测一致，加权平均{said.zh}，合并判定：{level.said.zh}"
    )
    en = (
        f"the {joined.visits} observations of marker {number} agree; their mean is {said.en}; "
        f"together: {level.said.en}"
    )
    return Finding("repeats_agree", zh, en, rows, details | level.details)


@dataclass(frozen=True, slots=True)
class Level:
    """What observations of one marker say together about where it stands."""

    verdict: str
    said: Sentence
    details: dict[str, object]


def level_of(
    seen: Seen, ks: NDArray[np.intp], joined: Combined, *, independent: bool = False
) -> Level:
    """The rule table on combined observations; the register's error does not average out.

    Args:
        seen: the file.
        ks: its rows of the marker.
        joined: their mean, with others' if there are.
        independent: whether it holds visits of other days.
    """
    batch, judged, k = seen.batch, seen.judged, int(ks[0])
    common = seen.settings.centring_sigma_m, seen.settings.session_sigma_m
    sigma_m = float(np.sqrt(joined.sigma_m**2 + batch.register_sigma_m[k] ** 2
                            + sum(part**2 for part in common)))  # fmt: skip
    tolerance_m, distance_m = float(batch.tolerance_m[k]), float(np.hypot(*joined.vector_m))
    if not np.isfinite(tolerance_m * sigma_m):
        return Level("cannot_tell", words.verdict_name("cannot_tell"), {"verdict": "cannot_tell"})
    plain = (seen.diagnosis.effect[ks] == "none") & ~batch.repaired[ks]
    several = independent or np.unique(batch.session[ks]).size > 1
    evidence = Evidence(
        np.array([distance_m]), np.array([sigma_m]), np.array([tolerance_m]),
        np.array([bool(batch.survey_grade[ks].all())]),
        np.array([several or bool(judged.validated[ks].any())]),
        np.array([not plain.all()]),
    )  # fmt: skip
    tested = judge(evidence, seen.settings.rules)
    verdict = str(tested.verdicts[0]) if plain.all() else str(judged.verdict[k])
    details: dict[str, object] = {
        "verdict": verdict,
        "outside_p": float(tested.outside_p[0]),
        "mdd_m": float(minimal_detectable_m(sigma_m)),
    }
    return Level(verdict, words.verdict_name(verdict), details)


def height_findings(seen: Seen) -> list[Finding]:
    """Heights apart from the horizontal verdict: of a session together, of a marker alone."""
    found: list[Finding] = []
    for session in np.unique(seen.batch.session):
        rows: list[int] = []
        differences: list[float] = []
        for k in np.flatnonzero(seen.batch.session == session):
            height = _comparable(seen.cases[seen.members[int(k)]], seen.marker(int(k)))
            if height is not None:
                rows.append(int(k))
                differences.append(height)
        if len(rows) >= _LEAST_HEIGHTS:
            found += _heights(seen, rows, np.array(differences))
    return found


def _comparable(case: Case, marker: RegisteredMarker) -> float | None:
    height = case.observation.height if case.observation else None
    if height is None or marker.height_m is None:
        return None
    registered = Height.parse(str(marker.height_m), marker.height_datum)
    if height.datum and registered.datum and height.datum != registered.datum:
        return None
    return height.value_m - marker.height_m


def _heights(seen: Seen, ks: list[int], differences_m: Floats) -> list[Finding]:
    middle = float(np.median(differences_m))
    spread = 1.4826 * float(np.median(np.abs(differences_m - middle)))
    noise = max(spread, _HEIGHT_NOISE_M / 3.0)
    alone = np.abs(differences_m - middle) > max(_LONE_SIGMAS * noise, _HEIGHT_NOISE_M)
    found = [
        _lone_height(seen, ks[i], float(differences_m[i] - middle)) for i in np.flatnonzero(alone)
    ]
    together = tuple(seen.row(k) for k, lone in zip(ks, alone, strict=True) if not lone)
    if abs(middle) >= max(_HEIGHT_NOISE_M, 3.0 * spread / np.sqrt(len(ks))):
        found.append(_height_shift(together, middle, spread))
    return found


def _height_shift(rows: tuple[int, ...], middle_m: float, spread_m: float) -> Finding:
    """Metres are an antenna, tens of metres another kind of height."""
    datum = abs(middle_m) > _HEIGHT_DATUM_M
    why_zh = "疑以大地高当作正常高（或相反）" if datum else "请检查天线高"
    why_en = (
        "ellipsoidal heights taken for normal ones, or the reverse" if datum
        else "check the antenna height"
    )  # fmt: skip
    return Finding(
        "height_shift",
        f"{len(rows)} 点高程整体相差 {middle_m:+.2f} m（离散 {spread_m:.2f} m）：{why_zh}；"
        "不影响平面结论",
        f"{len(rows)} heights differ by {middle_m:+.2f} m together (spread {spread_m:.2f} m): "
        f"{why_en}; positions are not affected",
        rows,
        {"shift_m": middle_m, "spread_m": spread_m},
    )


def _lone_height(seen: Seen, k: int, apart_m: float) -> Finding:
    number, size = seen.marker(k).marker_no, metres(abs(apart_m))
    side_zh, side_en = ("高", "above") if apart_m > 0 else ("低", "below")
    return Finding(
        "height_changed",
        f"界桩 {number} 的高程比同测段其他点{side_zh} {size} m：可能冻胀、下沉或被掩埋，"
        "请现场核实；不影响平面结论",
        f"the height of marker {number} is {size} m {side_en} what the session's others show: "
        "frost heave, "
        "settling or burial are possible, look at the place; its position is not affected",
        (seen.row(k),),
        {"marker_no": number, "apart_m": apart_m},
    )
