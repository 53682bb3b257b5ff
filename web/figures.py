"""The figures of the front page: what the register holds today."""

from typing import Any

from sqlalchemy import Connection

from gazetteer import CountsQuestion, ask_counts, is_counted


def todays_figures(connection: Connection) -> list[dict[str, Any]]:
    """Figures as {key, value, address}; none of names while these are being counted."""
    if not is_counted(connection):
        return []
    rows = ask_counts(connection, CountsQuestion.parse("heritage")).rows
    counts = {bool(row["heritage"]): row["count"] for row in rows}
    return [
        {"key": "places", "value": sum(counts.values()), "address": "/search"},
        {"key": "heritage", "value": counts.get(True, 0), "address": "/heritage"},
    ]
