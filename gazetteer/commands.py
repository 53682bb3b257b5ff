"""The second floor's commands: search, checks, export, load names, load divisions."""

import json
from datetime import datetime

import click

from data.commands import store_option
from data.load_command import load_command
from data.store import open_store
from gazetteer.approvals.commands import approval
from gazetteer.checker.commands import check_text
from gazetteer.divisions.commands import division
from gazetteer.duplicates.commands import duplicates
from gazetteer.exchange.commands import export
from gazetteer.following import make_searchable
from gazetteer.heritage.commands import heritage_group
from gazetteer.identifiers.commands import identify, lookup
from gazetteer.indicators.commands import indicators, publication
from gazetteer.loading import divisions_loader, names_loader
from gazetteer.naming_commands import check_name
from gazetteer.problem_reports.commands import problems
from gazetteer.reconciliation.commands import match
from gazetteer.search import SearchRequest
from gazetteer.search import search as search_names
from gazetteer.signs.commands import check_signs, inspect_signs, sign_repairs
from gazetteer.signs.loading import signs_loader
from gazetteer.statistics.commands import statistics
from gazetteer.volumes.commands import atlas, book
from gazetteer.where.commands import where


def gazetteer_commands(cli: click.Group, load: click.Group) -> None:
    """Add the commands to the command line."""
    cli.add_command(search)
    cli.add_command(check_name)
    cli.add_command(check_text)
    cli.add_command(approval)
    cli.add_command(heritage_group)
    cli.add_command(export)
    cli.add_command(division)
    cli.add_command(where)
    cli.add_command(statistics)
    cli.add_command(match)
    cli.add_command(duplicates)
    cli.add_command(lookup)
    cli.add_command(indicators)
    cli.add_command(publication)
    cli.add_command(identify)
    cli.add_command(problems)
    for command in (inspect_signs, check_signs, sign_repairs, atlas, book):
        cli.add_command(command)
    load.add_command(load_command("signs", signs_loader, "place-name signs 地名标志"))
    load.add_command(load_command("names", names_loader, "place names 地名"))
    load.add_command(load_command("divisions", divisions_loader, "divisions 行政区划"))


@click.command()
@store_option
@click.argument("query")
@click.option("--limit", default=10, show_default=True)
@click.option("--within", help="Code or name of a division that contains the places.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Names as they were on that day.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def search(
    store: str,
    query: str,
    limit: int,
    within: str | None,
    as_of: datetime | None,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Find places and divisions by any form of their names; says why each was found."""
    day = as_of.date() if as_of else None
    with open_store(store) as opened:
        make_searchable(opened)
        request = SearchRequest(query, limit=limit, within=within, as_of=day)
        results = search_names(opened, request).results
    if as_json:
        listed = [result.as_json() for result in results]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    for one in results:
        click.echo(f"{one.name}\t{' › '.join(one.path)}\t{one.matched} — {one.why_zh} {one.why_en}")
    if not results:
        click.echo("nothing found 未找到", err=True)
