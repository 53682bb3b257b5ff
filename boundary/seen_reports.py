"""A submission's report as far as a reader may see the markers that it is about. Pure."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, Final

from data.errors import NotFound
from data.received import Report

_BY_NUMBER: Final = "number"
_HIDDEN_ZH: Final = "该行涉及您所辖区划以外的界桩，不予显示。"
_HIDDEN_EN: Final = "This row is about a marker outside your divisions; it is not shown."


def markers_of(report: Mapping[str, Any]) -> set[int]:
    """The markers that a report has matched rows to."""
    rows = report.get("results") or ()
    return {row["marker_id"] for row in rows if row.get("marker_id") is not None}


def sender_of(report: Mapping[str, Any]) -> str:
    """The account that sent a file, without where it sent it from."""
    return str(report["sent_by"]).rsplit(" (", 1)[0]


def seen_report(report: Report, shown: Collection[int], *, own: bool) -> Report:
    """The report with rows left blank whose marker's position the reader may not read.

    What is found of the batch as a whole is told to who sees all of it; faults of the cells of
    rows left blank, to who wrote them.

    Args:
        report: the report.
        shown: ids of the markers whose positions the reader may read.
        own: whether the reader has sent the file.

    Raises:
        NotFound: the file is another's and none of its markers may be seen.
    """
    known = markers_of(report)
    if not own and known.isdisjoint(shown):
        raise NotFound(
            f"there is no submission {report['id']}", f"没有编号为 {report['id']} 的提交"
        )
    if known <= set(shown):
        return report
    hidden = {
        row["row"]
        for row in report["results"]
        if row["marker_id"] is not None and row["marker_id"] not in shown
    }
    rows = [_blank(row) if row["row"] in hidden else row for row in report["results"]]
    summary = Counter(str(row["verdict"]) for row in rows if row["zh"] != _HIDDEN_ZH)
    left_out = ("findings", "corrections", "notes", *(() if own else ("columns",)))
    empty: Report = {name: [] for name in left_out if name in report}
    # A fault quotes its cell, which may hold the position of a marker that is not shown.
    faults = [one for one in report["faults"] if own or one["row"] not in hidden]
    return {**report, **empty, "faults": faults, "results": rows, "summary": dict(summary)}


def _blank(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of which only what its sender wrote is left: its place and the number it gave."""
    blank = {name: "" if isinstance(value, str) else None for name, value in row.items()}
    numbered = row["match"] == _BY_NUMBER
    blank |= {"row": row["row"], "marker_no": row["marker_no"] if numbered else ""}
    return blank | {"verdict": "cannot_tell", "zh": _HIDDEN_ZH, "en": _HIDDEN_EN}
