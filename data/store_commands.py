"""Commands about whole stores: move, backup, backup-key, restore."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import click

from data.progress import bar
from data.store import open_store

if TYPE_CHECKING:
    from data.backups import Manifest

FINDINGS: Final = 4
"""The exit code where the store holds what another program wrote wrongly."""


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


class _Moment(click.ParamType[datetime]):
    """A moment as ISO 8601 writes it; without an offset it is that of the clock in Beijing."""

    name = "moment"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read it."""
        try:
            read = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is no moment such as 2026-05-03T09:30 or …T01:30Z", param, ctx)
        return read if read.tzinfo else read.replace(tzinfo=_BEIJING)


_BEIJING = ZoneInfo("Asia/Shanghai")
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
@click.option("--changes", is_flag=True, help="Only what changed since the newest whole backup.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def backup(
    folder: Path,
    store: str,
    key_file: Path | None,
    keep: int,
    changes: bool,  # noqa: FBT001 - a command's flag
    as_json: bool,  # noqa: FBT001 - the same
) -> None:
    """Back the store up into FOLDER while it is in use, and prove the backup row by row."""
    from data.backups import back_up, back_up_changes
    from data.sealing import read_key

    key = read_key(key_file) if key_file else None
    with open_store(store) as opened, bar("backup") as progress:
        made = (back_up_changes if changes else back_up)(
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
        _tell_faults(manifest)
        return
    rows = sum(one.rows for one in manifest.tables)
    size_bytes = manifest.changes_bytes if manifest.base else manifest.size_bytes
    click.echo(
        f"{made.path}: {size_bytes} bytes, {rows} rows proved,"
        f" journal entries {manifest.entries}, head {manifest.head}"
    )
    _tell_faults(manifest)


def _tell_faults(manifest: "Manifest") -> None:
    """Name the dates that are none; the state that holds them stands all the same."""
    for one in manifest.faults:
        click.echo(f"{one.en}\n    {one.zh}", err=True)
    if manifest.faults:
        click.get_current_context().exit(FINDINGS)


@click.command("backup-key")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def backup_key(path: Path) -> None:
    """Write a new key for sealed backups to PATH; whoever loses it loses the backups."""
    from data.sealing import make_key

    make_key(path)
    click.echo(f"{path}: a new key; keep a copy where the backups are not")


@click.command()
@click.argument("backup", type=click.Path(exists=True, path_type=Path))
@click.argument("target", required=False)
@click.option(
    "--until",
    type=_Moment(),
    help="BACKUP is a folder; take its newest state that is not after this moment.",
)
@_KEY_FILE
@click.option("--drill", "only_drill", is_flag=True, help="Restore, prove, and remove it again.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def restore(
    backup: Path,
    target: str | None,
    until: datetime | None,
    key_file: Path | None,
    only_drill: bool,  # noqa: FBT001 - a command's flag
    as_json: bool,  # noqa: FBT001 - the same
) -> None:
    """Restore BACKUP to TARGET, a new file or an empty database, and prove it row by row."""
    from data import backups
    from data.sealing import read_key

    if only_drill == (target is not None):
        raise click.UsageError("name a TARGET, or --drill")
    if backup.is_dir() != (until is not None):
        raise click.UsageError("name one backup, or a folder of backups with --until")
    if until is not None:
        backup = backups.newest_until(backup, until)
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
        _tell_faults(manifest)
        return
    rows = sum(one.rows for one in manifest.tables)
    where = target or "a place that has been removed again"
    click.echo(
        f"restored to {where} the state of {manifest.taken_at}: {rows} rows, journal entries"
        f" {manifest.entries}, head {manifest.head}"
    )
    _tell_faults(manifest)
