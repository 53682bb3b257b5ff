"""Prove that two stores hold the same: every table, row by row, in the order of its key.

A row's form is canonical JSON of its columns in their declared order (dates ISO, geometry and bytes
hexadecimal), the same from both kinds of store. A table's digest is SHA-256 over its rows' forms.
"""

import hashlib
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import orjson
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    Table,
    Text,
    exc,
    func,
    select,
    tuple_,
    type_coerce,
)

from data import kept_answers, partial_uploads  # noqa: F401 - theirs are tables of every store
from data.days import Day, StoredDay, WholeDay
from data.errors import StoreDamaged, StoresDiffer
from data.geometry import Geometry
from data.store import MOVING_KEY
from data.tables import layer_change, metadata, store_meta, stored_file

Report = Callable[[str, int], None]
"""Told what is being read and how many rows have been."""

_ROWS_AT_ONCE, _BYTES_AT_ONCE = 2_000, 8_000_000
"""What is read at once at most: rows, and bytes of what may be long in them."""
_TOLD_EVERY = 5_000


@dataclass(frozen=True, slots=True)
class TableDigest:
    """A table's rows: how many there are, and the SHA-256 over all of them."""

    table: str
    rows: int
    sha256: str


def all_tables() -> list[Table]:
    """Every table of the program, those that others refer to first; `store_meta` comes last.

    What a store notes of its own changes belongs to it alone and is not among them.
    """
    others = (layer_change, store_meta)
    return [table for table in metadata.sorted_tables if table not in others] + [store_meta]


def in_key_order(
    table: Table, after: Sequence[Any] | None = None, days: type[Day] = WholeDay
) -> Select[Any]:
    """Rows in the order of the primary key, the same in both kinds of store.

    Args:
        table: which.
        after: a key; only the rows beyond it.
        days: how days are read; `WholeDay` refuses what is none, `StoredDay` gives it as it is.
    """
    keys = list(table.primary_key)
    statement = select(*(_whole(column, days) for column in table.c)).order_by(*keys)
    if table is store_meta:
        statement = statement.where(table.c.key != MOVING_KEY)
    if after is not None:
        statement = statement.where(tuple_(*keys) > tuple_(*after))
    return statement


def _whole(column: Column[Any], days: type[Day]) -> ColumnElement[Any]:
    """A column of which nothing that a file holds counts as none: a copy would lose it."""
    if isinstance(column.type, Day):
        return type_coerce(column, days()).label(column.name)
    return column


def stream(
    connection: Connection,
    table: Table,
    after: Sequence[Any] | None = None,
    days: type[Day] = WholeDay,
) -> Any:
    """A table's rows as they come, few at a time where one of them is long; as `in_key_order`."""
    options = connection.execution_options(yield_per=_at_once(connection, table))
    return options.execute(in_key_order(table, after, days))


def long_columns(table: Table) -> list[Column[Any]]:
    """The columns that may hold a whole file, a line of many vertices, or a text of any length."""
    return [one for one in table.c if isinstance(one.type, LargeBinary | Geometry | Text)]


def _at_once(connection: Connection, table: Table) -> int:
    """How many rows to read at once, so that even the longest ones are few bytes together."""
    embedded = connection.dialect.name == "sqlite"
    sizes = [_size(column, embedded=embedded) for column in long_columns(table)]
    if not sizes:
        return _ROWS_AT_ONCE
    longest = connection.scalar(select(func.max(sum(sizes[1:], sizes[0])))) or 0
    return max(1, min(_ROWS_AT_ONCE, _BYTES_AT_ONCE // max(longest, 1)))


def _size(column: Column[Any], *, embedded: bool) -> ColumnElement[int]:
    """The size of a column's value: bytes, of a text in a file its characters."""
    if embedded:
        return func.coalesce(func.length(type_coerce(column, LargeBinary())), 0)
    measure = func.ST_MemSize if isinstance(column.type, Geometry) else func.octet_length
    return func.coalesce(measure(column), 0)


def digest(connection: Connection, table: Table, report: Report) -> TableDigest:
    """A table's digest; of kept files, each one's bytes are held against its name too.

    Raises:
        StoreDamaged: a row cannot be read, or a kept file is not what its name says.
    """
    total, count = hashlib.sha256(), 0
    for form in row_forms(connection, table):
        total.update(form)
        count += 1
        if count % _TOLD_EVERY == 0:
            report(table.name, count)
    report(table.name, count)
    return TableDigest(table.name, count, total.hexdigest())


def digests(connection: Connection, report: Report) -> list[TableDigest]:
    """The digest of every table."""
    return [digest(connection, table, report) for table in all_tables()]


def row_forms(connection: Connection, table: Table) -> Generator[bytes]:
    """Each row's canonical form, in the order of the key; a day that is none as it is kept."""
    rows = stream(connection, table, days=StoredDay)
    try:
        for row in rows:
            if table is stored_file:
                _check_file(row)
            yield orjson.dumps(list(row), default=_plain)
    except (exc.DatabaseError, ValueError, TypeError, OverflowError) as error:
        raise StoreDamaged(
            f"a row of {table.name} cannot be read: {error}",
            f"表 {table.name} 中有一行无法读取：{error}",
        ) from error
    finally:
        rows.close()


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    raise TypeError(f"no canonical form for {type(value).__name__}")


def _check_file(row: Any) -> None:
    found = hashlib.sha256(row.bytes).hexdigest()
    if found != row.sha256 or len(row.bytes) != row.size_bytes:
        raise StoreDamaged(
            f"the kept file {row.sha256} has other bytes than when it was received (now {found})",
            f"保存的文件 {row.sha256} 内容与接收时不一致（现为 {found}）",
        )


def prove_same(source: Connection, target: Connection, report: Report) -> list[TableDigest]:
    """Hold every row of one store against its fellow in the other.

    Raises:
        StoresDiffer: naming the table and the first row that is not the same.
        StoreDamaged: a row of either cannot be read.
    """
    return [_prove_table(source, target, table, report) for table in all_tables()]


def _prove_table(
    source: Connection, target: Connection, table: Table, report: Report
) -> TableDigest:
    total, count = hashlib.sha256(), 0
    # Where one ends the other half way, both give back their cursors while their stores are open.
    with closing(row_forms(source, table)) as ours, closing(row_forms(target, table)) as theirs:
        for one, other in zip_longest(ours, theirs):
            count += 1
            if one != other:
                raise StoresDiffer(table.name, count, _shown(one), _shown(other))
            total.update(one)
            if count % _TOLD_EVERY == 0:
                report(table.name, count)
    report(table.name, count)
    return TableDigest(table.name, count, total.hexdigest())


def _shown(form: bytes | None) -> str:
    return "no row" if form is None else form[:200].decode(errors="replace")


def count_rows(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return connection.scalar(select(func.count()).select_from(table)) or 0
