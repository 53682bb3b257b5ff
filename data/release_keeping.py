"""Setting release levels: of all records of a table, and of single records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Table, delete, insert, select

from data import journal
from data.actors import Actor, Role
from data.coarse import keep_coarse
from data.errors import Conflict, InvalidValue, NotFound
from data.release_state import STATE_KEY, read_state
from data.releases import Level, Own, Precision, Rule, copies_of, release_of
from data.sights import has_server_views, make_server_views
from data.store import Store
from data.tables import metadata, record_release, release_rule, store_meta
from data.transaction import Follower, Transaction, follow

_BATCH = 1_000
_ACT = "set a release level"
_FINEST_DEG, _COARSEST_DEG = 1e-7, 10.0


def released_tables() -> list[Table]:
    """The tables whose records have levels of their own."""
    return [table for table in metadata.sorted_tables if isinstance(release_of(table), Own)]


@dataclass(frozen=True, slots=True)
class StandingRule:
    """How the records of a table are released now.

    Attributes:
        rule: the rule.
        version: that of the office's own rule; 0 where the shipped one holds.
        blurs: whether its positions can be shown on a grid or withheld.
        excepted: whether single records are released otherwise.
    """

    rule: Rule
    version: int
    blurs: bool
    excepted: bool


@dataclass(frozen=True, slots=True)
class ReleasedRecord:
    """A record that is released otherwise than its table.

    Attributes:
        id: by which exceptions are paged.
        table, number: the record.
        level: its level.
        reason: why, as the administrator said.
        version: the version of this exception.
    """

    id: int
    table: str
    number: int
    level: Level
    reason: str
    version: int


def read_rules(connection: Connection) -> list[StandingRule]:
    """How the records of every table with levels are released, by the order of the tables."""
    state = read_state(connection)
    columns = release_rule.c
    rows = connection.execute(select(columns.table_name, columns.version)).all()
    versions: dict[str, int] = {name: version for name, version in rows}  # noqa: C416 - typed
    return [
        StandingRule(
            state.rule(table.name),
            versions.get(table.name, 0),
            copies_of(table) is not None,
            table.name in state.excepted,
        )
        for table in released_tables()
    ]


def read_exceptions(
    connection: Connection, after: int, limit: int, table: str | None = None
) -> list[ReleasedRecord]:
    """Records that are released otherwise than their tables, by id.

    Args:
        connection: a reading connection of the whole store.
        after: the id that the page begins behind.
        limit: how many at most.
        table: of that table alone.
    """
    c = record_release.c
    statement = select(c.id, c.table_name, c.row_id, c.level, c.reason, c.version)
    statement = statement.where(c.id > after).order_by(c.id).limit(limit)
    if table is not None:
        statement = statement.where(c.table_name == table)
    return [
        ReleasedRecord(id_, name, number, Level(level), reason or "", version)
        for id_, name, number, level, reason, version in connection.execute(statement)
    ]


def _same(name: str, known: int, seen: int | None) -> None:
    """Refuse a writer who saw another version; None takes what stands."""
    if seen is not None and known != seen:
        raise Conflict(
            f"{name} is at version {known}, not {seen}: read it again and repeat the change",
            f"{name} 现为第 {known} 版，您看到的是第 {seen} 版；请重新读取后再更改",
        )


def set_rule(store: Store, actor: Actor, rule: Rule, seen: int | None = None) -> None:
    """Set how the records of a table are released; its coarse copy follows at once.

    Args:
        store: the store.
        actor: an administrator of everything.
        rule: the rule; its masked columns are always those that the program ships.
        seen: the version of the standing rule that the writer saw (`StandingRule.version`).

    Raises:
        Forbidden: the actor is no administrator everywhere.
        InvalidValue: the table has no levels or no positions to blur, or the grid is none.
        Conflict: the rule has changed since.
    """
    actor.require([Role.ADMINISTRATOR], (), _ACT)
    _check(rule)
    values = {
        "table_name": rule.table,
        "level": str(rule.level),
        "position": str(rule.position),
        "grid_deg": rule.grid_deg,
    }
    with store.write(actor.name, f"release {rule.table} as {rule.level}") as transaction:
        known = transaction.connection.execute(
            select(release_rule).where(release_rule.c.table_name == rule.table)
        ).one_or_none()
        _same(f"release_rule {rule.table}", known.version if known else 0, seen)
        if known is None:
            transaction.insert(release_rule, values)
        else:
            transaction.update(release_rule, known.id, known.version, values)


def _check(rule: Rule) -> None:
    table = _table_of(rule.table)
    if rule.position != Precision.FULL and copies_of(table) is None:
        raise InvalidValue(
            "position", rule.position, f"positions of {rule.table} are not blurred",
            "set full, or set the level to internal or closed",
            f"“{rule.table}”的坐标不做模糊处理；请用 full，或把级别设为 internal、closed",
        )  # fmt: skip
    gridded = rule.position == Precision.GRID
    grid_deg = rule.grid_deg
    fits = grid_deg is not None and _FINEST_DEG <= grid_deg <= _COARSEST_DEG
    if gridded != (grid_deg is not None) or (gridded and not fits):
        raise InvalidValue(
            "grid_deg", grid_deg, "a grid, and only a grid, has cells of 0.0000001 to 10 degrees",
            "give --position grid with --grid 0.01, say",
            "只有 grid 需要网格边长（0.0000001 至 10 度）；例如 --position grid --grid 0.01",
        )  # fmt: skip


def _table_of(name: str) -> Table:
    known = {table.name: table for table in released_tables()}
    if name not in known:
        raise InvalidValue(
            "table", name, "no table with release levels has that name",
            f"give one of {', '.join(sorted(known))}",
            f"没有名为“{name}”的可设公开级别的数据；可用：{'、'.join(sorted(known))}",
        )  # fmt: skip
    return known[name]


def set_level(
    store: Store,
    actor: Actor,
    name: str,
    row_id: int,
    level: Level | None,
    reason: str,
    seen: int | None = None,
) -> None:
    """Release one record otherwise than the others of its table.

    Args:
        store: the store.
        actor: an administrator of everything.
        name: the table's name.
        row_id: the record.
        level: its level; None for that of the table again.
        reason: why, for the journal.
        seen: the version of the record's own level that the writer saw; 0 where it had none.

    Raises:
        Forbidden: the actor is no administrator everywhere.
        InvalidValue: the table has no levels.
        NotFound: there is no such record.
        Conflict: its level has changed since.
    """
    actor.require([Role.ADMINISTRATOR], (), _ACT)
    table = _table_of(name)
    with store.write(actor.name, reason or f"release {name} {row_id}") as transaction:
        connection = transaction.connection
        if connection.scalar(select(table.c.id).where(table.c.id == row_id)) is None:
            raise NotFound(f"there is no {name} {row_id}", f"没有编号为 {row_id} 的 {name} 记录")
        columns = record_release.c
        known = connection.execute(
            select(record_release).where(columns.table_name == name, columns.row_id == row_id)
        ).one_or_none()
        _same(f"record_release {name} {row_id}", known.version if known else 0, seen)
        if level is None:
            if known is not None:
                transaction.delete(record_release, known.id, known.version)
        elif known is None:
            values = {"table_name": name, "row_id": row_id, "level": str(level), "reason": reason}
            transaction.insert(record_release, values)
        else:
            changed = {"level": str(level), "reason": reason}
            transaction.update(record_release, known.id, known.version, changed)


def _renew(transaction: Transaction, _ids: Sequence[int]) -> None:
    """Let readers see by the new rules from the commit on.

    The number tells apart what the rest does not: a second record of a table that has got a level
    of its own, after which kept tiles and lists (`data.layer_marks`) must not show it any more.
    """
    connection = transaction.connection
    state = read_state(connection)
    told = {
        "rules": {
            name: [one.level, one.position, one.grid_deg] for name, one in state.rules.items()
        },
        "excepted": sorted(state.excepted),
        "since": journal.read_head(connection).sequence,
    }
    connection.execute(delete(store_meta).where(store_meta.c.key == STATE_KEY))
    text = orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()
    connection.execute(insert(store_meta).values(key=STATE_KEY, value=text))
    if not transaction.embedded and has_server_views(connection):
        make_server_views(connection)


def _copy_anew(transaction: Transaction, ids: Sequence[int]) -> None:
    """Make the coarse copies of layers anew whose rule has changed."""
    connection = transaction.connection
    state = read_state(connection)
    names = connection.scalars(
        select(release_rule.c.table_name).where(release_rule.c.id.in_(ids))
    ).all()
    for name in names:
        table = metadata.tables[name]
        if copies_of(table) is not None:
            for rows in _batches(connection, table):
                keep_coarse(connection, table.info["collection"], state.rule(name), rows)


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    last = 0
    while True:
        rows = connection.execute(
            select(table).where(table.c.id > last).order_by(table.c.id).limit(_BATCH)
        ).mappings()
        batch = [dict(row) for row in rows]
        if not batch:
            return
        yield batch
        last = batch[-1]["id"]


follow(record_release, Follower("id", _renew))
follow(release_rule, Follower("id", _renew))
follow(release_rule, Follower("id", _copy_anew))
