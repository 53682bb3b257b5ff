"""The tables of the ground floor, and the column kinds that every floor's tables use.

Each table has `id` (never reused) and `version` (1 on insert, one more with each update).
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from data.days import Day
from data.geometry import POINT, Geometry
from data.releases import Free, release

metadata = MetaData()
"""Every table of the program; the upper floors add theirs on import."""

ID = BigInteger().with_variant(Integer, "sqlite")


def record_table(name: str, *columns: Column[Any] | Index, kind: str | None = None) -> Table:
    """A table of records; with `kind` it is a layer with a geometry column `geom`."""
    geometry = [Column("geom", Geometry(kind))] if kind else []
    return Table(
        name,
        metadata,
        Column("id", ID, primary_key=True, autoincrement=True),
        *geometry,
        *columns,
        Column("version", Integer, nullable=False, server_default="1"),
        sqlite_autoincrement=True,
        info={"layer": kind is not None, "kind": kind},
    )


def text_column(name: str, *, required: bool = False, index: bool = False) -> Column[str]:
    """A column of NFC text, compared byte by byte in either kind of store (`data.text_order`)."""
    return Column(name, Text, nullable=not required, index=index)


def flag_column(name: str, *, index: bool = False) -> Column[bool]:
    """A yes/no column, no by default."""
    return Column(name, Boolean, nullable=False, server_default="0", index=index)


def date_column(name: str) -> Column[Any]:
    """A calendar date without a time."""
    return Column(name, Day)


FILE_ONLY = {"file_only": True}
"""Of an index that only a GeoPackage has: it holds whole texts, for which PostgreSQL's have no
room."""


def rendered_table(layer: Table, chosen: tuple[str, ...] = (), *, walked: bool = False) -> Table:
    """Beside each layer: its records as the GeoJSON that readers get.

    `chosen` are columns by which points in a box are often chosen: they stand beside the key, in an
    index for every combination, so that a map of few records reads no others. In a file, those of
    which a chosen flag holds have their texts in such an index too, and with `walked` all have them
    in the order of their ids: a page of them is read side by side, not from a place of the file for
    each.

    Points stand in the order of the Hilbert curve (`key`: see `data.points`), so that those of a
    box are read side by side. What another program has written waits in `<layer>_unrendered` and
    is rendered as it is read; triggers see to both. What tiles show of points stands in a narrow
    table of its own, `<layer>_tiled`, under the same keys (see `data.tiles.points`).
    """
    waiting = Table(
        f"{layer.name}_unrendered",
        metadata,
        Column("id", ID, primary_key=True, autoincrement=False),
    )
    release(waiting, Free())  # ids alone, always read beside their records
    layer.info["chosen"], layer.info["walked"] = chosen, walked
    if layer.info["kind"] == POINT:
        beside = {"layer_of": layer, "beside": "tiled"}
        Table(f"{layer.name}_tiled", metadata, *tiled_columns(), info=beside)
    return Table(
        f"{layer.name}_rendered",
        metadata,
        *rendered_columns(layer, layer.name),
        info={"layer_of": layer},
    )


def rendered_columns(layer: Table, name: str) -> list[Column[Any] | Index]:
    """The columns of a table of rendered texts, of a layer or of its copy `name`."""
    json = Column("json", LargeBinary, nullable=False)
    if layer.info["kind"] != POINT:
        return [Column("id", ID, primary_key=True, autoincrement=False), json]
    return [
        Column("key", ID, primary_key=True, autoincrement=False),
        Column("id", ID, nullable=False),
        Column("x", Double),
        Column("y", Double),
        json,
        *(Column(one, layer.c[one].type) for one in chosen_columns(layer)),
        Index(f"ix_{name}_rendered_id", "id", unique=True),
        *(
            Index(f"ix_{name}_rendered_{'_'.join(some)}", *some, "key", "x", "y")
            for some in combinations_of(chosen_columns(layer))
        ),
        *_with_texts(layer, name),
    ]


def _with_texts(layer: Table, name: str) -> list[Index]:
    """The indexes of a file that hold the texts of points as well."""
    chosen = chosen_columns(layer)
    held = [
        Index(
            f"ix_{name}_rendered_{flag}_texts",
            *chosen,
            "key",
            "x",
            "y",
            "json",
            sqlite_where=text(f"{flag} = 1"),
            info=FILE_ONLY,
        )
        for flag in chosen
        if isinstance(layer.c[flag].type, Boolean)
    ]
    if layer.info["walked"]:
        held.append(Index(f"ix_{name}_rendered_texts", "id", "json", info=FILE_ONLY))
    return held


def chosen_columns(layer: Table) -> tuple[str, ...]:
    """The columns by which the points of a layer are often chosen."""
    chosen: tuple[str, ...] = layer.info["chosen"]
    return chosen


def combinations_of(columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Every choice of some of the columns, in their order.

    >>> combinations_of(("a", "b"))
    [('a',), ('b',), ('a', 'b')]
    """
    sizes = range(1, len(columns) + 1)
    return [some for size in sizes for some in combinations(columns, size)]


def tiled_columns() -> list[Column[Any]]:
    """The columns of a table of what tiles show of points."""
    return [
        Column("key", ID, primary_key=True, autoincrement=False),
        Column("id", ID, nullable=False),
        Column("x", Double, nullable=False),
        Column("y", Double, nullable=False),
        Column("since", Text),
        Column("until", Text),
        Column("place_in_line", ID, nullable=False),
        Column("properties", LargeBinary, nullable=False),
    ]


layer_change = Table(
    "layer_change",
    metadata,
    Column("layer", Text, primary_key=True),
    Column("mark", ID, primary_key=True, autoincrement=False),
)
"""What changes whenever a layer's records do, whoever changes them; see `data.layer_marks`."""


def find_table(name: str) -> Table:
    """A table of the program by its name."""
    return metadata.tables[name]


store_meta = Table(
    "store_meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""Facts about the store itself: its reference system, the head of the journal."""

journal = Table(
    "journal",
    metadata,
    Column("sequence", ID, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("row_id", ID, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("ix_journal_row", "table_name", "row_id"),
)
"""Who did what, when, why, before and after; append-only, each entry hashed over the one before."""

stored_file = Table(
    "stored_file",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
    Column("size_bytes", ID, nullable=False),
)
"""Files as they were received, untouched, under their hash."""

record_release = record_table(
    "record_release",
    text_column("table_name", required=True),
    Column("row_id", ID, nullable=False),
    text_column("level", required=True),
    text_column("reason"),
    Index("ix_record_release_row", "table_name", "row_id", unique=True),
)
"""公开级别: single records whose level is another than that of their table."""

release_rule = record_table(
    "release_rule",
    Column("table_name", Text, nullable=False, unique=True),
    text_column("level", required=True),
    text_column("position", required=True),
    Column("grid_deg", Double),
)
"""How the records of a table are released where the office has set it otherwise than
`release_levels.csv`."""

# A reader of a journal sees what `data.sight_views` lets through; bytes are asked for by a hash
# that only a record that is seen tells.
for _free in (store_meta, stored_file, release_rule, layer_change):
    release(_free, Free())
