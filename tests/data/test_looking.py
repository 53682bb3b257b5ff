"""A look at a server takes a moment or is given up, and never tells what was."""

import time
from collections.abc import Iterator

import psycopg
import pytest
from richer import url_of

from data import looking
from data.store import Store, create_store, open_store
from gazetteer.tables import place

SQL = "SELECT count(*)::text, NULL FROM place"


@pytest.fixture
def served(postgres_url: str) -> Iterator[Store]:
    create_store(postgres_url).close()
    with open_store(postgres_url) as store:
        yield store


def looked(store: Store, sql: str = SQL) -> looking.Rows:
    """What a look tells, once it tells anything."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        if (rows := store.look(sql)) is not None:
            return rows
        time.sleep(0.01)
    raise AssertionError("no look in 20 s")


@pytest.fixture
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody rests, and a moment is long enough for a busy machine."""
    monkeypatch.setattr(looking, "_MOMENT_S", 0.5)
    monkeypatch.setattr(looking, "_FIRST_REST_S", 0.0)


@pytest.mark.postgis
@pytest.mark.usefixtures("_unhurried")
def test_the_first_look_opens_a_connection_and_waits_for_nobody(served: Store) -> None:
    assert served.look(SQL) is None
    assert looked(served) == [("0", None)]


@pytest.mark.postgis
@pytest.mark.usefixtures("_unhurried")
def test_a_look_sees_what_was_written_before_it(served: Store) -> None:
    looked(served)
    for number in range(1, 30):
        with served.write("tests", "a place") as transaction:
            transaction.insert(place, {"name": "敖包", "status": "standard", "geom": None})
        assert looked(served) == [(str(number), None)]


@pytest.mark.postgis
def test_a_server_that_is_held_up_is_left_alone_for_a_while(
    served: Store, postgres_url: str
) -> None:
    looked(served)
    with psycopg.connect(postgres_url) as holder:
        holder.execute("LOCK TABLE place IN ACCESS EXCLUSIVE MODE")
        begin, tried = time.monotonic(), 0
        while time.monotonic() - begin < 1.0:
            asked = time.monotonic()
            assert served.look(SQL) is None
            tried += time.monotonic() - asked > 0.001  # it waited for its moment
            time.sleep(0.0005)
        assert tried < 20
    # What came too late is told to nobody.
    assert looked(served, "SELECT 'now'") == [("now",)]


@pytest.mark.postgis
@pytest.mark.usefixtures("_unhurried")
def test_a_connection_that_was_ended_is_made_anew(served: Store, postgres_url: str) -> None:
    own = "SELECT pg_backend_pid()::text"
    ((before,),) = looked(served, own)
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("SELECT pg_terminate_backend(%s, 10000)", (int(str(before)),))
    assert served.look(own) is None
    assert looked(served, own) != [(before,)]


@pytest.mark.postgis
@pytest.mark.usefixtures("_unhurried")
def test_a_statement_that_is_refused_is_no_answer(served: Store) -> None:
    looked(served)
    assert served.look("SELECT 1 / 0") is None
    assert looked(served) == [("0", None)]


@pytest.mark.postgis
def test_nobody_looks_where_replicas_are_read(served: Store, postgres_url: str) -> None:
    with open_store(postgres_url, replicas=postgres_url) as store:
        for _ in range(3):
            assert store.look(SQL) is None
            time.sleep(0.1)


def test_a_file_is_not_looked_at(store: Store) -> None:
    if url_of(store).startswith("postgresql"):
        pytest.skip("a server is looked at")
    assert store.look("SELECT 1") is None
