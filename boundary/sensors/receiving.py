"""Readings into the store: many in one transaction, alarms into the queue of repairs."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import orjson
from sqlalchemy import Connection, delete, select

from boundary.authority import division_path
from boundary.lines.keeping import parties_of
from boundary.repairs.orders import order_for
from boundary.rows import plain
from boundary.sensor_tables import (
    sensor_alarm,
    sensor_state,
    telemetry_batch,
    telemetry_reading,
)
from boundary.sensors.judging import OFFLINE, Reading, SensorRules, SensorState, follow
from boundary.tables import line, marker
from data.actors import Actor, Role
from data.bulk import copy_rows
from data.coordinates import LocalFrame
from data.deadlines import day_in_china
from data.errors import Fault, FaultsFound, Forbidden, TooMany
from data.geometry import point_xy
from data.reference import load_table
from data.store import Store
from data.transaction import Transaction

MOST_READINGS: Final = 20_000
_ROLES = (Role.SURVEYOR, Role.EDITOR, Role.ADMINISTRATOR)
_ACT = "send readings of this marker"
_CHUNK: Final = 2_000
_SETTLED: Final = 0.02
_MARKER = ("id", "marker_no", "line_code", "party_a", "party_b", "party_c", "managing_party",
           "sigma_m", "tolerance_m", "geom", "valid_to")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Received:
    """What became of some readings.

    Attributes:
        accepted: how many were taken in.
        kept: how many of them are kept; those of a quiet sensor are thinned.
        repeated: how many were there already, or are older than the newest of their sensor.
        refused: faults of the others, by their place from 1.
        raised, cleared: alarms, by marker and kind.
    """

    accepted: int
    kept: int
    repeated: int
    refused: tuple[Fault, ...]
    raised: tuple[tuple[int, str], ...]
    cleared: tuple[tuple[int, str], ...]


def receive_readings(
    store: Store, actor: Actor, readings: Sequence[Reading], now: datetime
) -> Received:
    """Take in readings, in one transaction that is on the disk when this returns.

    Readings are independent of each other: a faulty one is refused by itself and told, the others
    are taken in.

    Args:
        store: the store.
        actor: a surveyor or editor of a party of each marker.
        readings: in any order.
        now: the present moment, UTC.

    Raises:
        TooMany: there are more than 20,000.
        FaultsFound: none of them can be taken in.
        Forbidden: the actor may not for one of the markers.
    """
    if len(readings) > MOST_READINGS:
        raise TooMany(
            f"{len(readings)} readings at once; at most {MOST_READINGS}",
            f"一次上传了 {len(readings)} 条读数；最多 {MOST_READINGS} 条",
        )
    with store.write(actor.name, f"{len(readings)} readings of smart markers") as transaction:
        batch = _Batch(transaction, actor, now)
        return batch.take(readings)


class _Batch:
    """One transaction's readings."""

    def __init__(self, transaction: Transaction, actor: Actor, now: datetime) -> None:
        self.transaction, self.actor, self.now = transaction, actor, now
        self.rules = SensorRules.in_force()
        self.raised: list[tuple[int, str]] = []
        self.cleared: list[tuple[int, str]] = []

    def take(self, readings: Sequence[Reading]) -> Received:
        """Read, judge and write."""
        connection = self.transaction.connection
        ids = sorted({one.marker_id for one in readings})
        markers = _markers(connection, ids)
        refused = self._faults(readings, markers)
        wrong = {fault.row for fault in refused}
        fit = [one for place, one in enumerate(readings, start=1) if place not in wrong]
        if readings and not fit:
            raise FaultsFound(refused)
        self._require({one.marker_id for one in fit}, markers)
        states = _states(connection, ids)
        taken, kept, repeated = self._follow(fit, markers, states)
        self._write(taken, kept, states)
        return Received(
            len(taken), len(kept), repeated, tuple(refused), tuple(self.raised),
            tuple(self.cleared),
        )  # fmt: skip

    def _faults(
        self, readings: Sequence[Reading], markers: Mapping[int, Mapping[str, Any]]
    ) -> list[Fault]:
        latest = self.now.timestamp() + 300.0
        found = []
        for place, one in enumerate(readings, start=1):
            record = markers.get(one.marker_id)
            if record is None or record["valid_to"] is not None:
                found.append(
                    Fault("not-found", place, "marker_id", str(one.marker_id),
                          "没有在用的该界桩", "no marker in force has this id")
                )  # fmt: skip
            elif one.at_s > latest:
                found.append(
                    Fault("invalid-value", place, "at", _text(one.at_s),
                          "时间晚于现在；请校准时钟", "it lies in the future: set the clock")
                )  # fmt: skip
        return found

    def _require(self, ids: Iterable[int], markers: Mapping[int, Mapping[str, Any]]) -> None:
        """Who sends may do so for every marker; asked once for each set of parties."""
        if any(grant.role in _ROLES and grant.division_code is None for grant in self.actor.grants):
            return
        connection = self.transaction.connection
        codes = {markers[one]["line_code"] for one in ids} - {None}
        sides = (line.c.party_a, line.c.party_b, line.c.party_c)
        by_line: dict[str, list[str]] = {}
        for start in range(0, len(codes), _CHUNK):
            part = sorted(codes)[start : start + _CHUNK]
            rows = select(line.c.code, *sides).where(
                line.c.code.in_(part), line.c.valid_to.is_(None)
            )
            for row in connection.execute(rows):
                by_line.setdefault(row.code, []).extend(code for code in row[1:] if code)
        seen: set[frozenset[str]] = set()
        for one in ids:
            own = parties_of(markers[one]) or by_line.get(markers[one]["line_code"] or "", [])
            parties = frozenset(own)
            if parties not in seen:
                seen.add(parties)
                path = division_path(connection, sorted(parties))
                if not any(self.actor.may(role, path) for role in _ROLES):
                    raise Forbidden(_ACT, _ROLES, path[0] if path else None)

    def _follow(
        self,
        readings: Sequence[Reading],
        markers: Mapping[int, Mapping[str, Any]],
        states: dict[int, SensorState],
    ) -> tuple[list[Reading], list[Reading], int]:
        ordered = sorted(readings, key=lambda one: (one.marker_id, one.at_s))
        vectors = _vectors(ordered, markers)
        taken, kept, repeated = [], [], 0
        for reading, vector in zip(ordered, vectors, strict=True):
            record = markers[reading.marker_id]
            state = states.setdefault(reading.marker_id, SensorState(reading.marker_id))
            if state.last is not None and reading.at_s <= state.last.at_s:
                repeated += 1
                continue
            keep, raised, cleared = follow(
                state, reading, vector, record["tolerance_m"] or self.rules.tolerance_m,
                record["sigma_m"] or _SETTLED, self.rules,
            )  # fmt: skip
            taken.append(reading)
            if keep:
                kept.append(reading)
            self.raised += [(reading.marker_id, kind) for kind in raised]
            self.cleared += [(reading.marker_id, kind) for kind in cleared]
        return taken, kept, repeated

    def _write(
        self, taken: Sequence[Reading], kept: Sequence[Reading], states: dict[int, SensorState]
    ) -> None:
        if taken:
            said = orjson.dumps([_row(one, 0) for one in taken])
            key = self.transaction.insert(
                telemetry_batch,
                {
                    "received_at": self.now.isoformat(timespec="seconds"),
                    "sent_by": self.actor.name,
                    "readings": len(taken),
                    "kept": len(kept),
                    "sha256": hashlib.sha256(said).hexdigest(),
                },
            )
            connection = self.transaction.connection
            copy_rows(connection, telemetry_reading, [_row(one, key) for one in kept])
            changed = sorted({one.marker_id for one in taken})
            for start in range(0, len(changed), _CHUNK):
                part = changed[start : start + _CHUNK]
                connection.execute(delete(sensor_state).where(sensor_state.c.marker_id.in_(part)))
                copy_rows(connection, sensor_state, [_state_row(states[one]) for one in part])
        raise_alarms(self.transaction, self.raised, states, self.now)
        clear_alarms(self.transaction, self.cleared, self.now)


def _markers(connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    columns = [marker.c[name] for name in _MARKER]
    found: dict[int, dict[str, Any]] = {}
    for start in range(0, len(ids), _CHUNK):
        part = select(*columns).where(marker.c.id.in_(ids[start : start + _CHUNK]))
        found |= {row["id"]: plain(row) for row in connection.execute(part).mappings()}
    return found


def _states(connection: Connection, ids: Sequence[int]) -> dict[int, SensorState]:
    found = {}
    for start in range(0, len(ids), _CHUNK):
        part = sensor_state.c.marker_id.in_(ids[start : start + _CHUNK])
        for row in connection.execute(select(sensor_state).where(part)).mappings():
            found[row["marker_id"]] = state_of(plain(row))
    return found


def state_of(row: Mapping[str, Any]) -> SensorState:
    """A sensor's state from its record."""
    last = Reading(
        row["marker_id"], _seconds(row["last_at"]), row["tilt_deg"], row["battery_pct"],
        row["online"], row["lon"], row["lat"],
    )  # fmt: skip
    return SensorState(
        row["marker_id"], last, _seconds(row["kept_at"]) if row["kept_at"] else None,
        [tuple(one) for one in orjson.loads(row["window"])], orjson.loads(row["counts"]),
        row["motion"] or "", row["readings"],
    )  # fmt: skip


def _vectors(
    readings: Sequence[Reading], markers: Mapping[int, Mapping[str, Any]]
) -> list[tuple[float, float] | None]:
    """Positions as vectors from the registered one, metres; None where there is none."""
    found: list[tuple[float, float] | None] = [None] * len(readings)
    placed = [
        (place, one.lon, one.lat, *point_xy(geom))
        for place, one in enumerate(readings)
        if one.lon is not None and one.lat is not None and (geom := markers[one.marker_id]["geom"])
    ]
    if not placed:
        return found
    rows = np.array(placed, float)
    vectors = LocalFrame.at(rows[:, 3], rows[:, 4]).residuals(rows[:, 1], rows[:, 2])
    for place, vector in zip(rows[:, 0], vectors, strict=True):
        found[int(place)] = (float(vector[0]), float(vector[1]))
    return found


def _row(one: Reading, batch_id: int) -> dict[str, Any]:
    return {
        "marker_id": one.marker_id, "at": _text(one.at_s), "batch_id": batch_id,
        "tilt_deg": one.tilt_deg, "battery_pct": one.battery_pct, "online": one.online,
        "lon": one.lon, "lat": one.lat, "sigma_m": one.sigma_m,
    }  # fmt: skip


def _state_row(state: SensorState) -> dict[str, Any]:
    last = state.last
    return {
        "marker_id": state.marker_id,
        "last_at": _text(last.at_s) if last else "",
        "kept_at": _text(state.kept_s) if state.kept_s is not None else None,
        "tilt_deg": last.tilt_deg if last else None,
        "battery_pct": last.battery_pct if last else None,
        "online": last.online if last else None,
        "lon": last.lon if last else None,
        "lat": last.lat if last else None,
        "window": orjson.dumps(state.window).decode(),
        "counts": orjson.dumps(state.counts).decode(),
        "motion": state.motion,
        "readings": state.readings,
    }


def _text(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def raise_alarms(
    transaction: Transaction,
    raised: Sequence[tuple[int, str]],
    states: Mapping[int, SensorState],
    now: datetime,
) -> None:
    """Record alarms, one open one of a kind a marker, each with an order in the queue."""
    day = day_in_china(now)
    known = _open_alarms(transaction.connection, {one for one, _ in raised})
    reasons = {row["code"]: row for row in load_table("sensor_alarms")}
    for marker_id, kind in raised:
        if (marker_id, kind) in known:
            continue
        state = states.get(marker_id)
        row = reasons[kind]
        order_id = order_for(transaction, marker_id, row["reason"], day, f"{row['zh']}（传感器）")
        transaction.insert(
            sensor_alarm,
            {
                "marker_id": marker_id,
                "kind": kind,
                "raised_at": now.isoformat(timespec="seconds"),
                "raised_on": day,
                "value": _value(kind, state),
                "order_id": order_id,
            },
        )


def _value(kind: str, state: SensorState | None) -> float | None:
    if state is None or state.last is None:
        return None
    if kind == "tilt":
        return state.last.tilt_deg
    if kind == "battery":
        return state.last.battery_pct
    if kind == OFFLINE or not state.window:
        return None
    _, east, north, _ = state.window[-1]
    return round(float(np.hypot(east, north)), 4)


def clear_alarms(
    transaction: Transaction, cleared: Sequence[tuple[int, str]], now: datetime
) -> None:
    """Clear alarms; their orders stay, since somebody has to see to them."""
    known = _open_alarms(transaction.connection, {one for one, _ in cleared})
    for pair in cleared:
        if pair in known:
            identity, version = known[pair]
            values = {"cleared_at": now.isoformat(timespec="seconds")}
            transaction.update(sensor_alarm, identity, version, values)


def _open_alarms(
    connection: Connection, ids: Iterable[int]
) -> dict[tuple[int, str], tuple[int, int]]:
    wanted = sorted(ids)
    found = {}
    columns = [sensor_alarm.c[name] for name in ("marker_id", "kind", "id", "version")]
    for start in range(0, len(wanted), _CHUNK):
        part = sensor_alarm.c.marker_id.in_(wanted[start : start + _CHUNK])
        rows = select(*columns).where(part, sensor_alarm.c.cleared_at.is_(None))
        for row in connection.execute(rows):
            found[row.marker_id, row.kind] = (row.id, row.version)
    return found


def check_silence(store: Store, actor: Actor, now: datetime) -> list[int]:
    """Raise alarms for sensors that have said nothing for too long; their markers' ids."""
    rules = SensorRules.in_force()
    limit = _text(now.timestamp() - 60.0 * rules.silent_minutes)
    with store.write(actor.name, "look for silent sensors") as transaction:
        connection = transaction.connection
        silent = list(
            connection.scalars(
                select(sensor_state.c.marker_id).where(sensor_state.c.last_at < limit)
            )
        )
        known = _open_alarms(connection, silent)
        fresh = [one for one in silent if (one, OFFLINE) not in known]
        raise_alarms(transaction, [(one, OFFLINE) for one in fresh], {}, now)
    return fresh
