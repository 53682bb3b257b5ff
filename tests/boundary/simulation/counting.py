"""What the analyser says of a simulated file, counted against what truly happened."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np

from boundary.assessment import Assessment, AssessmentSettings
from boundary.observations import ObservationRow
from data.coordinates import Region

STEPPE = Region(97.1, 37.4, 126.1, 53.4)
SETTINGS = AssessmentSettings(today=date(2026, 11, 23), region=STEPPE)
SIZES = (1, 2, 3, 5, 10, 20)
_CERTAIN = {
    "axes_swapped", "sign", "zone_prefix", "decimal_point", "outside_region", "feet", "typing",
}  # fmt: skip
_SLIPS = {"typing", "number"}


class Marker(Protocol):
    """A marker of any world."""

    @property
    def sigma_m(self) -> float: ...
    @property
    def tolerance_m(self) -> float: ...


class Seen(Protocol):
    """One inspection of any world."""

    @property
    def mark(self) -> Marker: ...
    @property
    def sigma_m(self) -> float: ...
    @property
    def truly_moved_m(self) -> float: ...
    @property
    def clearly_moved(self) -> bool: ...


@dataclass
class Tally:
    """Counts of one scenario and batch size."""

    batches: int = 0
    named: int = 0
    rows: int = 0
    unmoved: int = 0
    false_displaced: int = 0
    false_suspect: int = 0
    moved: int = 0
    moved_displaced: int = 0
    moved_suspect: int = 0
    moved_in_place: int = 0
    naive: int = 0
    chi2: int = 0
    median: int = 0
    seconds: list[float] = field(default_factory=list)
    sure: int = 0
    sure_right: int = 0
    accused: int = 0


def numbered(cells: Sequence[Mapping[str, str]]) -> list[ObservationRow]:
    """Rows as a file has them: the first below the heading is row 2."""
    return [ObservationRow(k, row) for k, row in enumerate(cells, start=2)]


def causes_named(found: Assessment) -> set[str]:
    """Codes of causes in the findings, and of what the certain errors were."""
    named = set()
    for finding in found.findings:
        if finding.code in {"diagnosis", "look_alike"}:
            named.add(str(finding.details["cause"]))
        elif finding.code in _CERTAIN:
            named.add(finding.code)
    return named


def count(
    tally: Tally, shots: Sequence[Seen], causes: frozenset[str], found: Assessment, seconds: float
) -> None:
    """Add one file: its shots, what may be named of it, and what was said."""
    tally.batches += 1
    tally.seconds.append(seconds)
    named = causes_named(found)
    if causes == {""}:
        told = {str(f.details["cause"]) for f in found.findings if f.code == "diagnosis"}
        tally.named += not (named - _SLIPS)
        tally.accused += bool(told - _SLIPS)
    else:
        tally.named += bool(causes & (named or {""}))
    for finding in found.findings:
        probability = finding.details.get("probability")
        if finding.code == "diagnosis" and isinstance(probability, float) and probability >= 0.9:
            tally.sure += 1
            tally.sure_right += finding.details["cause"] in causes
    _baselines(tally, shots, found)
    for shot, result in zip(shots, found.results, strict=True):
        _count_row(tally, shot, result.verdict)


def _count_row(tally: Tally, shot: Seen, verdict: str) -> None:
    tally.rows += 1
    if shot.truly_moved_m == 0.0:
        tally.unmoved += 1
        tally.false_displaced += verdict == "displaced"
        tally.false_suspect += verdict == "suspect"
    elif shot.clearly_moved:
        tally.moved += 1
        tally.moved_displaced += verdict == "displaced"
        tally.moved_suspect += verdict == "suspect"
        tally.moved_in_place += verdict == "in_place"


def _baselines(tally: Tally, shots: Sequence[Seen], found: Assessment) -> None:
    vectors = np.array(
        [
            (r.east_m if r.east_m is not None else 1e7, r.north_m if r.north_m is not None else 1e7)
            for r in found.results
        ]
    )
    centred = vectors - np.median(vectors, axis=0)
    for shot, d, rest in zip(shots, vectors, centred, strict=True):
        if shot.truly_moved_m > 0:
            continue
        joint = math.hypot(shot.sigma_m, shot.mark.sigma_m)
        length = math.hypot(*d)
        tally.naive += length > max(shot.mark.tolerance_m, 3 * shot.sigma_m)
        tally.chi2 += math.exp(-0.5 * min((length / joint) ** 2, 1e4)) < 0.01
        tally.median += math.exp(-0.5 * min((math.hypot(*rest) / joint) ** 2, 1e4)) < 0.01
