"""Loading one's own data: a file's rows checked one and all, then written as one transaction.

Nothing is kept of a file with a fault: rows are written as they are read, and the transaction is
taken back as soon as the last row has been checked and any fault was found.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.errors import Fault, FaultsFound
from data.formats import LOAD_LIMITS, Limits, Table, map_table, open_table
from data.store import Store
from data.transaction import Transaction

Record = Mapping[str, Any]
ReadRow = Callable[[Cells, ReferenceSystem, str | None], Record]
"""One row's cells, the store's system and the file's own → a record; faults go to the cells."""
WriteBatch = Callable[[Transaction, Sequence[Record]], None]

_BATCH = 10_000
_MOST_FAULTS = 1_000


@dataclass(frozen=True, slots=True)
class Loader:
    """How one kind of record is read and written."""

    record: str
    read: ReadRow
    write: WriteBatch
    unique: tuple[str, ...] = ()
    """Fields whose values together may stand in one row only."""


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
        crs: reference system, where the file names none.
    """

    overrides: Mapping[str, str] | None = None
    dry_run: bool = False
    layer: str | None = None
    crs: str | None = None
    limits: Limits = LOAD_LIMITS


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
        FaultsFound: rows are wrong; all faults (up to 1,000) are listed, nothing was written.
        StoreBusy: another program is writing.
    """
    with ExitStack() as stack:
        table = stack.enter_context(
            open_table(path, limits=options.limits, layer=options.layer, crs=options.crs)
        )
        reader = _Reader(store, loader, table, options, progress)
        if options.dry_run:
            for _ in reader.batches():
                pass
            reader.check()
            return Loaded(reader.rows, 0, reader.notes)
        reason = f"load {loader.record} from {path.name}"
        transaction = stack.enter_context(store.write(actor, reason))
        written = 0
        for batch in reader.batches():
            loader.write(transaction, batch)
            written += len(batch)
        reader.check()
    return Loaded(reader.rows, written, reader.notes)


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
        self.columns = map_table(loader.record, table, options.overrides)
        self.columns.check()
        self.notes = (*table.notes, *self.columns.notes)
        self.system = ReferenceSystem.parse(store.crs)
        self.faults: list[Fault] = []
        self.seen: dict[tuple[Any, ...], int] = {}
        self.rows = 0

    def batches(self) -> Iterator[list[Record]]:
        """Records in batches; none any more once a fault was found."""
        records = self._records()
        while batch := list(islice(records, _BATCH)):
            yield batch

    def _records(self) -> Iterator[Record]:
        for row in self.table.rows:
            self.rows += 1
            cells = Cells(row, self.columns)
            record = self.loader.read(cells, self.system, self.table.crs)
            self._check_unique(cells, record)
            if cells.faults and len(self.faults) < _MOST_FAULTS:
                self.faults.extend(cells.faults)
            if not self.faults:
                yield record
            if self.progress and self.rows % 1000 == 0:
                self.progress(self.rows)

    def _check_unique(self, cells: Cells, record: Record) -> None:
        if not self.loader.unique:
            return
        key = tuple(record.get(field) for field in self.loader.unique)
        first = self.seen.setdefault(key, cells.row.number)
        if first != cells.row.number:
            field = self.loader.unique[-1]
            cells.fault(
                "repeated", field, str(record.get(field)),
                f"与第 {first} 行重复；请删除其中一行", f"repeats row {first}; remove one of them",
            )  # fmt: skip

    def check(self) -> None:
        """Refuse the file where any row is wrong."""
        if self.faults:
            raise FaultsFound(self.faults[:_MOST_FAULTS])
