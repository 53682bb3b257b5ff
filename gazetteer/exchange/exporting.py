"""An export from the question to the bytes; the same for the service and for the command line."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from data import deadlines
from data.asking import ItemsQuery
from data.collection import Collection
from data.errors import InvalidValue
from data.export import (
    Profile,
    ProfileContext,
    layer_of,
    moved,
    read_batches,
    selected,
    wanted_system,
)
from data.formats.writing import FORMATS, Batch, Batches, Format, Layer, Record, RenderedBatch
from data.progress import Report
from data.store import Store
from gazetteer.exchange.within import Within


@dataclass(frozen=True, slots=True)
class Export:
    """What shall leave, and how.

    Attributes:
        collection: of which features.
        format: in which format.
        query: box, time and filters.
        within: code or name of a division that contains them; None for no such filter.
        crs: in which reference system; None for the store's, or the format's own.
        profile: in whose fields; None for the collection's own.
        root: the service's own address, for the addresses of records.
        today: the day of the export.
        whole: whether also what is not open to everybody shall leave.
    """

    collection: Collection
    format: Format
    query: ItemsQuery
    within: str | None = None
    crs: str | None = None
    profile: Profile | None = None
    root: str = ""
    today: date = field(default_factory=deadlines.today)
    whole: bool = False

    @property
    def _usual(self) -> Profile | None:
        """The profile, where it is written in its usual format."""
        found = self.profile
        return found if found and found.formats[0] == self.format.name else None

    @property
    def file_name(self) -> str:
        """What a file of it is called."""
        shape = f"-{self.profile.name}" if self.profile else ""
        suffix = self._usual.suffix if self._usual else ""
        return f"{self.collection.id}{shape}{suffix or self.format.suffix}"

    @property
    def media_type(self) -> str:
        """The media type of its bytes."""
        return (self._usual.media_type if self._usual else "") or self.format.media_type

    @property
    def context(self) -> ProfileContext:
        """What its profile is told."""
        return ProfileContext(self.format, self.root, self.today, self.whole)


def formats_of(collection: Collection, profile: Profile | None = None) -> list[Format]:
    """The formats that can hold a collection, or are written in a profile of it."""
    if profile:
        return [FORMATS[name] for name in profile.formats]
    kind = collection.table.info["kind"]
    return [one for one in FORMATS.values() if kind in one.kinds]


def profiles_of(collection: Collection) -> list[Profile]:
    """The profiles of a collection."""
    return [*collection.table.info.get("profiles", {}).values()]


def choose(
    collection: Collection, format_name: str | None, profile_name: str | None
) -> tuple[Format, Profile | None]:
    """The format and profile of these names; a profile alone is written in its usual format.

    Raises:
        InvalidValue: the collection has no such profile, or is not written so.
    """
    profile = _profile(collection, profile_name) if profile_name else None
    known = {one.name: one for one in formats_of(collection, profile)}
    name = format_name or (profile.formats[0] if profile else "")
    if name not in known:
        listed = ", ".join(known)
        raise InvalidValue(
            "format", name, f"{profile.en if profile else collection.en} is written as {listed}",
            "give one of these",
            f"“{profile.zh if profile else collection.zh}”可导出为 {listed}；请填写其中之一",
        )  # fmt: skip
    return known[name], profile


def _profile(collection: Collection, name: str) -> Profile:
    known = {one.name: one for one in profiles_of(collection)}
    if name in known:
        return known[name]
    listed = ", ".join(known) or "none"
    raise InvalidValue(
        "profile", name, f"{collection.id} has these profiles: {listed}", "give one, or none",
        f"集合“{collection.zh}”的交换格式有：{listed}；请填写其中之一或留空",
    )  # fmt: skip


def pieces(store: Store, export: Export) -> Generator[bytes]:
    """The bytes of an export, on one state of the store; close it when not read to its end."""
    with store.read_long() as connection:
        layer, batches = _shaped(connection, store.crs, export)
        yield from export.format.stream(layer, batches)


def page_bytes(
    connection: Connection, crs: str, export: Export, features: Sequence[bytes]
) -> bytes:
    """One page of features in a streamed format; `crs` is the store's."""
    layer = layer_of(connection, export.collection, crs)
    batches: Batches = [RenderedBatch(layer, features)]
    if export.profile:
        layer, batches = export.profile.shape(connection, layer, batches, export.context)
    return b"".join(export.format.stream(layer, batches))


def write_file(store: Store, export: Export, path: Path, progress: Report) -> int:
    """Write an export as a file; how many records it has.

    Args:
        store: from where.
        export: what.
        path: the file; there is a whole one or none.
        progress: told the number of records so far.
    """
    count = 0

    def counted(batches: Batches) -> Iterator[Batch]:
        nonlocal count
        for batch in batches:
            yield batch
            count += len(batch)
            progress(export.file_name, count, 0)

    with store.read_long() as connection:
        layer, batches = _shaped(connection, store.crs, export)
        export.format.write(layer, counted(batches), path)
    return count


def _shaped(connection: Connection, crs: str, export: Export) -> tuple[Layer, Batches]:
    layer, batches = _chosen(connection, crs, export)
    if export.profile:
        layer, batches = export.profile.shape(connection, layer, batches, export.context)
    if export.crs is not None and (layer.kind is None or layer.members):
        raise InvalidValue(
            "crs", export.crs, "this profile gives longitude and latitude", "leave it out",
            "此交换格式只提供经纬度；请不要指定坐标系",
        )  # fmt: skip
    system = wanted_system(connection, export.collection, layer, export.format, export.crs)
    return moved(layer, batches, system)


def _chosen(connection: Connection, crs: str, export: Export) -> tuple[Layer, Batches]:
    layer = layer_of(connection, export.collection, crs)
    if export.within is None:
        return layer, read_batches(connection, export.collection, layer, export.query)
    area = Within.named(connection, export.within)

    def keep(records: Sequence[Record]) -> list[bool]:
        return area.keep(layer, records)

    query = export.query
    if not area.goes_by_code(layer):
        area.need_polygon()
        query = replace(query, box=query.box or area.box)
    batches = read_batches(connection, export.collection, layer, query)
    return layer, selected(layer, batches, keep)
