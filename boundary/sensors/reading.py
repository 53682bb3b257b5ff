"""Readings and alarms as they are asked for, and their thinning in time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, exists, func, select

from boundary.markers.versions import read_marker
from boundary.rows import plain
from boundary.sensor_tables import sensor_alarm, sensor_state, telemetry_reading
from data.reference import boundary_rule, find_term
from data.store import Store

MOST: Final = 1_000
_HOUR, _DAY = 13, 10
"""How many characters of a moment name its hour, its day."""


@dataclass(frozen=True, slots=True)
class TelemetryQuery:
    """Which readings of a marker: from and up to a moment (UTC, as text), a page of them."""

    since: str | None = None
    until: str | None = None
    before: str | None = None
    limit: int = 100


def marker_telemetry(
    connection: Connection, marker_id: int, query: TelemetryQuery
) -> dict[str, Any]:
    """A marker's kept readings, the newest first, its sensor's state and its alarms.

    Args:
        connection: a reading connection.
        marker_id: the marker.
        query: which readings; one more than the limit where there are more.

    Raises:
        NotFound: there is no marker of that id.
    """
    record = read_marker(connection, marker_id)
    at = telemetry_reading.c.at
    conditions: list[Any] = [telemetry_reading.c.marker_id == marker_id]
    if query.since is not None:
        conditions.append(at >= query.since)
    if query.until is not None:
        conditions.append(at <= query.until)
    if query.before is not None:
        conditions.append(at < query.before)
    statement = (
        select(telemetry_reading)
        .where(*conditions)
        .order_by(at.desc())
        .limit(min(query.limit, MOST) + 1)
    )
    rows = [
        plain(row, ("marker_id", "batch_id")) for row in connection.execute(statement).mappings()
    ]
    state = connection.execute(
        select(sensor_state).where(sensor_state.c.marker_id == marker_id)
    ).mappings()
    alarms = connection.execute(
        select(sensor_alarm)
        .where(sensor_alarm.c.marker_id == marker_id)
        .order_by(sensor_alarm.c.id.desc())
        .limit(MOST)
    ).mappings()
    return {
        "marker_id": marker_id,
        "marker_no": record["marker_no"],
        "state": next((_state(row) for row in state), None),
        "alarms": [_alarm(row) for row in alarms],
        "readings": rows,
    }


def _state(row: Mapping[Any, Any]) -> dict[str, Any]:
    return plain(row, ("window", "counts", "marker_id"))


def _alarm(row: Mapping[Any, Any]) -> dict[str, Any]:
    found = plain(row, ("version",))
    term = find_term("sensor_alarms", found["kind"])
    return found | {"zh": term.zh if term else "", "en": term.en if term else ""}


def open_alarms(connection: Connection, kind: str | None = None) -> list[dict[str, Any]]:
    """Alarms that are not cleared, the oldest first."""
    conditions: list[Any] = [sensor_alarm.c.cleared_at.is_(None)]
    if kind is not None:
        conditions.append(sensor_alarm.c.kind == kind)
    statement = select(sensor_alarm).where(*conditions).order_by(sensor_alarm.c.id).limit(MOST)
    return [_alarm(row) for row in connection.execute(statement).mappings()]


def thin(store: Store, now: datetime) -> int:
    """Leave of old readings one an hour, of very old ones one a day; how many went.

    Readings are no records of the journal: it holds the hash of each batch that came.
    """
    before = int(boundary_rule("telemetry_raw_days")), int(boundary_rule("telemetry_hour_days"))
    gone = 0
    with store.write("ovoo", "thin the readings of smart markers") as transaction:
        for days, characters in zip(before, (_HOUR, _DAY), strict=True):
            limit = (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
            table = telemetry_reading.c
            earlier = telemetry_reading.alias("earlier")
            stretch = func.substr(table.at, 1, characters)
            first = exists().where(
                earlier.c.marker_id == table.marker_id,
                earlier.c.at >= stretch,
                earlier.c.at < table.at,
            )
            done = transaction.connection.execute(
                delete(telemetry_reading).where(table.at < limit, first)
            )
            gone += done.rowcount
    return gone
