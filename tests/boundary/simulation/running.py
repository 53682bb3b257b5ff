"""Run the world through `assess` and count what it says."""

import math
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from boundary.assessment import Assessment, AssessmentSettings, RegisteredMarker, assess
from boundary.observations import ObservationRow
from data.coordinates import Region

from .scenarios import SCENARIOS, File
from .world import Mark, Shot, World

STEPPE = Region(97.1, 37.4, 126.1, 53.4)
SETTINGS = AssessmentSettings(today=date(2026, 11, 23), region=STEPPE)
SIZES = (1, 2, 3, 5, 10, 20)
BATCH_CAUSES = {
    "diagnosis", "axes_swapped", "sign", "zone_prefix", "decimal_point", "outside_region", "feet",
}  # fmt: skip


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


def to_register(world: World, changed: dict[str, Mark]) -> list[RegisteredMarker]:
    return [_registered(changed.get(mark.number, mark)) for mark in world.marks]


def _registered(mark: Mark) -> RegisteredMarker:
    return RegisteredMarker(
        mark.number, mark.reg_lon, mark.reg_lat, line_code=mark.line,
        sigma_m=mark.sigma_m, tolerance_m=mark.tolerance_m,
    )  # fmt: skip


def to_rows(shots: list[Shot]) -> list[ObservationRow]:
    return [
        ObservationRow(
            k,
            {
                "marker_no": s.number, "method": s.method, "surveyor": s.surveyor, "device": "R10",
                "observed_at": "2026-07-01", **s.cells,
            },
        )
        for k, s in enumerate(shots, start=2)
    ]  # fmt: skip


def causes_named(found: Assessment) -> set[str]:
    """Codes of causes in the findings, and of what the certain errors were."""
    named = set()
    for finding in found.findings:
        if finding.code in {"diagnosis", "look_alike"}:
            named.add(str(finding.details["cause"]))
        elif finding.code in BATCH_CAUSES:
            named.add(finding.code)
    return named


def count(tally: Tally, file: File, found: Assessment, seconds: float) -> None:
    tally.batches += 1
    tally.seconds.append(seconds)
    named = causes_named(found)
    clean = file.causes == {""}
    slips = {"typing", "number"}
    if clean:
        accused = {str(f.details["cause"]) for f in found.findings if f.code == "diagnosis"} - slips
        tally.named += not (named - slips)
        tally.accused += bool(accused)
    else:
        tally.named += bool(file.causes & (named or {""}))
    for finding in found.findings:
        probability = finding.details.get("probability")
        if finding.code == "diagnosis" and isinstance(probability, float) and probability >= 0.9:
            tally.sure += 1
            tally.sure_right += finding.details["cause"] in file.causes
    _baselines(tally, file, found)
    for shot, result in zip(file.shots, found.results, strict=True):
        _count_row(tally, shot, result.verdict)


def _count_row(tally: Tally, shot: Shot, verdict: str) -> None:
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


def _baselines(tally: Tally, file: File, found: Assessment) -> None:
    vectors = np.array(
        [
            (r.east_m if r.east_m is not None else 1e7, r.north_m if r.north_m is not None else 1e7)
            for r in found.results
        ]
    )
    centred = vectors - np.median(vectors, axis=0)
    for shot, d, rest in zip(file.shots, vectors, centred, strict=True):
        if shot.truly_moved_m > 0:
            continue
        joint = math.hypot(shot.sigma_m, shot.mark.sigma_m)
        length = math.hypot(*d)
        tally.naive += length > max(shot.mark.tolerance_m, 3 * shot.sigma_m)
        tally.chi2 += math.exp(-0.5 * min((length / joint) ** 2, 1e4)) < 0.01
        tally.median += math.exp(-0.5 * min((math.hypot(*rest) / joint) ** 2, 1e4)) < 0.01


def simulate(
    seed: int,
    repeats: int,
    sizes: tuple[int, ...] = SIZES,
    scenarios: tuple[str, ...] = tuple(SCENARIOS),
) -> dict[tuple[str, int], Tally]:
    """Every scenario at every size, `repeats` times, each file in a world of its own old datums."""
    tallies: dict[tuple[str, int], Tally] = defaultdict(Tally)
    for repeat in range(repeats):
        rng = np.random.default_rng([seed, repeat])
        world = World.draw(rng, lines=12, each=25)
        plain = to_register(world, {})
        for name in scenarios:
            for n in sizes:
                file = SCENARIOS[name](rng, world, n)
                register = to_register(world, file.register) if file.register else plain
                started = time.perf_counter()
                found = assess(register, to_rows(file.shots), SETTINGS)
                count(tallies[name, n], file, found, time.perf_counter() - started)
    return dict(tallies)
