"""The store's file, or the log beside it, goes away under a program that has it open."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import region
from sqlalchemy import select

from data import journal
from data.errors import StoreMoved, StoreUnreachable
from data.store import Store, open_store
from gazetteer.tables import place
from web.app import create_app
from web.settings import Settings


@pytest.fixture
def office(made_geopackage: Path, tmp_path: Path) -> Iterator[Store]:
    path = shutil.copyfile(made_geopackage, tmp_path / "office.gpkg")
    with open_store(str(path)) as store:
        region.fill(store)
        yield store


def add(store: Store, name: str) -> None:
    with store.write("tests", "one more") as transaction:
        transaction.insert(place, {"name": name, "status": "unverified"})


def names_in(path: Path) -> set[str]:
    """The names in a store that somebody opens anew, its journal proved."""
    with open_store(str(path)) as store, store.read() as connection:
        journal.verify(connection)
        return set(connection.scalars(select(place.c.name)))


def log_of(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def as_it_lies(path: Path) -> Path:
    """A copy of what a program that is killed now would leave behind."""
    copy = path.with_name("left.gpkg")
    for one in (path, log_of(path)):
        if one.exists():
            shutil.copyfile(one, one.with_name(one.name.replace(path.name, copy.name)))
    return copy


def read_at_once(store: Store, readers: int) -> None:
    with ExitStack() as open_readers:
        for _ in range(readers):
            open_readers.enter_context(store.read())


def test_a_deleted_log_takes_nothing_with_it(office: Store, tmp_path: Path) -> None:
    path = tmp_path / "office.gpkg"
    add(office, "前泉")
    log_of(path).unlink()
    path.with_name("office.gpkg-shm").unlink()
    with pytest.raises(StoreMoved):
        add(office, "后泉")
    assert names_in(as_it_lies(path)) >= {"前泉"}
    client = create_app(office, Settings(min_free_bytes=0)).test_client()
    draft = {"type": "Feature", "geometry": None, "properties": {"name": "新泉"}}
    answer = client.post("/collections/places/items", json=draft)
    assert answer.status_code == 503
    assert answer.get_json()["type"].endswith("/problems/store-moved")
    office.close()
    assert names_in(path) & {"前泉", "后泉", "新泉"} == {"前泉"}


def test_a_log_that_goes_within_a_write_takes_it_back(office: Store, tmp_path: Path) -> None:
    def write() -> None:
        with office.write("tests", "one") as transaction:
            transaction.insert(place, {"name": "前泉", "status": "unverified"})
            log_of(tmp_path / "office.gpkg").unlink()

    with pytest.raises(StoreMoved):
        write()
    with office.read() as connection:
        assert "前泉" not in set(connection.scalars(select(place.c.name)))


def test_a_store_that_is_moved_away_is_not_written_nor_made_anew(
    office: Store, tmp_path: Path
) -> None:
    client = create_app(office, Settings(min_free_bytes=0)).test_client()
    add(office, "前泉")
    away = tmp_path / "away"
    away.mkdir()
    for one in tmp_path.glob("office.gpkg*"):
        one.rename(away / one.name)
    with pytest.raises(StoreMoved):
        add(office, "后泉")
    with pytest.raises(StoreUnreachable):
        read_at_once(office, 20)  # more than there are connections
    ready = client.get("/ready")
    assert ready.status_code == 503
    assert [one["ok"] for one in ready.get_json()["checks"] if one["name"] == "store"] == [False]
    assert list(tmp_path.glob("office.gpkg*")) == []
    office.close()
    assert "前泉" in names_in(away / "office.gpkg")


def test_another_file_in_its_place_is_left_alone(
    office: Store, made_geopackage: Path, tmp_path: Path
) -> None:
    other = shutil.copyfile(made_geopackage, tmp_path / "other.gpkg")
    before = other.read_bytes()
    other.rename(tmp_path / "office.gpkg")
    with pytest.raises(StoreMoved):
        add(office, "后泉")
    assert (tmp_path / "office.gpkg").read_bytes() == before
