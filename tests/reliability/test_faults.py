"""Full disks, read-only files, locks, clocks, broken pages: each has a stated behaviour.

The table in `docs/reliability.md` says which.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import region
import time_machine
from richer import quiet
from sqlalchemy import func, select

from data import file_engine, journal
from data.backups import back_up, restore
from data.errors import StoreBusy, StoreDamaged, StoreError, StoreFull, StoreReadOnly
from data.store import Store, create_store, open_store
from gazetteer.tables import place
from web.app import create_app
from web.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PLACE = {"name": "敖包", "status": "standard"}
LARGE = PLACE | {"description": "草" * 20_000}


def places(store: Store) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(place)) or 0


def fill_up(store: Store) -> int:
    """Write until there is no more room; how many places were acknowledged."""
    for turn in range(1000):
        try:
            with store.write("tests", "more and more") as transaction:
                transaction.insert_many(place, [LARGE] * 3)
        except StoreFull:
            return turn * 3
    raise AssertionError("the disk was never full")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB; only root may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a small file system takes root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_refuses_writes_and_loses_nothing(small_disk: Path) -> None:
    filler = small_disk / "filler"
    with create_store(str(small_disk / "office.gpkg")) as store:
        region.fill(store)
        filler.write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 300_000))
        kept = len(region.PLACES)
        kept += fill_up(store)
        assert places(store) == kept
        client = create_app(store, Settings(min_free_bytes=0)).test_client()
        draft = {
            "type": "Feature",
            "geometry": None,
            "properties": {"name": "新泉", "meaning": "草" * 500},
        }
        body = {"type": "FeatureCollection", "features": [draft] * 400}
        answer = client.post("/collections/places/items", json=body)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert answer.get_json()["type"].endswith("/problems/store-full")
        filler.unlink()
        assert client.post("/collections/places/items", json=body).status_code == 201
    with open_store(str(small_disk / "office.gpkg")) as store, store.read() as connection:
        journal.verify(connection)


def test_a_backup_onto_a_full_disk_is_none(small_disk: Path, tmp_path: Path) -> None:
    with create_store(str(tmp_path / "office.gpkg")) as store:
        region.fill(store)
        (small_disk / "filler").write_bytes(b"x" * (shutil.disk_usage(small_disk).free - 300_000))
        with pytest.raises((OSError, sqlite3.Error, StoreError)):
            back_up(store, small_disk, quiet)
    assert [path.name for path in small_disk.iterdir()] == ["filler"]


def test_a_read_only_file_system_is_told(small_disk: Path) -> None:
    with create_store(str(small_disk / "office.gpkg")) as store:
        region.fill(store)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with (
        pytest.raises((StoreReadOnly, StoreError)),
        open_store(str(small_disk / "office.gpkg")) as store,
        store.write("a", "b") as transaction,
    ):
        transaction.insert(place, PLACE)


LIMITED = """
import resource, sys
from data.store import open_store
from gazetteer.tables import place
from data.errors import StoreError
url = sys.argv[1]
with open_store(url) as store:
    import os
    most = os.path.getsize(url) + 600_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    kept = 0
    try:
        for _ in range(1000):
            with store.write("t", "t") as transaction:
                transaction.insert_many(place, [{"name": "a", "status": "standard",
                    "description": "x" * 50_000}] * 3)
            kept += 3
    except StoreError as error:
        print(error.code, kept)
"""


def test_a_file_that_may_not_grow_refuses_writes(tmp_path: Path) -> None:
    url = str(tmp_path / "office.gpkg")
    with create_store(url) as store:
        region.fill(store)
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, url],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    code, kept = done.stdout.split()
    assert code in {"store-full", "store-unreachable"}, done.stderr
    with open_store(url) as store:
        assert places(store) == len(region.PLACES) + int(kept)
        with store.read() as connection:
            journal.verify(connection)
        with store.write("tests", "life goes on") as transaction:
            transaction.insert(place, PLACE)


@pytest.fixture
def office(
    made_geopackage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """A store in a file whose writers do not wait long."""
    monkeypatch.setattr(file_engine, "BUSY_TIMEOUT_S", 0.2)
    path = shutil.copyfile(made_geopackage, tmp_path / "office.gpkg")
    with open_store(str(path)) as store:
        region.fill(store)
        yield store


def test_another_program_holds_the_store(office: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "office.gpkg", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy), office.write("a", "b") as transaction:
        transaction.insert(place, PLACE)
    client = create_app(office, Settings(min_free_bytes=0)).test_client()
    draft = {"type": "Feature", "geometry": None, "properties": {"name": "新泉"}}
    answer = client.post("/collections/places/items", json=draft)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert client.get("/collections/places/items").status_code == 200
    other.execute("ROLLBACK")
    other.close()
    assert client.post("/collections/places/items", json=draft).status_code == 201


def test_a_clock_that_jumps_back(filled: Store) -> None:
    now = datetime(2026, 6, 1, 8, tzinfo=UTC)
    for moment in (now, now - timedelta(days=400), now + timedelta(days=1)):
        with time_machine.travel(moment, tick=False), filled.write("t", "t") as transaction:
            transaction.insert(place, PLACE)
    with filled.read() as connection:
        newest = select(journal.journal.c.at).order_by(journal.journal.c.sequence.desc()).limit(3)
        times = [at[:10] for at in connection.scalars(newest)]
        journal.verify(connection)
    assert times == ["2026-06-02", "2025-04-27", "2026-06-01"]  # as the clock said, in their order


def read_all(path: Path) -> None:
    with open_store(str(path)) as store, store.read() as connection:
        connection.execute(select(place)).all()


def test_a_broken_page_is_told_and_a_backup_brings_it_back(office: Store, tmp_path: Path) -> None:
    with office.write("tests", "more") as transaction:
        transaction.insert_many(place, [LARGE] * 30)
    made = back_up(office, tmp_path / "backups", quiet)
    with office.engine.connect() as connection:
        root = connection.exec_driver_sql(
            "SELECT rootpage FROM sqlite_master WHERE name = 'place'"
        ).scalar_one()
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.close()
    path = tmp_path / "office.gpkg"
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    with pytest.raises(StoreDamaged):
        read_all(path)
    restore(made.path, str(tmp_path / "restored.gpkg"), quiet)
    with open_store(str(tmp_path / "restored.gpkg")) as store:
        assert places(store) == len(region.PLACES) + 30
