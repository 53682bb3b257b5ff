"""Commands about whole stores: move, backup, backup-key, restore."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from data.progress import bar
from data.store import open_store


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


_KEY_FILE = click.option(
    "--key-file",
    envvar="OVOO_BACKUP_KEY_FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file with the key; see ovoo backup-key.",
)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--store", envvar="OVOO_STORE", default="var/ovoo.gpkg", show_default=True)
@_KEY_FILE
@click.option("--keep", type=click.IntRange(min=0), default=0, help="Keep so many; 0 keeps all.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def backup(
    folder: Path,
    store: str,
    key_file: Path | None,
    keep: int,
    as_json: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Back the store up into FOLDER while it is in use, and prove the backup row by row."""
    from data.backups import back_up
    from data.sealing import read_key

    key = read_key(key_file) if key_file else None
    with open_store(store) as opened, bar("backup") as progress:
        made = back_up(
            opened,
            folder,
            lambda step, table, done, total: progress(f"{step} {table}", done, total),
            key,
            keep,
        )
    manifest = made.manifest
    if as_json:
        said = {"path": str(made.path), **manifest.as_json()}
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    rows = sum(one.rows for one in manifest.tables)
    click.echo(
        f"{made.path}: {manifest.size_bytes} bytes, {rows} rows proved,"
        f" journal entries {manifest.entries}, head {manifest.head}"
    )


@click.command("backup-key")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def backup_key(path: Path) -> None:
    """Write a new key for sealed backups to PATH; whoever loses it loses the backups."""
    from data.sealing import make_key

    make_key(path)
    click.echo(f"{path}: a new key; keep a copy where the backups are not")


@click.command()
@click.argument("backup", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("target", required=False)
@_KEY_FILE
@click.option("--drill", "only_drill", is_flag=True, help="Restore, prove, and remove it again.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def restore(
    backup: Path,
    target: str | None,
    key_file: Path | None,
    only_drill: bool,  # noqa: FBT001 - a command's flag
    as_json: bool,  # noqa: FBT001 - the same
) -> None:
    """Restore BACKUP to TARGET, a new file or an empty database, and prove it row by row."""
    from data import backups
    from data.sealing import read_key

    if only_drill == (target is not None):
        raise click.UsageError("name a TARGET, or --drill")
    key = read_key(key_file) if key_file else None
    with bar("restore") as progress:

        def step(stage: str, table: str, done: int, total: int) -> None:
            progress(f"{stage} {table}", done, total)

        if target is None:
            manifest = backups.drill(backup, step, key)
        else:
            manifest = backups.restore(backup, target, step, key)
    if as_json:
        click.echo(json.dumps(manifest.as_json(), ensure_ascii=False))
        return
    rows = sum(one.rows for one in manifest.tables)
    where = target or "a place that has been removed again"
    click.echo(
        f"restored to {where} the state of {manifest.taken_at}: {rows} rows, journal entries"
        f" {manifest.entries}, head {manifest.head}"
    )
