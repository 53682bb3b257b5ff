"""`ovoo telemetry`: readings of smart markers, alarms, silence, thinning."""

from datetime import UTC, datetime
from pathlib import Path

import click
import orjson

from boundary.lines.commands import json_option, say
from boundary.sensors.parsing import parse_readings
from boundary.sensors.reading import TelemetryQuery, marker_telemetry, open_alarms, thin
from boundary.sensors.receiving import check_silence, receive_readings
from data.actors import Actor
from data.commands import store_option
from data.errors import FaultsFound, InvalidFile
from data.progress import bar
from data.store import open_store

_actor = click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")


@click.group()
def telemetry() -> None:
    """Smart markers 物联网界桩: readings, alarms, silence, thinning."""


@telemetry.command("show")
@store_option
@click.argument("marker_id", type=int)
@click.option("--limit", default=100, show_default=True)
def show(store: str, marker_id: int, limit: int) -> None:
    """Show the sensor of marker MARKER_ID, its alarms and newest readings, as JSON."""
    with open_store(store) as opened, opened.read() as connection:
        say(marker_telemetry(connection, marker_id, TelemetryQuery(limit=limit)))


@telemetry.command("take")
@store_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_actor
def take(store: str, file: Path, actor: str) -> None:
    """Take in the readings of FILE: a JSON list as `POST /telemetry` takes it."""
    now = datetime.now(UTC)
    try:
        rows = orjson.loads(file.read_bytes())
    except orjson.JSONDecodeError as error:
        raise InvalidFile(
            f"{file.name} is no JSON ({error})", f"{file.name} 不是 JSON（{error}）"
        ) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidFile(f"{file.name} holds no list of readings", f"{file.name} 不是读数列表")
    good, bad = parse_readings(rows, now)
    if rows and not good:
        raise FaultsFound(bad)
    with open_store(store) as opened:
        who = Actor.operator(actor)
        found = receive_readings(opened, who, [one for _, one in good], now)
    for fault in (*bad, *found.refused):
        click.echo(fault.sentence(), err=True)
    click.echo(
        f"{found.accepted} taken in, {found.kept} kept, {found.repeated} repeated,"
        f" {len(bad) + len(found.refused)} faults, {len(found.raised)} alarms"
    )


@telemetry.command("alarms")
@store_option
@click.option("--kind", help="tilt, moved, battery, offline, stuck or drifting.")
@json_option
def alarms(store: str, kind: str | None, as_json: bool) -> None:  # noqa: FBT001 - a flag
    """List alarms that are not cleared, the oldest first."""
    with open_store(store) as opened, opened.read() as connection:
        found = open_alarms(connection, kind)
    if as_json:
        say(found)
        return
    for one in found:
        told = (one["id"], one["raised_at"], one["marker_id"], one["kind"], one["zh"])
        click.echo("\t".join(map(str, (*told, one["order_id"] or ""))))


@telemetry.command("silence")
@store_option
@_actor
def silence(store: str, actor: str) -> None:
    """Raise alarms for sensors that have said nothing for too long; for a timer."""
    with open_store(store) as opened:
        found = check_silence(opened, Actor.operator(actor), datetime.now(UTC))
    click.echo(f"{len(found)} sensors are silent")


@telemetry.command("thin")
@store_option
def thin_command(store: str) -> None:
    """Leave of old readings one an hour, of very old ones one a day; for a timer."""
    with open_store(store) as opened, bar("thin"):
        gone = thin(opened, datetime.now(UTC))
    click.echo(f"{gone} readings thinned out")
