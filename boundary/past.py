"""What the store knows before a file is judged: earlier visits, the campaign's tests, experience.

And what a commit leaves behind for the next file.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import orjson
from sqlalchemy import Connection, func, insert, select

from boundary.assessment import Assessment, MarkerResult, Visit
from boundary.diagnosis import Experience
from boundary.evidence_tables import inspection_evidence, outcome
from boundary.marker_tables import marker_version
from boundary.observations import parse_date
from data.reference import restoration_kind
from data.transaction import Transaction

CAMPAIGN_DAYS = 365
"""Inspections of so many days up to today are one campaign, over which false alarms are counted."""
NO_CAUSE = "none"
_SMALL_P = 0.05
_VISITS = 40
_OUTCOMES = 400
_LEAST_ROWS, _LEAST_OUTCOMES = 20, 3
_EXCESS = 3.0
_CHI2_MEDIAN = 2.0 * float(np.log(2.0))
_CHUNK = 500
_SURVEY = "survey"
_KEPT_VERDICTS = {"in_place", "suspect", "displaced", "cannot_tell"}


def read_visits(connection: Connection, marker_ids: Sequence[int]) -> dict[int, tuple[Visit, ...]]:
    """Earlier accepted inspections by marker, oldest first, that no data error explained.

    Those before an act that lets earlier findings lapse (set again, replaced, repaired) are left
    out, and of very many the newest are taken.
    """
    since = _lapsed_on(connection, marker_ids)
    found: dict[int, list[Visit]] = defaultdict(list)
    for row in _evidence_of(connection, marker_ids):
        first = since.get(row.marker_id)
        if first is None or row.observed_on >= first:
            found[row.marker_id].append(
                Visit(
                    row.observed_on, row.remaining_east_m, row.remaining_north_m,
                    row.observation_sigma_m, row.session or "", row.grade == _SURVEY,
                )
            )  # fmt: skip
    return {
        marker_id: tuple(sorted(visits, key=lambda visit: visit.observed_on)[-_VISITS:])
        for marker_id, visits in found.items()
    }


def _evidence_of(connection: Connection, marker_ids: Sequence[int]) -> Iterator[Any]:
    table = inspection_evidence.c
    for ids in _chunks(marker_ids):
        statement = select(inspection_evidence).where(
            table.marker_id.in_(ids), table.observed_on.is_not(None), table.cause == "",
            table.remaining_east_m.is_not(None), table.observation_sigma_m.is_not(None),
        )  # fmt: skip
        yield from connection.execute(statement)


def _lapsed_on(connection: Connection, marker_ids: Sequence[int]) -> dict[int, date]:
    """The day of the newest act after which earlier findings no longer count, by marker."""
    found: dict[int, date] = {}
    columns = (marker_version.c.marker_id, marker_version.c.kind, marker_version.c.happened_on)
    for ids in _chunks(marker_ids):
        for row in connection.execute(select(*columns).where(columns[0].in_(ids))):
            kind = restoration_kind(row.kind)
            if kind is not None and kind.lapses == "all" and row.happened_on is not None:
                newest = found.get(row.marker_id, row.happened_on)
                found[row.marker_id] = max(newest, row.happened_on)
    return found


def _chunks(values: Sequence[int]) -> Iterator[list[int]]:
    for first in range(0, len(values), _CHUNK):
        yield list(values[first : first + _CHUNK])


def read_campaign(
    connection: Connection, today: date, without: Iterable[int] = ()
) -> tuple[float, ...]:
    """P-values of the interval test of the campaign's inspections, but of some markers.

    Only the small ones are read; the others count as one, which changes no decision.
    """
    table = inspection_evidence.c
    own = set(without)
    recent = (table.observed_on > today - timedelta(days=CAMPAIGN_DAYS)) & (
        table.observed_on <= today
    )
    tested = connection.scalar(
        select(func.count()).select_from(inspection_evidence)
        .where(recent, table.outside_p.is_not(None), table.cause == "")
    )  # fmt: skip
    small = [
        float(row.outside_p)
        for row in connection.execute(
            select(table.marker_id, table.outside_p).where(
                recent, table.outside_p < _SMALL_P, table.cause == ""
            )
        )
        if row.marker_id not in own
    ]
    return (*small, *((1.0,) * max(int(tested or 0) - len(small), 0)))


def read_experience(
    connection: Connection, names: Iterable[str], before: str | None = None
) -> Experience:
    """Confirmed outcomes of some surveyors and devices, by the text of the file.

    Args:
        connection: a reading connection.
        names: surveyors and devices.
        before: only outcomes recorded before this time (UTC, ISO 8601), so that a file that was
            previewed is not judged by other priors when it is committed.
    """
    wanted = sorted({name for name in names if name})
    counts: dict[str, dict[str, int]] = {}
    factors: dict[str, float] = {}
    for name in wanted:
        rows = _outcomes_of(connection, name, before)
        for row in rows:
            of_name = counts.setdefault(name, {})
            of_name[row.cause] = of_name.get(row.cause, 0) + 1
        factor = _sigma_factor([(row.rows, row.scatter) for row in rows if row.scatter])
        if factor > 1.0:
            factors[name] = factor
    return Experience(counts, sigma_factors=factors)


def _outcomes_of(connection: Connection, name: str, before: str | None) -> Sequence[Any]:
    found: dict[int, Any] = {}
    for column in (outcome.c.surveyor, outcome.c.device):
        statement = select(outcome).where(column == name)
        if before is not None:
            statement = statement.where(outcome.c.recorded_at < before)
        newest = statement.order_by(outcome.c.id.desc()).limit(_OUTCOMES)
        found |= {row.id: row for row in connection.execute(newest)}
    return list(found.values())


def _sigma_factor(known: Sequence[tuple[int, float]]) -> float:
    """How much larger than stated errors have been; one where chance explains it or few tell."""
    rows = sum(count for count, _ in known)
    if rows < _LEAST_ROWS or len(known) < _LEAST_OUTCOMES:
        return 1.0
    squared = sum(count * scatter for count, scatter in known) / rows
    return float(np.sqrt(squared)) if squared > 1.0 + _EXCESS / np.sqrt(rows) else 1.0


@dataclass(frozen=True, slots=True)
class Made:
    """Who made a row: surveyor and device as typed, empty where not said."""

    surveyor: str
    device: str

    @classmethod
    def of(cls, cells: Mapping[str, str]) -> "Made":
        """From a row's cells."""
        return cls(cells.get("surveyor", "").strip(), cells.get("device", "").strip())


def write_evidence(
    transaction: Transaction,
    inspection_ids: Sequence[int],
    results: Sequence[MarkerResult],
    rows: Mapping[int, Mapping[str, str]],
    derived_from: Mapping[int, Mapping[str, object]],
) -> None:
    """Keep what inspections stand on, one entry each, in their order."""
    entries = [
        _entry(identity, result, rows[result.row], derived_from.get(result.row))
        for identity, result in zip(inspection_ids, results, strict=True)
    ]
    if entries:
        transaction.connection.execute(insert(inspection_evidence), entries)


def _entry(
    identity: int,
    result: MarkerResult,
    cells: Mapping[str, str],
    derived: Mapping[str, object] | None,
) -> dict[str, Any]:
    day = cells.get("observed_at")
    return {
        "inspection_id": identity,
        "marker_id": result.marker_id,
        "observed_on": parse_date("observed_at", day, date.max) if day else None,
        "outside_p": result.outside_p,
        "remaining_east_m": result.remaining_east_m,
        "remaining_north_m": result.remaining_north_m,
        "observation_sigma_m": result.observation_sigma_m,
        "grade": result.grade,
        "device": cells.get("device") or None,
        "session": cells.get("session") or None,
        "cause": _cause(result),
        "derived_from": orjson.dumps(derived).decode() if derived else None,
    }


def _cause(result: MarkerResult) -> str:
    """What keeps a row from being a visit: its data error, or that it is to be sent again."""
    if result.cause:
        return result.cause
    return "" if result.verdict in _KEPT_VERDICTS else result.verdict


def clean_outcomes(
    submission_id: int,
    assessment: Assessment,
    rows: Mapping[int, Mapping[str, str]],
    by: str,
    at: str,
) -> list[dict[str, Any]]:
    """Outcomes of a committed file: `none` for each surveyor and device without a cause."""
    groups: dict[Made, list[MarkerResult]] = defaultdict(list)
    for result in assessment.results:
        if result.remaining_m is not None:
            groups[Made.of(rows[result.row])].append(result)
    return [
        outcome_record(submission_id, made, NO_CAUSE, len(own), by, at, _scatter(own))
        for made, own in groups.items()
        if (made.surveyor or made.device) and all(result.cause == "" for result in own)
    ]


def outcome_record(
    submission_id: int,
    made: Made,
    cause: str,
    rows: int,
    by: str,
    at: str,
    scatter: float | None = None,
) -> dict[str, Any]:
    """One confirmed outcome."""
    return {
        "submission_id": submission_id,
        "surveyor": made.surveyor or None,
        "device": made.device or None,
        "cause": cause,
        "rows": rows,
        "scatter": scatter,
        "confirmed_by": by,
        "recorded_at": at,
    }


def _scatter(results: Sequence[MarkerResult]) -> float | None:
    """Squared ratio of the observations' errors to those stated: a median, so that moved markers
    do not count; None where nothing tells."""  # noqa: D205, D209 - one thought
    ratios = [
        (result.remaining_m**2 / _CHI2_MEDIAN - result.sigma_m**2) / result.observation_sigma_m**2
        + 1.0
        for result in results
        if result.remaining_m is not None
        and result.sigma_m is not None
        and result.observation_sigma_m
    ]
    return float(np.median(ratios)) if ratios else None
