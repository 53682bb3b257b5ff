"""Evidence from the store: what is on record of some markers, or of all."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, select

from boundary.evidence_tables import conflict_decision
from boundary.marker_tables import marker_version
from boundary.round_tables import round_decision
from boundary.status.evidence import Act, Decision, Report
from boundary.tables import inspection
from data.reference import restoration_kind, terms

_CHUNK = 2_000
_DECISION = ("marker_id", "id", "decided_on", "condition", "verdict")
_SETTLEMENT = ("marker_id", "id", "covers_to", "condition", "verdict")
InspectionRow = Sequence[Any]
"""A row of `_REPORT`."""
_REPORT = (
    *("marker_id", "id", "observed_on", "condition", "verdict", "side", "surveyor", "grade"),
    *("ties", "proof", "distance_m", "sigma_m", "tolerance_m", "round_id"),
)
"""What is read of an inspection, in this order: what it reports, then its position's numbers."""


@dataclass(slots=True)
class Evidence:
    """All that is known of one marker."""

    reports: list[Report] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


def read_evidence(
    connection: Connection, marker_ids: Sequence[int] | None = None
) -> dict[int, Evidence]:
    """The evidence of some markers, or of all that have any, by marker."""
    return evidence_of(connection, read_inspections(connection, marker_ids), marker_ids, {})


def read_inspections(
    connection: Connection, marker_ids: Sequence[int] | None = None
) -> list[InspectionRow]:
    """The inspections of some markers, or all, as rows of `_REPORT`."""
    columns = [inspection.c[name] for name in _REPORT]
    return list(_rows(connection, select(*columns), inspection.c.marker_id, marker_ids))


def evidence_of(
    connection: Connection,
    inspections: Iterable[InspectionRow],
    marker_ids: Sequence[int] | None,
    verdicts: Mapping[int, str],
) -> dict[int, Evidence]:
    """The evidence of markers whose inspections have been read.

    Args:
        connection: a connection.
        inspections: from `read_inspections`, for the same markers.
        marker_ids: the markers; None for all.
        verdicts: what inspections are judged to be now, by id, where that is not what was
            written at their commit.
    """
    found: dict[int, Evidence] = defaultdict(Evidence)
    for row in inspections:
        marker_id, key, day, condition, verdict, side, surveyor, grade, ties, proof, *more = row
        found[marker_id].reports.append(
            Report(
                key,
                day,
                condition or "",
                verdicts.get(key) or verdict or "",
                side or surveyor or "",
                grade or "",
                ties or 0,
                bool(proof),
                more[-1],
            )
        )
    lapses = _lapses()
    acts = select(*(marker_version.c[n] for n in ("marker_id", "id", "happened_on", "kind")))
    for row in _rows(connection, acts, marker_version.c.marker_id, marker_ids):
        found[row[0]].acts.append(Act(row[1], row[2], row[3], lapses.get(row[3], "none")))
    decided = select(*(round_decision.c[name] for name in _DECISION))
    for row in _rows(connection, decided, round_decision.c.marker_id, marker_ids):
        taken = Decision(row[1], row[2] or date.min, row[3] or "", row[4] or "")
        found[row[0]].decisions.append(taken)
    settled = select(*(conflict_decision.c[name] for name in _SETTLEMENT)).where(
        conflict_decision.c.inspection_id.is_not(None)
    )
    for row in _rows(connection, settled, conflict_decision.c.marker_id, marker_ids):
        held = Decision(row[1], row[2] or date.min, row[3] or "", row[4] or "", "settlement")
        found[row[0]].decisions.append(held)
    return found


def _lapses() -> dict[str, str]:
    """What lapses by each kind of act."""
    kinds = (restoration_kind(term.code) for term in terms("restoration_kinds"))
    return {kind.code: kind.lapses for kind in kinds if kind is not None}


def _rows(
    connection: Connection, statement: Select[Any], column: Any, ids: Sequence[int] | None
) -> Iterator[Any]:
    if ids is None:
        yield from connection.execute(statement)
        return
    for start in range(0, len(ids), _CHUNK):
        yield from connection.execute(statement.where(column.in_(ids[start : start + _CHUNK])))
