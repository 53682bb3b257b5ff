"""`ovoo marker`: markers, their sheets, what was done to them, their photographs."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from boundary.authority import names_of
from boundary.lines.commands import check_ending, json_option, say
from boundary.markers.photos import Claim, add_photo, photos_of, read_photo
from boundary.markers.sheet_files import sheets_docx, sheets_xlsx
from boundary.markers.sheets import line_results, marker_sheet, sheet_fields
from boundary.markers.versions import Act, history_of, read_marker, record_act, relocate
from boundary.picture_lines import marker_picture
from boundary.pictures.canvas import format_of
from data.actors import Actor
from data.commands import store_option
from data.deadlines import today
from data.reference import restoration_kind
from data.store import open_store
from data.stored_files import read_file

_DAY = click.DateTime(["%Y-%m-%d"])
actor_option = click.option(
    "--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name."
)


@click.group()
def marker() -> None:
    """Boundary markers 界桩: show, sheet, history, record an act, relocate, photograph."""


@marker.command("show")
@store_option
@click.argument("marker_id", type=int)
@json_option
def show(store: str, marker_id: int, as_json: bool) -> None:  # noqa: FBT001 - a flag
    """Show the sheet (界桩登记表) of marker MARKER_ID."""
    with open_store(store) as opened, opened.read() as connection:
        sheet = marker_sheet(connection, marker_id, opened.crs)
    if as_json:
        say(dict(sheet.values))
        return
    for field in sheet_fields():
        if sheet.values[field.name]:
            click.echo(f"{field.zh[0]}\t{sheet.values[field.name]}")


@marker.command("sheet")
@store_option
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--marker", "marker_ids", type=int, multiple=True, help="A marker's id; repeatable.")
@click.option("--line", "line_code", help="Every marker of the line with this code.")
@click.option("--codes", is_flag=True, help="Head columns by the census short codes (XLSX).")
def sheet_command(
    store: str,
    target: Path,
    marker_ids: tuple[int, ...],
    line_code: str | None,
    codes: bool,  # noqa: FBT001 - a flag
) -> None:
    """Write marker sheets (界桩登记表) to TARGET, .docx or .xlsx."""
    check_ending(target)
    with open_store(store) as opened, opened.read() as connection:
        rows = [marker_sheet(connection, one, opened.crs) for one in marker_ids]
        rows += line_results(connection, line_code, opened.crs) if line_code else []
        if not rows:
            raise click.UsageError("name markers with --marker, or a line with --line")
        if target.suffix == ".docx":
            ids = [row.record["id"] for row in rows]
            histories = {one: history_of(connection, one) for one in ids}
            pictures = {one: _pictures(connection, one) for one in ids}
            codes_named = [row.values[f"party_{party}"] for row in rows for party in "abc"]
            names = names_of(connection, codes_named)
            content = sheets_docx(rows, histories, pictures, datetime.now(UTC), names)
        else:
            content = sheets_xlsx(rows, codes=codes)
    target.write_bytes(content)
    click.echo(f"{len(rows)} sheets written to {target}")


def _pictures(connection: Any, marker_id: int) -> list[tuple[bytes, str]]:
    return [
        (
            read_file(connection, read_photo(connection, one["id"])["public_sha256"]),
            one["caption"] or one["file_name"],
        )
        for one in photos_of(connection, marker_id)
    ]


@marker.command("history")
@store_option
@click.argument("marker_id", type=int)
@click.option(
    "--plot",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Draw its inspections through time to this .svg or .png.",
)
@json_option
def history(store: str, marker_id: int, plot: Path | None, as_json: bool) -> None:  # noqa: FBT001 - a flag
    """Show what was lawfully done to marker MARKER_ID, through all its relocations."""
    picture_format = format_of(plot)
    with open_store(store) as opened, opened.read() as connection:
        rows = history_of(connection, marker_id)
        if plot is not None and picture_format is not None:
            plot.write_bytes(marker_picture(connection, marker_id, picture_format, "zh"))
    if as_json:
        say(rows)
        return
    for row in rows:
        kind = restoration_kind(row["kind"])
        parties = "、".join(row["parties"])
        click.echo(f"{row['happened_on']}\t{kind.zh if kind else row['kind']}\t{parties}")


def _act_options(command: Any) -> Any:
    options = (
        click.option("--on", "happened_on", type=_DAY, required=True, help="The day."),
        click.option("--party", "parties", multiple=True, help="A party's division code."),
        click.option("--witness", help="Who stood by for the neighbour."),
        click.option("--agreement", help="Number of the agreement or consent."),
        click.option("--method", "survey_method", help="Survey method."),
        click.option("--sigma", "sigma_m", type=float, help="Its standard deviation, metres."),
        click.option("--surveyed-on", type=_DAY, help="The day of the joint survey."),
        click.option("--surveyor", help="Who surveyed."),
        click.option("--filed-with", help="Where it was filed."),
        click.option("--filed-on", type=_DAY, help="The day of the filing."),
        click.option("--note", help="Anything else."),
        actor_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@marker.command("act")
@store_option
@click.argument("marker_id", type=int)
@click.argument("kind")
@_act_options
def act(store: str, marker_id: int, kind: str, actor: str, **said: Any) -> None:
    """Record an act on marker MARKER_ID; KIND: 修复, 描红, 原址更换, 重新埋设, 报废 or its code."""
    with open_store(store) as opened:
        version = _version(opened, marker_id)
        done = Act(kind, **_days(said))
        who = Actor.operator(actor)
        identity = record_act(opened, who, marker_id, version, done, today())
    click.echo(f"version {identity} of marker {marker_id} recorded")


@marker.command("relocate")
@store_option
@click.argument("marker_id", type=int)
@click.option("--lon", help="New longitude.")
@click.option("--lat", help="New latitude.")
@click.option("--x-north", help="Or X, north.")
@click.option("--y-east", help="And Y, east.")
@click.option("--crs", help="Their reference system, where it is not the store's.")
@_act_options
def relocate_command(store: str, marker_id: int, actor: str, **said: Any) -> None:
    """Move marker MARKER_ID by agreement: its record ends, another begins."""
    names = ("lon", "lat", "x_north", "y_east", "crs")
    position = {name: said.pop(name) for name in names}
    with open_store(store) as opened:
        version = _version(opened, marker_id)
        done = Act("relocate", **_days(said))
        given = {name: text for name, text in position.items() if text}
        who = Actor.operator(actor)
        successor = relocate(opened, who, marker_id, version, done, given, today())
    click.echo(f"marker {marker_id} ended; marker {successor} follows it")


def _version(opened: Any, marker_id: int) -> int:
    with opened.read() as connection:
        return int(read_marker(connection, marker_id)["version"])


def _days(said: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.date() if isinstance(value, datetime) else value for name, value in said.items()
    }


@marker.command("photo")
@store_option
@click.argument("marker_id", type=int)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--on", "claimed_on", type=_DAY, help="The day of the visit.")
@click.option("--caption", help="What it shows.")
@actor_option
def photo(
    store: str, marker_id: int, file: Path, claimed_on: datetime | None, caption: str | None,
    actor: str,
) -> None:  # fmt: skip
    """Keep the photograph FILE of marker MARKER_ID and say what does not fit."""
    claim = Claim(file.name, claimed_on.date() if claimed_on else None, caption)
    with open_store(store) as opened:
        kept = add_photo(opened, Actor.operator(actor), marker_id, file.read_bytes(), claim)
    click.echo(f"photograph {kept['id']} kept")
    for one in kept["findings"]:
        click.echo(f"! {one['zh']}：{one['en']}")
