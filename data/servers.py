"""Connections to PostgreSQL: pools, time limits, several servers, replicas for readers.

An address may name several servers, as libpq has it (`postgresql://ovoo@a:5432,b:5432/ovoo`): who
writes looks for the one that takes writes, so that a failover needs no new address; who reads
replicas takes any, the primary where no replica answers.
"""

from contextlib import suppress
from contextvars import ContextVar
from selectors import EVENT_READ, DefaultSelector
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy import Connection, Engine, create_engine, event, exc, text

READ_LIMIT_S = 60
"""No read of a server takes longer: statement_timeout."""
LOCK_LIMIT_S = 30
"""No writer waits longer for another: lock_timeout."""
_IDLE_LIMIT_S = 900
"""A transaction in which nothing happens is ended: idle_in_transaction_session_timeout."""
_NO_COMPILING: Final = "-c jit=off"
"""What a page of a large table may cost, as the planner guesses, makes the server compile each
statement: of 16,000,000 names that took 390 ms, and reading the page 1 ms."""
_LIVELY: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""A server that is gone is noticed within seconds, also in the middle of an answer."""
_POOL: dict[str, Any] = {
    "pool_size": 16,
    "max_overflow": 16,
    "pool_timeout": 10,
    "pool_recycle": 1_800,
}
_TRUSTED_S: Final = 1.0
"""A connection that was given back so lately is not asked whether it lives, unless its server has
said something since: asking costs as much as a look-up by key."""
_USED: Final = "ovoo_used"
_NEVER_BY_ITSELF: Final = 1 << 30
"""A reader's statement is prepared where its author says so, however often it is asked. The plan of
a prepared one is soon made for any values, and a filter's best way hangs on how many records have
its value."""
PRIMARY = "primary"

must_see: ContextVar[str | None] = ContextVar("ovoo_must_see", default=None)
"""What a reader must see: None for any replica, `PRIMARY`, or a position of the write-ahead log."""
written: ContextVar[str | None] = ContextVar("ovoo_written", default=None)
"""The position after the newest write of this context; None where it has written nothing."""


def writing_engine(url: str) -> Engine:
    """An engine on the server that takes writes."""
    return _engine(url, {"target_session_attrs": "read-write"}, f"-c lock_timeout={LOCK_LIMIT_S}s")


def reading_engine(url: str, *, replicas: bool) -> Engine:
    """An engine whose statements are stopped after a while; on replicas where there are any.

    Each of its transactions shows one state of the store from its first statement on, and writes
    nothing.
    """
    attributes = {"target_session_attrs": "prefer-standby", "load_balance_hosts": "random"}
    options = f"-c statement_timeout={READ_LIMIT_S}s"
    if not replicas:
        attributes = {"target_session_attrs": "read-write"}
    engine = _engine(url, attributes, options)
    event.listen(engine, "connect", _read_one_state)
    return engine


def _read_one_state(connection: Any, _record: Any) -> None:
    """Set up a reading connection once; its transactions cost nothing more.

    It is set on the session that stands, not in the address: libpq takes a session that is
    read-only from the start for a server that takes no writes.
    """
    connection.prepare_threshold = _NEVER_BY_ITSELF
    connection.execute("SET default_transaction_isolation TO 'repeatable read'")
    connection.execute("SET default_transaction_read_only TO on")
    connection.commit()


def end_reading(connection: Connection) -> None:
    """End the transaction of a reader that has read what it wanted.

    It is committed, which is the same for who writes nothing: with a transaction that is rolled
    back the driver throws away all that it has prepared.
    """
    import psycopg

    driver: Any = connection.connection.driver_connection
    if driver.info.transaction_status == psycopg.pq.TransactionStatus.INTRANS:
        with suppress(psycopg.OperationalError):  # it is read; the pool parts with the connection
            driver.commit()


def _engine(url: str, attributes: dict[str, Any], options: str) -> Engine:
    asked = {**_LIVELY, "application_name": "ovoo"}
    asked["options"] = f"{options} {_NO_COMPILING}"
    asked["options"] += f" -c idle_in_transaction_session_timeout={_IDLE_LIMIT_S}s"
    url = url.replace("postgres://", "postgresql://", 1)
    if "," not in urlsplit(url).netloc:
        if "prefer-standby" in attributes.values():
            asked |= attributes
        known = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return _looked_after(create_engine(known, connect_args=asked, **_POOL))
    asked |= attributes

    def connect() -> Any:
        import psycopg

        return psycopg.connect(url, **asked)

    # SQLAlchemy's own addresses hold one server; those of libpq hold several.
    return _looked_after(create_engine("postgresql+psycopg://", creator=connect, **_POOL))


def _looked_after(engine: Engine) -> Engine:
    """Let nobody take a dead connection from an engine's pool."""

    def given_back(_connection: Any, record: Any) -> None:
        record.info[_USED] = monotonic()

    def taken(connection: Any, record: Any, _proxy: Any) -> None:
        used = record.info.get(_USED)
        # One that has just been made has not been given back yet.
        if used is None or (monotonic() - used < _TRUSTED_S and not _has_news(connection)):
            return
        if not _lives(engine, connection):
            raise exc.InvalidatePoolError  # all that are as old go with it

    event.listen(engine, "checkin", given_back)
    event.listen(engine, "checkout", taken)
    return engine


def _has_news(connection: Any) -> bool:
    """Whether a server has said something unasked, such as farewell, or is gone."""
    if connection.closed:
        return True
    with DefaultSelector() as selector:
        selector.register(connection.fileno(), EVENT_READ)
        return bool(selector.select(0))


def _lives(engine: Engine, connection: Any) -> bool:
    import psycopg

    try:
        return engine.dialect.do_ping(connection)
    except psycopg.Error:
        return False


def position(connection: Connection) -> str:
    """Where the primary's write-ahead log stands; what was committed before lies before it."""
    return str(connection.scalar(text("SELECT pg_current_wal_insert_lsn()")))


def has_seen(connection: Connection, lsn: str) -> bool:
    """Whether a server shows everything up to a position; a primary always does."""
    statement = text(
        "SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= CAST(:lsn AS pg_lsn)"
    )
    return bool(connection.scalar(statement, {"lsn": lsn}))


def behind_s(primary: Connection, replica: Connection) -> float:
    """How far a replica is behind, seconds; 0 where it shows all that the primary has."""
    if has_seen(replica, position(primary)):
        return 0.0
    statement = text("SELECT extract(epoch FROM now() - pg_last_xact_replay_timestamp())")
    return float(replica.scalar(statement) or 0.0)


def in_recovery(connection: Connection) -> bool:
    """Whether this server takes no writes."""
    statement = text(
        "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean"
    )
    return bool(connection.scalar(statement))
