"""Writing what markers show: derived from all their evidence, in the transaction that brings it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from boundary.rows import plain
from boundary.status.derive import derive
from boundary.status.evidence import MarkerStatus, StatusRules
from boundary.status.reading import Evidence, read_evidence
from boundary.tables import marker
from data.errors import NotFound
from data.reference import boundary_rule
from data.transaction import Progress, Transaction

_SHOWN = ("condition", "verdict", "inspected_on", "status", "status_open", "status_rules")
_NUMBERS = ("destroyed_searches", "destroyed_ties", "same_occasion_days")
_SPLIT = "|"
_CHUNK = 2_000


def current_rules() -> StatusRules:
    """The rules' numbers, by the table in force."""
    return StatusRules.of({name: boundary_rule(name) for name in _NUMBERS})


def status_of(
    connection: Connection, marker_id: int, rules: StatusRules | None = None
) -> MarkerStatus:
    """A marker's status with all its evidence.

    Raises:
        NotFound: there is no marker of that id.
    """
    if connection.scalar(select(marker.c.id).where(marker.c.id == marker_id)) is None:
        raise NotFound(f"there is no marker {marker_id}", f"没有编号为 {marker_id} 的界桩")
    evidence = read_evidence(connection, [marker_id])[marker_id]
    return _derived(evidence, rules or current_rules())


def _derived(evidence: Evidence, rules: StatusRules) -> MarkerStatus:
    return derive(evidence.reports, evidence.acts, evidence.decisions, rules)


def refresh(transaction: Transaction, marker_ids: Sequence[int]) -> list[int]:
    """Bring what some markers show up with their evidence; the ids of those that changed."""
    evidence = read_evidence(transaction.connection, marker_ids)
    rules = current_rules()
    derived = {one: _derived(evidence[one], rules) for one in marker_ids}
    return write_statuses(transaction, derived)


def write_statuses(
    transaction: Transaction,
    derived: Mapping[int, MarkerStatus],
    progress: Progress | None = None,
) -> list[int]:
    """Write statuses where they are other than what markers show; the ids of those."""
    changes = changed(transaction.connection, derived)
    transaction.change_each(marker, changes, progress)
    return list(changes)


def changed(
    connection: Connection, derived: Mapping[int, MarkerStatus]
) -> dict[int, dict[str, Any]]:
    """New values of markers that show something else than their status, by id."""
    found = {}
    for row in _shown(connection, list(derived)):
        values = shown_values(derived[row["id"]])
        if any(row[name] != value for name, value in values.items()):
            found[row["id"]] = values
    return found


def _shown(connection: Connection, ids: Sequence[int]) -> Iterable[Mapping[str, Any]]:
    columns = [marker.c[name] for name in ("id", *_SHOWN)]
    for start in range(0, len(ids), _CHUNK):
        wanted = marker.c.id.in_(ids[start : start + _CHUNK])
        yield from map(plain, connection.execute(select(*columns).where(wanted)).mappings())


def shown_values(status: MarkerStatus) -> dict[str, Any]:
    """What a marker shows of its status, by column."""
    return {
        "condition": status.condition or None,
        "verdict": status.verdict or None,
        "inspected_on": status.inspected_on,
        "status": status.state,
        "status_open": status.open,
        "status_rules": _SPLIT.join(status.rules) or None,
    }
