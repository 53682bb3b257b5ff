"""`ovoo inspect-signs`, `ovoo check-signs`, `ovoo sign-repairs`."""

import json
import sys
from datetime import date
from pathlib import Path

import click
from sqlalchemy import select

from data import deadlines
from data.commands import store_option
from data.formats import parse_overrides
from data.received import REFUSED
from data.store import open_store
from gazetteer.signs.inspecting import name_sign_columns, sign_files
from gazetteer.signs.reading import sign_check
from gazetteer.signs.repairs import STATES, RepairsQuery, list_repairs
from gazetteer.signs.standards import recheck
from gazetteer.signs.tables import sign

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FAULTS = 4
_WRONG = ("wrong", "doubt")


@click.command("inspect-signs")
@store_option
@click.argument("file", type=_FILE)
@click.option(
    "--map",
    "maps",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="A column that is not recognised, or - for one not to be read; once or more.",
)
@click.option("--commit", is_flag=True, help="Keep the inspections and open repair orders.")
@click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def inspect_signs(
    store: str,
    file: Path,
    maps: tuple[str, ...],
    commit: bool,  # noqa: FBT001 - a command's flag
    actor: str,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Check a FILE of sign inspections against the register; kept only with --commit."""
    files = sign_files()
    with open_store(store) as opened:
        identity = files.receive(opened, file.read_bytes(), file.name, actor)
        if maps:
            said = parse_overrides(maps)
            name_sign_columns(opened, identity, said, actor)
        report = files.preview(opened, identity)
        if commit and report["state"] != REFUSED:
            report = files.commit(opened, identity, actor)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        for one in report["results"]:
            what = f"{one['zh']} {one['en']}"
            click.echo(f"{one['row']}\t{one['sign_no']}\t{one['condition']}\t{what}")
    for fault in report["faults"]:
        click.echo(
            f"{fault['row'] or ''} {fault['column'] or ''}: {fault['zh']} {fault['en']}", err=True
        )
    click.echo(f"submission {report['id']}: {report['state']}", err=True)
    if report["faults"]:
        sys.exit(_FAULTS)


@click.command("check-signs")
@store_option
@click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def check_signs(store: str, actor: str, as_json: bool) -> None:  # noqa: FBT001 - a command's flag
    """Hold every sign's text against the standard names; list what is not as it should be."""
    with open_store(store) as opened:
        with opened.write(actor, "check the texts of signs") as transaction:
            changed = recheck(transaction)
        with opened.read() as connection:
            wrong = connection.scalars(
                select(sign.c.id).where(sign.c.text_state.in_(_WRONG)).order_by(sign.c.id)
            ).all()
            found = [sign_check(connection, identity) for identity in wrong]
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for one in found:
            for fault in one["faults"]:
                what = f"{fault['zh']} {fault['en']}"
                click.echo(f"{one['sign_no']}\t{one['name']}\t{fault['level']}\t{what}")
    click.echo(f"{len(found)} signs to look at; {changed} changed since the last check", err=True)


@click.command("sign-repairs")
@store_option
@click.option("--state", type=click.Choice(STATES), default="open", show_default=True)
@click.option("--overdue", is_flag=True, help="Only those past their due date.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def sign_repairs(store: str, state: str, overdue: bool, as_json: bool) -> None:  # noqa: FBT001 - command's flags
    """List the repair orders of signs, the soonest due first."""
    today: date = deadlines.today()
    asked = RepairsQuery(state, today if overdue else None, limit=1_000)
    with open_store(store) as opened, opened.read() as connection:
        found = list_repairs(connection, asked)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1, default=str))
        return
    for one in found:
        click.echo(
            f"{one['id']}\t{one['sign_no']}\t{one['condition']}\t{one['due_on']}"
            f"\t{one['responsible'] or '—'}"
        )
