"""`ovoo duplicates`: names that are alike where the law wants them told apart."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import click

from data.commands import store_option
from data.errors import InvalidValue
from data.formats.writing.plain import plain_table
from data.progress import Report, bar
from data.store import Store, open_store
from gazetteer.duplicates.pages import kind_of, pair_json
from gazetteer.duplicates.reading import duplicates as find
from gazetteer.following import make_searchable
from gazetteer.likeness import DuplicateKind
from gazetteer.search import lexicon_of, significant

_TITLES = (
    *("kind", "scope", "within", "first_id", "first_name", "first_division"),
    *("second_id", "second_name", "second_division", "reason", "source"),
)


@click.command()
@store_option
@click.option("--within", help="Code or name of a division; names outside are not compared.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in DuplicateKind]),
    help="Only pairs alike in this way.",
)
@click.option("--limit", type=int, help="Most pairs.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A .csv or .xlsx.")
@click.option("--replace", is_flag=True, help="Replace the written table if it is there.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object on each line.")
def duplicates(
    store: str,
    within: str | None,
    kind: str | None,
    limit: int | None,
    out: Path | None,
    replace: bool,  # noqa: FBT001 - a command's flag
    lang: str,
    as_json: bool,  # noqa: FBT001 - the same
) -> None:
    """List names that are the same, sound the same or write the same Mongolian words.

    Each pair stands in the scope that the law names; villages registered as an area (216) and as
    a body (276) are listed too.
    """
    _check_target(out, replace=replace)
    with open_store(store) as opened, bar("duplicates") as progress:
        make_searchable(opened)
        pairs = islice(_pairs(opened, within, kind, progress), limit)
        count = _write(pairs, out, lang) if out else _print(pairs, lang, as_json=as_json)
    click.echo(f"{count} pairs" + (f": {out}" if out else ""), err=not out)


def _check_target(out: Path | None, *, replace: bool) -> None:
    if out is not None and out.exists() and not replace:
        raise InvalidValue(
            "out", out.name, "that file is there already", "give another name, or --replace",
            f"“{out.name}”已存在；请换一个文件名，或加 --replace",
        )  # fmt: skip


def _pairs(
    store: Store, within: str | None, kind: str | None, progress: Report
) -> Iterator[dict[str, Any]]:
    with store.read() as connection:
        lexicon = lexicon_of(store, connection)
    digits = significant(lexicon.resolve(within).code) if within else ""
    chosen = kind_of(kind) if kind else None
    for pair in find(store, digits, progress):
        if chosen is None or pair.kind is chosen:
            yield pair_json(pair, lexicon)


def _write(pairs: Iterator[dict[str, Any]], out: Path, lang: str) -> int:
    count = 0
    with plain_table(out, _TITLES) as write:
        for pair in pairs:
            count += 1
            write(_cells(pair, lang))
    return count


def _cells(pair: dict[str, Any], lang: str) -> list[str]:
    sides = [
        str(pair[side][name])
        for side in ("first", "second")
        for name in ("id", "name", "division_path")
    ]
    return [pair["kind"], pair["scope"], pair["within"], *sides, pair[lang], pair["source"]]


def _print(pairs: Iterator[dict[str, Any]], lang: str, *, as_json: bool) -> int:
    count = 0
    for pair in pairs:
        count += 1
        if as_json:
            click.echo(json.dumps(pair, ensure_ascii=False))
        else:
            sides = (pair["first"], pair["second"])
            told = "\t".join(f"{s['name']} {s['id']} {s['division_path']}" for s in sides)
            click.echo(f"{told}\t{pair[lang]}")
    return count
