"""A report as a table for the terminal."""

import unicodedata
from collections.abc import Mapping
from typing import Any

from boundary.verdict_marks import verdict_words

_HEADINGS = {
    "zh": ("行", "界桩编号", "判定", "位移", "方向", "限差", "最小可探测", "理由"),
    "en": ("row", "marker", "verdict", "displaced", "bearing", "tolerance", "detectable", "reason"),
}


def verdict_table(report: Mapping[str, Any], lang: str) -> str:
    """The rows of a report with their verdicts and reasons, then findings, faults and a count."""
    chinese = lang == "zh"
    rows = [_HEADINGS[lang], *(_row(result, lang) for result in report["results"])]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = ["  ".join(map(_padded, row, [*widths, 0])).rstrip() for row in rows]
    said = [finding[lang] for finding in report["findings"]]
    faults = [_fault(fault, lang) for fault in (*report["faults"], *report.get("notes", ()))]
    counts = "，" if chinese else ", "
    total = counts.join(
        f"{verdict_words(code, lang)} {n}" for code, n in report["summary"].items() if n
    )
    return "\n".join([*lines, "", *said, *faults, total])


def _row(result: Mapping[str, Any], lang: str) -> tuple[str, ...]:
    return (
        str(result["row"]),
        result["marker_no"] or "—",
        verdict_words(result["verdict"], lang),
        _metres(result["distance_m"]),
        "—" if result["bearing_deg"] is None else f"{result['bearing_deg']:.0f}°",
        _metres(result["tolerance_m"]),
        _metres(result["mdd_m"]),
        result[lang],
    )


def _metres(value: float | None) -> str:
    return "—" if value is None else f"{value:.2f} m"


def _fault(fault: Mapping[str, Any], lang: str) -> str:
    place = [str(part) for part in (fault["row"], fault["column"]) if part is not None]
    return f"! {' '.join(place)}: {fault[lang]}" if place else f"! {fault[lang]}"


def _width(text: str) -> int:
    """Columns on a terminal: a wide character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - _width(text))
