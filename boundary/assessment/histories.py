"""Findings about markers over time: change, steady motion, early warning, visits together.

The register's error is common to all visits of a marker: where it stands is told with it, what
changed without it (the note's 1.6). A marker is compared with standing still and with the markers
around it: the same motion on everything is a subsidence bowl or an epoch that was not reduced.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from boundary.assessment.register import RegisteredMarker, Visit
from boundary.assessment.session_findings import Seen, level_of
from boundary.assessment.words import metres, vector
from boundary.diagnosis.findings import Finding
from boundary.diagnosis.outcome import Effect
from boundary.displacement_visits import (
    Change,
    Creep,
    HistoryRules,
    change_between,
    combine,
    creep,
    cusum_alarm,
    shadow_baseline,
    step_or_drift,
)
from data.coordinates import NORTH_CHINA_POLE, earth_centred_m

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
_DAYS_PER_YEAR = 365.25
_MEDIAN_SIGMA = 1.2533  # of a median against a mean, in sigmas
_PLATE_LIKE_MM = 6.0
_ASKED = 32  # markers around that are looked at first; more where few of them have a rate


@dataclass(frozen=True, slots=True)
class Track:
    """A marker's survey-grade visits in time: years (k), vectors (k, 2), sigmas (k)."""

    years: Floats
    vectors_m: Floats
    sigma_m: Floats

    def able(self, rules: HistoryRules) -> bool:
        """Whether it can show a rate."""
        enough = len(self.years) >= rules.least_visits
        return bool(enough and np.ptp(self.years) >= rules.least_years)


@dataclass(frozen=True, slots=True)
class Visited:
    """The register's markers with visits enough for a rate.

    `indices` into the register; `places`: where they stand, earth-centred metres, in that order;
    `present`: rows of the file by marker; `rates` once they are known.
    """

    indices: NDArray[np.intp]
    places: cKDTree
    present: dict[int, int]
    rates: dict[int, Creep | None]

    @classmethod
    def of(cls, seen: Seen, now: Sequence[int]) -> Visited:
        """Those of a file's register; `now` are its plain rows."""
        from scipy import spatial

        present = {int(seen.batch.marker[j]): j for j in now}
        least = seen.settings.history.least_visits
        kept = [
            i for i, m in enumerate(seen.markers)
            if m.visits and len(m.visits) + (i in present) >= least
        ]  # fmt: skip
        lon = np.array([seen.markers[i].lon for i in kept], float)
        lat = np.array([seen.markers[i].lat for i in kept], float)
        places = spatial.cKDTree(earth_centred_m(lon, lat, seen.settings.system.datum.ellipsoid))
        return cls(np.array(kept, dtype=np.intp), places, present, {})

    def from_nearest(self, here_m: Floats, reach_m: float) -> Iterator[int]:
        """Markers by index, the nearest to an earth-centred position (3,) first, up to a reach."""
        told, asked = 0, min(_ASKED, self.places.n)
        while told < asked:
            apart_m, found = self.places.query(
                here_m, k=np.arange(told + 1, asked + 1), distance_upper_bound=reach_m
            )
            yield from self.indices[found[np.isfinite(apart_m)]].tolist()
            if not np.isfinite(apart_m[-1]):
                return
            told, asked = asked, min(4 * asked, self.places.n)

    def rate(self, seen: Seen, i: int) -> Creep | None:
        """The rate of a marker by index; None where its visits cannot show one."""
        if i not in self.rates:
            rules = seen.settings.history
            track = _track(seen.markers[i], seen, self.present.get(i))
            self.rates[i] = (
                creep(track.years, track.vectors_m, _with_session(track, rules))
                if track.able(rules)
                else None
            )
        return self.rates[i]


def history_findings(seen: Seen) -> list[Finding]:
    """What earlier visits add to the rows of a file."""
    now = _plain_rows(seen)
    visited = Visited.of(seen, now)
    found: list[Finding] = []
    common: list[tuple[int, Creep]] = []
    for k in now:
        marker = seen.marker(k)
        if not marker.visits:
            continue
        earlier = [v for v in marker.visits if v.observed_on.isoformat() < seen.batch.day[k]]
        found += _change(seen, k, earlier) + _together(seen, k, earlier)
        track = _track(marker, seen, k)
        if not track.able(seen.settings.history) or not seen.batch.survey_grade[k]:
            continue
        rate = _rate(track, seen, k, visited)
        if rate.p_zero >= seen.settings.history.certain_p:
            continue
        if rate.p_neighbours < seen.settings.history.certain_p or not _has_neighbours(rate):
            found.append(_creeping(seen, k, track, rate))
        else:
            common.append((k, rate))
    return found + _common_motion(seen, common)


def _plain_rows(seen: Seen) -> list[int]:
    """Rows that no data error explains, whose day is known."""
    kept = {Effect.NONE.value, Effect.ALIKE.value}
    return [
        k
        for k in range(seen.batch.size)
        if seen.diagnosis.effect[k] in kept and seen.batch.day[k] and not seen.batch.repaired[k]
    ]


def _year(visit: Visit) -> float:
    day = visit.observed_on
    return day.year + (day.timetuple().tm_yday - 0.5) / _DAYS_PER_YEAR


def _track(marker: RegisteredMarker, seen: Seen, k: int | None) -> Track:
    """The visits of a marker, and the present row where there is one."""
    visits = [v for v in marker.visits if v.survey_grade]
    years = [_year(v) for v in visits]
    vectors = [[v.east_m, v.north_m] for v in visits]
    sigma = [v.sigma_m for v in visits]
    if k is not None and seen.batch.survey_grade[k]:
        years.append(float(seen.batch.year[k]))
        vectors.append([float(x) for x in seen.judged.remaining_m[k]])
        sigma.append(float(seen.batch.observation_sigma_m[k]))
    order = np.argsort(years, kind="stable")
    return Track(
        np.array(years, float)[order],
        np.array(vectors, float).reshape(-1, 2)[order],
        np.array(sigma, float)[order],
    )


def _with_session(track: Track, rules: HistoryRules) -> Floats:
    return np.asarray(np.hypot(track.sigma_m, rules.session_sigma_m), float)


def _rate(track: Track, seen: Seen, k: int, visited: Visited) -> Creep:
    rules = seen.settings.history
    around = _rates_around(seen, k, visited)
    if len(around) < rules.least_neighbours:
        return creep(track.years, track.vectors_m, _with_session(track, rules))
    rates = np.array([one.rate_m_per_year for one in around])
    sigma = float(np.median([one.sigma_m_per_year for one in around]))
    spread = 1.4826 * float(np.median(np.abs(rates - np.median(rates, axis=0))))
    return creep(
        track.years, track.vectors_m, _with_session(track, rules), np.median(rates, axis=0),
        _MEDIAN_SIGMA * max(sigma, spread) / float(np.sqrt(len(rates))),
    )  # fmt: skip


def _has_neighbours(rate: Creep) -> bool:
    """A rate without neighbours has probability one against them."""
    return rate.p_neighbours < 1.0


def _rates_around(seen: Seen, k: int, visited: Visited) -> list[Creep]:
    """Rates of the markers around that have visits enough, with the file's own rows of them."""
    rules, own = seen.settings.history, int(seen.batch.marker[k])
    marker, ellipsoid = seen.marker(k), seen.settings.system.datum.ellipsoid
    here_m = earth_centred_m(np.array([marker.lon]), np.array([marker.lat]), ellipsoid)[0]
    found: list[Creep] = []
    for i in visited.from_nearest(here_m, rules.neighbour_reach_m):
        if len(found) == rules.neighbours:
            break
        rate = None if i == own else visited.rate(seen, i)
        if rate is not None:
            found.append(rate)
    return found


def _creeping(seen: Seen, k: int, track: Track, rate: Creep) -> Finding:
    marker = seen.marker(k)
    east, north = 1000.0 * rate.rate_m_per_year
    motion = step_or_drift(
        track.years, track.vectors_m, _with_session(track, seen.settings.history)
    )
    alone = _has_neighbours(rate)
    beside_zh = "，与周围界桩不同" if alone else ""
    beside_en = ", unlike the markers around" if alone else ""
    step_zh = step_en = ""
    step_years: list[float] | None = None
    if motion.step_at is not None:
        step_years = track.years[motion.step_at - 1 : motion.step_at + 1].round(2).tolist()
        before, after = step_years
        step_zh = f"；更像 {before:.1f} 至 {after:.1f} 年间的一次突变而非匀速"
        step_en = f"; one step between {before:.1f} and {after:.1f} fits better than that"
    return Finding(
        "creep",
        f"界桩 {marker.marker_no} 逐年移动：东 {east:.0f} mm/年，北 {north:.0f} mm/年"
        f"（{len(track.years)} 次观测）{beside_zh}{step_zh}",
        f"marker {marker.marker_no} moves steadily: {east:.0f} mm a year east, "
        f"{north:.0f} mm a year north ({len(track.years)} visits){beside_en}{step_en}",
        (seen.row(k),),
        {
            "marker_no": marker.marker_no,
            "east_mm_per_year": float(east),
            "north_mm_per_year": float(north),
            "sigma_mm_per_year": 1000.0 * rate.sigma_m_per_year,
            "detectable_mm_per_year": 1000.0 * rate.detectable_m_per_year,
            "p": rate.p_zero,
            "p_neighbours": rate.p_neighbours if alone else None,
            "kind": motion.kind,
            "step_between_years": step_years,
        },
    )


def _common_motion(seen: Seen, common: Sequence[tuple[int, Creep]]) -> list[Finding]:
    """Markers that move as those around them do."""
    if not common:
        return []
    rates = np.array([rate.rate_m_per_year for _, rate in common])
    east, north = 1000.0 * np.median(rates, axis=0)
    first = seen.marker(common[0][0])
    plate = 1000.0 * NORTH_CHINA_POLE.velocity_m_per_year([first.lon], [first.lat])[0]
    like_plate = float(np.hypot(east - plate[0], north - plate[1])) < _PLATE_LIKE_MM
    why_zh = (
        "与板块运动相同，历次坐标可能未归算到 2000.0 历元" if like_plate else "可能为采空或沉陷区"
    )
    why_en = (
        "as the plate does: the epoch was likely not reduced to 2000.0" if like_plate
        else "a subsidence bowl is possible"
    )  # fmt: skip
    return [
        Finding(
            "common_motion",
            f"{len(common)} 颗界桩与周围界桩一同移动：东 {east:.0f} mm/年，北 {north:.0f} mm/年；"
            f"{why_zh}",
            f"{len(common)} markers move with those around them: {east:.0f} mm a year east, "
            f"{north:.0f} mm a year north; {why_en}",
            tuple(seen.row(k) for k, _ in common),
            {
                "east_mm_per_year": float(east),
                "north_mm_per_year": float(north),
                "like_plate": like_plate,
            },
        )
    ]


def _change(seen: Seen, k: int, earlier: Sequence[Visit]) -> list[Finding]:
    """Change since the shadow baseline: told at once if it is certain, else warned of early."""
    first = shadow_baseline([v.sigma_m for v in earlier], [v.survey_grade for v in earlier])
    if first is None:
        return []
    rules, base = seen.settings.history, earlier[first]
    change: Change = change_between(
        np.array([base.east_m, base.north_m]), float(np.hypot(base.sigma_m, rules.session_sigma_m)),
        seen.judged.remaining_m[k],
        float(np.hypot(seen.batch.observation_sigma_m[k], rules.session_sigma_m)),
    )  # fmt: skip
    if change.p >= rules.certain_p:
        return _warning(seen, k, earlier[first:], change)
    number, day = seen.marker(k).marker_no, base.observed_on.isoformat()
    said = vector(float(change.vector_m[0]), float(change.vector_m[1]))
    return [
        Finding(
            "changed_since_baseline",
            f"界桩 {number} 自 {day} 首次复测以来{said.zh}（最小可发现 {metres(change.mdd_m)} m）",
            f"marker {number} has changed by {said.en} since its first re-measurement on {day} "
            f"(smallest detectable {metres(change.mdd_m)} m)",
            (seen.row(k),),
            {
                "marker_no": number,
                "east_m": float(change.vector_m[0]),
                "north_m": float(change.vector_m[1]),
                "p": change.p,
                "mdd_m": change.mdd_m,
            },
        )
    ]


def _warning(seen: Seen, k: int, since: Sequence[Visit], change: Change) -> list[Finding]:
    """A CUSUM over the visits since the baseline: many small steps the same way."""
    steps = [v for v in since[1:] if v.survey_grade]
    if not steps or not seen.batch.survey_grade[k]:
        return []
    base = np.array([since[0].east_m, since[0].north_m])
    vectors = np.array([[v.east_m, v.north_m] for v in steps] + [seen.judged.remaining_m[k]]) - base
    # Taken along the present change: noise does not add up, a motion does.
    length = float(np.hypot(*change.vector_m))
    along = vectors @ (change.vector_m / max(length, 1e-9))
    tolerance = min(float(np.nan_to_num(seen.batch.tolerance_m[k], nan=np.inf)), change.mdd_m)
    if cusum_alarm(along, tolerance, seen.settings.history.warning_limit) is None:
        return []
    number = seen.marker(k).marker_no
    said = vector(float(change.vector_m[0]), float(change.vector_m[1]))
    return [
        Finding(
            "early_warning",
            f"界桩 {number} 历次复测向同一方向累积，至今{said.zh}，尚不足以认定；建议加密复测",
            f"successive visits of marker {number} add up the same way, to {said.en} by now; not "
            "yet enough to prove it: measure it more often",
            (seen.row(k),),
            {
                "marker_no": number,
                "east_m": float(change.vector_m[0]),
                "north_m": float(change.vector_m[1]),
                "visits": len(vectors) + 1,
            },
        )
    ]


def _together(seen: Seen, k: int, earlier: Sequence[Visit]) -> list[Finding]:
    """All visits together, where they say more than the present one alone."""
    if not earlier or seen.batch.observation_sigma_m[k] <= 0:
        return []
    vectors = np.array([[v.east_m, v.north_m] for v in earlier] + [seen.judged.remaining_m[k]])
    sigma = np.array([v.sigma_m for v in earlier] + [seen.batch.observation_sigma_m[k]], float)
    joined = combine(vectors, sigma)
    if joined.consistency_p < seen.settings.history.agreeing_p:
        return []
    level = level_of(seen, np.array([k]), joined, independent=True)
    if level.verdict == str(seen.judged.verdict[k]):
        return []
    number = seen.marker(k).marker_no
    said = vector(float(joined.vector_m[0]), float(joined.vector_m[1]))
    return [
        Finding(
            "visits_together",
            f"界桩 {number} 连同此前 {len(earlier)} 次观测一致，加权平均{said.zh}，"
            f"合并判定：{level.said.zh}",
            f"marker {number}: with {len(earlier)} earlier visits, which agree, the mean is "
            f"{said.en}; together: {level.said.en}",
            (seen.row(k),),
            {
                "marker_no": number,
                "east_m": float(joined.vector_m[0]),
                "north_m": float(joined.vector_m[1]),
                "sigma_m": joined.sigma_m,
                "consistency_p": joined.consistency_p,
                "visits": joined.visits,
                **level.details,
            },
        )
    ]
