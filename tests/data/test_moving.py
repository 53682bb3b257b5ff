"""A store moves into another of either kind; every row is proved, a killed move goes on."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import region
import shapely
from richer import CONTENT, enrich, quiet, url_of
from sqlalchemy import func, select, text

from boundary.tables import line, marker
from data import journal, moving, proving
from data.errors import (
    FaultsFound,
    InvalidValue,
    StoreError,
    StoresDiffer,
    StoreUnfinished,
)
from data.geometry import to_wkb
from data.moving import Moved, move_store
from data.partial_uploads import add_part, begin_upload, partial_upload_part
from data.proving import all_tables
from data.store import Store, create_store, open_store
from data.stored_files import keep_file, read_file
from data.tables import store_meta
from gazetteer.search import is_current
from gazetteer.tables import place

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=["geopackage", pytest.param("postgis", marks=pytest.mark.postgis)])
def target_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address that holds no store yet, one of each kind."""
    if request.param == "geopackage":
        return str(tmp_path / "target.gpkg")
    make: Callable[[str], str] = request.getfixturevalue("another_database")
    return make("target")


@pytest.fixture
def file_url(made_geopackage: Path, tmp_path: Path) -> str:
    """An empty store in a file, for what does not hang on the kind of the target."""
    return shutil.copyfile(made_geopackage, tmp_path / "target.gpkg").as_posix()


def test_everything_arrives_and_is_proved(filled: Store, target_url: str) -> None:
    sha256 = enrich(filled)
    with filled.read() as connection:
        rows = {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in all_tables()
        }
    moved = move_store(url_of(filled), target_url, quiet)
    assert {one.table: one.rows for one in moved.tables} == rows
    assert rows["place"] == len(region.PLACES)
    assert (moved.files, moved.resumed, moved.left) == (1, False, ())
    with open_store(target_url) as target, target.read() as connection:
        assert journal.verify(connection, moved.head.hash) == moved.head
        assert read_file(connection, sha256) == CONTENT
        assert is_current(connection)
        if target.embedded:
            assert connection.scalar(text("SELECT count(*) FROM rtree_marker_geom")) == len(
                region.MARKERS
            )
            extent = text("SELECT min_x, max_y FROM gpkg_contents WHERE table_name = 'marker'")
            assert tuple(connection.execute(extent).one()) == (112.0, 41.8)


def test_life_goes_on_in_the_target(filled: Store, file_url: str) -> None:
    enrich(filled)
    move_store(url_of(filled), file_url, quiet)
    with open_store(file_url) as target:
        with target.write("tests", "a new place") as transaction:
            identity = transaction.insert(place, {"name": "新名", "status": "standard"})
        assert identity == len(region.PLACES) + 2  # the deleted record's id is not given again
        with pytest.raises(Exception, match="never"), target.write("t", "t") as transaction:
            transaction.update(marker, 1, 1, {"coordinate_text": "1, 1"})
        with target.read() as connection:
            assert journal.verify(connection).sequence == moving_head(filled) + 1


def moving_head(store: Store) -> int:
    with store.read() as connection:
        return journal.read_head(connection).sequence


def test_there_and_back_is_the_same(filled: Store, target_url: str, tmp_path: Path) -> None:
    enrich(filled)
    there = move_store(url_of(filled), target_url, quiet)
    back = move_store(target_url, str(tmp_path / "back.gpkg"), quiet)
    assert there.tables == back.tables


def test_a_target_that_is_not_empty_is_refused(filled: Store, tmp_path: Path) -> None:
    other = tmp_path / "other.gpkg"
    with create_store(str(other)) as store:
        region.fill(store)
    before = other.read_bytes()
    with pytest.raises(InvalidValue, match="not empty"):
        move_store(url_of(filled), str(other), quiet)
    with pytest.raises(InvalidValue, match="not empty"):
        move_store(url_of(filled), url_of(filled), quiet)
    assert other.read_bytes() == before


def test_a_target_in_another_system_is_refused(filled: Store, tmp_path: Path) -> None:
    create_store(str(tmp_path / "other.gpkg"), "EPSG:4326").close()
    with pytest.raises(InvalidValue, match="EPSG:4326"):
        move_store(url_of(filled), str(tmp_path / "other.gpkg"), quiet)


class Stopped(Exception):
    """The move is stopped here."""


def stop_at(table: str) -> Callable[[str, str, int, int], None]:
    def step(_step: str, name: str, done: int, total: int) -> None:
        if name == table and done == total:
            raise Stopped

    return step


@pytest.mark.parametrize("table", ["division", "place_name"])
def test_a_stopped_move_goes_on(
    filled: Store, target_url: str, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrich(filled)
    monkeypatch.setattr(moving, "_ROWS", 2)
    with pytest.raises(Stopped):
        move_store(url_of(filled), target_url, stop_at(table))
    with pytest.raises(StoreUnfinished):
        open_store(target_url)
    moved = move_store(url_of(filled), target_url, quiet)
    assert moved.resumed
    with open_store(target_url) as target, target.read() as connection:
        assert journal.verify(connection) == moved.head


def test_a_source_that_changes_is_said(filled: Store, file_url: str) -> None:
    with pytest.raises(Stopped):
        move_store(url_of(filled), file_url, stop_at("division"))
    enrich(filled)
    with pytest.raises(StoreError, match="was written to since"):
        move_store(url_of(filled), file_url, quiet)


def test_a_write_during_the_move_is_said(filled: Store, file_url: str) -> None:
    written: list[str] = []

    def step(_step: str, name: str, _done: int, _total: int) -> None:
        if name == "place" and not written:
            written.append(enrich(filled))

    with pytest.raises(StoreError, match="written to during the move"):
        move_store(url_of(filled), file_url, step)


def test_a_row_that_differs_is_named(filled: Store, file_url: str) -> None:
    def step(stage: str, name: str, _done: int, _total: int) -> None:
        if (stage, name) == ("copy", "sign_repair"):
            with moving.open_unfinished(file_url) as target, target.write("x", "x") as other:
                other.connection.execute(text("UPDATE place SET meaning = 'x' WHERE id = 2"))

    with pytest.raises(StoresDiffer, match="row 2 of place differs"):
        move_store(url_of(filled), file_url, step)
    with pytest.raises(StoreUnfinished):
        open_store(file_url)


@pytest.mark.parametrize("broken", ["geom = X'4750000F00000000'", "valid_from = '2020/01/01'"])
def test_what_cannot_be_read_is_named_and_nothing_is_moved(tmp_path: Path, broken: str) -> None:
    source = tmp_path / "source.gpkg"
    with create_store(str(source)) as store:
        region.fill(store)
        with store.write("x", "x") as transaction:
            transaction.connection.execute(text(f"UPDATE place SET {broken} WHERE id = 2"))
    with pytest.raises(FaultsFound, match="1 fault"):
        move_store(str(source), str(tmp_path / "target.gpkg"), quiet)
    assert not (tmp_path / "target.gpkg").exists()


def test_a_kept_file_with_other_bytes_is_named(tmp_path: Path) -> None:
    source = tmp_path / "source.gpkg"
    with create_store(str(source)) as store:
        enrich_only_file(store)
        with store.write("x", "x") as transaction:
            transaction.connection.execute(text("UPDATE stored_file SET bytes = X'00'"))
    with pytest.raises(StoreError, match="other bytes"):
        move_store(str(source), str(tmp_path / "target.gpkg"), quiet)


def enrich_only_file(store: Store) -> None:
    with store.write("tests", "a file") as transaction:
        keep_file(transaction, CONTENT)


def test_a_killed_move_goes_on(filled: Store, target_url: str) -> None:
    enrich(filled)
    with filled.write("tests", "many") as transaction:
        transaction.insert_many(
            place, [{"name": f"敖包{n}", "status": "standard"} for n in range(9000)]
        )
    process = subprocess.Popen(
        [sys.executable, "-m", "ovoo", "move", url_of(filled), target_url],
        cwd=ROOT, env=dict(os.environ), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    time.sleep(1.5)
    process.send_signal(signal.SIGKILL)
    process.wait()
    try:
        moved: Moved = move_store(url_of(filled), target_url, quiet)
    except InvalidValue:
        assert process.returncode == 0  # it had ended before it was killed
        return
    with open_store(target_url) as target, target.read() as connection:
        assert journal.verify(connection) == moved.head
        assert connection.scalar(select(func.count()).select_from(place)) == 9004
        marks = select(store_meta.c.value).where(store_meta.c.key == "moving")
        assert connection.scalar(marks) is None


def test_the_command_knows_every_table_of_a_store(made_geopackage: Path, tmp_path: Path) -> None:
    """What it has not imported would be taken for a table of another program."""
    command = [sys.executable, "-m", "ovoo", "move", str(made_geopackage), str(tmp_path / "t.gpkg")]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "other programs" not in done.stderr


@pytest.mark.postgis
@pytest.mark.parametrize("number", [10, 60])
def test_a_row_that_a_server_refuses_is_named_with_its_table(
    number: int, tmp_path: Path, another_database: Callable[[str], str]
) -> None:
    """Few rows are inserted, many are copied: the driver tells of either in its own way."""
    source = str(tmp_path / "source.gpkg")
    with create_store(source) as store:
        with store.write("tester", "a test") as transaction:
            transaction.insert_many(place, [{"name": "敖包", "status": "standard"}] * number)
        with store.locked() as connection:
            connection.exec_driver_sql("UPDATE place SET name = 'a' || char(0) WHERE id = 3")
    with pytest.raises(StoreError, match="refuses rows of place"):
        move_store(source, another_database("refusing"), quiet)


def test_what_is_read_and_written_at_once_is_told_in_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts of files and lines of many vertices are as long as kept files."""
    many = [(111.0 + n / 10_000, 41.0) for n in range(2_000)]
    with create_store(str(tmp_path / "source.gpkg")) as store:
        secret = begin_upload(store, "甲", "a.csv", 120_000, datetime.now(UTC))
        for begins in range(0, 120_000, 10_000):
            add_part(store, secret, "甲", begins, b"x" * 10_000, datetime.now(UTC))
        with store.write("tests", "long lines") as transaction:
            shape = to_wkb(shapely.MultiLineString([many]))
            transaction.insert_many(line, [{"name": "线", "level": "county", "geom": shape}] * 12)
        monkeypatch.setattr(proving, "_BYTES_AT_ONCE", 100_000)
        monkeypatch.setattr(moving, "_BYTES", 100_000)
        fetched: list[int] = []
        with store.read_long() as connection:
            for table in (partial_upload_part, line):
                rows = proving.stream(connection, table)
                fetched += [len(part) for part in rows.partitions()]
                rows.close()
    assert max(fetched) * 10_000 <= 100_000
    assert sum(fetched) == 24
    done: list[tuple[str, int]] = []
    move_store(
        str(tmp_path / "source.gpkg"), str(tmp_path / "target.gpkg"),
        lambda step, name, at, _total: done.append((name, at)) if step == "copy" else None,
    )  # fmt: skip
    assert [at for name, at in done if name == "partial_upload_part"] == [0, 10, 12]
    assert [at for name, at in done if name == "line"] == [0, 4, 8, 12]
