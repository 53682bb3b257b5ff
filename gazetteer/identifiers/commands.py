"""`ovoo lookup` and `ovoo identify`: records by any code, and codes for records."""

import json
from datetime import datetime
from typing import Any

import click

from data.actors import Actor
from data.commands import store_option
from data.store import open_store
from gazetteer.identifiers.keeping import NewIdentifier, assign, look_up
from gazetteer.identifiers.schemes import SCHEMES

_ASSIGNED = [code for code, scheme in SCHEMES.items() if not scheme.native]


@click.command()
@store_option
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def lookup(store: str, code: str, as_json: bool) -> None:  # noqa: FBT001 - a command's flag
    """Find records by CODE: division, place, social credit code, heritage number."""
    with open_store(store) as opened, opened.read() as connection:
        found = look_up(connection, code)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    for match in found["matches"]:
        click.echo(f"{match['zh']} {match['en']}\t{_said(match)}")
        for record in match.get("records", ()):
            identity = record.get("code") or record.get("id")
            click.echo(f"    {record['feature']}\t{identity}\t{record['name']}")
    if not any(match.get("records") for match in found["matches"]):
        click.echo("未找到 nothing found", err=True)


def _said(match: dict[str, Any]) -> str:
    if "fault" in match:
        return f"{match['fault']['zh']} — {match['fault']['en']}"
    return " ".join(f"{name}={value}" for name, value in match["parts"].items())


@click.command()
@store_option
@click.argument("value")
@click.option("--scheme", type=click.Choice(_ASSIGNED), default="uscc", show_default=True)
@click.option("--place", "place_id", type=int, help="Id of the place that has it.")
@click.option("--division", "division_code", help="Code of the division that has it.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Its first day.")
@click.option("--source", default="", help="Where it was read.")
@click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")
def identify(store: str, value: str, since: datetime | None, actor: str, **given: Any) -> None:
    """Give the identifier VALUE to a place or a division."""
    new = NewIdentifier(value=value, valid_from=since.date() if since else None, **given)
    with open_store(store) as opened:
        identity = assign(opened, Actor.operator(actor), new)
    click.echo(f"标识 {identity} 已登记 identifier {identity} kept")
