"""The third floor's commands: inspect, sample, load lines, load markers."""

from pathlib import Path

import click

from boundary.changes.commands import line_changes
from boundary.inspect_command import confirm, inspect
from boundary.lines.commands import line
from boundary.lines.loading import lines_loader, sections_loader
from boundary.markers.commands import marker
from boundary.markers.loading import markers_loader
from boundary.repairs.commands import repair
from boundary.risk.commands import risk
from boundary.rounds.commands import round_group
from boundary.sample_region import write_sample
from boundary.sensors.commands import telemetry
from boundary.status.commands import judge
from boundary.topology.commands import compare_lines_command, topology
from data.commands import store_option
from data.load_command import load_command
from data.progress import bar
from data.sample import DEFAULT_SEED


def boundary_commands(cli: click.Group, load: click.Group) -> None:
    """Add the commands to the command line."""
    cli.add_command(inspect)
    cli.add_command(confirm)
    cli.add_command(sample)
    cli.add_command(judge)
    cli.add_command(line)
    cli.add_command(marker)
    cli.add_command(repair)
    cli.add_command(round_group)
    cli.add_command(line_changes)
    cli.add_command(risk)
    cli.add_command(telemetry)
    cli.add_command(topology)
    cli.add_command(compare_lines_command)
    load.add_command(load_command("lines", lines_loader, "boundary lines 界线"))
    load.add_command(load_command("sections", sections_loader, "sections of lines 界线段"))
    load.add_command(load_command("markers", markers_loader, "boundary markers 界桩"))


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
