"""`ovoo round`: joint inspections, and the calendar of all lines."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from boundary.lines.commands import json_option, say
from boundary.rounds import calendars, keeping, reading
from data.actors import Actor
from data.commands import store_option
from data.deadlines import today
from data.progress import bar
from data.store import Store, open_store

_DAY = click.DateTime(["%Y-%m-%d"])
_TARGET = click.Path(dir_okay=False, path_type=Path)
_actor = click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")
_ENDINGS = (".gpx", ".zip", ".docx", ".xlsx")


def _day(value: datetime | None) -> date:
    return value.date() if value else today()


@click.group("round")
def round_group() -> None:
    """Joint inspections 联检: plan, take files, decide, sign, file, papers, calendar."""


@round_group.command("plan")
@store_option
@click.option("--line", "lines", type=int, multiple=True, required=True, help="A line's id.")
@click.option("--name")
@click.option("--number", type=int, help="The how-manieth round it is.")
@click.option("--special", "event", help="A special round: the event that it follows.")
@click.option("--due", "due_on", type=_DAY)
@_actor
def plan(store: str, lines: tuple[int, ...], actor: str, **said: Any) -> None:
    """Plan a round of some lines, with its route."""
    values = {k: v.date() if isinstance(v, datetime) else v for k, v in said.items()}
    values["kind"] = keeping.SPECIAL if said["event"] else keeping.REGULAR
    with open_store(store) as opened, bar("route"):
        key = keeping.plan_round(opened, Actor.operator(actor), lines, values)
        with opened.read() as connection:
            made = keeping.read_round(connection, key)
    click.echo(
        f"round {key} planned: tour {made['route_m']} m, none below {made['route_bound_m']} m"
    )


@round_group.command("past")
@store_option
@click.option("--line", "lines", type=int, multiple=True, required=True, help="A line's id.")
@click.option("--on", "completed_on", type=_DAY, required=True)
@click.option("--number", type=int)
@_actor
def past(
    store: str, lines: tuple[int, ...], completed_on: datetime, number: int | None, actor: str
) -> None:
    """Record a round of the time before this register."""
    with open_store(store) as opened:
        who = Actor.operator(actor)
        key = keeping.record_past_round(opened, who, lines, number, completed_on.date())
    click.echo(f"round {key} recorded")


@round_group.command("list")
@store_option
@click.option("--state")
@json_option
def list_command(store: str, state: str | None, as_json: bool) -> None:  # noqa: FBT001 - a flag
    """List rounds, the newest first."""
    with open_store(store) as opened, opened.read() as connection:
        rows = reading.list_rounds(connection, state)
    if as_json:
        say(rows)
        return
    for row in rows:
        said = (row["id"], row["name"], row["kind"], row["state"], row["completed_on"] or "")
        click.echo("\t".join(map(str, said)).rstrip())


@round_group.command("show")
@store_option
@click.argument("round_id", type=int)
def show(store: str, round_id: int) -> None:
    """Show round ROUND_ID with its progress and observations, as JSON."""
    with open_store(store) as opened, opened.read() as connection:
        say(reading.round_page(connection, round_id))


@round_group.command("take")
@store_option
@click.argument("round_id", type=int)
@click.argument("submission_id", type=int)
@click.argument("side")
@_actor
def take(store: str, round_id: int, submission_id: int, side: str, actor: str) -> None:
    """Take committed file SUBMISSION_ID as the observations of party SIDE."""
    with open_store(store) as opened:
        who = Actor.operator(actor)
        found = keeping.attach_file(opened, who, round_id, submission_id, side)
    click.echo(f"{found['taken']} inspections taken, {found['elsewhere']} of other markers")


@round_group.command("decide")
@store_option
@click.argument("round_id", type=int)
@click.argument("marker_id", type=int)
@click.option("--condition")
@click.option("--verdict")
@click.option("--note", default="")
@click.option("--agreed", "agreed_by", multiple=True, help="Who agreed; one for each party.")
@click.option("--on", "decided_on", type=_DAY)
@_actor
def decide(store: str, round_id: int, marker_id: int, actor: str, **said: Any) -> None:
    """Record what the sides agreed on about marker MARKER_ID."""
    said["decided_on"] = _day(said["decided_on"])
    with open_store(store) as opened:
        key = keeping.decide(opened, Actor.operator(actor), round_id, marker_id, said)
    click.echo(f"decision {key} recorded")


@round_group.command("sign")
@store_option
@click.argument("round_id", type=int)
@click.argument("party")
@click.argument("name")
@click.option("--role", default="")
@click.option("--on", "signed_on", type=_DAY)
@_actor
def sign(
    store: str, round_id: int, party: str, name: str, role: str, signed_on: datetime | None,
    actor: str,
) -> None:  # fmt: skip
    """Sign round ROUND_ID for PARTY."""
    with open_store(store) as opened:
        who, day = Actor.operator(actor), _day(signed_on)
        state = keeping.sign(opened, who, round_id, party, name, role, day)
    click.echo(f"round {round_id} is {state}")


@round_group.command("file")
@store_option
@click.argument("round_id", type=int)
@click.option("--with", "filed_with", help="The authority; that of the line by default.")
@click.option("--number", "filing_no")
@click.option("--on", "filed_on", type=_DAY)
@_actor
def file_command(
    store: str, round_id: int, filed_with: str | None, filing_no: str | None,
    filed_on: datetime | None, actor: str,
) -> None:  # fmt: skip
    """File signed round ROUND_ID with the authority that approved the line."""
    with open_store(store) as opened:
        who, day = Actor.operator(actor), _day(filed_on)
        keeping.file_round(opened, who, round_id, filed_with, filing_no, day)
    click.echo(f"round {round_id} is filed")


@round_group.command("write")
@store_option
@click.argument("round_id", type=int)
@click.argument("target", type=_TARGET)
def write(store: str, round_id: int, target: Path) -> None:
    """Write of ROUND_ID the route (.gpx), field package (.zip), report (.docx), records (.xlsx)."""
    if target.suffix not in _ENDINGS:
        listed = ", ".join(_ENDINGS)
        raise click.BadParameter(f"give a name that ends in {listed}", param_hint="TARGET")
    with open_store(store) as opened:
        target.write_bytes(_paper(opened, round_id, target.suffix))
    click.echo(f"{target} written")


def _paper(opened: Store, round_id: int, ending: str) -> bytes:
    from boundary.rounds.field import field_package, route_gpx
    from boundary.rounds.report import read_papers, records_xlsx, report_docx

    with opened.read() as connection:
        if ending in {".docx", ".xlsx"}:
            papers = read_papers(connection, round_id)
            if ending == ".docx":
                return report_docx(papers, datetime.now(UTC))
            return records_xlsx(papers)
        page = reading.round_page(connection, round_id)
        lines = keeping.lines_of(connection, round_id)
    name = page["round"]["name"]
    if ending == ".gpx":
        return route_gpx(name, page["route"])
    shapes = [(one["name"], one["geom"]) for one in lines if one["geom"]]
    sides = {one["code"]: one["name"] for one in page["parties"]}
    return field_package(name, page["route"], shapes, sides, opened.srid)


@round_group.command("calendar")
@store_option
@click.option("--years", default=reading.CALENDAR_YEARS, show_default=True)
@click.option("--to", "target", type=_TARGET, help="A .csv, .xlsx, .ics or .png to write.")
def calendar(store: str, years: int, target: Path | None) -> None:
    """Say when every line is due, or write it to a file."""
    day = today()
    with open_store(store) as opened, opened.read() as connection:
        found = reading.calendar(connection, day, years)
    if target is None:
        for row in calendars.calendar_rows(found):
            click.echo("\t".join((row[7], row[6], row[0], row[1], row[3])))
        return
    make = {
        ".csv": lambda: calendars.calendar_csv(found),
        ".xlsx": lambda: calendars.calendar_xlsx(found),
        ".ics": lambda: calendars.calendar_ics(found, datetime.now(UTC)),
        ".png": lambda: calendars.calendar_png(found, day, years),
    }
    if target.suffix not in make:
        raise click.BadParameter(f"give a name that ends in {', '.join(make)}", param_hint="--to")
    target.write_bytes(make[target.suffix]())
    click.echo(f"{len(found)} lines written to {target}")
