"""Marker verdicts: a million tests beside `pyproj.Geod.inv`, matching, the diagnosis of a file."""

import time
from datetime import date

import numpy as np
import pyproj

from boundary.assessment import AssessmentSettings, RegisteredMarker, assess
from boundary.displacement import isotropic, minimal_detectable_m, principal_axes
from boundary.displacement_verdicts import Evidence, VerdictRules, judge
from boundary.matching import MarkerIndex, Named
from boundary.observations import ObservationRow
from data.coordinates import GRS80, LocalFrame

_INSPECTIONS, _MARKERS, _UNLABELLED, _ROWS = 1_000_000, 5_000, 10_000, 20
_LEAST_RATIO = 5.0
_ROUNDS = 3
_STORIES = ("sound", "shifted", "moved", "exchanged")


def verdict_lines() -> list[str]:
    """One line for each figure that verdicts have to reach."""
    return [_tested(), _matched(), _diagnosed()]


def _tested() -> str:
    """A million inspections of known markers: vectors, interval test, verdict, MDD, ellipse."""
    rng = np.random.default_rng(1)
    lon, lat = rng.uniform(98, 125, _MARKERS), rng.uniform(38, 53, _MARKERS)
    marker = rng.integers(0, _MARKERS, _INSPECTIONS)
    frame = LocalFrame.at(lon, lat).take(marker)
    seen = frame.moved(rng.normal(0, 0.08, (_INSPECTIONS, 2)))
    geod = pyproj.Geod(a=GRS80.semi_major_m, rf=GRS80.inverse_flattening)
    ours, peer = [], []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        _test(lon, lat, marker, seen)
        ours.append(time.perf_counter() - started)
        started = time.perf_counter()
        geod.inv(lon[marker], lat[marker], *seen)
        peer.append(time.perf_counter() - started)
    own, other = float(np.median(ours)), float(np.median(peer))
    return (
        f"{'inspections tested':22} {_INSPECTIONS:,} in {own:.2f} s"
        f"  | pyproj.Geod.inv {other:.2f} s | ratio {own / other:.2f} (limit 3)"
    )


def _test(lon: object, lat: object, marker: object, seen: object) -> None:
    frame = LocalFrame.at(lon, lat).take(marker)  # type: ignore[arg-type]
    vectors = frame.residuals(*seen)  # type: ignore[misc]
    count = len(vectors)
    sigma = np.full(count, float(np.hypot(0.05, 0.027)))
    evidence = Evidence(
        np.hypot(vectors[:, 0], vectors[:, 1]), sigma, np.full(count, 0.2),
        np.ones(count, bool), np.ones(count, bool), np.zeros(count, bool),
    )  # fmt: skip
    judge(evidence, VerdictRules())
    minimal_detectable_m(sigma)
    principal_axes(isotropic(sigma))


def _matched() -> str:
    """Unlabelled points among markers: time, and wrong matches where d2/d1 is above 5."""
    rng = np.random.default_rng(2)
    lon, lat = rng.uniform(98, 125, _MARKERS), rng.uniform(38, 53, _MARKERS)
    truth = rng.integers(0, _MARKERS, _UNLABELLED)
    at = LocalFrame.at(lon, lat).take(truth).moved(rng.normal(0, 4.0, (_UNLABELLED, 2)))
    names = [Named(str(number)) for number in range(_MARKERS)]
    started = time.perf_counter()
    found = MarkerIndex(names, lon, lat, GRS80).nearest(*at)
    took = time.perf_counter() - started
    sure = found.ratio > _LEAST_RATIO
    wrong = int((found.index[sure] != truth[sure]).sum())
    return (
        f"{'unlabelled matched':22} {_UNLABELLED:,} among {_MARKERS:,} in {took:.3f} s (limit 1)"
        f"  | wrong where d2/d1 > 5: {wrong} of {int(sure.sum()):,}"
    )


def _diagnosed() -> str:
    """Files of twenty rows through the whole of `assess`, each story in turn."""
    rng = np.random.default_rng(3)
    register = [
        RegisteredMarker(f"1521{k:03d}Q", 119.0 + 0.03 * k, 43.0 + 0.01 * k, sigma_m=0.05,
                         tolerance_m=0.2)
        for k in range(200)
    ]  # fmt: skip
    settings = AssessmentSettings(today=date(2026, 11, 23))
    times = []
    for story in range(60):
        rows = _rows(rng, register, story)
        started = time.perf_counter()
        assess(register, rows, settings)
        times.append(time.perf_counter() - started)
    return (
        f"{'batch of 20 diagnosed':22} median {1000 * float(np.median(times)):.0f} ms"
        f"  p90 {1000 * float(np.percentile(times, 90)):.0f} ms (limit 50 at the median)"
    )


def _rows(
    rng: np.random.Generator, register: list[RegisteredMarker], story: int
) -> list[ObservationRow]:
    """Sound, all shifted, one moved, two exchanged."""
    first = int(rng.integers(0, len(register) - _ROWS))
    homes = register[first : first + _ROWS]
    vectors = rng.normal(0, 0.06, (_ROWS, 2))
    kind = _STORIES[story % len(_STORIES)]
    if kind == "shifted":
        vectors += np.array([-64.0, -38.0])
    if kind == "moved":
        vectors[7] += np.array([1.3, 0.9])
    lon, lat = LocalFrame.at([m.lon for m in homes], [m.lat for m in homes]).moved(vectors)
    numbers = [m.marker_no for m in homes]
    if kind == "exchanged":
        numbers[3], numbers[11] = numbers[11], numbers[3]
    return [
        ObservationRow(
            k + 2,
            {"marker_no": numbers[k], "lon": f"{lon[k]:.9f}", "lat": f"{lat[k]:.9f}",
             "method": "CORS", "observed_at": "2026-05-03", "surveyor": "bench"},
        )
        for k in range(_ROWS)
    ]  # fmt: skip
