"""Reports of one marker that contradict each other: side by side, and what a person decides.

Who decides is an approver of the marker's divisions, never one whose own report is compared. Where
the reports are of different parties of the line, somebody must have agreed for each. The decision
says which report holds, or that both stay open and the marker is to be visited again; the status
follows by rule S8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from boundary.authority import names_of, require
from boundary.errors import NotLawful
from boundary.evidence_tables import conflict_decision
from boundary.markers.photos import photos_of
from boundary.markers.versions import marker_parties, read_marker
from boundary.repairs import open_orders
from boundary.rows import plain
from boundary.seen_reports import sender_of
from boundary.status.axes import condition_of, position_of
from boundary.status.evidence import MarkerStatus, Report
from boundary.status.keeping import current_rules, refresh, status_of
from boundary.status.reading import read_evidence
from boundary.tables import inspection, marker, submission
from data.actors import Actor, Role
from data.errors import Conflict, Forbidden, InvalidValue
from data.store import Store

HOLDS, AGAIN = "holds", "again"
DECIDERS: Final = (Role.APPROVER,)
_CONFLICTING = "conflicting"
_RULE = "L353 Art 12"
_SPLIT = "|"
_SHOWN = (
    *("id", "observed_on", "surveyor", "side", "method", "grade", "condition", "verdict"),
    *("distance_m", "bearing_deg", "sigma_m", "tolerance_m", "ties", "proof", "round_id"),
    *("reason_zh", "reason_en", "submission_id", "synthetic"),
)
_LISTED = ("id", "marker_no", "line_name", "managing_party", "condition", "verdict", "inspected_on")


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a person decides about a marker's conflicting reports.

    Attributes:
        outcome: `holds` or `again`.
        reason: why.
        compared: the inspections that the person saw.
        report: the one that holds; None for `again`.
        agreed_by: who agreed, for each party whose report is compared.
    """

    outcome: str
    reason: str
    compared: Sequence[int]
    report: int | None = None
    agreed_by: Sequence[str] = field(default=())


def list_conflicts(
    connection: Connection, after: int = 0, limit: int = 100
) -> list[dict[str, Any]]:
    """Markers in force whose reports contradict each other, in order of id; one more than asked."""
    statement = (
        select(*(marker.c[name] for name in _LISTED))
        .where(marker.c.status == _CONFLICTING, marker.c.valid_to.is_(None), marker.c.id > after)
        .order_by(marker.c.id)
        .limit(limit + 1)
    )
    return [plain(row) for row in connection.execute(statement).mappings()]


def conflict_of(connection: Connection, marker_id: int) -> dict[str, Any]:
    """A marker's reports that count, side by side, with what was decided about them before.

    Raises:
        NotFound: there is no marker of that id.
    """
    record = read_marker(connection, marker_id)
    status = status_of(connection, marker_id)
    reports = _reports(connection, _counting(status))
    photos = photos_of(connection, marker_id)
    for one in reports:
        one["photos"] = [_told(photo) for photo in photos if _of_visit(photo, one)]
    sides = _sides(reports, marker_parties(connection, record))
    names = names_of(connection, sides)
    return {
        "marker_id": marker_id,
        "marker_no": record["marker_no"],
        "line_name": record["line_name"],
        "state": status.state,
        "condition": status.condition or None,
        "verdict": status.verdict or None,
        "open_sides": list(status.open_sides),
        "rules": list(status.rules),
        "reports": reports,
        "parties": [{"code": code, "name": names.get(code, code)} for code in sides],
        "decisions": _decisions(connection, marker_id),
    }


def settle(store: Store, actor: Actor, marker_id: int, settlement: Settlement, today: date) -> int:
    """Decide about a marker's conflicting reports; returns the decision's id.

    Args:
        store: the store.
        actor: an approver of the marker's divisions.
        marker_id: the marker.
        settlement: the decision.
        today: its day.

    Raises:
        NotFound: there is no marker of that id.
        Forbidden: the actor is no approver there, or a report is the actor's own.
        Conflict: the reports do not contradict each other, or others count by now.
        InvalidValue: the reason is missing, or the report that holds is none of them.
        NotLawful: reports are of several parties and not every party's agreement is named.
    """
    with store.write(actor.name, f"settle conflicting reports of marker {marker_id}") as writing:
        connection = writing.connection
        record = read_marker(connection, marker_id)
        parties = marker_parties(connection, record)
        require(connection, actor, DECIDERS, [*parties, record["managing_party"]], "settle it")
        status = status_of(connection, marker_id)
        reports = _reports(connection, _counting(status))
        _check(settlement, status, reports)
        _refuse_own(actor, reports)
        agreed = _agreed(settlement, len(_sides(reports, parties)))
        known = read_evidence(connection, [marker_id])[marker_id].reports
        covers = max(one.day for one in known)
        values = {
            "marker_id": marker_id,
            "inspection_id": settlement.report,
            "compared": orjson.dumps(sorted(settlement.compared)).decode(),
            "covers_to": covers if covers > date.min else None,
            "reason": settlement.reason.strip(),
            "agreed_by": _SPLIT.join(agreed) or None,
            "decided_by": actor.name,
            "decided_on": today,
        }
        if settlement.outcome == HOLDS:
            values |= _holding(settlement, status, known)
        key = writing.insert(conflict_decision, values)
        refresh(writing, [marker_id])
        open_orders(writing, [marker_id], today)
    return key


def _counting(status: MarkerStatus) -> list[int]:
    return [one.id for one in status.evidence if one.kind == "report" and one.counts]


def _reports(connection: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """The inspections, newest first, each with the file that it came with."""
    told = (submission.c.sent_by, submission.c.file_name, submission.c.committed_by)
    statement = (
        select(*(inspection.c[name] for name in _SHOWN), *told)
        .join(submission, submission.c.id == inspection.c.submission_id)
        .where(inspection.c.id.in_(ids))
    )
    rows = [plain(row) for row in connection.execute(statement).mappings()]
    rows.sort(key=lambda one: (one["observed_on"] or date.min, one["id"]), reverse=True)
    return [row | {"sent_by": sender_of(row)} for row in rows]


def _of_visit(photo: Mapping[str, Any], report: Mapping[str, Any]) -> bool:
    """Whether a photograph belongs to a report: it says so, or is of that day."""
    if photo["inspection_id"] is not None:
        return bool(photo["inspection_id"] == report["id"])
    day = report["observed_on"]
    taken = photo["claimed_on"] or (photo["taken_at"] or "")[:10]
    return day is not None and str(taken) == day.isoformat()


def _told(photo: Mapping[str, Any]) -> dict[str, Any]:
    """What is shown of a photograph; where its camera stood is not."""
    return {name: photo[name] for name in ("id", "caption", "taken_at", "findings")}


def _sides(reports: Sequence[Mapping[str, Any]], parties: Sequence[str]) -> list[str]:
    """The parties of the line whose reports these are, each once."""
    return list(dict.fromkeys(one["side"] for one in reports if one["side"] in parties))


def _decisions(connection: Connection, marker_id: int) -> list[dict[str, Any]]:
    statement = (
        select(conflict_decision)
        .where(conflict_decision.c.marker_id == marker_id)
        .order_by(conflict_decision.c.id.desc())
    )
    return [
        {
            "id": row.id,
            "outcome": AGAIN if row.inspection_id is None else HOLDS,
            "report": row.inspection_id,
            "compared": orjson.loads(row.compared),
            "condition": row.condition,
            "verdict": row.verdict,
            "reason": row.reason,
            "agreed_by": row.agreed_by.split(_SPLIT) if row.agreed_by else [],
            "decided_by": row.decided_by,
            "decided_on": row.decided_on,
        }
        for row in connection.execute(statement)
    ]


def _check(
    settlement: Settlement, status: MarkerStatus, reports: Sequence[Mapping[str, Any]]
) -> None:
    if not status.open_sides:
        raise Conflict(
            "the reports of this marker do not contradict each other; there is nothing to settle",
            "该界桩的检查结果并无矛盾，无须核定",
        )
    known = {one["id"] for one in reports}
    if known != set(settlement.compared):
        raise Conflict(
            "other reports of this marker count by now: look at them and decide again",
            "该界桩的有效检查结果已有变化；请重新比对后再核定",
        )
    if not settlement.reason.strip():
        raise InvalidValue(
            "reason", "", "a decision gives its reason", "say on what ground it is taken",
            "请填写核定依据",
        )  # fmt: skip
    if settlement.outcome not in {HOLDS, AGAIN}:
        raise InvalidValue(
            "outcome", settlement.outcome, f"it is {HOLDS} or {AGAIN}", "give one of these",
            f"结果应为 {HOLDS}（以某次为准）或 {AGAIN}（复查）",
        )  # fmt: skip
    chosen = settlement.report is not None
    if chosen != (settlement.outcome == HOLDS) or (chosen and settlement.report not in known):
        raise InvalidValue(
            "report", settlement.report, "it is the report that holds, of those compared",
            "name one of them; none where the marker is to be visited again",
            "请从所比对的检查中选定一次；复查时不选",
        )  # fmt: skip


def _refuse_own(actor: Actor, reports: Sequence[Mapping[str, Any]]) -> None:
    if actor.name in {name for one in reports for name in (one["sent_by"], one["surveyor"])}:
        raise Forbidden("settle a conflict about one's own report", ["another person's"], None)


def _agreed(settlement: Settlement, parties: int) -> list[str]:
    agreed = [name.strip() for name in settlement.agreed_by if name.strip()]
    if settlement.outcome == HOLDS and parties > 1 and len(set(agreed)) < parties:
        missing = [(f"who agreed for each of {parties} parties", "各方同意人")]
        raise NotLawful(("a decision", "核定"), missing, _RULE)
    return agreed


def _holding(
    settlement: Settlement, status: MarkerStatus, known: Sequence[Report]
) -> dict[str, str | None]:
    """Condition and verdict as decided: the report's where it is open, else as they stood."""
    report = next(one for one in known if one.id == settlement.report)
    condition, verdict = status.condition, status.verdict
    if "condition" in status.open_sides:
        condition = condition_of([report], current_rules()).value
    if "position" in status.open_sides:
        verdict = position_of([report], current_rules()).value
    silent = ("condition" in status.open_sides and not condition) or (
        "position" in status.open_sides and not verdict
    )
    if silent:
        raise InvalidValue(
            "report", settlement.report, "it says nothing of what is open",
            "choose a report that does", "所选检查未涉及矛盾之处；请另选一次",
        )  # fmt: skip
    return {"condition": condition or None, "verdict": verdict or None}
