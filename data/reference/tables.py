"""Reading the code tables, and letting an operator put a better one in a table's place.

A folder named by the argument, or else by the environment variable `OVOO_REFERENCE`, is looked
into first: a file of the same name there stands in for the shipped one, whole. Tables are read
once for each folder and kept for the life of the process.
"""

import csv
import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, wraps
from pathlib import Path
from types import MappingProxyType
from typing import Final, Protocol, TypeVar

from data.errors import Fault, FaultsFound, InvalidFile, InvalidValue
from data.reference.schema import TABLES, Table

FOLDER_VARIABLE: Final = "OVOO_REFERENCE"
SHIPPED: Final = Path(__file__).parent
"""Where the program's own tables lie."""

Row = Mapping[str, str]

Read_co = TypeVar("Read_co", covariant=True)


class Reader(Protocol[Read_co]):
    """A function that gives typed rows, of the shipped tables or of a folder's."""

    def __call__(self, folder: Path | None = None) -> Read_co:
        """The rows."""


def kept(build: Callable[[Path | None], Read_co]) -> Reader[Read_co]:
    """Keep what a function builds from the tables, one for each folder."""
    cached = cache(build)

    @wraps(build)
    def read(folder: Path | None = None) -> Read_co:
        return cached(table_folder(folder))

    return read


def load_table(name: str, folder: Path | None = None) -> tuple[Row, ...]:
    """The rows of a code table, each a read-only mapping from column to text.

    Args:
        name: the table's name, one of `schema.TABLES`.
        folder: where an operator's tables lie; without it, what `OVOO_REFERENCE` names.

    Raises:
        InvalidValue: there is no table of that name.
        InvalidFile: the file is not UTF-8 CSV with the table's columns.
        FaultsFound: rows break the table's rules; every row and column is named.

    >>> load_table("marker_faces")[0]["zh"]
    '双面型'
    """
    return _load(name, table_folder(folder))


def table_folder(folder: Path | None = None) -> Path | None:
    """The folder of an operator's own tables: the argument, or `OVOO_REFERENCE`, or none."""
    named = os.environ.get(FOLDER_VARIABLE, "")
    return folder or (Path(named) if named else None)


def is_replaced(name: str, folder: Path | None = None) -> bool:
    """Whether an operator's own table stands in for the shipped one."""
    own = table_folder(folder)
    return own is not None and (own / f"{name}.csv").exists()


@cache
def _load(name: str, folder: Path | None) -> tuple[Row, ...]:
    table = TABLES.get(name)
    if table is None:
        way_out = "use one of " + ", ".join(sorted(TABLES))
        raise InvalidValue("table", name, "no such code table", way_out, f"没有代码表 {name}")
    path = _path_of(name, folder)
    rows = _read(path, table)
    faults = [
        *_cell_faults(rows, table),
        *_repeated_keys(rows, table),
        *_missing_parents(rows, table),
    ]
    if faults:
        raise FaultsFound(sorted(faults, key=lambda fault: fault.row or 0))
    return tuple(MappingProxyType(row) for row in rows)


def _path_of(name: str, folder: Path | None) -> Path:
    if folder is not None:
        if not folder.is_dir():
            raise InvalidFile(
                f"{folder}: no such folder of code tables; correct {FOLDER_VARIABLE} or unset it",
                f"没有代码表目录 {folder}；请更正或取消 {FOLDER_VARIABLE}",
            )
        own = folder / f"{name}.csv"
        if own.exists():
            return own
    return SHIPPED / f"{name}.csv"


def _read(path: Path, table: Table) -> list[dict[str, str]]:
    """The rows with every column of the table; extra columns are kept, missing ones refused."""
    try:
        # A byte order mark is what spreadsheets write in front of UTF-8.
        text = path.read_bytes().decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        header, *cells = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as cause:
        raise InvalidFile(
            f"{path}: not a code table ({cause}); save it as UTF-8 CSV with a header row",
            f"{path} 不是有效的代码表（{cause}）；请另存为带表头的 UTF-8 CSV",
        ) from cause
    missing = [column.name for column in table.columns if column.name not in header]
    if missing:
        raise InvalidFile(
            f"{path}: column {', '.join(missing)} is missing; take the shipped table as a pattern",
            f"{path} 缺少列：{'、'.join(missing)}；请参照自带的代码表",
        )
    width = len(header)
    return [dict(zip(header, (row + [""] * width)[:width], strict=True)) for row in cells if row]


def _cell_faults(rows: list[dict[str, str]], table: Table) -> Iterator[Fault]:
    for number, row in enumerate(rows, start=2):
        for column in table.columns:
            value = row[column.name]
            if not re.fullmatch(column.pattern, value):
                en, zh = column.rule
                yield Fault("reference-cell", number, column.name, value, zh, en)


def _repeated_keys(rows: list[dict[str, str]], table: Table) -> Iterator[Fault]:
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows, start=2):
        key = tuple(row[name] for name in table.key)
        first = seen.setdefault(key, number)
        if first != number:
            shown = ", ".join(key)
            zh, en = f"与第 {first} 行重复", f"{shown} stands already in row {first}"
            yield Fault("reference-repeated", number, table.key[0], shown, zh, en)


def _missing_parents(rows: list[dict[str, str]], table: Table) -> Iterator[Fault]:
    if not table.parent:
        return
    known = {row[table.key[0]] for row in rows} | {""}
    for number, row in enumerate(rows, start=2):
        value = row[table.parent]
        if value not in known:
            zh, en = f"表中没有 {value}", f"no row has the code {value}"
            yield Fault("reference-parent", number, table.parent, value, zh, en)
