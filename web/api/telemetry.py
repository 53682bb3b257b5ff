"""`/telemetry`: readings of smart markers (物联网界桩), one or many, and their alarms."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response

from boundary import sensors
from data import FaultsFound, InvalidValue
from web.bodies import json_body
from web.context import current_actor, current_store
from web.negotiation import json_response, respond
from web.paging import page_links
from web.parameters import query, whole

blueprint = Blueprint("telemetry", __name__)

MANY = {"readings": "objects!"}
ONE = {
    "at": "text", "tilt_deg": "number", "battery_pct": "number", "online": "flag",
    "lon": "number", "lat": "number", "sigma_m": "number",
}  # fmt: skip
_MOST, _DEFAULT = 1_000, 100


@blueprint.post("/telemetry")
def many() -> Response:
    """Take in many readings; faulty ones are told and the others taken in."""
    query(())
    return _take(json_body(MANY)["readings"])


@blueprint.post("/markers/<int:identity>/telemetry")
def one(identity: int) -> Response:
    """Take in one reading of a marker."""
    query(())
    return _take([json_body(ONE) | {"marker_id": identity}])


def _take(rows: Sequence[Mapping[str, Any]]) -> Response:
    now = datetime.now(UTC)
    good, bad = sensors.parse_readings(rows, now)
    if not good:
        raise (
            FaultsFound(bad)
            if bad
            else InvalidValue(
                "readings",
                "",
                "there is no reading",
                "send one at least",
                "没有读数；请至少发送一条",
            )
        )
    found = sensors.receive_readings(
        current_store(), current_actor(), [reading for _, reading in good], now
    )
    places = [place for place, _ in good]
    refused = [*bad, *(sensors.moved(fault, places) for fault in found.refused)]
    return json_response(
        {
            "accepted": found.accepted,
            "kept": found.kept,
            "repeated": found.repeated,
            "refused": [asdict(fault) for fault in refused],
            "raised": [{"marker_id": key, "kind": kind} for key, kind in found.raised],
            "cleared": [{"marker_id": key, "kind": kind} for key, kind in found.cleared],
        },
        201,
    )


@blueprint.get("/markers/<int:identity>/telemetry")
def readings(identity: int) -> Response:
    """A marker's kept readings, the newest first, its sensor's state and alarms."""
    values = query(("since", "until", "cursor", "limit"))
    limit = whole(values, "limit", _DEFAULT, 1, _MOST)
    asked = sensors.TelemetryQuery(
        _moment(values, "since"), _moment(values, "until"), _moment(values, "cursor"), limit
    )
    with current_store().read() as connection:
        found = sensors.marker_telemetry(connection, identity, asked)
    rows = found["readings"]
    cursor = rows[limit - 1]["at"] if len(rows) > limit else None
    links = page_links(f"markers/{identity}/telemetry", cursor)
    document = found | {"readings": rows[:limit], "links": links}
    return respond("document.html", document, f"界桩 {found['marker_no']} 读数")


def _moment(values: Mapping[str, str], name: str) -> str | None:
    text = values.get(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue(
            name, text, "a moment is needed", "give one such as 2026-05-03T08:00:00Z",
            f"{name} 应为时间；请填写如 2026-05-03T08:00:00Z",
        ) from None  # fmt: skip
    there = found if found.tzinfo else found.replace(tzinfo=UTC)
    return there.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@blueprint.get("/telemetry/alarms")
def alarms() -> Response:
    """Alarms that are not cleared, the oldest first."""
    values = query(("kind",))
    with current_store().read() as connection:
        found = sensors.open_alarms(connection, values.get("kind"))
    links = page_links("telemetry/alarms", None)
    return respond("document.html", {"alarms": found, "links": links}, "传感器报警 Sensor alarms")
