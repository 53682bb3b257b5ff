"""5,000 smart markers that report each minute: `python -m bench.sensors [MINUTES] [ADDRESS]`.

One request holds the readings of all, as a gateway sends them, or of some, or of one; each is one
transaction that is on the disk, with its place in the journal's chain, before it is answered. The
address is that of a new PostgreSQL database; without it the store is a file.
"""

import http.client
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import func, select

from bench.servers import running
from boundary.sensor_tables import sensor_alarm, telemetry_reading
from boundary.sensors import Reading, receive_readings
from boundary.tables import marker
from data.actors import Actor
from data.geometry import point_wkb
from data.journal import verify
from data.store import create_store

SENSORS, MINUTES = 5_000, 60
POSTING_S = 5.0
_JSON = {"Content-Type": "application/json"}
START = datetime(2026, 11, 23, 8, tzinfo=UTC)


def _markers() -> Iterator[dict[str, Any]]:
    for number in range(SENSORS):
        lon, lat = 110.0 + number % 100 * 0.01, 41.0 + number // 100 * 0.01
        yield {"marker_no": f"{number}", "party_a": "150102", "party_b": "150103",
               "sigma_m": 0.05, "tolerance_m": 0.2, "smart": True,
               "geom": point_wkb(lon, lat)}  # fmt: skip


def _readings(minute: int, chance: np.random.Generator) -> list[Reading]:
    at_s = (START + timedelta(minutes=minute)).timestamp()
    noise = chance.normal(0.0, 3e-7, (SENSORS, 2)).tolist()
    return [
        Reading(
            number + 1, at_s, tilt_deg=float(chance.normal(1.0, 0.1)), battery_pct=80.0,
            online=True, lon=110.0 + number % 100 * 0.01 + noise[number][0],
            lat=41.0 + number // 100 * 0.01 + noise[number][1], sigma_m=0.03,
        )
        for number in range(SENSORS)
    ]  # fmt: skip


def sensors_line(minutes: int = MINUTES, url: str | None = None) -> str:
    """How long a minute's readings of all sensors take."""
    chance = np.random.default_rng(5)
    operator = Actor.operator("bench")
    taken, processor = [], []
    with (
        tempfile.TemporaryDirectory(prefix="ovoo-bench-") as folder,
        create_store(url or str(Path(folder) / "s.gpkg")) as store,
    ):
        with store.write("bench", "made up") as transaction:
            transaction.insert_many(marker, _markers())
        for minute in range(minutes):
            batch, now = _readings(minute, chance), START + timedelta(minutes=minute)
            start, cpu = time.perf_counter(), time.process_time()
            receive_readings(store, operator, batch, now)
            taken.append(time.perf_counter() - start)
            processor.append(time.process_time() - cpu)
        with store.read() as connection:
            kept = connection.scalar(select(func.count()).select_from(telemetry_reading))
            alarms = connection.scalar(select(func.count()).select_from(sensor_alarm))
            verify(connection)
    return (
        f"{SENSORS} smart markers, a minute's readings: median {statistics.median(taken):.2f} s,"
        f" slowest {max(taken):.2f} s, processor {statistics.median(processor):.2f} s;"
        f" {minutes} minutes keep {kept} of {minutes * SENSORS}, {alarms} alarms"
    )


def post_lines(url: str | None = None) -> Iterator[str]:
    """Readings a second over HTTP: many in a request, some, one; one connection and several.

    The store at the address holds the markers of `sensors_line` already; a file is made.
    """
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as folder:
        store = url or str(Path(folder) / "s.gpkg")
        if url is None:
            with create_store(store) as made, made.write("bench", "made up") as transaction:
                transaction.insert_many(marker, _markers())
        with running(["-m", "ovoo", "serve"], OVOO_STORE=store) as port:
            for size, connections in ((1, 1), (1, 8), (100, 1), (1_000, 1)):
                rate = _posted(port, size, connections)
                yield (
                    f"{size} readings in a POST, {connections} connections:"
                    f" {rate:.0f} readings a second (5,000 a minute are {SENSORS / 60:.0f})"
                )


def _posted(port: int, size: int, connections: int) -> float:
    """Readings a second, posted over some connections for a while."""
    stop = time.perf_counter() + POSTING_S
    counts = [0] * connections

    def send(own: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        number = own
        while time.perf_counter() < stop:
            rows = [
                {"marker_id": (number * size + k) % SENSORS + 1, "tilt_deg": 1.0, "online": True}
                for k in range(size)
            ]
            number += connections
            connection.request("POST", "/telemetry", json.dumps({"readings": rows}), _JSON)
            answer = connection.getresponse()
            answer.read()
            if answer.status != HTTPStatus.CREATED:
                raise RuntimeError(f"the server answers {answer.status}")
            counts[own] += size
        connection.close()

    begun = time.perf_counter()
    with ThreadPoolExecutor(connections) as senders:
        list(senders.map(send, range(connections)))
    return sum(counts) / (time.perf_counter() - begun)


if __name__ == "__main__":
    address = sys.argv[2] if len(sys.argv) > 2 else None  # noqa: PLR2004 - words of a command
    print(sensors_line(int(sys.argv[1]) if len(sys.argv) > 1 else MINUTES, address))
    for line in post_lines(address):
        print(line, flush=True)
