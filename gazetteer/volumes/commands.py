"""`ovoo book list`, `ovoo book volume`, `ovoo atlas`."""

from pathlib import Path

import click

from data.commands import store_option
from data.errors import InvalidValue
from data.progress import bar
from data.store import open_store
from gazetteer.volumes.making import ATLAS_FORMATS, atlas_sheet, name_list, name_volume
from gazetteer.volumes.maps import Notice

_OUT = click.Path(dir_okay=False, path_type=Path)


_official = click.option(
    "--official",
    default="",
    metavar="DRAWING",
    help="The official drawing (详图) that the lines follow; without it the map says that it is no"
    " reference.",
)
_review_number = click.option(
    "--review-number",
    envvar="OVOO_MAP_REVIEW_NUMBER",
    default="",
    metavar="审图号",
    help="The number of the map's review, printed under it.",
)


@click.group()
def book() -> None:
    """Compile books and lists of names from the register."""


def _kind(file: Path, allowed: tuple[str, ...]) -> str:
    kind = file.suffix.lower().lstrip(".")
    if kind not in allowed:
        listed = ", ".join(f".{one}" for one in allowed)
        raise InvalidValue(
            "FILE", file.name, f"its name ends in {listed}", "give such a name",
            f"文件名应以 {listed} 结尾",
        )  # fmt: skip
    return kind


@book.command("list")
@store_option
@click.argument("division")
@click.argument("file", type=_OUT)
def book_list(store: str, division: str, file: Path) -> None:
    """Write the standard names of DIVISION (code or name) to FILE (.xlsx or .docx)."""
    kind = _kind(file, ("xlsx", "docx"))
    with open_store(store) as opened, bar(f"list {division}"):
        file.write_bytes(name_list(opened, division, kind))
    click.echo(f"{file}")


@book.command("volume")
@store_option
@click.argument("division")
@click.argument("file", type=_OUT)
@_official
@_review_number
def book_volume(store: str, division: str, file: Path, official: str, review_number: str) -> None:
    """Write the book of names (地名志) of DIVISION to FILE (.docx)."""
    _kind(file, ("docx",))
    with open_store(store) as opened, bar(f"volume {division}") as progress:
        notice = Notice(official, review_number)
        file.write_bytes(name_volume(opened, division, progress, notice))
    click.echo(f"{file}")


@click.command()
@store_option
@click.argument("division")
@click.argument("file", type=_OUT)
@_official
@_review_number
def atlas(store: str, division: str, file: Path, official: str, review_number: str) -> None:
    """Draw the atlas sheet of DIVISION to FILE (.pdf, .svg or .png)."""
    kind = _kind(file, ATLAS_FORMATS)
    with open_store(store) as opened, bar(f"atlas {division}"):
        file.write_bytes(atlas_sheet(opened, division, kind, Notice(official, review_number)))
    click.echo(f"{file}")
