"""`ovoo export COLLECTION FILE`: a collection, or a part of it, as a file."""

from collections.abc import Callable
from pathlib import Path

import click

from data.asking import Interval, ItemsQuery
from data.collection import Collection
from data.commands import store_option
from data.errors import InvalidValue, NotFound
from data.formats.writing import FORMATS, format_of
from data.geometry import Box
from data.mapping import read_mapping
from data.progress import bar
from data.rendering import collections
from data.store import open_store
from gazetteer.exchange.exporting import Export, choose, profiles_of, write_file
from gazetteer.exchange.mapped import mapped_profile, record_of

_FILE = click.Path(dir_okay=False, path_type=Path)
_MAPPING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@store_option
@click.argument("collection")
@click.argument("file", type=_FILE)
@click.option("--format", "format_name", type=click.Choice(list(FORMATS)), help="Else by FILE.")
@click.option("--profile", help="In whose fields: see docs/exchange.md.")
@click.option("--mapping", type=_MAPPING, help="A mapping file: your own field names and codes.")
@click.option("--bbox", help="minlon,minlat,maxlon,maxlat.")
@click.option("--within", help="Code or name of a division.")
@click.option("--where", multiple=True, metavar="PROP=VALUE", help="A property's value.")
@click.option(
    "--datetime", "when", help="Valid at: 2024-05-03, 2020-01-01/2024-12-31, ../2024-12-31."
)
@click.option("--crs", help="Reference system, as EPSG:4547; else the store's.")
@click.option("--root", default="http://localhost:8000/", show_default=True, help="For addresses.")
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
@click.pass_obj
def export(
    join_floors: Callable[[], None],
    store: str,
    collection: str,
    file: Path,
    format_name: str | None,
    profile: str | None,
    mapping: Path | None,
    bbox: str | None,
    within: str | None,
    where: tuple[str, ...],
    when: str | None,
    crs: str | None,
    root: str,
    overwrite: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Write a COLLECTION, or a part of it, to FILE; the file's ending names the format."""
    found = _collection(collection, join_floors)
    _check_file(file, overwrite=overwrite)
    format_, shape = choose(found, format_name or _format_by(file, found, profile), profile)
    if mapping is not None:
        if shape is not None:
            raise InvalidValue(
                "mapping", mapping.name, "a profile has fields of its own", "give one of the two",
                "交换格式与对照表只能选用其一",
            )  # fmt: skip
        shape = mapped_profile(found, read_mapping(mapping, record_of(found)))
    asked = Export(
        found,
        format_,
        ItemsQuery(
            box=Box.parse(bbox) if bbox else None,
            when=Interval.parse(when) if when else None,
            filters=dict(_filter(found, text) for text in where),
        ),
        within,
        crs,
        shape,
        root,
        whole=True,
    )
    with open_store(store) as opened, bar(f"{collection} → {file.name}") as progress:
        count = write_file(opened, asked, file, progress)
    click.echo(f"{count} records of {collection} written to {file} as {format_.en}")


def _collection(name: str, join_floors: Callable[[], None]) -> Collection:
    known = {one.id: one for one in collections()}
    if name not in known:  # lines and markers are those of the floor above
        join_floors()
        known = {one.id: one for one in collections()}
    if name in known:
        return known[name]
    listed = ", ".join(known)
    raise NotFound(
        f"there is no collection {name}; there are {listed}",
        f"没有集合“{name}”；可用集合：{listed}",
    )


def _format_by(file: Path, collection: Collection, profile: str | None) -> str | None:
    """The format that a file's name ends as; None where a profile is not written in it."""
    known = format_of(file)
    shape = next((one for one in profiles_of(collection) if one.name == profile), None)
    if known is None or (shape and known.name not in shape.formats):
        return None
    return known.name


def _check_file(file: Path, *, overwrite: bool) -> None:
    if file.exists() and not overwrite:
        raise InvalidValue(
            "file", str(file), "it is there already", "choose another name, or add --overwrite",
            f"文件 {file} 已存在；请换一个文件名，或加 --overwrite",
        )  # fmt: skip
    if not file.parent.is_dir():
        raise InvalidValue(
            "file", str(file), "there is no such folder", "make it first",
            f"文件夹 {file.parent} 不存在；请先新建",
        )  # fmt: skip


def _filter(collection: Collection, text: str) -> tuple[str, object]:
    name, equals, value = text.partition("=")
    if not equals or name not in collection.filterable:
        listed = ", ".join(collection.filterable)
        raise InvalidValue(
            "where", text, f"it has the shape PROP=VALUE, where PROP is one of {listed}",
            "write it so, as in --where level=county",
            f"“{text}”应写成“属性=值”，属性为 {listed} 之一",
        )  # fmt: skip
    return name, collection.filterable[name].parse(value)
