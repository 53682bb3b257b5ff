"""Open a store by its address: a GeoPackage file or a PostgreSQL database with PostGIS.

    open_store("var/ovoo.gpkg")            an office's file
    open_store("postgresql://user@host/db")  a region's server

One writer at a time, many readers. Readers see a stable state of the store; a writer holds the
write lock from its first statement to its commit.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Engine, exc, select, text

from data import file_engine, geopackage, rendering, servers, store_faults, upgrade
from data.errors import (
    InvalidValue,
    StoreDamaged,
    StoreNotFound,
    StoreUnfinished,
    StoreUnreachable,
)
from data.file_place import require_in_place
from data.guards import OWN_WRITE
from data.hot import fetch, own_cursor
from data.looking import Looks, Rows
from data.progress import bar
from data.releases import Sight
from data.store_address import file_path, shown_address
from data.store_crs import is_in_degrees, parse_crs
from data.tables import store_meta
from data.transaction import Transaction

DEFAULT_CRS = "EPSG:4490"
_ADVISORY_LOCK = 0x4F564F4F  # "OVOO"
_KEPT_READY = 8
_UNFINISHED = ".new"
_HEAD = "SELECT value FROM store_meta WHERE key = 'journal_head'"
MOVING_KEY = "moving"
"""In `store_meta` of a store into which another is being moved: the source's journal head."""


class Store:
    """An open store. Make one with `open_store` or `create_store`; close it when done.

    Attributes:
        url: the address it was opened by, without a password.
        crs: its one reference system, such as `EPSG:4490`; x is longitude (or easting).
        srid: the EPSG code of `crs`.
        path: where its file is; None for a server.
        full_url: a server's address with its password, never shown.
        replicas_url: the address of the replicas that readers are sent to, never shown.
        sight: what its reader sees (`data.sights`); None where nothing is hidden.
        serving: whether this process serves people; a writer of a file then keeps less at hand.
    """

    def __init__(
        self, engine: Engine, url: str, path: Path | None = None, reading: Engine | None = None
    ) -> None:
        self.engine = engine
        self.url = url
        self.path = path
        self.full_url = self.replicas_url = ""
        self.sight: Sight | None = None
        self.serving = False
        self._turns = file_engine.Turns()
        self._reading = reading or engine
        self._faults = store_faults.faults_of(engine)
        self.crs = DEFAULT_CRS
        self.srid = 4490
        self._ready: list[Connection] = []
        self._looks: Looks | None = None
        self.readers: dict[str, tuple[Engine, list[Connection]]] = {}
        """Engines and ready connections of readers who do not see everything: `data.sights`."""

    @property
    def embedded(self) -> bool:
        """Whether this is a GeoPackage file."""
        return self.engine.dialect.name == "sqlite"

    @property
    def replicated(self) -> bool:
        """Whether readers are sent to replicas."""
        return self.replicas_url != ""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A reading connection on one stable state of the store."""
        if not self.embedded:
            with self._reader() as connection:
                self._introduce(connection)
                yield connection
            return
        connection = self._take()
        try:
            self._begin(connection)
            yield connection
        except self._faults as error:
            self._explain(error)
            raise
        finally:
            self._give_back(connection)

    @contextmanager
    def read_statement(self) -> Iterator[Connection]:
        """A reading connection for one statement of prepared text (`data.hot`).

        One statement reads one state anyway. Without a transaction around it, it costs a server's
        reader one way there and back instead of three.
        """
        if self.embedded:
            with self.read() as connection:
                yield connection
            return
        with self._reader() as connection:
            driver: Any = connection.connection.driver_connection
            driver.autocommit = True
            try:
                yield connection
            finally:
                if not driver.closed:  # the pool throws away one that is
                    driver.autocommit = False

    def look(self, sql: str) -> Rows | None:
        """Every row of a server's statement without values, as texts, in a moment or not at all.

        None where that takes longer, also in a file and where replicas are read: whoever asks goes
        the long way then. It shows all that was committed before.
        """
        if self.embedded or self.replicated:
            return None
        if self._looks is None:
            self._looks = Looks(self._connect_alone)
        return self._looks.rows(sql)

    def _connect_alone(self) -> Any:
        """A reader's connection that is nobody else's and begins no transactions."""
        try:
            pooled = self._reading.raw_connection()
        except self._faults as error:
            self._explain(error)
            raise
        driver: Any = pooled.driver_connection
        pooled.detach()
        driver.autocommit = True
        return driver

    def _begin(self, connection: Connection) -> None:
        """Begin to read one state of a file, also for prepared text."""
        own_cursor(connection).execute("BEGIN")

    def _introduce(self, connection: Connection) -> None:
        """Say to a server who reads; here nobody in particular."""

    @contextmanager
    def read_current(self) -> Iterator[Connection]:
        """As `read`, but never from a replica."""
        mark = servers.must_see.set(servers.PRIMARY)
        try:
            with self.read() as connection:
                yield connection
        finally:
            servers.must_see.reset(mark)

    @contextmanager
    def read_replica(self) -> Iterator[Connection]:
        """A reading connection to a replica where one answers, however far it is behind."""
        with self._reading.connect() as connection:
            yield connection

    @contextmanager
    def _reader(self) -> Iterator[Connection]:
        """A server's reading connection that shows what its reader must see."""
        wanted = servers.must_see.get() if self.replicated else None
        try:
            on_primary = wanted == servers.PRIMARY
            with self._primary() if on_primary else self._reading.connect() as connection:
                shows_it = wanted in {None, servers.PRIMARY}
                if not shows_it and servers.has_seen(connection, str(wanted)):
                    # The state that the question saw may be older than its own answer.
                    connection.commit()
                    shows_it = True
                if shows_it:
                    yield connection
                    servers.end_reading(connection)
                    return
            with self._primary() as current:
                yield current
                servers.end_reading(current)
        except self._faults as error:
            self._explain(error)
            raise

    def _primary(self) -> Connection:
        """A connection to the server that takes writes, that reads one state and writes nothing."""
        return self.engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    def send_readers_to(self, replicas: str) -> None:
        """Send readers to replicas from now on."""
        self._reading.dispose()
        self._reading = servers.reading_engine(replicas, replicas=True)
        self.replicas_url = replicas
        _tell_dialect(self)

    def _explain(self, error: Exception, *, keeping: bool = False) -> None:
        """Raise what a fault of the database means; nothing where it is the program's own."""
        told = store_faults.told(error, self.url)
        if told is None:
            return
        if keeping and isinstance(told, StoreUnreachable) and not self.embedded:
            told = store_faults.uncertain(self.url)
        raise told from error

    def _take(self) -> Connection:
        """A connection that an earlier reader has left ready, or a new one.

        Going through the pool costs as much as three look-ups by key, and a file does not go away
        as a server may.
        """
        try:
            return self._ready.pop()
        except IndexError:
            return self.engine.connect()

    def _give_back(self, connection: Connection) -> None:
        if connection.in_transaction():
            connection.rollback()
        driver: Any = connection.connection.driver_connection
        if driver.in_transaction:
            own_cursor(connection).execute("ROLLBACK")
        if len(self._ready) < _KEPT_READY:
            self._ready.append(connection)
        else:
            connection.close()

    @contextmanager
    def read_long(self) -> Iterator[Connection]:
        """A reading connection on one stable state, for what is read from end to end.

        It keeps little at hand, so that an export needs no more memory than a page does.
        """
        try:
            with self.engine.connect() as connection:
                if not self.embedded:
                    yield connection.execution_options(isolation_level="REPEATABLE READ")
                    return
                cursor = own_cursor(connection)
                for statement in (file_engine.LONG_READING, "BEGIN"):
                    cursor.execute(statement)
                try:
                    yield connection
                finally:
                    connection.connection.rollback()
                    cursor.execute(file_engine.READING_CACHE)
        except self._faults as error:
            self._explain(error)
            raise

    @contextmanager
    def write(self, actor: str, reason: str) -> Iterator[Transaction]:
        """A writing transaction in the name of `actor`; all of it is kept, or nothing.

        Raises:
            StoreBusy: where another program holds the write lock for longer than 30 s.
        """
        with self.locked() as connection, Transaction(connection, actor, reason) as transaction:
            yield transaction

    @contextmanager
    def locked(self) -> Iterator[Connection]:
        """A connection that holds the write lock, for the ground floor's own work."""
        try:
            with (
                self._turns.taken() if self.embedded else nullcontext(True) as until,
                self.engine.connect().execution_options(
                    **{file_engine.WRITING: until}
                ) as connection,
            ):
                self._require_in_place(connection)
                connection.begin()
                if self.embedded:
                    own_cursor(connection).execute(
                        file_engine.SERVING_CACHE if self.serving else file_engine.WRITING_CACHE
                    )
                else:
                    connection.execute(text(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})"))
                    connection.execute(text(f"SET LOCAL {OWN_WRITE} = 'on'"))
                try:
                    yield connection
                    self._keep(connection)
                finally:
                    if self.embedded:
                        connection.rollback()  # of what failed; nothing, after a commit
                        own_cursor(connection).execute(file_engine.READING_CACHE)
        except self._faults as error:
            self._explain(error)
            raise

    def _require_in_place(self, connection: Connection) -> None:
        if self.path is not None:
            require_in_place(connection, self.path)

    def _keep(self, connection: Connection) -> None:
        self._require_in_place(connection)
        try:
            connection.commit()
        except self._faults as error:
            self._explain(error, keeping=True)
            raise
        if self.replicated:
            servers.written.set(servers.position(connection))
            connection.rollback()

    def change_mark(self, connection: Connection) -> str:
        """A text that changes with every committed write; for caches and ETags."""
        rows = fetch(connection, _HEAD, {}, prepared=True)
        return str(rows[0][0] if rows else None)

    def close(self) -> None:
        """Close every connection."""
        if self._looks is not None:
            self._looks.close()
        for engine, ready in (*self.readers.values(), (self.engine, self._ready)):
            while ready:
                ready.pop().close()
            engine.dispose()
        self._reading.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_store(url: str, replicas: str = "") -> Store:
    """Open an existing store and bring its schema up to this program's.

    Args:
        url: a path to a GeoPackage, `sqlite:///path`, or `postgresql://user:password@host/db`;
            several servers as libpq has them, `host,host`.
        replicas: the address of a PostgreSQL store's replicas, to which readers are sent; who
            writes them reads what was written (`data.servers.must_see`).

    Raises:
        StoreNotFound: there is no store at that address.
        StoreTooNew: a newer program wrote it.
        StoreDamaged: the file is not a store, or is broken.
        StoreUnfinished: another store is being moved into it.
    """
    store = open_unfinished(url)
    with store.read() as connection:
        moving = connection.scalar(select(store_meta.c.value).where(store_meta.c.key == MOVING_KEY))
    if moving is not None:
        store.close()
        raise StoreUnfinished(
            f"a move into {store.url} has not been finished: run the same command again",
            f"向 {store.url} 的迁移尚未完成：请再次运行同一命令",
        )
    if replicas and not store.embedded:
        store.send_readers_to(replicas)
    return store


def open_unfinished(url: str, *, as_it_is: bool = False) -> Store:
    """As `open_store`, but also where a move into the store has begun and not ended.

    With `as_it_is` nothing is written: what other programs wrote goes on waiting to be rendered.
    """
    path = file_path(url)
    if path is not None and not path.is_file():
        raise StoreNotFound(
            f"there is no store at {path}; make one with: ovoo init {path}",
            f"{path} 处没有数据库；可用 ovoo init {path} 新建",
        )
    store = _closed_store(url)
    try:
        (_read_crs if as_it_is else _bring_forward)(store)
    except exc.DatabaseError as error:
        store.close()
        known = store_faults.told(error, store.url)
        if known is not None and not isinstance(known, StoreDamaged):
            raise known from error
        raise StoreDamaged(
            f"{store.url} is not a store, or is damaged: {error.orig}",
            f"{store.url} 不是数据库，或已损坏：{error.orig}",
        ) from error
    except BaseException:
        store.close()
        raise
    return store


def _bring_forward(store: Store) -> None:
    found = upgrade.schema_version(store.engine)
    if found is None:
        raise StoreNotFound(
            f"{store.url} holds no Ovoo store; make one with: ovoo init",
            f"{store.url} 不是敖包数据库；可用 ovoo init 新建",
        )
    _read_crs(store)
    upgrade.check_known(found, store.url)
    if found != upgrade.newest_version():
        with store.locked() as connection, bar("schema") as progress:
            progress(f"schema {found} → {upgrade.newest_version()}", 0, 0)
            upgrade.upgrade(connection, store.srid)
    with store.read() as connection:
        behind = [one for one in rendering.collections() if rendering.is_behind(connection, one)]
    if behind:
        with store.locked() as connection, bar("render") as progress:
            for collection in behind:
                step = partial(progress, f"render {collection.table.name}")
                rendering.catch_up(connection, collection, step)


def create_store(url: str, crs: str = DEFAULT_CRS) -> Store:
    """Make a store at an address that holds none, and open it.

    Args:
        url: as for `open_store`.
        crs: the one reference system of all its geometries, the EPSG code of longitudes and
            latitudes in degrees, such as `EPSG:4490` (CGCS2000) or `EPSG:4326`.

    Raises:
        InvalidValue: where a store is there already, or `crs` is no such code.
    """
    srid = parse_crs(crs)
    path = file_path(url)
    if path is None:
        return _make(url, srid)
    if path.exists():
        raise InvalidValue(
            "store", str(path), "the file exists already", "choose another name",
            f"文件 {path} 已存在；请换用其他名称",
        )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    # Where a store is looked for there is a whole one or none, also when its maker is killed.
    unfinished = path.with_name(f"{path.name}{_UNFINISHED}")
    geopackage.remove_file(unfinished)
    _make(str(unfinished), srid).close()
    unfinished.rename(path)
    return open_store(url)


def _make(url: str, srid: int) -> Store:
    store = _closed_store(url)
    store.crs, store.srid = f"EPSG:{srid}", srid
    _tell_dialect(store)
    if not store.embedded and upgrade.schema_version(store.engine) is not None:
        store.close()
        raise InvalidValue(
            "store", store.url, "a store is there already", "open it instead",
            f"{store.url} 处已有数据库；请直接打开",
        )  # fmt: skip
    with store.locked() as connection:
        upgrade.upgrade(connection, srid)
        connection.execute(store_meta.insert().values(key="crs", value=store.crs))
    return store


def _read_crs(store: Store) -> None:
    with store.read() as connection:
        crs = connection.scalar(select(store_meta.c.value).where(store_meta.c.key == "crs"))
    store.crs = str(crs)
    store.srid = int(store.crs.removeprefix("EPSG:"))
    _tell_dialect(store)


def _tell_dialect(store: Store) -> None:
    """Geometry columns and the curve ask the dialect for the store's reference system."""
    for engine in (store.engine, store._reading):  # noqa: SLF001 - same module
        dialect: Any = engine.dialect
        dialect.ovoo_srid = store.srid
        dialect.ovoo_degrees = is_in_degrees(store.srid)


def _closed_store(url: str) -> Store:
    """A store that has not been looked at yet."""
    path = file_path(url)
    if path is None:
        reading = servers.reading_engine(url, replicas=False)
        store = Store(servers.writing_engine(url), shown_address(url), reading=reading)
        store.full_url = url
        return store
    return Store(file_engine.make(path), shown_address(url), path)
