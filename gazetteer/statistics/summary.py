"""What a dashboard shows of the names at a glance."""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import Connection

from gazetteer.measures import Scope, measure_overdue
from gazetteer.statistics.asking import MEASURES, ask
from gazetteer.statistics.marks import SHARES
from gazetteer.statistics.showing import counts_json
from gazetteer.statistics.values import Question

_YEARS = 10


def summarize(connection: Connection, within: str | None, today: date) -> dict[str, Any]:
    """Totals, shares, parts by division, class, status and heritage, years, overdue clocks.

    Args:
        connection: of a store whose names are counted.
        within: code of the division that holds the names; its own parts are counted.
        today: the calendar day in China, by which clocks run.

    Raises:
        InvalidValue: `within` is no division in force.
    """
    level = _level_below(within)
    asked = Question(("division", "class", "status", "heritage"), level, 1, within)
    rows = list(ask(connection, asked).rows)
    total = {name: sum(row[name] for row in rows) for name in MEASURES}
    count = total["count"]
    years = counts_json(ask(connection, Question(("year",), within=within)))["rows"]
    return {
        "total": total,
        "shares": {name: round(total[name] / count, 4) if count else None for name in SHARES},
        **{f"by_{name}": _part(rows, name) for name in asked.by},
        "level": level,
        "years": [row for row in years if row["year"] > today.year - _YEARS],
        "overdue": [
            one.as_json() for one in measure_overdue(connection, Scope(today, within=within))
        ],
    }


def _level_below(within: str | None) -> str:
    """The level of the parts of a division, by the digits of its code (GB/T 2260)."""
    if within is None or within.endswith("0000"):
        return "prefecture"
    return "county" if within.endswith("00") and len(within) == 6 else "township"  # noqa: PLR2004


def _part(rows: list[Any], dimension: str) -> list[dict[str, Any]]:
    """The counts of one dimension, the largest first."""
    counts: dict[str, int] = defaultdict(int)
    named: dict[str, Any] = {}
    for row in rows:
        value = row[dimension]
        key = str(value["code"]) if isinstance(value, dict) else str(value)
        named[key] = value
        counts[key] += row["count"]
    ordered = sorted(counts, key=lambda key: (-counts[key], key))
    return [{dimension: named[key], "count": counts[key]} for key in ordered]
