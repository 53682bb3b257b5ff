"""Writing: every change goes through a `Transaction`, which journals it and keeps versions."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, Self

from sqlalchemy import Connection, Table, bindparam, delete, exc, select, text, update

from data import geopackage, journal, rendering
from data.bulk import copy_rows
from data.deadlines import day_in_china
from data.errors import Conflict, Immutable, NotFound
from data.geometry import wkb_bounds
from data.hot import fetch
from data.tables import journal as journal_table

Progress = Callable[[int], None]
"""Told how many rows have been written so far."""

_BATCH = 5_000
_BULK_FROM = 1_000
"""From this many rows on, the R-tree is written directly and no trigger fires for each row."""


@dataclass(frozen=True, slots=True)
class Follower:
    """An index of an upper floor that follows a table; see `follow`.

    Attributes:
        column: where a written record names the indexed one: `id`, or a column that points at it.
        run: called once before the commit, with the transaction and the ids concerned.
    """

    column: str
    run: Callable[["Transaction", Sequence[int]], None]


def follow(table: Table, follower: Follower) -> None:
    """Let an index follow a table's writes from now on; each follower of one `run` runs once."""
    table.info.setdefault("followers", []).append(follower)


class Transaction:
    """One unit of work by one actor for one reason.

    Args:
        connection: a connection that holds the write lock.
        actor: who acts: an account's name, or the program's for its own work.
        reason: why, as a person would write it.
    """

    def __init__(self, connection: Connection, actor: str, reason: str) -> None:
        self.connection = connection
        self.actor = actor
        self.reason = reason
        self.at = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        self._head = journal.read_head(connection)
        self._first_head = self._head
        self._bounds: dict[str, tuple[float, float, float, float] | None] = {}
        self._followed: dict[Callable[[Transaction, Sequence[int]], None], list[Sequence[int]]] = {}

    @property
    def day(self) -> date:
        """The calendar day in China on which it is done."""
        return day_in_china(datetime.fromisoformat(self.at))

    @property
    def embedded(self) -> bool:
        """Whether the store is a GeoPackage."""
        return self.connection.dialect.name == "sqlite"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, _error: object, _trace: object) -> None:
        if kind is None:
            self._finish()

    def insert(self, table: Table, values: Mapping[str, Any]) -> int:
        """Insert one record and return its id."""
        return self.insert_many(table, [values])[0]

    def insert_many(
        self, table: Table, rows: Iterable[Mapping[str, Any]], progress: Progress | None = None
    ) -> range:
        """Insert records in bulk; their ids follow one another, in order.

        Args:
            table: a table of `record_table`.
            rows: values by column name; missing columns are NULL or their default.
            progress: told after each batch.
        """
        first = last = self._next_id(table)
        complete = _completer(table)
        with ExitStack() as stack:
            bulk = False
            for batch in _batches(rows):
                if not bulk and len(batch) >= _BULK_FROM and self.embedded:
                    bulk = True
                    stack.enter_context(self._made_ready_for_many(table))
                numbered = [
                    complete(values) | {"id": last + offset, "version": 1}
                    for offset, values in enumerate(batch)
                ]
                self._insert_batch(table, numbered, bulk=bulk)
                last += len(numbered)
                if progress:
                    progress(last - first)
        self._keep_ids(table, last)
        return range(first, last)

    @contextmanager
    def _made_ready_for_many(self, table: Table) -> Iterator[None]:
        with (
            geopackage.insert_triggers_off(self.connection, table.name, journal_table.name),
            geopackage.indexes_off_while_first_filled(self.connection, table.name),
        ):
            yield

    def _insert_batch(self, table: Table, rows: list[dict[str, Any]], *, bulk: bool) -> None:
        copy_rows(self.connection, table, rows)
        self._follow(table, rows)
        if table.info["layer"]:
            self._index_boxes(table, rows, bulk=bulk)
            self._render(table, rows)
        self._journal(
            table,
            ((journal.INSERT, row["id"], None, journal.canonical(row)) for row in rows),
        )

    def _render(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        collection = table.info.get("collection")
        if collection:
            rendering.render(self.connection, collection, rows)

    def _index_boxes(self, table: Table, rows: Sequence[Mapping[str, Any]], *, bulk: bool) -> None:
        boxes = [
            (row["id"], bounds[0], bounds[2], bounds[1], bounds[3])
            for row in rows
            if row["geom"] is not None and (bounds := wkb_bounds(row["geom"]))
        ]
        self._widen(table, boxes)
        if bulk and boxes:
            self.connection.exec_driver_sql(
                f"INSERT INTO rtree_{table.name}_geom VALUES (?, ?, ?, ?, ?)", boxes
            )

    def _widen(self, table: Table, boxes: Sequence[tuple[Any, ...]]) -> None:
        """Remember that a layer changed, and how far its extent reaches now."""
        known = self._bounds.setdefault(table.name, None)
        if known:
            boxes = [*boxes, (0, known[0], known[2], known[1], known[3])]
        if boxes:
            _, west, east, south, north = zip(*boxes, strict=True)
            self._bounds[table.name] = min(west), min(south), max(east), max(north)

    def update(self, table: Table, row_id: int, version: int, values: Mapping[str, Any]) -> int:
        """Change a record that the writer saw at `version`; returns its new version.

        Raises:
            NotFound: there is no such record.
            Conflict: it has changed since.
            Immutable: the value is one that never changes, such as a reference position.
        """
        before = self._seen(table, row_id, version)
        after = before | dict(values) | {"version": version + 1}
        with _guarded():
            self.connection.execute(
                update(table).where(table.c.id == row_id).values(**values, version=version + 1)
            )
        if table.info["layer"]:
            bounds = wkb_bounds(after["geom"]) if after["geom"] is not None else None
            box = (row_id, bounds[0], bounds[2], bounds[1], bounds[3]) if bounds else None
            self._widen(table, [box] if box else [])
            self._render(table, [after])
        self._follow(table, [before, after])
        texts = journal.canonical(before), journal.canonical(after)
        self._journal(table, [(journal.UPDATE, row_id, *texts)])
        return version + 1

    def change_many(self, table: Table, ids: Sequence[int], values: Mapping[str, Any]) -> None:
        """Give the same values to many records, as this transaction finds them.

        For changes that follow from a decision and concern whatever is there, such as the code of
        a division that names lie in; who edits single records uses `update`, which names a version.

        Args:
            table: a table of `record_table`.
            ids: of the records; each is journalled by itself.
            values: new values by column name, without a geometry.
        """
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            where = table.c.id.in_(batch)
            found = self.connection.execute(select(table).where(where)).mappings().all()
            rows = [{str(name): value for name, value in row.items()} for row in found]
            with _guarded():
                self.connection.execute(
                    update(table).where(where).values(**values, version=table.c.version + 1)
                )
            after = [row | dict(values) | {"version": row["version"] + 1} for row in rows]
            self._note_changes(table, rows, after)

    def change_each(
        self,
        table: Table,
        changes: Mapping[int, Mapping[str, Any]],
        progress: Progress | None = None,
    ) -> None:
        """Give many records values of their own, as this transaction finds them.

        For what is derived from other records, as `change_many`.

        Args:
            table: a table of `record_table`.
            changes: new values by column name, without a geometry, by id; the same columns for
                every id.
            progress: told after each batch.
        """
        ids = list(changes)
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            found = self.connection.execute(select(table).where(table.c.id.in_(batch))).mappings()
            rows = [{str(name): value for name, value in row.items()} for row in found]
            after = [
                row | dict(changes[row["id"]]) | {"version": row["version"] + 1} for row in rows
            ]
            names = [*changes[batch[0]], "version"]
            with _guarded():
                self.connection.execute(
                    update(table)
                    .where(table.c.id == bindparam("old_id"))
                    .values({name: bindparam(f"new_{name}") for name in names}),
                    [
                        {"old_id": row["id"], **{f"new_{name}": row[name] for name in names}}
                        for row in after
                    ],
                )
            self._note_changes(table, rows, after)
            if progress:
                progress(start + len(batch))

    def _note_changes(
        self, table: Table, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]
    ) -> None:
        if table.info["layer"]:
            self._widen(table, [])
            self._render(table, after)
        self._follow(table, [*before, *after])
        self._journal(
            table,
            (
                (journal.UPDATE, old["id"], journal.canonical(old), journal.canonical(new))
                for old, new in zip(before, after, strict=True)
            ),
        )

    def delete(self, table: Table, row_id: int, version: int) -> None:
        """Delete a record that the writer saw at `version`; the journal keeps it.

        Raises:
            NotFound: there is no such record.
            Conflict: it has changed since.
            Immutable: such records are ended, never deleted.
        """
        before = self._seen(table, row_id, version)
        with _guarded():
            self.connection.execute(delete(table).where(table.c.id == row_id))
        if table.info["layer"]:
            self._widen(table, [])
        self._follow(table, [before])
        self._journal(table, [(journal.DELETE, row_id, journal.canonical(before), None)])

    def _seen(self, table: Table, row_id: int, version: int) -> dict[str, Any]:
        row = self.connection.execute(select(table).where(table.c.id == row_id)).one_or_none()
        if row is None:
            raise NotFound(
                f"there is no {table.name} {row_id}",
                f"没有编号为 {row_id} 的 {table.name} 记录",
            )
        if row.version != version:
            raise Conflict(
                f"{table.name} {row_id} is at version {row.version}, not {version}:"
                " read it again and repeat the change",
                f"编号为 {row_id} 的 {table.name} 记录现为第 {row.version} 版，"
                f"您看到的是第 {version} 版；请重新读取后再更改",
            )
        return {str(name): value for name, value in row._asdict().items()}

    def _journal(
        self, table: Table, changes: Iterable[tuple[str, int, str | None, str | None]]
    ) -> None:
        """Journal changes, each an action, a row's id, and the record before and after."""
        entries = (
            {
                "at": self.at,
                "actor": self.actor,
                "reason": self.reason,
                "action": action,
                "table_name": table.name,
                "row_id": row_id,
                "before": before,
                "after": after,
            }
            for action, row_id, before, after in changes
        )
        chained = list(journal.chain(self._head, entries))
        if chained:
            copy_rows(self.connection, journal_table, chained)
            self._head = journal.Head(chained[-1]["sequence"], chained[-1]["hash"])

    def _next_id(self, table: Table) -> int:
        if self.embedded:
            used = f"SELECT seq FROM sqlite_sequence WHERE name = '{table.name}'"
        else:
            used = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {_sequence(table)}"
        sql = f"SELECT (SELECT MAX(id) FROM {table.name}), ({used})"
        ((highest, given),) = fetch(self.connection, sql, {})
        return max(highest or 0, given or 0) + 1

    def _keep_ids(self, table: Table, following: int) -> None:
        """Ids below `following` are never given again; SQLite sees to it by itself."""
        if not self.embedded and following > 1:
            self.connection.execute(
                text(f"SELECT setval('{_sequence(table)}', :last)"), {"last": following - 1}
            )

    def _follow(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Remember whom an index that follows this table must look at (see `Follower`)."""
        follower: Follower
        for follower in table.info.get("followers", ()):
            self._followed.setdefault(follower.run, []).append(
                [row[follower.column] for row in rows]
            )

    def _finish(self) -> None:
        if self._head == self._first_head:
            return
        while self._followed:  # what a follower writes is followed too
            run = next(iter(self._followed))
            ids = self._followed.pop(run)
            run(self, sorted({one for part in ids for one in part if one is not None}))
        journal.keep_head(self.connection, self._head)
        if self.embedded:
            for table, bounds in self._bounds.items():
                geopackage.widen_extent(self.connection, table, bounds)


_SQLITE_TRIGGER, _POSTGRES_RESTRICT = "SQLITE_CONSTRAINT_TRIGGER", "23001"


def _immutable(sentence: str) -> Immutable:
    return Immutable(sentence, "此内容依法保存，不能更改或删除；如有变动，请按程序另立记录")


@contextmanager
def _guarded() -> Iterator[None]:
    """Turn a guard's refusal (see `data.guards`) into an `Immutable` with the guard's sentence."""
    try:
        yield
    except exc.IntegrityError as error:
        cause = error.orig
        if getattr(cause, "sqlite_errorname", "") == _SQLITE_TRIGGER:
            raise _immutable(str(cause)) from error
        if getattr(cause, "sqlstate", "") == _POSTGRES_RESTRICT:
            raise _immutable(str(cause).split("\n", 1)[0]) from error
        raise


def _batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch


def _completer(table: Table) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """What makes a whole record of a row's values: missing columns are NULL, or no for a flag."""
    template = {
        str(column.name): False if column.server_default is not None else None
        for column in table.c
        if column.name not in {"id", "version"}
    }

    def complete(values: Mapping[str, Any]) -> dict[str, Any]:
        if not values.keys() <= template.keys():
            unknown = sorted(values.keys() - template.keys())
            raise KeyError(f"{table.name} has no column {unknown}")
        return {**template, **values}

    return complete


def _sequence(table: Table) -> str:
    return f"{table.name}_id_seq"
