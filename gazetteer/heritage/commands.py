"""`ovoo heritage`: the protection lists, their files, and how far they reach."""

import json
from datetime import datetime
from pathlib import Path

import click

from data import deadlines
from data.actors import Actor
from data.commands import store_option
from data.store import open_store
from gazetteer.heritage.documents import list_document, list_workbook
from gazetteer.heritage.reading import EntryQuery, coverage, list_entries, show_entry
from gazetteer.heritage.stories import read_story, write_story
from gazetteer.search import lexicon_of

_json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
_in_option = click.option("--in", "division", help="Code or name of a division.")


@click.group("heritage")
def heritage_group() -> None:
    """Protection lists of heritage names."""


@heritage_group.command("list")
@store_option
@click.option("--level", help="national, region, league or banner.")
@click.option("--category", help="A category, by code or in words.")
@click.option("--state", default="listed", show_default=True, help="candidate, listed or removed.")
@_in_option
@_json_option
def list_command(
    store: str,
    level: str | None,
    category: str | None,
    state: str,
    division: str | None,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """List entries."""
    query = EntryQuery(level=level, category=category, state=state, division=division, limit=None)
    with open_store(store) as opened, opened.read() as connection:
        found, _ = list_entries(connection, query, lexicon_of(opened, connection))
    if as_json:
        _say(found)
        return
    for one in found:
        click.echo(
            f"{one['id']}\t{one['name']}\t{one['list_level_zh']}\t{one['category_zh']}"
            f"\t{one['batch'] or '—'}\t{one['division_path']}"
        )
    if not found:
        click.echo("nothing found 未找到", err=True)


@heritage_group.command()
@store_option
@click.argument("identity", type=int)
def show(store: str, identity: int) -> None:
    """Show one entry as JSON: evidence, criteria, pictures, inspections."""
    with open_store(store) as opened, opened.read() as connection:
        lexicon = lexicon_of(opened, connection)
        _say(show_entry(connection, identity, lexicon, deadlines.today()))


@heritage_group.command("coverage")
@store_option
@_in_option
@_json_option
def coverage_command(
    store: str,
    division: str | None,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Say for each county how many names its lists hold."""
    with open_store(store) as opened, opened.read() as connection:
        found = coverage(connection, lexicon_of(opened, connection), division)
    if as_json:
        _say(found)
        return
    for one in found:
        click.echo(f"{one['division_code']}\t{one['name']}\t{one['listed']}\t{one['places']}")
    with_list = sum(one["has_list"] for one in found)
    click.echo(f"{with_list} / {len(found)} counties have a list 旗县有名录", err=True)


@heritage_group.command("export")
@store_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_in_option
@click.option("--level", help="national, region, league or banner.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="The day that the list states.")
def export_command(
    store: str, file: Path, division: str | None, level: str | None, day: datetime | None
) -> None:
    """Write the list to FILE, a .docx or .xlsx."""
    makers = {".docx": list_document, ".xlsx": list_workbook}
    make = makers.get(file.suffix.lower())
    if make is None:
        raise click.BadParameter("the file ends in .docx or .xlsx", param_hint="FILE")
    query = EntryQuery(level=level, division=division, limit=None)
    with open_store(store) as opened, opened.read() as connection:
        lexicon = lexicon_of(opened, connection)
        found, _ = list_entries(connection, query, lexicon)
        scope = lexicon.resolve(division, field="division").name if division else ""
    file.write_bytes(make(found, scope, day.date() if day else deadlines.today()))
    click.echo(f"{len(found)} entries written to {file}")


def _say(answer: object) -> None:
    click.echo(json.dumps(answer, ensure_ascii=False, indent=1, default=str))


@heritage_group.command("story")
@store_option
@click.argument("identity", type=int)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
def story(store: str, identity: int, file: Path | None) -> None:
    """Show an entry's story, or write it from a Markdown FILE."""
    with open_store(store) as opened:
        with opened.read() as connection:
            known = read_story(connection, identity)
        if file is None:
            click.echo(known["text"] if known else "", nl=bool(known))
            return
        text = file.read_text(encoding="utf-8")
        version = known["version"] if known else 0
        actor = Actor.operator("operator")
        write_story(opened, identity, version, text, actor, deadlines.today())
    click.echo(f"{identity}: written 已保存")
