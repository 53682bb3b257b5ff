"""`ovoo statistics`: counts of names."""

import json
from typing import Any

import click

from data.commands import store_option
from data.deadlines import today
from data.store import open_store
from gazetteer.following import make_countable
from gazetteer.statistics.asking import ask
from gazetteer.statistics.showing import counts_csv, counts_json
from gazetteer.statistics.summary import summarize
from gazetteer.statistics.values import DIMENSIONS, LEVELS, Question


@click.command()
@store_option
@click.option("--by", default="", help=f"Parted by, in order: {', '.join(DIMENSIONS)}.")
@click.option("--level", type=click.Choice(LEVELS), help="The level of divisions.")
@click.option("--depth", default=2, show_default=True, help="Digits of a category, 1 to 5.")
@click.option("--within", help="Code of the division that holds the names.")
@click.option("--class", "category", help="Only names whose category begins so.")
@click.option("--status", help="Only names of that status.")
@click.option(
    "--heritage/--no-heritage", default=None, help="Only heritage names; only the others."
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--csv", "as_csv", is_flag=True, help="Answer as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def statistics(
    store: str,
    by: str,
    level: str | None,
    lang: str,
    as_csv: bool,  # noqa: FBT001 - a command's flag
    as_json: bool,  # noqa: FBT001 - the same
    **filters: Any,
) -> None:
    """Count names; what a dashboard shows where nothing but a division is chosen."""
    asked = Question.parse(by, level, **filters)
    with open_store(store) as opened:
        make_countable(opened)
        with opened.read() as connection:
            if not (by or level or asked.chooses_names or as_csv):
                document: Any = summarize(connection, filters["within"], today())
                _print_summary(document, lang, as_json=as_json)
                return
            counts = ask(connection, asked)
    if as_json:
        click.echo(json.dumps(counts_json(counts), ensure_ascii=False, indent=1))
        return
    text = counts_csv(counts, lang)
    click.echo(text if as_csv else text.lstrip("\ufeff").replace(",", "\t"), nl=False)


def _print_summary(document: dict[str, Any], lang: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    click.echo(f"地名 names\t{document['total']['count']}")
    for name, share in document["shares"].items():
        click.echo(f"{name}\t{'—' if share is None else f'{share:.1%}'}")
    for part in ("division", "class", "status"):
        for row in document[f"by_{part}"]:
            click.echo(f"{part}\t{row[part]['code']}\t{row[part][lang]}\t{row['count']}")
    for one in document["overdue"]:
        count = "未测 not measured" if one["count"] is None else one["count"]
        click.echo(f"逾期 overdue\t{one[lang]}\t{count}")
