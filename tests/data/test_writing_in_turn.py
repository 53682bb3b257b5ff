"""Writers come in turn, wait no longer than they are told, and keep little at hand in a server."""

import shutil
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import event, func, select

from data import file_engine
from data.errors import StoreBusy
from data.store import Store, open_store
from gazetteer.tables import place

PLACE = {"name": "敖包", "status": "standard"}


def write_one(store: Store) -> None:
    with store.write("tester", "one more") as transaction:
        transaction.insert(place, PLACE)


@pytest.fixture
def office(made_geopackage: Path, tmp_path: Path) -> str:
    """A store in a file of its own."""
    return str(shutil.copyfile(made_geopackage, tmp_path / "office.gpkg"))


@pytest.mark.parametrize(("serving", "kept_kb"), [(False, 160_000), (True, 16_000)])
def test_a_server_keeps_little_at_hand_while_it_writes(
    office: str, *, serving: bool, kept_kb: int
) -> None:
    asked = "PRAGMA cache_size"
    with open_store(office) as store:
        store.serving = serving
        with store.write("tester", "one more") as transaction:
            connection = transaction.connection
            assert connection.exec_driver_sql(asked).scalar() == -kept_kb
        with store.locked() as connection:
            pass
        with store.read() as connection:
            assert connection.exec_driver_sql(asked).scalar() == -8_000


def test_a_write_waits_for_its_turn_no_longer_than_for_the_lock(
    office: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_engine, "BUSY_TIMEOUT_S", 0.3)
    refused: list[float] = []

    def try_to() -> None:
        began = time.monotonic()
        try:
            write_one(store)
        except StoreBusy:
            refused.append(time.monotonic() - began)

    with open_store(office) as store:
        waiting = [threading.Thread(target=try_to) for _ in range(3)]
        with store.locked():
            for one in waiting:
                one.start()
            for one in waiting:
                one.join()
        assert len(refused) == 3
        assert min(refused) >= 0.3
        write_one(store)  # whoever was refused has left nothing taken


def test_two_processes_that_write_without_a_pause_take_turns(office: str) -> None:
    """Each of the two stores stands for a process: they share nothing but the file."""
    order: list[int] = []
    number = 25

    def keep_writing(store: Store, mine: int) -> None:
        for _ in range(number):
            write_one(store)
            order.append(mine)

    with open_store(office) as one, open_store(office) as other:
        with one.read() as connection:
            before = connection.scalar(select(func.count()).select_from(place)) or 0
        threads = [
            threading.Thread(target=keep_writing, args=(store, mine))
            for mine, store in ((1, one), (2, other))
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with other.read() as connection:
            assert connection.scalar(select(func.count()).select_from(place)) == before + 4 * number
    half = order[: 2 * number]
    assert min(half.count(1), half.count(2)) >= number // 2


def test_single_writes_ask_the_same_texts_again_and_again(store: Store) -> None:
    """A text of its own for each write would stay in memory and be read anew each time."""
    texts: list[set[str]] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        texts[-1].add(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    for _ in range(6):
        texts.append(set())
        write_one(store)
    assert texts[3]
    assert texts[4] <= texts[3]
    assert texts[5] <= texts[3]
