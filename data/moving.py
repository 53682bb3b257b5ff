"""Carry a store into another, of either kind, and prove that it arrived (迁移).

    move_store("var/ovoo.gpkg", "postgresql://…")     and back

Rows stream in the order of their keys, a batch to a transaction; a move that was killed goes on
after the last row that arrived. Until everything is proved, the target refuses to be opened.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, exc, func, insert, inspect, select, text

from data import geopackage, journal
from data.bulk import copy_rows
from data.errors import FaultsFound, InvalidValue, StoreError, StoreNotFound
from data.geometry import wkb_bounds
from data.journal import Head
from data.proving import (
    Report,
    TableDigest,
    all_tables,
    count_rows,
    long_columns,
    prove_same,
    stream,
)
from data.rendering import unreadable_records
from data.store import MOVING_KEY, Store, create_store, open_store, open_unfinished
from data.tables import metadata, store_meta, stored_file
from data.transaction import Transaction

_ROWS = 4_000
_BYTES = 16_000_000
"""What one transaction carries at most: rows, and bytes of what may be long in them."""
_OWN = ("gpkg_", "rtree_", "sqlite_", "alembic_version", "spatial_ref_sys", "geometry_columns")
"""Tables of the containers themselves: each kind of store has its own."""

Step = Callable[[str, str, int, int], None]
"""Told the step (`copy`, `prove`), the table, rows done, rows in all (0 where not known)."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move carried.

    Attributes:
        tables: the proof of each table: rows and SHA-256, equal in source and target.
        head: the journal's newest entry, its chain verified in the target.
        resumed: whether it went on with an earlier, unfinished move.
        left: tables of other programs in the source, which stay there.
    """

    tables: tuple[TableDigest, ...]
    head: Head
    resumed: bool
    left: tuple[str, ...]

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(one.rows for one in self.tables)

    @property
    def files(self) -> int:
        """Kept files, each of which has the bytes that its name says."""
        return next(one.rows for one in self.tables if one.table == stored_file.name)


def move_store(source_url: str, target_url: str, step: Step) -> Moved:
    """Carry a store into an address that holds none, an empty one, or an unfinished move.

    The source stays as it is. Nobody should write to it meanwhile: what is written after the move
    began is not carried, and the move says so at its end.

    Args:
        source_url: as for `open_store`.
        target_url: as for `create_store`.
        step: told how far it is.

    Raises:
        InvalidValue: the target is not empty, or is the source itself.
        FaultsFound: records of other programs in the source cannot be read; all are named.
        StoreError: the source was written to since the move began, or the target refused a row.
        StoresDiffer: a row did not arrive as it was.
        BrokenChain: the journal does not prove itself.
    """
    with open_store(source_url) as source, source.read_long() as snapshot:
        if faults := unreadable_records(snapshot):
            raise FaultsFound(faults)
        head = journal.verify(snapshot)
        target, resumed = _target(source, target_url, head)
        with target:
            moved = carry(snapshot, target, head, step, resumed=resumed)
        _check_still(source, head)
        return moved


def carry(
    snapshot: Connection, target: Store, head: Head, step: Step, *, resumed: bool = False
) -> Moved:
    """Carry one state of a store into a target that is marked as unfinished, and prove it.

    Raises:
        StoreError, StoresDiffer, BrokenChain: as `move_store`.
    """
    for table in all_tables():
        if table is not store_meta:
            _copy_table(snapshot, target, table, step)
    with target.write("ovoo", "move") as transaction:
        _copy_meta(snapshot, transaction.connection)
        for table in metadata.sorted_tables:
            _keep_ids(snapshot, transaction, table)
    tables = prove(snapshot, target, head, lambda name, done: step("prove", name, done, 0))
    with target.write("ovoo", "move") as transaction:
        transaction.connection.execute(delete(store_meta).where(store_meta.c.key == MOVING_KEY))
    return Moved(tuple(tables), head, resumed, _foreign(snapshot))


def prove(snapshot: Connection, target: Store, head: Head, report: Report) -> list[TableDigest]:
    """Hold every row of the target against the source's, and verify the journal's chain.

    Raises:
        StoresDiffer, BrokenChain: as `move_store`.
    """
    with target.read_long() as arrived:
        tables = prove_same(snapshot, arrived, report)
        journal.verify(arrived, head.hash)
    return tables


def _target(source: Store, url: str, head: Head) -> tuple[Store, bool]:
    """The target, marked as unfinished, and whether a move into it had begun."""
    try:
        target = open_unfinished(url)
    except StoreNotFound:
        target = create_store(url, source.crs)
    try:
        begun = _begun(target)
        _check_target(source, target, head, begun)
        if begun is None:
            mark(target, head)
    except BaseException:
        target.close()
        raise
    return target, begun is not None


def _begun(target: Store) -> str | None:
    with target.read() as connection:
        found = connection.scalar(select(store_meta.c.value).where(store_meta.c.key == MOVING_KEY))
    return None if found is None else str(found)


def mark(target: Store, head: Head) -> None:
    """Mark a store as one into which another is being moved."""
    with target.write("ovoo", "move") as transaction:
        transaction.connection.execute(insert(store_meta).values(key=MOVING_KEY, value=str(head)))


def _check_target(source: Store, target: Store, head: Head, begun: str | None) -> None:
    if begun is None:
        _check_empty(source, target)
    elif begun != str(head):
        raise StoreError(
            f"{source.url} was written to since the move into {target.url} began:"
            " remove the target and move again",
            f"自开始迁移到 {target.url} 以来，{source.url} 已有改动：请删除目标后重新迁移",
        )


def _check_empty(source: Store, target: Store) -> None:
    with target.read() as connection:
        filled = [
            table.name
            for table in all_tables()
            if table is not store_meta and connection.scalar(select(1).select_from(table).limit(1))
        ]
    if filled:
        raise InvalidValue(
            "target", target.url, f"it is not empty ({', '.join(filled[:3])} …)",
            "name a new file or an empty database",
            f"目标 {target.url} 不是空库；请指定新文件或空数据库",
        )  # fmt: skip
    if target.crs != source.crs:
        raise InvalidValue(
            "target", target.url, f"it is in {target.crs}, the source in {source.crs}",
            "name a target that holds no store yet",
            f"目标坐标系 {target.crs} 与来源 {source.crs} 不同；请指定尚无数据库的目标",
        )  # fmt: skip


def _check_still(source: Store, head: Head) -> None:
    with source.read() as connection:
        now = journal.read_head(connection)
    if now != head:
        raise StoreError(
            f"{source.url} was written to during the move: journal entries {head.sequence + 1} to"
            f" {now.sequence} are not in the target; stop the writers, remove it and move again",
            f"迁移期间 {source.url} 有新的写入：目标缺少日志第 {head.sequence + 1} 至"
            f" {now.sequence} 条；请停止写入、删除目标后重新迁移",
        )


def _copy_table(snapshot: Connection, target: Store, table: Table, step: Step) -> None:
    total = count_rows(snapshot, table)
    with target.read() as connection:
        last, done = _last_key(connection, table), count_rows(connection, table)
    step("copy", table.name, done, total)
    rows = stream(snapshot, table, last)
    try:
        for batch in _batches(rows.mappings(), [one.name for one in long_columns(table)]):
            with target.write("ovoo", "move") as transaction, _refused(table, target):
                _write(transaction, table, batch)
            done += len(batch)
            step("copy", table.name, done, total)
    finally:
        rows.close()


def _last_key(connection: Connection, table: Table) -> Sequence[Any] | None:
    """The key of the last row that has arrived; rows arrive in the order of their keys."""
    keys = list(table.primary_key)
    newest = select(*keys).order_by(*(key.desc() for key in keys)).limit(1)
    row = connection.execute(newest).one_or_none()
    return None if row is None else tuple(row)


def _batches(rows: Any, long: Sequence[str]) -> Iterator[list[Mapping[str, Any]]]:
    remaining = iter(rows)
    while first := next(remaining, None):
        batch, size = [first], _size_bytes(first, long)
        while len(batch) < _ROWS and size < _BYTES:
            row = next(remaining, None)
            if row is None:
                break
            batch.append(row)
            size += _size_bytes(row, long)
        yield batch


def _size_bytes(row: Mapping[str, Any], long: Sequence[str]) -> int:
    return sum(len(row[name] or b"") for name in long)


class _refused:  # noqa: N801 - read as a word of the sentence that it stands in
    """Say which table a refusal of the target's database belongs to."""

    def __init__(self, table: Table, target: Store) -> None:
        self._table, self._target = table, target

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        # COPY speaks with the driver itself, whose errors are SQLAlchemy's `orig` elsewhere.
        told = error.orig if isinstance(error, exc.DatabaseError) else error
        if _is_refusal(told):
            cause = str(told).split("\n", 1)[0]
            raise StoreError(
                f"{self._target.url} refuses rows of {self._table.name}: {cause}; correct the"
                " record in the source and move again",
                f"{self._target.url} 拒绝表 {self._table.name} 的数据：{cause}；"
                "请在来源库更正后重新迁移",
            ) from error


def _is_refusal(error: object) -> bool:
    """Whether a driver tells that a row is wrong; that it cannot work now is another matter."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    return "DatabaseError" in kinds and "OperationalError" not in kinds


def _write(transaction: Transaction, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    connection = transaction.connection
    if not transaction.embedded:
        copy_rows(connection, table, rows)
        return
    with geopackage.insert_triggers_off(connection, table.name):
        copy_rows(connection, table, rows)
        if table.info.get("layer") or table.info.get("boxes"):
            _index(connection, table.name, rows)


def _index(connection: Connection, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    boxes = [
        (row["id"], bounds[0], bounds[2], bounds[1], bounds[3])
        for row in rows
        if row["geom"] is not None and (bounds := wkb_bounds(row["geom"]))
    ]
    if not boxes:
        return
    connection.exec_driver_sql(f"INSERT INTO rtree_{name}_geom VALUES (?, ?, ?, ?, ?)", boxes)
    _, west, east, south, north = zip(*boxes, strict=True)
    extent = min(west), min(south), max(east), max(north)
    geopackage.widen_extent(connection, name, extent)


def _copy_meta(snapshot: Connection, connection: Connection) -> None:
    kept = store_meta.c.key == MOVING_KEY
    rows = snapshot.execute(select(store_meta).where(~kept)).mappings().all()
    connection.execute(delete(store_meta).where(~kept))
    connection.execute(insert(store_meta), [dict(row) for row in rows])


def _keep_ids(snapshot: Connection, transaction: Transaction, table: Table) -> None:
    """Ids that were given once are not given again by the target either."""
    if table.info.get("layer") is None:
        return
    used = highest_id(snapshot, table)
    if not used:
        return
    if not transaction.embedded:
        transaction.connection.execute(select(func.setval(f"{table.name}_id_seq", used)))
        return
    values = {"name": table.name, "used": used}
    remove = text("DELETE FROM sqlite_sequence WHERE name = :name")
    transaction.connection.execute(remove, {"name": table.name})
    add = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :used)")
    transaction.connection.execute(add, values)


def highest_id(connection: Connection, table: Table) -> int:
    """The highest id that a table has ever given; 0 where none."""
    if connection.dialect.name == "sqlite":
        statement = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        used = connection.scalar(statement, {"name": table.name})
    else:
        sequence = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {table.name}_id_seq"
        used = connection.scalar(text(sequence))
    return max(used or 0, connection.scalar(select(func.max(table.c.id))) or 0)


def _foreign(snapshot: Connection) -> tuple[str, ...]:
    """Tables in the source that are not this program's."""
    names = set(inspect(snapshot).get_table_names()) - set(metadata.tables)
    return tuple(sorted(name for name in names if not name.startswith(_OWN)))
