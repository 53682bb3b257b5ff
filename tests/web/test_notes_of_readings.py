"""Notes of readings outlast a store that is busy or does not answer."""

import logging
from datetime import UTC, datetime, timedelta
from threading import Event, get_ident
from urllib.request import Request, urlopen

import pytest
from serving import served

from data import Actor, Grant, Role, Store
from data.accounts import issue_token, open_account
from data.errors import StoreUnreachable
from data.readings import Reading, read_readings
from web.readings import Readings
from web.settings import ACCOUNTS

ONE = Reading("2026-05-01T00:00:00.000Z", "somebody", "GET /collections/markers/items/1")


def test_notes_wait_where_the_store_does_not_answer(caplog: pytest.LogCaptureFixture) -> None:
    written: list[Reading] = []
    answers = [StoreUnreachable("it does not answer"), None]

    def write(batch: list[Reading]) -> None:
        if (trouble := answers.pop(0)) is not None:
            raise trouble
        written.extend(batch)

    readings = Readings(write)
    readings.add(ONE)
    with caplog.at_level(logging.WARNING):
        readings.flush_later()
    assert "it does not answer" in caplog.text
    assert written == []
    readings.flush_later()
    assert written == [ONE]


def test_many_notes_are_written_soon_by_a_thread_of_their_own() -> None:
    written: list[Reading] = []
    threads: set[int] = set()
    all_there = Event()

    def write(batch: list[Reading]) -> None:
        written.extend(batch)
        threads.add(get_ident())
        if len(written) == 1000:
            all_there.set()

    readings = Readings(write)
    for number in range(1000):
        readings.add(ONE._replace(request=str(number)))
    assert all_there.wait(4.0)  # sooner than a single one would be
    assert [one.request for one in written] == [str(number) for number in range(1000)]
    assert get_ident() not in threads


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_notes_are_written_after_their_thread_was_ended() -> None:
    written: list[Reading] = []
    tries: list[int] = []
    again = Event()

    def write(batch: list[Reading]) -> None:
        tries.append(len(batch))
        if len(tries) == 1:
            raise RuntimeError("nobody expects this one")
        written.extend(batch)
        again.set()

    readings = Readings(write)
    for _ in range(200):
        readings.add(ONE)
    writer = readings._writer  # the thread itself: it must have ended
    assert writer is not None
    writer.join(4.0)
    readings.add(ONE)
    assert again.wait(4.0)
    assert len(written) == 201


def test_a_server_that_is_told_to_end_writes_its_notes(filled: Store, store_url: str) -> None:
    root, now = Actor.operator("tests"), datetime.now(UTC)
    open_account(filled, root, "surveyor", [Grant(Role.SURVEYOR)], now)
    token = issue_token(filled, "surveyor", "test", tuple(Role), timedelta(days=1), now)
    with served(store_url, access=ACCOUNTS) as address:
        asked = Request(f"{address}collections/markers/items/1")  # noqa: S310 - http
        asked.add_header("Authorization", f"Bearer {token}")
        with urlopen(asked, timeout=20) as answer:  # noqa: S310 - http
            assert answer.status == 200
    with filled.read() as connection:
        (found,) = read_readings(connection, 10)
    assert (found.actor, found.request) == ("surveyor", "GET /collections/markers/items/1")
