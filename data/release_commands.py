"""The ground floor's commands for release levels: `ovoo release …` (公开级别)."""

import getpass
import json

import click

from data.actors import Actor
from data.readings import read_readings
from data.release_keeping import released_tables, set_level, set_rule
from data.release_state import read_state
from data.releases import Level, Precision, Rule
from data.store import open_store

_store = click.option(
    "--store", envvar="OVOO_STORE", default="var/ovoo.gpkg", show_default=True, help="The store."
)


@click.group()
def release() -> None:
    """Say which records the public sees, and how their positions are shown."""


@release.command("list")
@_store
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def list_rules(store: str, as_json: bool) -> None:  # noqa: FBT001 - a command's flag
    """List how the records of every table are released."""
    with open_store(store) as opened, opened.read() as connection:
        state = read_state(connection)
    rules = [state.rule(table.name) for table in released_tables()]
    if as_json:
        shown = [
            {
                "table": rule.table,
                "level": rule.level,
                "position": rule.position,
                "grid_deg": rule.grid_deg,
                "masked": rule.masked,
                "single_records": rule.table in state.excepted,
            }
            for rule in rules
        ]
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for rule in rules:
        grid = f" {rule.grid_deg}°" if rule.grid_deg else ""
        single = "\tsingle records otherwise" if rule.table in state.excepted else ""
        click.echo(f"{rule.table}\t{rule.level}\t{rule.position}{grid}{single}")


@release.command("set")
@_store
@click.option(
    "--level",
    type=click.Choice([one.value for one in Level]),
    required=True,
    help="Who sees records.",
)
@click.option(
    "--position",
    type=click.Choice([one.value for one in Precision]),
    default=Precision.FULL.value,
    show_default=True,
    help="How positions are shown to who may not read them.",
)
@click.option("--grid", "grid_deg", type=float, help="With --position grid: its cells, degrees.")
@click.argument("table")
def set_table(store: str, level: str, position: str, grid_deg: float | None, table: str) -> None:
    """Release the records of TABLE at a level; what readers see follows at once."""
    rule = Rule(table, Level(level), Precision(position), grid_deg)
    with open_store(store) as opened:
        set_rule(opened, _operator(), rule)


@release.command("record")
@_store
@click.option("--reason", default="", help="Why, for the journal.")
@click.argument("table")
@click.argument("number", type=int)
@click.argument("level", type=click.Choice([*(one.value for one in Level), "default"]))
def set_record(store: str, reason: str, table: str, number: int, level: str) -> None:
    """Release record NUMBER of TABLE at LEVEL; `default` is that of its table again."""
    chosen = None if level == "default" else Level(level)
    with open_store(store) as opened:
        set_level(opened, _operator(), table, number, chosen, reason)


@release.command("readings")
@_store
@click.option("--limit", type=int, default=50, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def list_readings(store: str, limit: int, as_json: bool) -> None:  # noqa: FBT001 - a flag
    """List who read closed positions, the newest first."""
    with open_store(store) as opened, opened.read() as connection:
        found = read_readings(connection, limit)
    if as_json:
        click.echo(json.dumps([one._asdict() for one in found], ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo("\t".join(one))


def _operator() -> Actor:
    return Actor.operator(f"operator {getpass.getuser()}")
