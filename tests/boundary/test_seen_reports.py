"""What is left of a report for a reader who does not see all its markers."""

from typing import Any

import pytest

from boundary import seen_report
from data.errors import NotFound

TYPED = "112.0000012"


def report() -> dict[str, Any]:
    """Two rows, each with a fault that quotes its cell, of markers 1 and 2."""
    return {
        "id": 7,
        "sent_by": "某人 (10.0.0.1)",
        "faults": [
            {"code": "invalid-value", "row": row, "column": "lon", "value": TYPED, "zh": TYPED,
             "en": TYPED}
            for row in (2, 3)
        ] + [{"code": "x", "row": None, "column": None, "value": "", "zh": "", "en": ""}],
        "findings": [{"code": "same_marker"}],
        "results": [
            {"row": row, "marker_id": row - 1, "marker_no": f"990100{row}Q", "match": "number",
             "verdict": "in_place", "zh": "在位", "en": "in place", "observed": [112.0, 41.0]}
            for row in (2, 3)
        ],
    }  # fmt: skip


def test_a_fault_is_not_quoted_to_who_does_not_see_the_marker() -> None:
    seen = seen_report(report(), {1}, own=False)
    assert [fault["row"] for fault in seen["faults"]] == [2, None]
    assert [row["observed"] for row in seen["results"]] == [[112.0, 41.0], None]
    assert seen["findings"] == []


def test_who_sent_a_file_is_told_every_fault_of_it() -> None:
    seen = seen_report(report(), {1}, own=True)
    assert [fault["row"] for fault in seen["faults"]] == [2, 3, None]


def test_all_is_told_to_who_sees_all_and_nothing_to_who_sees_none() -> None:
    assert seen_report(report(), {1, 2}, own=False) == report()
    with pytest.raises(NotFound):
        seen_report(report(), {9}, own=False)
