"""5,000 smart markers that report each minute: `python -m bench.sensors [MINUTES]`.

One request holds the readings of all, as a gateway sends them; each is one transaction that is on
the disk, with its place in the journal's chain, before it is answered.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import func, select

from boundary.sensor_tables import sensor_alarm, telemetry_reading
from boundary.sensors import Reading, receive_readings
from boundary.tables import marker
from data.actors import Actor
from data.geometry import point_wkb
from data.journal import verify
from data.store import create_store

SENSORS, MINUTES = 5_000, 60
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


def sensors_line(minutes: int = MINUTES) -> str:
    """How long a minute's readings of all sensors take."""
    chance = np.random.default_rng(5)
    operator = Actor.operator("bench")
    taken, processor = [], []
    with (
        tempfile.TemporaryDirectory(prefix="ovoo-bench-") as folder,
        create_store(str(Path(folder) / "s.gpkg")) as store,
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


if __name__ == "__main__":
    print(sensors_line(int(sys.argv[1]) if len(sys.argv) > 1 else MINUTES))
