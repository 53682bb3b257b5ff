"""What an assessment becomes when it is committed: inspections."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from boundary.assessment import Assessment, MarkerResult
from boundary.observations import parse_date
from data.cell_values import parse_flag
from data.errors import InvalidValue
from data.geometry import point_wkb
from data.reference import method as find_method

_RESUBMIT = "resubmit"
_TIES = range(1, 10)
_FIELDS = ("east_m", "north_m", "distance_m", "bearing_deg", "sigma_m", "tolerance_m", "mdd_m")


def committable(assessment: Assessment) -> list[MarkerResult]:
    """The results that become inspections: of rows that name a marker and have no fault."""
    faulty = {fault.row for fault in assessment.faults}
    return [
        result
        for result in assessment.results
        if result.marker_id is not None and result.row not in faulty
    ]


def inspection_records(
    submission_id: int, results: Sequence[MarkerResult], rows: Mapping[int, Mapping[str, str]]
) -> list[dict[str, Any]]:
    """One record for each result, in their order."""
    return [_record(submission_id, result, rows[result.row]) for result in results]


def _record(submission_id: int, result: MarkerResult, cells: Mapping[str, str]) -> dict[str, Any]:
    # A position that is to be sent again is no place to draw a point.
    drawn = result.observed if result.verdict != _RESUBMIT else None
    method = find_method(cells.get("method") or "")
    return {
        "submission_id": submission_id,
        "row": result.row,
        "marker_id": result.marker_id,
        "marker_no": result.marker_no,
        "observed_on": _observed_on(cells),
        "surveyor": cells.get("surveyor") or None,
        "method": cells.get("method") or None,
        "side": cells.get("side") or None,
        "grade": method.grade if method else None,
        "ties": sum(bool(cells.get(f"tie{n}_distance")) for n in _TIES),
        "proof": _flag(cells.get("proof")),
        "condition": result.condition or None,
        "verdict": result.verdict,
        **{field: getattr(result, field) for field in _FIELDS},
        "reason_zh": result.zh,
        "reason_en": result.en,
        "raw": orjson.dumps({key: text for key, text in cells.items() if text}).decode(),
        "synthetic": result.synthetic,
        "geom": point_wkb(*drawn) if drawn else None,
    }


def _observed_on(cells: Mapping[str, str]) -> date | None:
    """The day of the visit; rows whose date is no date have a fault and do not come here."""
    text = cells.get("observed_at")
    return parse_date("observed_at", text, date.max) if text else None


def _flag(text: str | None) -> bool:
    """Yes where the cell says so; a word that says neither is no proof."""
    try:
        return parse_flag("proof", text or "")
    except InvalidValue:
        return False
