"""What a smart marker's sensor said: tilt and battery in time, its alarms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from markupsafe import Markup
from sqlalchemy import Connection

from boundary import sensors
from data.reference import boundary_rule
from web.site import translate
from web.site.drawings import Limit, series
from web.site.formatting import moment

_MOST = 1_000
_TABLE = 12


def sensor_part(connection: Connection, marker_id: int, lang: str) -> dict[str, Any] | None:
    """The readings that a reader sees of a marker, as charts and a table; None without any."""
    found = sensors.marker_telemetry(connection, marker_id, sensors.TelemetryQuery(limit=_MOST))
    rows = found["readings"]
    if not rows:
        return None
    limits = {
        "tilt_deg": Limit(boundary_rule("telemetry_tilt_deg"), translate("sensor.limit", lang)),
        "battery_pct": Limit(
            boundary_rule("telemetry_battery_pct"), translate("sensor.limit", lang)
        ),
    }
    charts = [
        (key, chart)
        for key, unit in (("tilt_deg", "°"), ("battery_pct", "%"))
        if (chart := _chart(rows, key, unit, lang, limits[key]))
    ]
    return {"state": found["state"], "alarms": found["alarms"], "charts": charts,
            "readings": rows[:_TABLE]}  # fmt: skip


def _chart(
    rows: Sequence[Mapping[str, Any]], key: str, unit: str, lang: str, limit: Limit
) -> Markup:
    known = [row for row in reversed(rows) if row[key] is not None]
    if not known:
        return Markup("")
    points = [(datetime.fromisoformat(row["at"]).timestamp(), row[key]) for row in known]
    first, last = moment(known[0]["at"], lang), moment(known[-1]["at"], lang)
    return series(points, first, last, unit, translate(f"sensor.{key}", lang), limit)
