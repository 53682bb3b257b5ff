"""Loading one's own data: a file's rows checked one and all, then kept as one transaction.

Nothing is kept of a file with a fault: rows are written as they are read, and the transaction is
taken back once the last row has been checked, if any fault was found.
"""

import gc
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, select
from sqlalchemy import Table as StoreTable

from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.errors import Fault, FaultsFound, InvalidValue
from data.formats import LOAD_LIMITS, Limits, Table, map_table, open_table
from data.load_checks import MOST_FAULTS, FaultList, RepeatedRows, UniqueKeys
from data.mapping import FieldMapping
from data.store import Store
from data.tables import store_meta
from data.transaction import Transaction

Record = Mapping[str, Any]
ReadRow = Callable[[Cells, ReferenceSystem, str | None], Record]
"""One row's cells, the store's system and the file's own → a record; faults go to the cells."""

_BATCH = 5_000
_PROGRESS_EVERY = 1_000
_COLLECT_AFTER = 100_000


class Writer(Protocol):
    """Writes one file's records, batch by batch, in one transaction."""

    def write(self, records: Sequence[Record]) -> None:
        """Write the next records."""

    def notes(self) -> Sequence[Fault]:
        """What is worth knowing when all have been written."""


@dataclass(frozen=True, slots=True)
class Loader:
    """How one kind of record is read and written.

    Attributes:
        record: its name, as `data/reference/fields.csv` has it.
        table: the register it goes to.
        read: makes a record of a row.
        begin: makes the writer for a transaction.
        unique: groups of columns of `table` whose values may together stand in one row only, of
            the file and of the register; a group whose last value is blank is passed over.
    """

    record: str
    table: StoreTable
    read: ReadRow
    begin: Callable[[Transaction], Writer]
    unique: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did: rows read and written, and what is worth knowing."""

    rows: int
    written: int
    notes: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class LoadOptions:
    """How to load.

    Attributes:
        overrides: fields by the file's own column names, above the known spellings.
        dry_run: check everything, write nothing.
        layer: sheet or layer, where the file has several.
        crs: reference system, where the file names none or can name none.
        again: load also a file that was loaded before.
        limits: on size, rows, memory and time.
        mapping: an office's own field names and codes, below `overrides`.
    """

    overrides: Mapping[str, str] | None = None
    dry_run: bool = False
    layer: str | None = None
    crs: str | None = None
    again: bool = False
    limits: Limits = LOAD_LIMITS
    mapping: FieldMapping | None = None


def load_file(
    store: Store,
    loader: Loader,
    path: Path,
    actor: str,
    options: LoadOptions,
    progress: Callable[[int], None] | None = None,
) -> Loaded:
    """Load a file into a store.

    Args:
        store: where to.
        loader: which kind of record.
        path: the file.
        actor: in whose name.
        options: how.
        progress: told the number of rows read so far.

    Raises:
        InvalidFile: the file cannot be read.
        InvalidValue: the file was loaded before, or an option is wrong.
        FaultsFound: rows are wrong; all faults (up to 1,000) are listed, nothing was written.
        StoreBusy: another program is writing.
    """
    _check_systems(store, options)
    with ExitStack() as stack:
        stack.enter_context(_rare_collections())
        table = stack.enter_context(
            open_table(path, limits=options.limits, layer=options.layer, crs=options.crs)
        )
        reader = _Reader(store, loader, table, options, progress)
        if options.dry_run:
            connection = stack.enter_context(store.read())
            for _ in reader.batches(connection):
                pass
            return Loaded(reader.rows, 0, reader.notes())
        reason = f"load {loader.record} from {path.name}"
        transaction = stack.enter_context(store.write(actor, reason))
        _remember(transaction, loader.record, path, again=options.again)
        writer = loader.begin(transaction)
        written = 0
        for batch in reader.batches(transaction.connection):
            writer.write(batch)
            written += len(batch)
        notes = (*reader.notes(), *writer.notes())
    return Loaded(reader.rows, written, notes)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Let Python look for cycles less often: a load makes millions of objects, and none."""
    before = gc.get_threshold()
    gc.set_threshold(_COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _check_systems(store: Store, options: LoadOptions) -> None:
    if options.crs:
        ReferenceSystem.parse(options.crs)
    if ReferenceSystem.parse(store.crs).is_plane:
        raise InvalidValue(
            "store", store.crs, "positions are loaded into a store that keeps degrees",
            "make one with: ovoo init --crs EPSG:4490",
            f"本库坐标系 {store.crs} 为平面坐标；请先用 ovoo init --crs EPSG:4490 新建经纬度库",
        )  # fmt: skip


def _remember(transaction: Transaction, record: str, path: Path, *, again: bool) -> None:
    """Note that these bytes were loaded; loading them twice would double every record."""
    with path.open("rb") as file:
        key = f"loaded:{record}:{hashlib.file_digest(file, 'sha256').hexdigest()}"
    connection = transaction.connection
    known = connection.scalar(select(store_meta.c.value).where(store_meta.c.key == key))
    if known is None:
        connection.execute(store_meta.insert().values(key=key, value=transaction.at))
    elif not again:
        raise InvalidValue(
            "file", path.name, f"the same bytes were loaded at {known}",
            "nothing is left to do; to load its records a second time, add --again",
            f"文件“{path.name}”已于 {known} 导入，内容完全相同；如确需再次导入，请加 --again",
        )  # fmt: skip


class _Reader:
    """Reads a table's rows into records until the first fault, and checks them all."""

    def __init__(
        self,
        store: Store,
        loader: Loader,
        table: Table,
        options: LoadOptions,
        progress: Callable[[int], None] | None,
    ) -> None:
        self.loader, self.table, self.progress = loader, table, progress
        self._mapping = options.mapping
        mapped = self._mapping.overrides(table.columns) if self._mapping else {}
        overrides = {**mapped, **(options.overrides or {})}
        self.columns = map_table(loader.record, table, overrides)
        self.columns.check()
        self.crs = options.crs
        self.system = ReferenceSystem.parse(store.crs)
        self.faults = FaultList()
        self.rows = 0
        self._repeated = RepeatedRows()
        self._said: dict[Fault, None] = {}

    def batches(self, connection: Connection) -> Iterator[list[Record]]:
        """Records in batches; none any more once a fault was found.

        Raises:
            FaultsFound: after the last row, where any row is wrong.
        """
        keys = [UniqueKeys.of(connection, self.loader.table, group) for group in self.loader.unique]
        records = self._records(keys)
        while batch := list(islice(records, _BATCH)):
            yield batch
        if self.faults:
            raise FaultsFound(self.faults.listed())

    def notes(self) -> tuple[Fault, ...]:
        """What is worth knowing of the file and its columns."""
        return (*self.table.notes, *self.columns.notes, *self._said, *self._repeated.notes())

    def _records(self, keys: Sequence[UniqueKeys]) -> Iterator[Record]:
        read, system, crs = self.loader.read, self.system, self.table.crs
        for row in self.table.rows:
            self.rows += 1
            cells = Cells(row, self.columns, self.crs)
            if self._mapping:
                cells.cells = self._mapping.inward(cells.cells)
            record = read(cells, system, crs)
            for group in keys:
                group.check(cells, record)
            self._repeated.see(row)
            if cells.notes:
                self._said.update(dict.fromkeys(cells.notes))
            if cells.faults:
                self.faults.add(cells.faults)
                if len(self.faults) >= MOST_FAULTS:
                    return
            if not self.faults:
                yield record
            if self.progress and self.rows % _PROGRESS_EVERY == 0:
                self.progress(self.rows)
