"""The options of commands that answer a table: which columns, where to write."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

TABLE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OPTIONS = (
    click.option(
        "--out",
        type=click.Path(dir_okay=False, path_type=Path),
        help="The table to write, .csv or .xlsx; by default beside the one that was read.",
    ),
    click.option("--map", "maps", multiple=True, metavar="COLUMN=FIELD", help="Name a column."),
    click.option("--layer", help="Sheet or layer, where the file has several."),
    click.option("--crs", help="Reference system, where the file names none."),
    click.option("--replace", is_flag=True, help="Replace the written table if it is there."),
)


def table_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options `--out`, `--map`, `--layer`, `--crs`, `--replace`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def written_beside(table: Path, word: str) -> Path:
    """The name of the answered table where none is given.

    >>> written_beside(Path("points.xlsx"), "placed").name
    'points-placed.xlsx'
    """
    kept = table.suffix.lower() if table.suffix.lower() in {".csv", ".xlsx"} else ".csv"
    return table.with_name(f"{table.stem}-{word}{kept}")
