"""`ovoo problems`: what the public reports, from the machine itself."""

import json
from pathlib import Path

import click

from data.actors import Actor
from data.commands import store_option
from data.deadlines import today
from data.store import open_store
from gazetteer.problem_reports.queue import (
    Handling,
    QueueQuery,
    handle,
    list_reports,
    read_report,
)
from gazetteer.problem_reports.reporting import NewReport, report, track
from gazetteer.search import lexicon_of

_OPERATOR = Actor.operator("operator")
_json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")


@click.group("problems")
def problems() -> None:
    """Problems that the public reports."""


@problems.command("list")
@store_option
@click.option("--state", default="open", show_default=True, help="open, a state, or all.")
@_json_option
def list_command(store: str, state: str, as_json: bool) -> None:  # noqa: FBT001 - a command's flag
    """List reports, oldest first."""
    query = QueueQuery(None if state == "all" else state, limit=200)
    with open_store(store) as opened, opened.read() as connection:
        found, _ = list_reports(connection, query, _OPERATOR, lexicon_of(opened, connection))
    if as_json:
        _say(found)
        return
    for one in found:
        told = one["told"].replace("\n", " ")[:60]
        click.echo(f"{one['id']}\t{one['received_on']}\t{one['state']}\t{one['kind']}\t{told}")
    if not found:
        click.echo("nothing found 未找到", err=True)


@problems.command()
@store_option
@click.argument("identity", type=int)
def show(store: str, identity: int) -> None:
    """Show a report as JSON."""
    with open_store(store) as opened, opened.read() as connection:
        _say(read_report(connection, identity, _OPERATOR))


@problems.command()
@store_option
@click.option("--kind", required=True, help="sign_wrong, marker_damaged, name_misused or other.")
@click.option("--about", default="", help="The record it is on, such as markers/12.")
@click.option("--at", nargs=2, type=float, help="Longitude and latitude.")
@click.option("--photo", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--contact", default="", help="How to reach the reporter; erased at the end.")
@click.argument("told")
def add(
    store: str,
    kind: str,
    about: str,
    at: tuple[float, float] | None,
    photo: Path | None,
    contact: str,
    told: str,
) -> None:
    """Take a report that came by telephone or letter; prints its code."""
    lon, lat = at or (None, None)
    content = photo.read_bytes() if photo else None
    given = NewReport(kind, told, about, "", lon, lat, content, contact)
    with open_store(store) as opened:
        click.echo(report(opened, given, today()))


@problems.command("track")
@store_option
@click.argument("code")
def track_command(store: str, code: str) -> None:
    """Tell what became of the report of a code."""
    with open_store(store) as opened, opened.read() as connection:
        _say(track(connection, code))


@problems.command("handle")
@store_option
@click.argument("identity", type=int)
@click.option("--state", required=True, help="in_work, settled or dismissed.")
@click.option("--answer", default="", help="What the reporter is told.")
@click.option("--note", default="", help="What stays within the office.")
def handle_command(store: str, identity: int, state: str, answer: str, note: str) -> None:
    """Take a report up, settle or dismiss it."""
    with open_store(store) as opened:
        with opened.read() as connection:
            version = read_report(connection, identity, _OPERATOR)["version"]
        done = Handling(state, answer, note)
        handle(opened, identity, version, done, _OPERATOR, today())
    click.echo(f"{identity}: {state}")


def _say(found: object) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))
