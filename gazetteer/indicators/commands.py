"""`ovoo indicators` and `ovoo publication`: the plan's targets, and what was published."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from data.actors import Actor
from data.commands import store_option
from data.deadlines import today
from data.store import open_store
from gazetteer.following import make_countable
from gazetteer.indicators.evaluating import Stage, evaluate
from gazetteer.indicators.publishing import NewPublication, record_publication
from gazetteer.indicators.report import write_report
from gazetteer.measures import Scope

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@store_option
@click.option("--as-of", type=_DAY, help="The day that is looked at; today by default.")
@click.option("--since", type=_DAY, help="The first day of the period.")
@click.option("--within", help="Code of a division.")
@click.option(
    "--stage", type=click.Choice([one.value for one in Stage]), default="final", show_default=True
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the report (DOCX) here.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def indicators(
    store: str,
    as_of: datetime | None,
    since: datetime | None,
    within: str | None,
    stage: str,
    report: Path | None,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Measure the plan's indicators; write the mid-term or final report."""
    scope = Scope(
        as_of.date() if as_of else today(), since.date() if since else None, within or None
    )
    with open_store(store) as opened:
        make_countable(opened)
        with opened.read() as connection:
            results = evaluate(connection, scope, Stage(stage))
            if report is not None:
                report.write_bytes(write_report(connection, scope, Stage(stage)))
    if as_json:
        listed = [result.as_json() for result in results]
        click.echo(json.dumps(listed, ensure_ascii=False, indent=1))
        return
    for result in results:
        one = result.as_json()
        value = "—" if one["value"] is None else one["value"]
        click.echo(f"{one['zh']}\t{value}\t{one['target']:g}\t{one['verdict']}\t{one['told_zh']}")


@click.command()
@store_option
@click.argument("title")
@click.option("--kind", required=True, help="chronicle, name_list, protection_list, atlas.")
@click.option("--division", "division_code", required=True, help="Code of the division.")
@click.option("--on", "published_on", type=_DAY, required=True, help="The day of publication.")
@click.option("--publisher", default="", help="Who published it.")
@click.option("--source", default="", help="Where this was read.")
@click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")
def publication(store: str, published_on: datetime, actor: str, **given: Any) -> None:
    """Record that TITLE was published for a division."""
    new = NewPublication(published_on=published_on.date(), **given)
    with open_store(store) as opened:
        identity = record_publication(opened, Actor.operator(actor), new, today())
    click.echo(f"出版物 {identity} 已登记 publication {identity} kept")
