"""Commands about whole stores: move."""

import json
from dataclasses import asdict

import click

from data.progress import bar


@click.command()
@click.argument("source")
@click.argument("target")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def move(source: str, target: str, as_json: bool) -> None:  # noqa: FBT001 - a command's flag
    """Move the store SOURCE into TARGET and prove it row by row; SOURCE stays as it is.

    Each is a GeoPackage's name or a postgresql:// address. TARGET holds no store yet, or one into
    which the same move was begun: it goes on where it stopped.
    """
    from data.moving import move_store

    with bar("move") as progress:
        moved = move_store(
            source,
            target,
            lambda step, table, done, total: progress(f"{step} {table}", done, total),
        )
    if as_json:
        click.echo(json.dumps(asdict(moved), ensure_ascii=False))
        return
    for one in moved.tables:
        click.echo(f"{one.table}\t{one.rows}\t{one.sha256}")
    head = moved.head
    click.echo(
        f"moved and proved: {len(moved.tables)} tables, {moved.rows} rows, {moved.files} files;"
        f" the journal is whole: {head.sequence} entries, head {head.hash}"
    )
    if moved.resumed:
        click.echo("this went on with a move that had been stopped", err=True)
    if moved.left:
        click.echo(f"tables of other programs stay behind: {', '.join(moved.left)}", err=True)
