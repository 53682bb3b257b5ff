"""Judging the whole region again: every stored position against the tolerances of today.

The verdict of an inspection was written at its commit, with its file's diagnosis. Two things may be
otherwise now: a marker's tolerance, and how many other inspections are open. Both are looked at for
all inspections at once; nothing an inspection says is changed, only what is derived from it.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from boundary.displacement import benjamini_hochberg_threshold, outside_probability
from boundary.displacement_verdicts import Verdict, VerdictRules
from boundary.status.derive import derive
from boundary.status.evidence import MarkerStatus
from boundary.status.keeping import changed, current_rules, write_statuses
from boundary.status.reading import Evidence, InspectionRow, evidence_of, read_inspections
from boundary.tables import marker
from data.progress import Report
from data.store import Store

Floats = NDArray[np.float64]
_TIES_DECIDE = 3
_REPORT_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Positions:
    """Every inspection with a position, as arrays of one length.

    `distance_m`, `sigma_m`, `tolerance_m` as at the commit; `tolerance_now_m` the marker's own.
    """

    ids: NDArray[np.int64]
    markers: NDArray[np.int64]
    days: NDArray[np.int64]
    verdicts: NDArray[np.str_]
    distance_m: Floats
    sigma_m: Floats
    tolerance_m: Floats
    tolerance_now_m: Floats
    ties: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rejudged:
    """What judging all markers again found: how many, and which show something else now.

    `ordered`: the repair orders that were opened.
    """

    markers: int
    inspections: int
    changed: tuple[int, ...]
    written: bool
    ordered: tuple[int, ...] = ()


def rejudge(positions: Positions, rules: VerdictRules) -> dict[int, str]:
    """Verdicts that are other than the written ones, by inspection.

    * Where a marker's tolerance has changed, its positions are held against the new one. What was
      proved stays proved if it is still outside; what is outside only now is suspect, for nobody
      has borne it out.
    * Displacements are held against the false-alarm share over the newest inspection of every
      marker (Benjamini-Hochberg): one that does not stand out of them is suspect. Ties decide by
      themselves.
    """
    if not positions.ids.size:
        return {}
    now = positions.verdicts.copy()
    tolerance = np.where(
        np.isfinite(positions.tolerance_now_m), positions.tolerance_now_m, positions.tolerance_m
    )
    p = outside_probability(positions.distance_m, tolerance, positions.sigma_m)
    told = np.isin(positions.verdicts, ("in_place", "suspect", "displaced", "cannot_tell"))
    moved = told & ~np.isclose(tolerance, positions.tolerance_m, rtol=0.0, atol=1e-9)
    _hold_against(now, moved, positions, tolerance, p, rules)
    newest = _newest(positions)
    threshold = min(
        rules.displaced_p, benjamini_hochberg_threshold(p[newest], rules.false_alarm_share)
    )
    weak = (now == Verdict.DISPLACED.value) & (p > threshold) & (positions.ties < _TIES_DECIDE)
    now[weak] = Verdict.SUSPECT.value
    other = np.flatnonzero(now != positions.verdicts)
    return {int(positions.ids[k]): str(now[k]) for k in other}


def _hold_against(
    now: NDArray[np.str_],
    moved: NDArray[np.bool_],
    positions: Positions,
    tolerance: Floats,
    p: Floats,
    rules: VerdictRules,
) -> None:
    capability = tolerance / positions.sigma_m
    inside = (capability >= rules.least_capability) & (positions.distance_m <= tolerance)
    inside |= (capability >= rules.relaxed_capability) & (
        positions.distance_m <= tolerance + positions.sigma_m
    )
    outside = (positions.distance_m > tolerance) & (p < rules.suspect_p)
    proved = positions.verdicts == Verdict.DISPLACED.value
    now[moved] = Verdict.CANNOT_TELL.value
    now[moved & inside] = Verdict.IN_PLACE.value
    now[moved & outside] = Verdict.SUSPECT.value
    now[moved & outside & proved] = Verdict.DISPLACED.value


def _newest(positions: Positions) -> NDArray[np.int64]:
    """The place of each marker's newest inspection."""
    order = np.lexsort((positions.ids, positions.days, positions.markers))
    last = np.append(np.diff(positions.markers[order]) != 0, [True])
    return np.asarray(order[last], np.int64)


def judge_all(
    store: Store,
    actor: str,
    progress: Report | None = None,
    *,
    dry_run: bool = False,
    today: date | None = None,
) -> Rejudged:
    """Judge every marker in force again and write what each shows, where that is something else.

    Args:
        store: the store.
        actor: in whose name.
        progress: told of each step.
        dry_run: find what would change, write nothing.
        today: open an order, with this day, for each marker that needs one and has none, as a
            file's commit does; None leaves orders alone.
    """
    from boundary.repairs.orders import open_orders

    tell = progress or (lambda _step, _done, _total: None)
    if dry_run:
        with _collector_paused(), store.read() as connection:
            derived, inspections = _derive_all(connection, tell)
            found = tuple(changed(connection, derived))
        return Rejudged(len(derived), inspections, found, written=False)
    with _collector_paused(), store.write(actor, "judge every marker again") as transaction:
        derived, inspections = _derive_all(transaction.connection, tell)
        total = len(derived)
        written = write_statuses(transaction, derived, lambda done: tell("write", done, total))
        ordered = open_orders(transaction, list(derived), today) if today else []
    return Rejudged(len(derived), inspections, tuple(written), written=True, ordered=tuple(ordered))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Half a million small records hold no cycles; to look through them takes a third more."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _derive_all(connection: Connection, tell: Report) -> tuple[dict[int, MarkerStatus], int]:
    tell("read", 0, 0)
    inspections = read_inspections(connection)
    verdicts = rejudge(positions_of(connection, inspections), VerdictRules())
    evidence = evidence_of(connection, inspections, None, verdicts)
    ids = connection.scalars(select(marker.c.id).where(marker.c.valid_to.is_(None))).all()
    rules = current_rules()
    nothing = Evidence()
    derived = {}
    for count, one in enumerate(ids, start=1):
        known = evidence.get(one, nothing)
        derived[one] = derive(known.reports, known.acts, known.decisions, rules, listed=False)
        if count % _REPORT_EVERY == 0:
            tell("judge", count, len(ids))
    return derived, len(inspections)


def positions_of(connection: Connection, inspections: Sequence[InspectionRow]) -> Positions:
    """The inspections that have a distance, a standard error and a tolerance, as arrays."""
    stated = connection.execute(select(marker.c.id, marker.c.tolerance_m)).all()
    tolerances = {row[0]: row[1] for row in stated}
    rows = [row for row in inspections if row[10] and row[11] and row[12]]
    columns = list(zip(*rows, strict=True)) if rows else [()] * 14
    now = (tolerances.get(one) for one in columns[0])
    return Positions(
        ids=np.array(columns[1], np.int64),
        markers=np.array(columns[0], np.int64),
        days=np.array([day.toordinal() if day else 0 for day in columns[2]], np.int64),
        verdicts=np.array(columns[4], "<U12"),
        distance_m=np.array(columns[10], float),
        sigma_m=np.array(columns[11], float),
        tolerance_m=np.array(columns[12], float),
        tolerance_now_m=np.array([np.nan if t is None else t for t in now], float),
        ties=np.array([ties or 0 for ties in columns[8]], np.int64),
    )
