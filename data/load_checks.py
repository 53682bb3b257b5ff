"""What a load watches over all rows: faults, keys that stand twice, rows that repeat others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, Table, select

from data.cells import Cells
from data.errors import Fault
from data.formats import Row

MOST_FAULTS = 1_000
_SHOWN_ROWS = 5
_MOST_REMEMBERED = 1_000_000
"""Rows that are remembered to be told apart from later ones, so that memory stays bounded."""
_OF_THE_FILE = frozenset({"not-comparable"})
"""Faults that a file's every row has when one has; told of the first row, with a count."""


class FaultList:
    """The faults of a file, `MOST_FAULTS` at most."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._repeats: dict[tuple[str, str | None, str], list[int]] = {}

    def __len__(self) -> int:
        return len(self._faults)

    def add(self, faults: Sequence[Fault]) -> None:
        """Add the faults of one row."""
        for fault in faults:
            if fault.code in _OF_THE_FILE:
                where = self._repeats.setdefault((fault.code, fault.column, fault.en), [])
                where.append(len(self._faults))
                if len(where) > 1:
                    continue
            self._faults.append(fault)

    def listed(self) -> list[Fault]:
        """Every fault; the last one says so where reading stopped at the limit."""
        found = list(self._faults)
        for first, *more in self._repeats.values():
            if more:
                fault = found[first]
                found[first] = replace(
                    fault,
                    zh=f"{fault.zh}（另有 {len(more)} 行相同）",
                    en=f"{fault.en} (and the same in {len(more)} more rows)",
                )
        if len(found) >= MOST_FAULTS:
            found = found[:MOST_FAULTS]
            found.append(
                Fault(
                    "more-faults", None, None, "",
                    f"已列出 {MOST_FAULTS} 处错误，未再继续检查；请先更正以上各处",
                    f"reading stopped after {MOST_FAULTS} faults; correct these first",
                )
            )  # fmt: skip
        return found


@dataclass(slots=True)
class UniqueKeys:
    """A group of columns whose values may together stand once, in the file and the register.

    Attributes:
        columns: the columns.
        known: keys of the register's records in force.
        seen: the row of the file that has each key.
    """

    columns: tuple[str, ...]
    known: frozenset[tuple[Any, ...]]
    seen: dict[tuple[Any, ...], int] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: Connection, table: Table, columns: tuple[str, ...]) -> "UniqueKeys":
        """The keys of a register; a record that has ended gives its key free."""
        statement = select(*(table.c[name] for name in columns)).where(
            table.c[columns[-1]].is_not(None)
        )
        if "valid_to" in table.c and "valid_from" not in columns:
            statement = statement.where(table.c.valid_to.is_(None))
        return cls(columns, frozenset(map(tuple, connection.execute(statement))))

    def check(self, cells: Cells, record: Mapping[str, Any]) -> None:
        """Add a fault to a row whose key is there already."""
        key = tuple(record[name] for name in self.columns)
        if key[-1] is None or record.get("valid_to") is not None:
            return
        name, value = self.columns[-1], str(key[-1])
        if key in self.known:
            cells.fault(
                "already-registered", name, value,
                f"“{value}”已在库中；请删除该行，或先将库中记录注明终止日期",
                "is in the register already; remove the row, or end the registered record first",
            )  # fmt: skip
        first = self.seen.setdefault(key, cells.row.number)
        if first != cells.row.number:
            cells.fault(
                "repeated", name, value,
                f"与第 {first} 行重复；请删除其中一行", f"repeats row {first}; remove one of them",
            )  # fmt: skip


class RepeatedRows:
    """Rows that say in every cell what an earlier row says: kept, but worth a word."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._first: list[int] = []
        self._count = 0

    def see(self, row: Row) -> None:
        """Look at the next row."""
        mark = hash((row.cells, row.geometry))
        if mark not in self._seen:
            if len(self._seen) < _MOST_REMEMBERED:
                self._seen.add(mark)
            return
        self._count += 1
        if len(self._first) < _SHOWN_ROWS:
            self._first.append(row.number)

    def notes(self) -> list[Fault]:
        """A note with the number of such rows and the first of them."""
        if not self._count:
            return []
        shown = ", ".join(map(str, self._first))
        return [
            Fault(
                "repeated-rows", None, None, str(self._count),
                f"有 {self._count} 行与前面的行完全相同（如第 {shown} 行），均已保留",
                f"{self._count} rows repeat an earlier row in every cell (rows {shown} …);"
                " all are kept",
            )
        ]  # fmt: skip
