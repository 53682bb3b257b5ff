"""The third floor's commands: inspect, sample, load lines, load markers."""

from datetime import UTC, datetime
from pathlib import Path

import click
import orjson

from boundary.inspecting import inspect_file
from boundary.lines.commands import line
from boundary.lines.loading import lines_loader, sections_loader
from boundary.markers.commands import marker
from boundary.markers.loading import markers_loader
from boundary.repairs.commands import repair
from boundary.sample_region import write_sample
from boundary.status.commands import judge
from boundary.submissions import commit as commit_submission
from boundary.submissions import preview, receive
from boundary.verdict_table import verdict_table
from data.commands import store_option
from data.errors import Fault, FaultsFound
from data.load_command import load_command
from data.progress import bar
from data.received import REFUSED
from data.sample import DEFAULT_SEED
from data.store import open_store

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def boundary_commands(cli: click.Group, load: click.Group) -> None:
    """Add the commands to the command line."""
    cli.add_command(inspect)
    cli.add_command(sample)
    cli.add_command(judge)
    cli.add_command(line)
    cli.add_command(marker)
    cli.add_command(repair)
    load.add_command(load_command("lines", lines_loader, "boundary lines 界线"))
    load.add_command(load_command("sections", sections_loader, "sections of lines 界线段"))
    load.add_command(load_command("markers", markers_loader, "boundary markers 界桩"))


@click.command()
@store_option
@click.argument("file", type=_FILE)
@click.option("--commit", is_flag=True, help="Store the file and turn it into inspections.")
@click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def inspect(
    store: str,
    file: Path,
    commit: bool,  # noqa: FBT001 - a command's flag
    actor: str,
    lang: str,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Check an inspection FILE against the register; nothing is stored without --commit."""
    with open_store(store) as opened:
        if commit:
            identity = receive(opened, file.read_bytes(), file.name, actor)
            report = preview(opened, identity)
            if report["state"] == REFUSED:
                raise FaultsFound([Fault(**fault) for fault in report["faults"]])
            report = commit_submission(opened, identity, actor)
        else:
            with opened.read() as connection:
                today = datetime.now(UTC).date()
                inspected = inspect_file(connection, opened.crs, file, file.name, today)
            report = inspected.report()
    if as_json:
        click.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo(verdict_table(report, lang))


@click.command()
@store_option
@click.option("--seed", default=DEFAULT_SEED, show_default=True, help="Grows the synthetic part.")
@click.option(
    "--files",
    default="var/samples",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where inspection files to try and the licences go.",
)
def sample(store: str, seed: int, files: Path) -> None:
    """Build the sample region in a new STORE, with inspection files to try."""
    with bar("sample region") as progress:
        written = write_sample(store, seed, files, progress)
    for said in written.licences:
        click.echo(said)
    for name, count in written.counts.items():
        click.echo(f"{count:8d} {name}")
    click.echo(f"inspection files to try: {written.folder}/")
