"""The ground floor's commands: init, verify, move, backup, restore, accounts, levels."""

import json
from collections.abc import Callable
from typing import Any

import click

from data.account_commands import token, user
from data.release_commands import release
from data.store import DEFAULT_CRS, create_store, open_store
from data.store_commands import FINDINGS, backup, backup_key, move, restore

DEFAULT_STORE = "var/ovoo.gpkg"
_store = click.option(
    "--store", envvar="OVOO_STORE", default=DEFAULT_STORE, show_default=True, help="The store."
)


def store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--store`, also read from OVOO_STORE."""
    return _store(command)


def data_commands(cli: click.Group, _load: click.Group) -> None:
    """Add the commands to the command line."""
    for command in (init, verify, move, backup, backup_key, restore, user, token, release):
        cli.add_command(command)


@click.command()
@click.argument("store")
@click.option("--crs", default=DEFAULT_CRS, show_default=True, help="Its one reference system.")
def init(store: str, crs: str) -> None:
    """Make an empty STORE: a file name ending in .gpkg, or a postgresql:// address."""
    with create_store(store, crs) as made:
        click.echo(f"{made.url}: an empty store in {made.crs}")


@click.command()
@store_option
@click.option("--since", help="A hash noted earlier, which the chain must contain.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def verify(store: str, since: str | None, as_json: bool) -> None:  # noqa: FBT001 - a command's flag
    """Prove the journal's chain; name the first broken entry, and records that cannot be shown."""
    from data import journal
    from data.readings import verify_readings
    from data.rendering import unreadable_records

    with open_store(store) as opened, opened.read() as connection:
        head = journal.verify(connection, since)
        readings = verify_readings(connection)
        findings = unreadable_records(connection)
    if as_json:
        listed = [{"code": one.code, "zh": one.zh, "en": one.en} for one in findings]
        said = {"entries": head.sequence, "hash": head.hash, "findings": listed}
        said["readings"] = readings
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(f"the journal is whole: {head.sequence} entries, head {head.hash}")
        if readings:
            click.echo(f"the readings of closed positions are whole: {readings}")
        for one in findings:
            click.echo(f"{one.en}\n    {one.zh}", err=True)
    if findings:
        click.get_current_context().exit(FINDINGS)
