"""Backups: taken while others write, proved, sealed, restored elsewhere, row by row the same."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import region
from click.testing import CliRunner
from richer import CONTENT, enrich, quiet
from sqlalchemy import func, select, text

from data import journal
from data import wrong_days as wrong_days_module
from data.backups import (
    back_up,
    back_up_changes,
    drill,
    found_backups,
    is_as_made,
    list_backups,
    list_changes,
    newest_until,
    restore,
)
from data.backups.manifest import Manifest, manifest_path, sha256_of
from data.commands import verify
from data.errors import (
    FaultsFound,
    InvalidFile,
    InvalidValue,
    NotFound,
    StoreDamaged,
    StoresDiffer,
)
from data.proving import digests
from data.sealing import make_key, read_key
from data.store import Store, create_store, open_store, open_unfinished
from data.store_commands import backup
from data.store_commands import restore as restore_command
from data.stored_files import keep_file, read_file
from gazetteer.tables import place


def said_of(store: Store) -> object:
    with store.read_long() as connection:
        return digests(connection, lambda _table, _rows: None)


def test_the_restore_drill(filled: Store, tmp_path: Path) -> None:
    """What is restored is, row by row, what was backed up; and it can be worked with."""
    sha256 = enrich(filled)
    before = said_of(filled)
    made = back_up(filled, tmp_path / "backups", quiet)
    with filled.write("tests", "after the backup") as transaction:
        transaction.insert(place, {"name": "后来", "status": "standard"})
    manifest = restore(made.path, str(tmp_path / "restored.gpkg"), quiet)
    assert manifest == made.manifest
    with open_store(str(tmp_path / "restored.gpkg")) as restored:
        assert said_of(restored) == before == list(manifest.tables)
        with restored.read() as connection:
            assert read_file(connection, sha256) == CONTENT
            assert journal.verify(connection).hash == manifest.head
        with restored.write("tests", "life goes on") as transaction:
            transaction.insert(place, {"name": "新名", "status": "standard"})
    assert drill(made.path, quiet) == manifest


@pytest.mark.postgis
def test_a_backup_restores_into_a_server(
    filled: Store, tmp_path: Path, another_database: Callable[[str], str]
) -> None:
    enrich(filled)
    before = said_of(filled)
    made = back_up(filled, tmp_path, quiet)
    url = another_database("restored")
    restore(made.path, url, quiet)
    with open_store(url) as restored:
        assert said_of(restored) == before


@contextmanager
def writing(store: Store) -> Iterator[list[int]]:
    """Somebody adds pairs of places, each pair in one transaction."""
    written: list[int] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            with store.write("writer", "a pair") as transaction:
                pair = [{"name": name, "status": "standard"} for name in ("甲", "乙")]
                added = transaction.insert_many(place, pair)
            written.extend(added)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield written
    finally:
        stop.set()
        writer.join()


def test_a_backup_taken_while_others_write_is_one_state(filled: Store, tmp_path: Path) -> None:
    with writing(filled) as written:
        while len(written) < 10:
            time.sleep(0.01)
        made = back_up(filled, tmp_path, quiet)
        after = len(written)
    restore(made.path, str(tmp_path / "restored.gpkg"), quiet)
    with open_store(str(tmp_path / "restored.gpkg")) as restored, restored.read() as connection:
        assert journal.verify(connection).hash == made.manifest.head
        found = connection.scalar(select(func.count()).select_from(place)) or 0
        assert (found - len(region.PLACES)) % 2 == 0
        assert 10 <= found - len(region.PLACES) <= after + 2


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Store]:
    """A store in a file, with the drawn region."""
    with create_store(str(tmp_path / "office.gpkg")) as store:
        region.fill(store)
        yield store


def test_a_sealed_backup_opens_with_its_key_alone(office: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    key_file = tmp_path / "key"
    make_key(key_file)
    assert key_file.stat().st_mode & 0o077 == 0
    with pytest.raises(InvalidValue, match="exists already"):
        make_key(key_file)
    made = back_up(office, folder, quiet, read_key(key_file))
    assert [path.name for path in folder.iterdir()] == [made.path.name]
    assert "敖包".encode() not in made.path.read_bytes()
    assert drill(made.path, quiet, read_key(key_file)) == made.manifest
    with pytest.raises(InvalidValue, match="sealed"):
        drill(made.path, quiet)
    make_key(tmp_path / "other")
    with pytest.raises(InvalidFile, match="cannot be opened"):
        drill(made.path, quiet, read_key(tmp_path / "other"))
    (tmp_path / "both").write_bytes((tmp_path / "other").read_bytes() + key_file.read_bytes())
    assert drill(made.path, quiet, read_key(tmp_path / "both")) == made.manifest
    with pytest.raises(InvalidFile, match="no key"):
        read_key(made.path)


@pytest.mark.parametrize("harm", ["cut", "swap", "double", "flip"])
def test_a_sealed_backup_that_was_changed_is_refused(
    office: Store, tmp_path: Path, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.sealing.PIECE_BYTES", 100_000)
    key_file = tmp_path / "key"
    make_key(key_file)
    made = back_up(office, tmp_path, quiet, read_key(key_file))
    statement, *pieces = made.path.read_bytes().splitlines(keepends=True)
    assert len(pieces) > 3
    if harm == "cut":
        pieces = pieces[:-1]
    elif harm == "swap":
        pieces[1], pieces[2] = pieces[2], pieces[1]
    elif harm == "double":
        pieces.insert(1, pieces[1])
    else:
        pieces[1] = pieces[1][:50] + bytes([pieces[1][50] ^ 1]) + pieces[1][51:]
    made.path.write_bytes(b"".join([statement, *pieces]))
    with pytest.raises(InvalidFile, match=r"SHA-256|cannot be opened"):
        restore(made.path, str(tmp_path / "restored.gpkg"), quiet, read_key(key_file))
    assert not list(tmp_path.glob("restored.gpkg*"))


def test_a_backup_that_was_changed_is_refused(office: Store, tmp_path: Path) -> None:
    made = back_up(office, tmp_path / "backups", quiet)
    content = bytearray(made.path.read_bytes())
    content[len(content) // 2] ^= 1
    made.path.write_bytes(content)
    with pytest.raises(InvalidFile, match="SHA-256"):
        drill(made.path, quiet)


def test_a_manifest_that_was_changed_is_refused(office: Store, tmp_path: Path) -> None:
    made = back_up(office, tmp_path / "backups", quiet)
    manifest = made.path.with_name(made.path.name + ".json")
    said = json.loads(manifest.read_bytes())
    said["tables"][5]["rows"] += 1
    manifest.write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(StoresDiffer):
        drill(made.path, quiet)
    manifest.write_text("{}", encoding="utf-8")
    with pytest.raises(InvalidFile, match="manifest"):
        drill(made.path, quiet)
    manifest.unlink()
    with pytest.raises(InvalidFile, match="no manifest"):
        drill(made.path, quiet)


def test_nothing_is_restored_over_what_is_there(office: Store, tmp_path: Path) -> None:
    made = back_up(office, tmp_path / "backups", quiet)
    with pytest.raises(InvalidValue, match="exists already"):
        restore(made.path, str(tmp_path / "office.gpkg"), quiet)


def test_old_backups_go_only_after_a_new_one_stands(office: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    made = [back_up(office, folder, quiet, keep=2).path for _ in range(4)]
    assert list_backups(folder) == made[2:]
    assert len(list(folder.iterdir())) == 4
    break_file(office)
    with pytest.raises(StoreDamaged):
        back_up(office, folder, quiet, keep=1)
    assert list_backups(folder) == made[2:]
    assert not list(folder.glob("*.part*"))


def break_file(store: Store) -> None:
    with store.engine.connect() as connection:
        keep = text("INSERT INTO stored_file VALUES ('ab', X'00', 1)")
        connection.execute(keep)
        connection.commit()


def change(store: Store, name: str) -> None:
    """In the journal, in a table beside it alone, and by another program."""
    with store.write("tests", name) as transaction:
        identity = transaction.insert(place, {"name": name, "status": "standard"})
        transaction.insert(place, {"name": f"{name}二", "status": "standard"})
        transaction.delete(place, identity, 1)
        keep_file(transaction, name.encode() * 3_000)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE place SET meaning = :said WHERE id = 2"), {"said": name})


def test_a_state_between_two_whole_backups_comes_back(filled: Store, tmp_path: Path) -> None:
    """Each state is, row by row, what the store was, whichever others are gone."""
    folder = tmp_path / "backups"
    enrich(filled)
    whole = back_up(filled, folder, quiet)
    states = [(whole.path, datetime.now(UTC), said_of(filled))]
    for name in ("上午", "下午", "晚上"):
        change(filled, name)
        made = back_up_changes(filled, folder, quiet)
        assert made.path.stat().st_size == made.manifest.changes_bytes
        assert made.path.stat().st_size < whole.manifest.size_bytes
        states.append((made.path, datetime.now(UTC), said_of(filled)))
    states.append((back_up(filled, folder, quiet).path, datetime.now(UTC), said_of(filled)))
    states[1][0].unlink()
    assert len({str(said) for _, _, said in states}) == 4
    for number, (path, moment, said) in enumerate(states):
        if number == 1:
            continue
        assert newest_until(folder, moment) == path
        target = str(tmp_path / f"state{number}.gpkg")
        assert restore(path, target, quiet).tables == tuple(said)  # type: ignore[arg-type]
        with open_unfinished(target, as_it_is=True) as restored:
            assert said_of(restored) == said
            with restored.read() as connection:
                journal.verify(connection)
    assert newest_until(folder, states[1][1]) == whole.path  # its own changes are gone
    with pytest.raises(InvalidValue, match="oldest state"):
        newest_until(folder, datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(NotFound, match="no backup"):
        newest_until(tmp_path, moment)


def test_changes_stand_on_one_whole_backup(office: Store, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    with pytest.raises(NotFound, match="no whole backup"):
        back_up_changes(office, folder, quiet)
    whole = back_up(office, folder, quiet)
    change(office, "上午")
    made = back_up_changes(office, folder, quiet)
    assert is_as_made(folder, made.path.name)
    assert [one.state for one in found_backups(folder)] == ["whole", "whole"]
    manifest = manifest_path(whole.path)
    kept, said = whole.path.read_bytes(), manifest.read_bytes()
    manifest.write_bytes(said.replace(whole.manifest.sha256.encode(), b"0" * 64))
    with pytest.raises(InvalidFile, match="SHA-256"):
        drill(made.path, quiet)
    whole.path.write_bytes(b"another" * 99)
    manifest.write_bytes(
        said.replace(whole.manifest.sha256.encode(), sha256_of(whole.path).encode())
    )
    with pytest.raises(InvalidFile, match="changes another"):
        drill(made.path, quiet)
    whole.path.write_bytes(b"")
    with pytest.raises(InvalidFile, match="SHA-256"):
        back_up_changes(office, folder, quiet)
    whole.path.unlink()
    with pytest.raises(InvalidFile, match="cannot be read"):
        drill(made.path, quiet)
    assert not is_as_made(folder, made.path.name)
    whole.path.write_bytes(kept)
    manifest.write_bytes(said)
    assert drill(made.path, quiet) == made.manifest


@pytest.mark.parametrize("harm", ["cut", "flip", "mark", "none left"])
def test_changes_that_were_changed_are_refused(office: Store, tmp_path: Path, harm: str) -> None:
    back_up(office, tmp_path, quiet)
    change(office, "上午")
    made = back_up_changes(office, tmp_path, quiet)
    content = made.path.read_bytes()
    harmed = {
        "cut": content[:-10],
        "flip": content[:50] + bytes([content[50] ^ 1]) + content[51:],
        "mark": b"\xff" + content[1:],
        "none left": b"",
    }[harm]
    made.path.write_bytes(harmed)
    with pytest.raises(InvalidFile, match=r"SHA-256|breaks off"):
        restore(made.path, str(tmp_path / "restored.gpkg"), quiet)
    assert not list(tmp_path.glob("restored.gpkg*"))
    assert not is_as_made(tmp_path, made.path.name)


def test_sealed_changes(office: Store, tmp_path: Path) -> None:
    folder, key_file = tmp_path / "backups", tmp_path / "key"
    make_key(key_file)
    key = read_key(key_file)
    back_up(office, folder, quiet, key)
    change(office, "上午")
    made = back_up_changes(office, folder, quiet, key)
    said = said_of(office)
    assert "上午".encode() not in made.path.read_bytes()
    with pytest.raises(InvalidValue, match="sealed"):
        drill(made.path, quiet)
    restore(made.path, str(tmp_path / "restored.gpkg"), quiet, key)
    with open_unfinished(str(tmp_path / "restored.gpkg"), as_it_is=True) as restored:
        assert said_of(restored) == said
    assert newest_until(folder, datetime.now(UTC)) == made.path


WRONG = {"2024/05/03": "'2024/05/03'", "2024-02-30": "'2024-02-30'", "20240503": "20240503"}
WRONG |= {"0000-01-01": "'0000-01-01'"}


def write_wrongly(office: Store) -> None:
    """Another program writes days as it likes, of records and of what no page shows."""
    with office.locked() as connection:
        for number, stored in enumerate(WRONG, 1):
            write = "UPDATE place SET valid_from = :stored WHERE id = :id"
            connection.execute(text(write), {"stored": stored, "id": number})
        connection.execute(text("UPDATE place_name SET valid_to = 'never' WHERE id = 2"))


def test_a_wrong_date_keeps_nobody_from_a_backup(office: Store, tmp_path: Path) -> None:
    write_wrongly(office)
    made = back_up(office, tmp_path / "b", quiet)
    told = [(one.column, one.value, one.en.partition(":")[0]) for one in made.manifest.faults]
    wrong = [("valid_from", value, f"place {n}") for n, value in enumerate(WRONG.values(), 1)]
    assert told == [*wrong, ("valid_to", "'never'", "place_name 2")]
    for one in made.manifest.faults:
        assert one.value in one.zh
        assert one.value in one.en
    assert drill(made.path, quiet) == made.manifest
    restore(made.path, str(tmp_path / "restored.gpkg"), quiet)
    with open_store(str(tmp_path / "restored.gpkg")) as restored:
        assert said_of(restored) == list(made.manifest.tables)
        with restored.read() as connection:
            kept = connection.execute(text("SELECT valid_from FROM place WHERE id < 5 ORDER BY id"))
            assert [str(row[0]) for row in kept] == list(WRONG)


def test_another_wrong_date_is_another_state(office: Store, tmp_path: Path) -> None:
    """What is proved of a wrong date is what the file holds, not that there is none."""
    states = []
    for stored in ("2024/05/03", "2024/05/04"):
        with office.locked() as connection:
            connection.execute(text(f"UPDATE place SET valid_from = '{stored}' WHERE id = 1"))
        states.append(back_up(office, tmp_path / stored[-1], quiet).manifest)
    assert states[0].tables != states[1].tables


def test_the_commands_name_wrong_dates_and_say_so_by_their_exit_code(
    office: Store, tmp_path: Path
) -> None:
    run, folder = CliRunner(), tmp_path / "b"
    write_wrongly(office)
    for more in ([], ["--changes"], ["--json"], ["--changes", "--json"]):
        said = run.invoke(backup, [str(folder), "--store", office.url, *more])
        assert said.exit_code == 4
        assert "place 1: valid_from is '2024/05/03'" in said.stderr
        assert "place_name 2：valid_to 为 'never'" in said.stderr
    for made in (*list_backups(folder), *list_changes(folder)):
        drilled = run.invoke(restore_command, ["--drill", str(made)])
        assert (drilled.exit_code, "rows, journal" in drilled.stdout) == (4, True)
        assert "place_name 2: valid_to is 'never'" in drilled.stderr
    assert len(list_changes(folder)) == 2
    verified = run.invoke(verify, ["--store", office.url])
    assert verified.exit_code == 4
    assert verified.stderr.count("valid_") == 10


def test_more_wrong_dates_than_are_named_are_counted(
    office: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_wrongly(office)
    monkeypatch.setattr(wrong_days_module, "MOST", 3)
    with office.read() as connection:
        found = wrong_days_module.wrong_days(connection)
    assert [one.column for one in found] == ["valid_from"] * 3 + [None]
    assert found[-1].value == "2"


@pytest.mark.postgis
def test_a_wrong_date_is_restored_into_no_server(
    office: Store, tmp_path: Path, another_database: Callable[[str], str]
) -> None:
    write_wrongly(office)
    made = back_up(office, tmp_path, quiet)
    with pytest.raises(FaultsFound) as refused:
        restore(made.path, another_database("refusing"), quiet)
    assert set(refused.value.faults) == set(made.manifest.faults)


def test_changes_go_with_their_whole_backup(office: Store, tmp_path: Path) -> None:
    back_up(office, tmp_path / "b", quiet)
    made = [back_up_changes(office, tmp_path / "b", quiet, keep=2).path for _ in range(3)]
    assert list_changes(tmp_path / "b") == made[1:]
    whole = back_up(office, tmp_path / "b", quiet, keep=1).path
    assert sorted(path.name for path in (tmp_path / "b").iterdir()) == [
        whole.name,
        f"{whole.name}.json",
    ]


def test_the_commands_go_back_to_a_moment(office: Store, tmp_path: Path) -> None:
    run, folder = CliRunner(), str(tmp_path / "b")
    assert run.invoke(backup, [folder, "--store", office.url]).exit_code == 0
    change(office, "上午")
    said = run.invoke(backup, [folder, "--changes", "--store", office.url, "--json"])
    taken_at = json.loads(said.stdout)["taken_at"]
    change(office, "下午")
    target = str(tmp_path / "restored.gpkg")
    told = run.invoke(restore_command, [folder, target, "--until", taken_at, "--json"])
    assert json.loads(told.stdout)["taken_at"] == taken_at
    with open_store(target) as restored, restored.read() as connection:
        names = set(connection.scalars(select(place.c.name)))
    assert "上午二" in names
    assert "下午二" not in names
    for wrong in ([folder, target], [folder, target, "--until", "yesterday"]):
        assert run.invoke(restore_command, [*wrong]).exit_code == 2
    early = run.invoke(restore_command, [folder, f"{target}2", "--until", "2026-01-01T00:00"])
    assert isinstance(early.exception, InvalidValue | SystemExit)
    assert not Path(f"{target}2").exists()


@pytest.mark.parametrize("values", [None, "x", 5, [], {"tables": [1]}])
def test_what_is_no_manifest_is_refused(values: Any) -> None:
    with pytest.raises(InvalidFile, match="no manifest"):
        Manifest.parse(values)
