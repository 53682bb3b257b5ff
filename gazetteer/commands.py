"""The second floor's commands: search, load names, load divisions."""

import json
from typing import Any

import click

from data.commands import store_option
from data.load_command import load_command
from data.store import open_store
from gazetteer.finding import division_paths, find_places
from gazetteer.loading import divisions_loader, names_loader
from gazetteer.tables import place


def gazetteer_commands(cli: click.Group, load: click.Group) -> None:
    """Add the commands to the command line."""
    cli.add_command(search)
    load.add_command(load_command("names", names_loader, "place names 地名"))
    load.add_command(load_command("divisions", divisions_loader, "divisions 行政区划"))


@click.command()
@store_option
@click.argument("query")
@click.option("--limit", default=10, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def search(store: str, query: str, limit: int, as_json: bool) -> None:  # noqa: FBT001
    """Find places by the beginning of any of their names."""
    from sqlalchemy import select

    with open_store(store) as opened, opened.read() as connection:
        matches = find_places(connection, query, limit)
        ids = [match.place_id for match in matches]
        paths = division_paths(connection, ids)
        rows = connection.execute(select(place.c.id, place.c.name).where(place.c.id.in_(ids)))
        names: dict[int, Any] = {row.id: row.name for row in rows}
    found = [
        {
            "id": match.place_id,
            "name": names[match.place_id],
            "matched": match.matched,
            "pass": match.how,
            "division_path": paths[match.place_id],
        }
        for match in matches
    ]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for one in found:
        click.echo(f"{one['name']}\t{one['division_path']}\t{one['matched']} ({one['pass']})")
    if not found:
        click.echo("nothing found 未找到", err=True)
