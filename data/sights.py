"""A store as one reader sees it (读者视图).

`seen_by(store, sight)` is a store of the same data whose readers find the views of
`data.sight_views` before the tables. It is read like any other; what is written through it goes to
the store itself, whose functions ask who acts.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, bindparam, event, select, text

from data import file_engine, servers
from data.hot import VIEWED, own_cursor
from data.release_state import STATE_KEY, read_state
from data.releases import Level, Sight, State
from data.sight_views import EVERYWHERE, FILE, SERVER, Dialect, Views
from data.store import Store
from data.tables import metadata
from data.transaction import Transaction

PUBLIC, MEMBER, EXACT = "public", "member", "exact"
_SCHEMAS: Final = {kind: f"ovoo_{kind}" for kind in (PUBLIC, MEMBER, EXACT)}
_UNTOUCHED: Final = frozenset({"spatial_ref_sys"})
_TABLES_OF_FILE: Final = (
    "SELECT name FROM main.sqlite_master WHERE type IN ('table', 'view')"
    " AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY name"
)
_TABLES_OF_SERVER: Final = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
)
_STATE: Final = f"SELECT value FROM main.store_meta WHERE key = '{STATE_KEY}'"
_SEEN, _NONE = "ovoo_seen", "none"
_making = Lock()


class SeenStore(Store):
    """A store as one reader sees it; made by `seen_by`, closed with the store itself."""

    sight: Sight

    def __init__(
        self,
        base: Store,
        sight: Sight,
        engine: Engine,
        ready: list[Connection],
        reading: Engine | None,
    ) -> None:
        super().__init__(engine, base.url, base.path, reading)
        self.full_url, self.replicas_url = base.full_url, base.replicas_url
        self.crs, self.srid = base.crs, base.srid
        self.sight, self._base, self._ready = sight, base, ready
        self._kind = _kind(sight)

    @contextmanager
    def read_statement(self) -> Iterator[Connection]:
        """The same for one statement; whoever has to be introduced says so in a transaction."""
        alone = super().read_statement if self._kind == PUBLIC else self.read
        with alone() as connection:
            yield connection

    def look(self, sql: str) -> None:
        """Nothing: the one connection for looks sees the store as it is."""

    @contextmanager
    def read_long(self) -> Iterator[Connection]:
        """The same for what is read from end to end."""
        try:
            with self.engine.connect() as connection:
                if not self.embedded:
                    connection.execution_options(isolation_level="REPEATABLE READ")
                    self._introduce(connection)
                    yield connection
                    return
                self._begin(connection)
                try:
                    yield connection
                finally:
                    connection.connection.rollback()
        except self._faults as error:
            self._explain(error)
            raise

    @contextmanager
    def write(self, actor: str, reason: str) -> Iterator[Transaction]:
        """A writing transaction on the store itself."""
        with self._base.write(actor, reason) as transaction:
            yield transaction

    def close(self) -> None:
        """Nothing: the store itself closes its readers' connections."""

    def _begin(self, connection: Connection) -> None:
        """Begin to read one state of the store, with the views that hold for it."""
        cursor = own_cursor(connection)
        info = connection.connection.info
        if info.get(_SEEN) != self.sight:
            self._fill(connection, cursor)
        while True:
            cursor.execute("BEGIN")
            row = cursor.execute(_STATE).fetchone()
            state = row[0] if row else _NONE
            if info.get(VIEWED) == state:
                return
            cursor.execute("ROLLBACK")
            _make_temporary(connection, cursor, self._kind)
            info[VIEWED] = state

    def _fill(self, connection: Connection, cursor: Any) -> None:
        for name, codes in _codes(self.sight).items():
            cursor.execute(f"CREATE TABLE IF NOT EXISTS temp.sight_{name} (code TEXT PRIMARY KEY)")
            # Of an empty table, the next row is number 1: views ask for it (`any_precise`,
            # `any_blurred`).
            cursor.execute(f"DELETE FROM temp.sight_{name}")
            cursor.executemany(
                f"INSERT INTO temp.sight_{name} VALUES (?)",
                [(code,) for code in codes],
            )
        connection.connection.info[_SEEN] = self.sight

    def _introduce(self, connection: Connection) -> None:
        """Tell a server whose divisions are read; it holds for this transaction."""
        if self._kind != PUBLIC:
            codes = {name: ",".join(known) for name, known in _codes(self.sight).items()}
            connection.execute(
                text(
                    "SELECT set_config('ovoo.internal', :internal, true),"
                    " set_config('ovoo.precise', :precise, true),"
                    " set_config('ovoo.blurred', :blurred, true),"
                    " set_config('ovoo.own', :own, true)"
                ),
                codes,
            )


def seen_by(store: Store, sight: Sight) -> Store:
    """A store as a reader sees it; the store itself where nothing is hidden."""
    if sight.is_whole:
        return store
    kind = _kind(sight)
    behind = f"{kind} replicas"
    with _making:
        if kind not in store.readers:
            if not store.embedded:
                _make_lasting(store)
            store.readers[kind] = (_engine_of(store, kind, replicas=False), [])
        if store.replicated and behind not in store.readers:
            store.readers[behind] = (_engine_of(store, kind, replicas=True), [])
    reading = store.readers[behind][0] if store.replicated else None
    return SeenStore(store, sight, *store.readers[kind], reading)


def _engine_of(store: Store, kind: str, *, replicas: bool) -> Engine:
    engine = _engine_like(store, replicas=replicas)
    if not store.embedded:
        event.listen(engine, "connect", _search(kind))
    return engine


def _engine_like(store: Store, *, replicas: bool = False) -> Engine:
    """Another engine on the same store, whose connections are nobody else's.

    Args:
        store: an open store.
        replicas: on the servers to which its readers are sent, instead of the store's own.
    """
    if store.path is not None:
        engine = file_engine.make(store.path)
    else:
        url = store.replicas_url if replicas else store.full_url
        engine = servers.reading_engine(url, replicas=replicas)
    dialect: Any = engine.dialect
    dialect.ovoo_srid = store.engine.dialect.ovoo_srid  # type: ignore[attr-defined]
    dialect.ovoo_degrees = store.engine.dialect.ovoo_degrees  # type: ignore[attr-defined]
    return engine


def passing(
    store: Store, connection: Connection, table: Table, ids: Iterable[int], level: Level
) -> set[int]:
    """Those of some records of which the reader may see what is of a level.

    Args:
        store: the reader's store; of the store itself every record passes.
        connection: a reading connection of it.
        table: the records' table.
        ids: their ids.
        level: the level, such as that of positions: closed.
    """
    wanted = sorted(set(ids))
    if not isinstance(store, SeenStore):
        known = select(table.c.id).where(table.c.id.in_(wanted))
        return set(connection.scalars(known))
    if not wanted:
        return set()
    dialect = FILE if store.embedded else SERVER
    condition = Views(dialect, State({}), member=not store.sight.is_public).passes(
        table, "t", level
    )
    statement = text(
        f"SELECT t.id FROM {dialect.main}{table.name} t WHERE t.id IN :ids AND {condition}"
    ).bindparams(bindparam("ids", expanding=True))
    return set(connection.scalars(statement, {"ids": wanted}))


def _kind(sight: Sight) -> str:
    if sight.is_public:
        return PUBLIC
    return EXACT if sight.exact else MEMBER


def _views(dialect: Dialect, state: State, kind: str) -> Views:
    return Views(dialect, state, member=kind != PUBLIC, exact=kind == EXACT)


def _codes(sight: Sight) -> dict[str, list[str]]:
    both = {"internal": sight.internal, "precise": sight.precise}
    if sight.internal is not None and sight.precise is not None:
        both["blurred"] = sight.internal - sight.precise
    else:
        both["blurred"] = sight.internal
    codes = {name: [EVERYWHERE] if codes is None else sorted(codes) for name, codes in both.items()}
    return codes | {"own": [sight.name] if sight.name else []}


def _make_temporary(connection: Connection, cursor: Any, kind: str) -> None:
    """Make the views of a file's reading connection anew."""
    old = cursor.execute("SELECT name FROM temp.sqlite_master WHERE type = 'view'").fetchall()
    for (name,) in old:
        cursor.execute(f'DROP VIEW temp."{name}"')
    present = [name for (name,) in cursor.execute(_TABLES_OF_FILE).fetchall()]
    views = _views(FILE, read_state(connection, "main."), kind)
    connection.rollback()  # what reading the state has begun
    for name, query in views.all(metadata.sorted_tables, present):
        cursor.execute(f'CREATE TEMP VIEW "{name}" AS {query}')


def _search(kind: str) -> Any:
    def search(connection: Any, _record: Any) -> None:
        """Let the views be found before the tables."""
        connection.execute(f"SET search_path TO {_SCHEMAS[kind]}, public")
        connection.commit()

    return search


def _make_lasting(store: Store) -> None:
    """Make a server's views where they are not those of this program."""
    with store.engine.connect() as connection:
        wanted = _wanted(connection)
        if _stamps(connection) == {kind: _stamp(views) for kind, views in wanted.items()}:
            return
    with store.locked() as connection:
        make_server_views(connection)


def make_server_views(connection: Connection) -> None:
    """Make the views of a server's readers anew, inside a writing transaction."""
    for kind, views in _wanted(connection).items():
        schema = _SCHEMAS[kind]
        connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {schema}"))
        for name, query in views:
            connection.exec_driver_sql(f'CREATE VIEW {schema}."{name}" AS {query}')
        connection.exec_driver_sql(f"COMMENT ON SCHEMA {schema} IS '{_stamp(views)}'")


def has_server_views(connection: Connection) -> bool:
    """Whether a server's readers have views already."""
    return bool(_stamps(connection))


def _wanted(connection: Connection) -> dict[str, list[tuple[str, str]]]:
    present = [
        name for name in connection.scalars(text(_TABLES_OF_SERVER)) if name not in _UNTOUCHED
    ]
    state = read_state(connection, "public.")
    return {
        kind: list(_views(SERVER, state, kind).all(metadata.sorted_tables, present))
        for kind in _SCHEMAS
    }


def _stamp(views: list[tuple[str, str]]) -> str:
    return hashlib.sha256(repr(views).encode()).hexdigest()


def _stamps(connection: Connection) -> dict[str, str]:
    rows = connection.execute(
        text("SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace")
    ).all()
    told = {schema: stamp for schema, stamp in rows if stamp}
    return {kind: told[schema] for kind, schema in _SCHEMAS.items() if schema in told}
