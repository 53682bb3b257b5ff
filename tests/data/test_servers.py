"""PostgreSQL as it is in service: several servers, time limits, faults by their names, roles."""

import threading
from pathlib import Path

import psycopg
import pytest
import region
from richer import url_of
from sqlalchemy import text

from data import journal, servers
from data.errors import StoreBusy, StoreReadOnly, StoreUnreachable
from data.hot import fetch
from data.store import Store, create_store, open_store
from gazetteer.tables import place

ROLES = Path(__file__).resolve().parents[2] / "deploy/postgres/roles.sql"
PLACE = {"name": "敖包", "status": "standard"}


@pytest.mark.postgis
def test_an_address_may_name_several_servers(postgres_url: str) -> None:
    create_store(postgres_url).close()
    head, _, tail = postgres_url.partition("@")
    several = f"{head}@127.0.0.1:1,{tail}"
    with open_store(several, replicas=several) as store:
        assert store.url == f"postgresql://127.0.0.1:1,{tail}"
        with store.write("tests", "a place") as transaction:
            identity = transaction.insert(place, PLACE | {"geom": None})
        with store.read() as connection:
            assert connection.scalar(text("SELECT max(id) FROM place")) == identity
        assert servers.written.get() is not None


@pytest.mark.postgis
def test_a_reader_that_must_see_more_than_a_replica_shows_reads_the_primary(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_store(postgres_url).close()
    asked: list[str] = []
    monkeypatch.setattr(servers, "has_seen", lambda _connection, lsn: asked.append(lsn) or False)
    with open_store(postgres_url, replicas=postgres_url) as store:
        limit = text("SELECT current_setting('statement_timeout')")
        with store.read() as connection:
            assert connection.scalar(limit) == "1min"
        mark = servers.must_see.set("0/1")
        with store.read() as connection:
            assert connection.scalar(limit) == "0"
        servers.must_see.reset(mark)
        assert asked == ["0/1"]
        with store.read_current() as connection:
            assert connection.scalar(limit) == "0"


@pytest.mark.postgis
def test_a_statement_alone_leaves_the_connection_as_it_was(postgres_url: str) -> None:
    create_store(postgres_url).close()
    own = text("SELECT pg_backend_pid()")
    with open_store(postgres_url) as store:
        with store.read_statement() as connection:
            ((alone,),) = fetch(connection, "SELECT pg_backend_pid()", {})
        with pytest.raises(ValueError, match="the reader's own"), store.read_statement():
            raise ValueError("the reader's own")
        with store.read() as connection:
            assert connection.scalar(own) == alone
            before = store.change_mark(connection)
            with store.write("tests", "a place") as transaction:
                transaction.insert(place, PLACE | {"geom": None})
            assert store.change_mark(connection) == before, "one read sees one state"
        with store.read_statement() as connection:
            assert store.change_mark(connection) != before


@pytest.mark.postgis
def test_what_readers_prepare_lasts_and_nothing_else_is_prepared(postgres_url: str) -> None:
    create_store(postgres_url).close()
    kept = "SELECT statement FROM pg_prepared_statements"
    with open_store(postgres_url) as store:
        for number in range(20):
            with store.read() as connection:
                assert fetch(connection, "SELECT :one + 1", {"one": number}) == [(number + 1,)]
                connection.scalar(text("SELECT 'asked by SQLAlchemy'"))
        with store.read() as connection:
            own = fetch(connection, "SELECT pg_backend_pid()", {}, prepared=True)
        with store.read_statement() as connection:
            fetch(connection, "SELECT 'alone'", {}, prepared=True)
        with store.read() as connection:
            assert fetch(connection, "SELECT pg_backend_pid()", {}) == own
            prepared = {statement for (statement,) in fetch(connection, kept, {})}
            assert {"SELECT pg_backend_pid()", "SELECT 'alone'"} <= prepared
            assert not {one for one in prepared if "+ 1" in one or "SQLAlchemy" in one}


@pytest.mark.postgis
@pytest.mark.parametrize("replicated", [False, True])
def test_a_reader_that_fails_leaves_no_transaction_behind(
    postgres_url: str, *, replicated: bool
) -> None:
    create_store(postgres_url).close()
    with open_store(postgres_url, replicas=postgres_url if replicated else "") as store:
        mark = servers.must_see.set("0/1" if replicated else None)
        with pytest.raises(psycopg.errors.DivisionByZero), store.read() as connection:
            fetch(connection, "SELECT 1 / 0", {}, prepared=True)
        with store.read() as connection:
            before = store.change_mark(connection)
        with store.read() as connection, pytest.raises(psycopg.errors.DivisionByZero):
            fetch(connection, "SELECT 1 / 0", {}, prepared=True)
        with store.write("tests", "a place") as transaction:
            transaction.insert(place, PLACE | {"geom": None})
        with store.read() as connection:
            assert store.change_mark(connection) != before
        servers.must_see.reset(mark)


@pytest.mark.postgis
def test_a_server_that_ends_a_statement_is_told(postgres_url: str) -> None:
    create_store(postgres_url).close()
    with open_store(postgres_url) as store:
        with pytest.raises(StoreUnreachable), store.read_statement() as connection:
            fetch(connection, "SELECT pg_terminate_backend(pg_backend_pid())", {})
        with store.read_statement() as connection:
            assert fetch(connection, "SELECT 1", {}) == [(1,)]


@pytest.mark.postgis
def test_a_statement_alone_must_see_what_its_reader_must(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_store(postgres_url).close()
    monkeypatch.setattr(servers, "has_seen", lambda _connection, _lsn: False)
    sql = "SELECT current_setting('statement_timeout')"
    with open_store(postgres_url, replicas=postgres_url) as store:
        for wanted, limit in ((None, "1min"), ("0/1", "0"), (servers.PRIMARY, "0")):
            mark = servers.must_see.set(wanted)
            with store.read_statement() as connection:
                assert fetch(connection, sql, {}) == [(limit,)]
            servers.must_see.reset(mark)


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreUnreachable, match="does not answer"):
        open_store("postgresql://ovoo@127.0.0.1:1/ovoo")


@pytest.mark.postgis
def test_a_read_that_takes_too_long_is_stopped(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_store(postgres_url).close()
    monkeypatch.setattr(servers, "READ_LIMIT_S", 1)
    with (
        open_store(postgres_url) as store,
        pytest.raises(StoreUnreachable, match="statement timeout"),
        store.read() as connection,
    ):
        connection.execute(text("SELECT pg_sleep(20)"))


@pytest.mark.postgis
def test_a_writer_does_not_wait_for_ever(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_store(postgres_url).close()
    monkeypatch.setattr(servers, "LOCK_LIMIT_S", 1)
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with open_store(postgres_url) as other, other.write("a", "b"):
            held.set()
            done.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(20)
    with open_store(postgres_url) as store:
        with pytest.raises(StoreBusy), store.write("c", "d"):
            pass
        done.set()
        holder.join()
        with store.write("c", "d") as transaction:
            assert transaction.insert(place, PLACE) == 1


@pytest.mark.postgis
@pytest.mark.parametrize("trusted_s", [0.0, 3600.0], ids=["asked", "trusted"])
def test_a_connection_that_was_ended_in_the_pool_is_not_read(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, trusted_s: float
) -> None:
    create_store(postgres_url).close()
    monkeypatch.setattr(servers, "_TRUSTED_S", trusted_s)
    own = text("SELECT pg_backend_pid()")
    with open_store(postgres_url) as store:
        with store.read() as connection:
            before = connection.scalar(own)
        with store.read() as connection:
            assert connection.scalar(own) == before
        with psycopg.connect(postgres_url, autocommit=True) as admin:
            admin.execute("SELECT pg_terminate_backend(%s, 10000)", (before,))
        with store.read() as connection:
            assert connection.scalar(own) != before


@pytest.mark.postgis
def test_a_server_that_ends_a_write_is_told_and_the_store_goes_on(store: Store) -> None:
    if store.embedded:
        pytest.skip("a file has no server")

    def write_while_it_ends() -> None:
        with store.write("a", "b") as transaction:
            transaction.insert(place, PLACE)
            pid = transaction.connection.scalar(text("SELECT pg_backend_pid()"))
            with psycopg.connect(url_of(store), autocommit=True) as admin:
                admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
            transaction.insert(place, PLACE)

    with pytest.raises(StoreUnreachable):
        write_while_it_ends()
    with store.write("a", "b") as transaction:
        transaction.insert(place, PLACE)
    with store.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM place")) == 1


@pytest.mark.postgis
def test_a_server_that_takes_no_writes_is_told(postgres_url: str) -> None:
    create_store(postgres_url).close()
    with open_store(postgres_url) as store:
        name = postgres_url.rsplit("/", 1)[1]
        with store.engine.connect() as connection:
            connection.execute(
                text(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
            )
            connection.commit()
        store.engine.dispose()
        with pytest.raises(StoreReadOnly), store.write("a", "b") as transaction:
            transaction.insert(place, PLACE)
        with store.read() as connection:
            assert connection.scalar(text("SELECT count(*) FROM place")) == 0


FORBIDDEN = (
    "UPDATE journal SET actor = 'x'",
    "DELETE FROM journal",
    "TRUNCATE place",
    "TRUNCATE journal",
    "DELETE FROM marker",
    "DROP TABLE place",
    "CREATE TABLE mine (id int)",
    "ALTER TABLE journal DISABLE TRIGGER ALL",
    "UPDATE alembic_version SET version_num = '9999'",
)
HIDDEN = ("account", "account_secret", "account_session", "problem_reporter", "journal")
REFUSED = psycopg.errors.InsufficientPrivilege


@pytest.mark.postgis
def test_the_roles_have_least_rights(postgres_url: str) -> None:
    """What `deploy/postgres/roles.sql` gives is enough to work with, and no more."""
    create_store(postgres_url).close()
    with psycopg.connect(postgres_url) as admin:
        admin.execute(ROLES.read_text(encoding="utf-8"))
        for role in ("ovoo_app", "ovoo_read"):
            admin.execute(f"ALTER ROLE {role} LOGIN PASSWORD 'for-this-test'")
    tail = postgres_url.rpartition("@")[2]
    server = f"postgresql://ovoo_app:for-this-test@{tail}"
    with open_store(server) as store:
        region.fill(store)
        with store.read() as connection:
            assert journal.verify(connection).sequence > len(region.MARKERS)
    with psycopg.connect(server, autocommit=True) as connection:
        for statement in FORBIDDEN:
            with pytest.raises(REFUSED):
                connection.execute(statement)
    with psycopg.connect(server.replace("ovoo_app", "ovoo_read"), autocommit=True) as connection:
        found = connection.execute("SELECT count(*) FROM marker").fetchone()
        assert found == (len(region.MARKERS),)
        for statement in (*(f"SELECT * FROM {table}" for table in HIDDEN), "DELETE FROM place"):
            with pytest.raises(REFUSED):
                connection.execute(statement)


@pytest.mark.postgis
def test_who_must_see_a_write_reads_one_state_on_the_primary(postgres_url: str) -> None:
    create_store(postgres_url).close()
    with open_store(postgres_url, replicas=postgres_url) as store:
        level = text(
            "SELECT current_setting('transaction_isolation'),"
            " current_setting('transaction_read_only')"
        )
        mark = servers.must_see.set("FFFFFFFF/0")
        try:
            with store.read() as connection:  # this "replica" is a primary, which shows all
                assert tuple(connection.execute(level).one()) == ("repeatable read", "on")
        finally:
            servers.must_see.reset(mark)
        with store.read_current() as connection:
            assert tuple(connection.execute(level).one()) == ("repeatable read", "on")
        with store.write("tests", "a place") as transaction:
            transaction.insert(place, PLACE | {"geom": None})
