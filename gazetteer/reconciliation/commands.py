"""`ovoo match`: the names of a table matched to the register."""

import json
from pathlib import Path

import click

from data.annotating import AnnotateOptions
from data.commands import store_option
from data.formats import one_each, parse_override
from data.progress import bar
from data.store import open_store
from data.table_options import TABLE, table_options, written_beside
from gazetteer.following import make_searchable
from gazetteer.reconciliation.table import DOUBTFUL, MATCHED, NONE, MatchOptions, match_table


@click.command()
@store_option
@click.argument("file", type=TABLE)
@click.option("--column", help="The column of names, where its title does not tell.")
@click.option("--within", default="", help="Code or name of a division that all rows lie in.")
@click.option("--class", "category", default="", help="division, place, or a category code.")
@click.option("--candidates", default=3, show_default=True, help="How many a doubtful row shows.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@table_options
@click.option("--json", "as_json", is_flag=True, help="Say the counts as JSON.")
def match(
    store: str,
    file: Path,
    column: str | None,
    within: str,
    category: str,
    candidates: int,
    lang: str,
    out: Path | None,
    maps: tuple[str, ...],
    layer: str | None,
    crs: str | None,
    replace: bool,  # noqa: FBT001 - a command's flag
    as_json: bool,  # noqa: FBT001 - the same
) -> None:
    """Match the names of FILE and write the table back with codes, ids, scores and reasons.

    Only what may be taken without looking is filled in; doubtful rows show their candidates.
    """
    named = [(column, "name")] if column else []
    overrides = one_each([*map(parse_override, maps), *named])
    target = out or written_beside(file, "matched")
    options = AnnotateOptions(overrides, layer, crs, replace)
    asked = MatchOptions(within, category, max(1, candidates), lang)
    with open_store(store) as opened, bar(file.name) as progress:
        make_searchable(opened)
        counted = match_table(
            opened, file, target, asked, options, lambda done: progress(file.name, done, 0)
        )
    if as_json:
        click.echo(json.dumps({"file": str(target), "rows": sum(counted.values()), **counted}))
        return
    click.echo(
        f"{sum(counted.values())} rows: {counted[MATCHED]} matched, {counted[DOUBTFUL]} doubtful,"
        f" {counted[NONE]} without candidates: {target}"
    )
