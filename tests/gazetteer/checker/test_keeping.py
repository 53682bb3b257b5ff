"""The index is made once, kept in a file, and made anew when a name changes."""

from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
import real_register
from sqlalchemy import select

from data.store import Store, create_store, open_store
from gazetteer.checker import check_pasted, keeping, names_index
from gazetteer.checker.saving import index_path, load_index
from gazetteer.tables import division, place, place_name


@pytest.fixture
def small(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    real_register.fill(store)
    return store


def kinds(store: Store, text: str) -> list[str]:
    return [one.kind.value for one in check_pasted(store, text).checked.findings]


def test_a_new_former_name_is_known_at_once(small: Store) -> None:
    assert kinds(small, "来到乌兰敖包公社。") == []
    with small.write("tests", "a former name") as transaction:
        one = transaction.connection.execute(select(place.c.id).limit(1)).scalar_one()
        row = {"place_id": one, "text": "乌兰敖包公社", "language": "zh-Hans", "kind": "former"}
        transaction.insert(place_name, row | {"status": "standard"})
    assert kinds(small, "来到乌兰敖包公社。") == ["former"]


def test_a_renamed_division_is_known_at_once(small: Store) -> None:
    assert kinds(small, "通辽市科尔沁区") == []
    with small.write("tests", "rename") as transaction:
        row = transaction.connection.execute(
            select(division.c.id, division.c.version).where(division.c.code == "150502")
        ).one()
        transaction.update(division, row.id, row.version, {"name": "科尔沁新区"})
    assert kinds(small, "通辽市科尔沁新区") == []


def test_other_writes_leave_it_as_it_is(small: Store) -> None:
    from boundary.tables import marker
    from data.geometry import point_wkb

    with small.read() as connection:
        first = names_index(small, connection)
    with small.write("tests", "a marker") as transaction:
        transaction.insert(marker, {"marker_no": "1", "geom": point_wkb(111, 41)})
    with small.read() as connection:
        assert names_index(small, connection) is first


def test_a_program_that_starts_finds_it_in_its_file(small: Store, tmp_path: Path) -> None:
    with small.read() as connection:
        names_index(small, connection)
    path = index_path(small.url)
    assert path.is_file()
    kept = path.stat().st_mtime_ns
    keeping._kept.clear()
    assert kinds(small, "哲里木盟科尔沁区") == ["parent"]
    assert path.stat().st_mtime_ns == kept


def test_a_damaged_file_is_made_anew(small: Store) -> None:
    path = index_path(small.url)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"PK\x03\x04 no index")
    keeping._kept.clear()
    assert load_index(path) is None
    assert kinds(small, "哲里木盟科尔沁区") == ["parent"]
    assert load_index(path) is not None


@pytest.mark.parametrize(
    ("at", "value"), [(10, 99), (8, 1), (8, 32), (6, 200)], ids=["method", "locked", "patch", "new"]
)
def test_a_damaged_directory_of_the_file_is_no_obstacle(small: Store, at: int, value: int) -> None:
    with small.read() as connection:
        names_index(small, connection)
    path = index_path(small.url)
    content = bytearray(path.read_bytes())
    for record, further in ((b"PK\x03\x04", 0), (b"PK\x01\x02", 2)):
        start = content.find(record)
        while start >= 0:
            content[start + at - 2 + further] = value
            start = content.find(record, start + 1)
    path.write_bytes(bytes(content))
    assert load_index(path) is None


def test_nothing_is_left_of_a_file_that_could_not_be_written(
    small: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: BinaryIO, **_: object) -> None:
        file.write(b"the first part")
        raise OSError(28, "No space left on device")

    keeping._kept.clear()
    path = index_path(small.url)
    path.unlink(missing_ok=True)
    monkeypatch.setattr(np, "savez", full)
    assert kinds(small, "哲里木盟科尔沁区") == ["parent"]
    assert list(path.parent.glob("*.npz")) == []


def test_a_folder_that_cannot_be_written_is_no_obstacle(
    small: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keeping, "save_index", full)
    keeping._kept.clear()
    assert kinds(small, "哲里木盟科尔沁区") == ["parent"]


def test_the_file_of_another_store_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "one.gpkg"
    with create_store(str(path)) as first:
        real_register.fill(first)
        assert kinds(first, "哲里木盟科尔沁区") == ["parent"]
    for file in tmp_path.glob("one.gpkg*"):
        if file.suffix != ".npz":
            file.unlink()
    with create_store(str(path)) as second, second.write("tests", "one name") as transaction:
        transaction.insert(division, {"code": "990101", "name": "东旗", "level": "county"})
    with open_store(str(path)) as second:
        assert kinds(second, "哲里木盟科尔沁区") == []


def test_what_a_division_event_states_is_the_successor(small: Store) -> None:
    from datetime import date

    from gazetteer.divisions import division_event, division_event_line

    with small.write("tests", "a league that became a city") as transaction:
        old = {"code": "159900", "name": "虚设盟", "level": "prefecture", "in_region": True}
        transaction.insert(division, old | {"valid_to": date(2005, 1, 1)})
        event = {"digest": "1", "kind": "set_up", "effective_on": date(2005, 1, 1)}
        identity = transaction.insert(division_event, event | {"dated_by": "decision"})
        line = {"event_id": identity, "number": 1, "kind": "moved", "old_code": "159900"}
        transaction.insert(division_event_line, line | {"new_code": "150500"})
    (found,) = check_pasted(small, "寄往虚设盟。").checked.findings
    assert (found.kind.value, found.standard) == ("former", "通辽市")
