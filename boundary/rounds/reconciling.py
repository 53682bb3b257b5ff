"""Both sides' observations of a round, kept apart and put side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from boundary.round_tables import round_decision
from boundary.rows import plain
from boundary.status.axes import condition_class, position_class
from boundary.status.evidence import Report
from boundary.tables import inspection

AGREE, CONFLICT, ONE_SIDED, MISSING, DECIDED = (
    "agree", "conflict", "one_sided", "missing", "decided",
)  # fmt: skip
_SHOWN = (
    *("id", "marker_id", "side", "observed_on", "surveyor", "condition", "verdict", "distance_m"),
    *("east_m", "north_m", "tolerance_m", "reason_zh", "reason_en"),
)


def compare(
    connection: Connection, round_id: int, markers: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Each marker of a round with what each side last said of it, and whether they agree.

    `state`: agree, conflict, one_sided, missing, or decided where the sides have decided since.
    """
    said: dict[int, dict[str, dict[str, Any]]] = defaultdict(dict)
    statement = (
        select(*(inspection.c[name] for name in _SHOWN))
        .where(inspection.c.round_id == round_id)
        .order_by(inspection.c.observed_on, inspection.c.id)
    )
    for row in connection.execute(statement).mappings():
        said[row["marker_id"]][row["side"]] = plain(row)
    decisions = {}
    for row in connection.execute(
        select(round_decision)
        .where(round_decision.c.round_id == round_id)
        .order_by(round_decision.c.id)
    ).mappings():
        decisions[row["marker_id"]] = plain(row)
    return [
        {
            "marker_id": one["id"],
            "marker_no": one["marker_no"],
            "state": _state(said[one["id"]], decided=one["id"] in decisions),
            "sides": said[one["id"]],
            "decision": decisions.get(one["id"]),
        }
        for one in markers
    ]


def _state(sides: Mapping[str, Mapping[str, Any]], *, decided: bool) -> str:
    if decided:
        return DECIDED
    if not sides:
        return MISSING
    if len(sides) == 1:
        return ONE_SIDED
    reports = [_report(row) for row in sides.values()]
    objects = {what for one in reports if (what := condition_class(one))}
    places = {what for one in reports if (what := position_class(one))}
    return CONFLICT if len(objects) > 1 or {"in_place", "displaced"} <= places else AGREE


def _report(row: Mapping[str, Any]) -> Report:
    return Report(row["id"], row["observed_on"], row["condition"] or "", row["verdict"] or "")
