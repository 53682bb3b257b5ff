"""`ovoo load RECORD FILE`: one command for each kind of record."""

from collections.abc import Callable
from pathlib import Path

import click

from data.formats import parse_overrides
from data.loading import Loader, LoadOptions, load_file
from data.mapping import read_mapping
from data.progress import bar
from data.store import open_store

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def load_command(
    record: str,
    make_loader: Callable[[], Loader],
    title: str,
) -> click.Command:
    """The command that loads one kind of record.

    Args:
        record: its name on the command line.
        make_loader: makes the loader when the command runs.
        title: what it loads, in words.
    """

    @click.command(record, help=f"Load {title} from FILE (CSV, XLSX, GeoJSON, GeoPackage, zip).")
    @click.argument("file", type=_FILE)
    @click.option("--store", envvar="OVOO_STORE", default="var/ovoo.gpkg", show_default=True)
    @click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="Name a column.")
    @click.option("--mapping", type=_FILE, help="A mapping file: your own field names and codes.")
    @click.option("--layer", help="Sheet or layer, where the file has several.")
    @click.option("--crs", help="Reference system, where the file names none.")
    @click.option("--dry-run", is_flag=True, help="Check everything, write nothing.")
    @click.option("--again", is_flag=True, help="Load also a file that was loaded before.")
    @click.option("--actor", envvar="OVOO_ACTOR", default="command line", help="In whose name.")
    def command(
        file: Path,
        store: str,
        maps: tuple[str, ...],
        mapping: Path | None,
        layer: str | None,
        crs: str | None,
        dry_run: bool,  # noqa: FBT001 - a command's flag
        again: bool,  # noqa: FBT001 - the same
        actor: str,
    ) -> None:
        overrides = parse_overrides(maps)
        known = read_mapping(mapping, record) if mapping else None
        options = LoadOptions(overrides, dry_run, layer, crs, again, mapping=known)
        with open_store(store) as opened, bar(f"{record} {file.name}") as progress:
            loaded = load_file(
                opened,
                make_loader(),
                file,
                actor,
                options,
                lambda rows: progress(f"{record} {file.name}", rows, 0),
            )
        for note in loaded.notes:
            click.echo(note.sentence(), err=True)
            click.echo(f"    {note.sentence('zh')}", err=True)
        done = f"{loaded.rows} rows checked" if dry_run else f"{loaded.written} rows loaded"
        click.echo(f"{done} from {file.name}")

    return command
