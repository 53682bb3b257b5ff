"""Smart markers on both stores: judged by simulated readings, debounced, kept, thinned, served."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import orjson
import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from region import MARKERS
from sqlalchemy import func, select

from boundary import sensors
from boundary.repair_tables import repair_order
from boundary.sensor_tables import sensor_alarm, telemetry_reading
from boundary.sensors.judging import SensorState, follow
from data import verify
from data.actors import Actor, Grant, Role
from data.coordinates import LocalFrame
from data.errors import FaultsFound, Forbidden
from data.store import Store
from ovoo import cli

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
DEVICE = Actor("网关", frozenset({Grant(Role.SURVEYOR, "990101")}))
RULES = sensors.SensorRules.in_force()


def walk(kind: str, seed: int, sigma_m: float = 0.03) -> list[tuple[float, float, float, float]]:
    """24 positions of a sensor, one a minute."""
    chance = np.random.default_rng(seed)
    noise = chance.normal(0.0, sigma_m, (24, 2))
    k = np.arange(24)
    shift = {
        "in_place": np.zeros((24, 2)),
        "moved": np.column_stack((np.where(k > 13, 0.9, 0.0), np.where(k > 13, -0.5, 0.0))),
        "drifting": np.column_stack((0.08 * k, 0.03 * k)),
        "stuck": -noise + np.array([0.02, 0.01]),
    }[kind]
    rows = noise + shift
    return [(60.0 * n, float(e), float(o), sigma_m) for n, (e, o) in enumerate(rows)]


@pytest.mark.parametrize("kind", ["in_place", "moved", "drifting", "stuck"])
def test_a_moved_marker_is_told_from_a_drifting_and_a_stuck_sensor(kind: str) -> None:
    told = [sensors.motion_of(walk(kind, seed), 0.2, 0.05) for seed in range(100)]
    assert told.count(kind) >= 98
    if kind == "in_place":
        assert "moved" not in told


def test_few_positions_say_nothing() -> None:
    assert sensors.motion_of(walk("moved", 1)[:11], 0.2, 0.05) == "unknown"


def test_an_alarm_needs_several_readings_in_a_row_and_so_does_its_end() -> None:
    state = SensorState(1)
    tilts = [1, 9, 9, 9, 9, 1, 9, 9, 9, 9, 9, 9, 1, 1, 1, 1, 9, 1, 1, 1, 1, 1]
    raised, cleared = [], []
    for minute, tilt in enumerate(tilts):
        reading = sensors.Reading(1, 60.0 * minute, tilt_deg=float(tilt))
        _, up, down = follow(state, reading, None, 0.2, 0.02, RULES)
        raised += [minute] * len(up)
        cleared += [minute] * len(down)
    assert raised == [10]
    assert cleared == [21]


def test_quiet_readings_are_kept_now_and_then() -> None:
    state = SensorState(1)
    kept = [
        follow(state, sensors.Reading(1, 60.0 * m, tilt_deg=1.0), None, 0.2, 0.02, RULES)[0]
        for m in range(60)
    ]
    assert [m for m, one in enumerate(kept) if one] == [0, 15, 30, 45]


def send(store: Store, minute: int, actor: Actor = DEVICE, **said: object) -> sensors.Received:
    """One reading of each marker of the line."""
    now = START + timedelta(minutes=minute)
    rows = [{"marker_id": one, "at": now.isoformat()} | said for one in range(1, 6)]
    good, bad = sensors.parse_readings(rows, now)
    assert bad == []
    return sensors.receive_readings(store, actor, [one for _, one in good], now)


def test_a_tilt_that_stays_orders_one_look_at_the_marker(filled: Store) -> None:
    for minute in range(8):
        send(filled, minute, tilt_deg=12.0)
    with filled.read() as connection:
        alarms = connection.execute(select(sensor_alarm)).all()
        orders = connection.execute(select(repair_order)).all()
        verify(connection)
    assert [(one.kind, one.value) for one in alarms] == [("tilt", 12.0)] * 5
    assert [(one.reason, one.state) for one in orders] == [("suspected_displaced", "open")] * 5
    assert {one.order_id for one in alarms} == {one.id for one in orders}
    for minute in range(8, 14):
        found = send(filled, minute, tilt_deg=0.5)
    with filled.read() as connection:
        assert sensors.open_alarms(connection) == []
    assert found.raised == ()


def test_a_position_that_steps_away_raises_moved_and_never_moves_the_marker(filled: Store) -> None:
    chance = np.random.default_rng(3)
    number, lon, lat = MARKERS[0]
    kinds = []
    for minute in range(40):
        east = 1.2 if minute > 20 else 0.0
        vector = np.array([[east, 0.0]]) + chance.normal(0, 0.03, (1, 2))
        there = LocalFrame.at([lon], [lat]).moved(vector)
        now = START + timedelta(minutes=minute)
        reading = sensors.Reading(
            1, now.timestamp(), lon=float(there[0][0]), lat=float(there[1][0]), sigma_m=0.03
        )
        kinds += sensors.receive_readings(filled, DEVICE, [reading], now).raised
    assert kinds == [(1, "moved")]
    with filled.read() as connection:
        told = sensors.marker_telemetry(connection, 1, sensors.TelemetryQuery())
    assert told["marker_no"] == number
    assert told["alarms"][0]["value"] == pytest.approx(1.2, abs=0.15)
    from boundary.markers import read_marker
    from data.geometry import point_xy

    with filled.read() as connection:
        assert point_xy(read_marker(connection, 1)["geom"]) == (lon, lat)


def test_a_faulty_reading_is_refused_by_itself_and_the_others_are_taken(filled: Store) -> None:
    now = START
    good = sensors.Reading(1, now.timestamp(), tilt_deg=1.0)
    early = sensors.Reading(2, now.timestamp() + 3_600.0, tilt_deg=1.0)
    nobody = sensors.Reading(999, now.timestamp(), tilt_deg=1.0)
    found = sensors.receive_readings(filled, DEVICE, [nobody, good, early], now)
    assert (found.accepted, [fault.row for fault in found.refused]) == (1, [1, 3])
    again = sensors.receive_readings(filled, DEVICE, [good], now)
    assert (again.accepted, again.repeated) == (0, 1)
    with pytest.raises(FaultsFound):
        sensors.receive_readings(filled, DEVICE, [nobody], now)
    stranger = Actor("外人", frozenset({Grant(Role.SURVEYOR, "990201")}))
    with pytest.raises(Forbidden):
        sensors.receive_readings(filled, stranger, [good], now)
    with pytest.raises(Forbidden):
        sensors.receive_readings(filled, Actor("看客"), [good], now)


def test_every_fault_of_a_reading_is_told() -> None:
    rows = [
        {"marker_id": 0, "tilt_deg": -1}, {"marker_id": 1, "at": "yesterday", "lon": 112.0},
        {"marker_id": True, "online": "yes", "colour": "red"}, {"marker_id": 2, "battery_pct": 50},
        {"marker_id": 3, "tilt_deg": float("nan")},
    ]  # fmt: skip
    good, bad = sensors.parse_readings(rows, START)
    assert [place for place, _ in good] == [4]
    assert [(fault.row, fault.column) for fault in bad] == [
        (1, "marker_id"), (1, "tilt_deg"), (2, "at"), (2, "lon"), (3, "colour"), (3, "marker_id"),
        (3, "online"), (5, "tilt_deg"),
    ]  # fmt: skip


def test_a_fault_of_a_reading_says_what_is_to_be_given() -> None:
    _, (unknown, single, empty) = sensors.parse_readings(
        [{"marker_id": 1, "tilt_deg": 1, "colour": "red"}, {"marker_id": 1, "lon": 112.0},
         {"marker_id": 1}], START,
    )  # fmt: skip
    assert unknown.en.startswith("there is no such field; give one of marker_id, at, online, tilt")
    assert "marker_id、at、online、tilt_deg" in unknown.zh
    assert (single.en, empty.en) == ("lon and lat come together", "the reading says nothing")


def test_an_alarm_and_its_order_are_of_the_day_in_china(filled: Store) -> None:
    night = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    rows = [{"marker_id": 1, "at": night.isoformat(), "tilt_deg": 1.0}]
    good, _ = sensors.parse_readings(rows, night)
    sensors.receive_readings(filled, DEVICE, [one for _, one in good], night)
    sensors.check_silence(filled, Actor.operator("计时"), night + timedelta(minutes=180))
    with filled.read() as connection:
        (alarm,) = sensors.open_alarms(connection)
        opened = connection.scalar(select(repair_order.c.opened_on))
    assert alarm["raised_on"] == opened == date(2026, 11, 23)


def test_silence_is_an_alarm_once(filled: Store) -> None:
    send(filled, 0, tilt_deg=1.0)
    chief = Actor.operator("计时")
    assert sensors.check_silence(filled, chief, START + timedelta(minutes=60)) == []
    late = START + timedelta(minutes=180)
    assert len(sensors.check_silence(filled, chief, late)) == 5
    assert sensors.check_silence(filled, chief, late) == []
    with filled.read() as connection:
        assert {one["kind"] for one in sensors.open_alarms(connection)} == {"offline"}


def test_old_readings_are_thinned_to_hours_and_days(filled: Store) -> None:
    for minute in range(0, 180, 15):
        send(filled, minute, tilt_deg=1.0)

    def count() -> int:
        with filled.read() as connection:
            return int(connection.scalar(select(func.count()).select_from(telemetry_reading)) or 0)

    assert count() == 60
    assert sensors.thin(filled, START + timedelta(days=2)) == 0
    assert sensors.thin(filled, START + timedelta(days=40)) == 45
    assert count() == 15
    sensors.thin(filled, START + timedelta(days=400))
    assert count() == 5


def test_the_addresses_take_and_show(filled: Store, client: FlaskClient) -> None:
    one = client.post("/markers/1/telemetry", json={"tilt_deg": 1.5, "battery_pct": 80})
    assert (one.status_code, one.get_json()["accepted"]) == (201, 1)
    rows = [{"marker_id": k, "tilt_deg": 1.0, "at": "2026-01-01T00:00:00+08:00"} for k in (2, 999)]
    many = client.post("/telemetry", json={"readings": [{"marker_id": "x"}, *rows]}).get_json()
    assert (many["accepted"], [fault["row"] for fault in many["refused"]]) == (1, [1, 1, 3])
    for minute in range(3):
        at = f"2026-01-0{minute + 2}T00:00:00Z"
        client.post("/markers/2/telemetry", json={"tilt_deg": 1.0, "at": at})
    page = client.get("/markers/2/telemetry?limit=3").get_json()
    assert [row["at"][:10] for row in page["readings"]] == [
        "2026-01-04",
        "2026-01-03",
        "2026-01-02",
    ]
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    rest = client.get(following).get_json()["readings"]
    assert [row["at"] for row in rest] == ["2025-12-31T16:00:00Z"]
    assert page["state"]["tilt_deg"] == 1.0
    assert client.get("/markers/2/telemetry?since=2026-01-04").get_json()["readings"]
    assert client.get("/markers/2/telemetry?since=soon").status_code == 400
    assert client.get("/markers/999/telemetry").status_code == 404
    assert client.get("/telemetry/alarms").get_json()["alarms"] == []
    assert client.post("/telemetry", json={"readings": []}).status_code == 400
    assert client.post("/markers/999/telemetry", json={"tilt_deg": 1}).status_code == 422


def test_the_commands(filled: Store, store_url: str, tmp_path: Path) -> None:
    file = tmp_path / "readings.json"
    file.write_bytes(orjson.dumps([{"marker_id": 1, "tilt_deg": 3}, {"marker_id": 77}]))
    run, own = CliRunner(), ["--store", store_url]
    said = run.invoke(cli, ["telemetry", "take", str(file), *own])
    assert "1 taken in, 1 kept" in said.output, said.output
    assert '"tilt_deg": 3.0' in run.invoke(cli, ["telemetry", "show", "1", *own]).output
    assert run.invoke(cli, ["telemetry", "alarms", *own]).exit_code == 0
    assert "0 sensors" in run.invoke(cli, ["telemetry", "silence", *own]).output
    assert "0 readings" in run.invoke(cli, ["telemetry", "thin", *own]).output
