"""Counts as JSON and CSV. Pure."""

import csv
import io
from collections.abc import Mapping
from typing import Any

from data.formats.formulas import guarded
from gazetteer.statistics.marks import SHARES
from gazetteer.statistics.values import Counts

_HEADINGS = {
    "division": ("区划", "division"),
    "class": ("类别", "class"),
    "status": ("状态", "status"),
    "script": ("文字", "script"),
    "heritage": ("地名文化遗产", "heritage"),
    "year": ("年份", "year"),
    "count": ("地名数", "names"),
    "mongolian": ("有蒙古文", "with Mongolian form"),
    "romanized": ("有罗马字母拼写", "romanized"),
    "origin": ("有来历", "with origin"),
    "sign": ("有标志", "with sign"),
    "complete": ("要素齐全", "complete records"),
    "begun": ("设立", "begun"),
    "ended": ("废止", "ended"),
    "division_events": ("区划变更", "division events"),
}


def counts_json(counts: Counts) -> dict[str, Any]:
    """Counts as a JSON document, with the shares of every group."""
    return {
        "columns": list(counts.columns),
        "rows": [dict(row) | _shares(row) for row in counts.rows],
    }


def _shares(row: Mapping[str, Any]) -> dict[str, Any]:
    """The shares of a group, of 1; none for groups of scripts and years."""
    count = row.get("count")
    if not count or not row.keys() >= SHARES.keys():
        return {}
    return {"shares": {name: round(row[name] / count, 4) for name in SHARES}}


def counts_csv(counts: Counts, language: str) -> str:
    """Counts as CSV with a byte order mark, as spreadsheets here want it; codes beside words."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    heads: list[str] = []
    for column in counts.columns:
        words = _HEADINGS[column][language == "en"]
        coded = column in {"division", "class", "status", "script"}
        heads += [f"{words}代码" if language != "en" else f"{words} code"] * coded + [words]
    writer.writerow(heads)
    for row in counts.rows:
        writer.writerow(
            [cell for column in counts.columns for cell in _cells(row[column], language)]
        )
    return file.getvalue()


def _cells(value: Any, language: str) -> list[str]:
    if isinstance(value, Mapping):
        return [str(value["code"]), guarded(value["en" if language == "en" else "zh"])]
    if isinstance(value, bool):
        yes = ("yes", "no") if language == "en" else ("是", "否")
        return [yes[not value]]
    return [str(value)]
