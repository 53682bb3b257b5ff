"""The store: made, opened, refused; one writer; what is acknowledged stays."""

import gc
import shutil
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import String, exc, func, inspect, select, text

from boundary.tables import marker
from data import journal, upgrade
from data.errors import (
    BrokenChain,
    Conflict,
    Immutable,
    InvalidValue,
    NotFound,
    StoreDamaged,
    StoreNotFound,
    StoreReadOnly,
    StoreTooNew,
)
from data.geometry import point_wkb, point_xy
from data.geopackage import register_functions
from data.proving import digest, prove_same
from data.store import Store, create_store, open_store
from data.store_address import shown_address
from data.tables import FILE_ONLY, store_meta
from gazetteer.tables import division, place

PLACE = {"name": "敖包", "status": "standard", "geom": point_wkb(111.75, 40.84)}
MARKER = {
    "marker_no": "1521001Q",
    "geom": point_wkb(119.5, 43.2),
    "coordinate_text": "119.5, 43.2",
    "crs_text": "CGCS2000",
}


def rows(store: Store, table: str) -> int:
    with store.read() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_a_store_keeps_its_reference_system(store_url: str) -> None:
    with create_store(store_url, "EPSG:4326") as made:
        assert made.srid == 4326
    with open_store(store_url) as opened:
        assert opened.crs == "EPSG:4326"


def test_a_record_comes_back_as_it_was_written(store: Store) -> None:
    values = PLACE | {"heritage": True, "valid_from": date(1954, 3, 6)}
    with store.write("tester", "a test") as transaction:
        identity = transaction.insert(place, values)
    with store.read() as connection:
        row = connection.execute(select(place).where(place.c.id == identity)).one()
    assert (row.name, row.heritage, row.valid_from) == ("敖包", True, date(1954, 3, 6))
    assert point_xy(row.geom) == (111.75, 40.84)


@pytest.mark.parametrize("count", [1, 7, 1500])
def test_bulk_ids_follow_one_another_and_are_never_given_again(store: Store, count: int) -> None:
    with store.write("tester", "a test") as transaction:
        first = transaction.insert_many(place, [PLACE] * count)
        transaction.delete(place, first[-1], 1)
    with store.write("tester", "a test") as transaction:
        assert transaction.insert(place, PLACE) == count + 1


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    def failing() -> Iterator[dict[str, object]]:
        yield from [PLACE] * 2000
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), store.write("tester", "a test") as transaction:
        transaction.insert_many(place, failing())
    assert rows(store, "place") == rows(store, "journal") == rows(store, "place_rendered") == 0


def test_a_write_names_the_version_it_saw(store: Store) -> None:
    with store.write("tester", "a test") as transaction:
        identity = transaction.insert(place, PLACE)
        assert transaction.update(place, identity, 1, {"name": "鄂博"}) == 2
    with pytest.raises(Conflict, match="at version 2, not 1"), store.write("b", "c") as late:
        late.update(place, identity, 1, {"name": "脑包"})
    with pytest.raises(NotFound), store.write("b", "c") as lost:
        lost.update(place, 99, 1, {"name": "脑包"})


def test_the_journal_tells_before_and_after_and_proves_itself(store: Store) -> None:
    with store.write("甲", "登记") as transaction:
        identity = transaction.insert(place, PLACE)
    with store.write("乙", "更名") as transaction:
        transaction.update(place, identity, 1, {"name": "鄂博"})
        transaction.delete(place, identity, 2)
    with store.read() as connection:
        entries = connection.execute(
            select(journal.journal).order_by(journal.journal.c.sequence)
        ).all()
        head = journal.verify(connection)
    assert [(e.actor, e.reason, e.action) for e in entries] == [
        ("甲", "登记", "insert"),
        ("乙", "更名", "update"),
        ("乙", "更名", "delete"),
    ]
    assert '"name":"敖包"' in entries[1].before
    assert '"name":"鄂博"' in entries[1].after
    assert head.sequence == 3


def break_journal(store: Store, statement: str) -> None:
    """Change the journal as someone with the file in hand would: guards off, then on."""
    with store.engine.connect() as connection:
        if store.embedded:
            names = connection.exec_driver_sql(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'"
            ).all()
            for (name,) in names:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            connection.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER ALL")
        connection.execute(text(statement))
        connection.commit()


@pytest.mark.parametrize(
    ("statement", "sequence"),
    [
        ("UPDATE journal SET actor = 'nobody' WHERE sequence = 3", 3),
        ("UPDATE journal SET after = '{}' WHERE sequence = 2", 2),
        ("DELETE FROM journal WHERE sequence = 4", 4),
        ("DELETE FROM journal WHERE sequence = 1", 1),
        ("DELETE FROM journal WHERE sequence >= 5", 5),
        ("UPDATE store_meta SET value = 'x' WHERE key = 'journal_head'", 0),
        ("UPDATE store_meta SET value = '' WHERE key = 'journal_head'", 0),
    ],
)
def test_verify_names_the_first_broken_entry(store: Store, statement: str, sequence: int) -> None:
    for number in range(6):
        with store.write("tester", "a test") as transaction:
            transaction.insert(place, PLACE | {"name": f"敖包{number}"})
    break_journal(store, statement)
    with store.read() as connection, pytest.raises(BrokenChain) as caught:
        journal.verify(connection)
    assert caught.value.sequence == sequence


def test_bytes_in_an_entry_are_a_change_of_it(tmp_path: Path) -> None:
    with create_store(str(tmp_path / "bytes.gpkg")) as store:
        with store.write("tester", "a test") as transaction:
            transaction.insert(place, PLACE)
        break_journal(store, "UPDATE journal SET reason = x'00'")
        with store.read() as connection, pytest.raises(BrokenChain, match="have been changed"):
            journal.verify(connection)


@pytest.mark.parametrize("value", ["5", "x'00'", "'2020/01/01'"])
def test_a_value_that_is_no_date_is_part_of_the_proof(tmp_path: Path, value: str) -> None:
    """It is kept as it stands; `ovoo verify` names it."""
    with create_store(str(tmp_path / "date.gpkg")) as store:
        with store.write("tester", "a test") as transaction:
            transaction.insert(place, PLACE)
        found = [digest_of_places(store)]
        with store.locked() as connection:
            connection.exec_driver_sql(f"UPDATE place SET valid_from = {value}")
        found += [digest_of_places(store), digest_of_places(store)]
    assert found[0] != found[1] == found[2]


def digest_of_places(store: Store) -> str:
    with store.read_long() as connection:
        return digest(connection, place, lambda _table, _rows: None).sha256


def test_what_is_told_of_a_row_is_all_that_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A proof that ends half way leaves no cursor behind to a store that is closed."""
    kept, broken = str(tmp_path / "kept.gpkg"), str(tmp_path / "broken.gpkg")
    with create_store(kept) as store, store.write("tester", "a test") as transaction:
        transaction.insert(place, PLACE)
    shutil.copyfile(kept, broken)
    with open_store(broken) as store, store.locked() as connection:
        connection.exec_driver_sql("UPDATE place SET name = CAST(x'ff' AS TEXT)")

    def prove() -> None:
        with (
            open_store(kept) as one,
            open_store(broken) as other,
            one.read_long() as source,
            other.read_long() as target,
        ):
            prove_same(source, target, lambda _table, _rows: None)

    with pytest.raises(StoreDamaged, match="decode to UTF-8"):
        prove()
    gc.collect()
    assert caplog.records == []


def test_text_that_is_no_text_is_told_as_damage(tmp_path: Path) -> None:
    with create_store(str(tmp_path / "text.gpkg")) as store:
        with store.write("tester", "a test") as transaction:
            transaction.insert(place, PLACE)
        with store.locked() as connection:
            connection.exec_driver_sql("UPDATE place SET name = CAST(x'ff' AS TEXT)")
        with pytest.raises(StoreDamaged), store.read() as connection:
            connection.execute(select(place.c.name)).all()


def test_an_anchor_must_be_in_the_chain(store: Store) -> None:
    with store.write("tester", "a test") as transaction:
        transaction.insert(place, PLACE)
    with store.read() as connection:
        head = journal.verify(connection)
        assert journal.verify(connection, since=head.hash) == head
        with pytest.raises(BrokenChain, match="anchor"):
            journal.verify(connection, since="f" * 64)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET actor = 'nobody'",
        "DELETE FROM journal",
        "UPDATE marker SET coordinate_text = '0, 0'",
        "UPDATE marker SET crs_text = 'Beijing 1954'",
        "UPDATE marker SET id = 77",
        "UPDATE marker SET marker_no = '1521002Q'",
        "DELETE FROM marker",
    ],
)
def test_guards_hold_in_plain_sql(store: Store, statement: str) -> None:
    with store.write("tester", "a test") as transaction:
        transaction.insert(marker, MARKER)
    with (
        store.engine.connect() as connection,
        pytest.raises(exc.DatabaseError, match=r"never|append"),
    ):
        connection.execute(text(statement))


def test_a_reference_position_cannot_be_moved_by_the_program(store: Store) -> None:
    with store.write("tester", "a test") as transaction:
        identity = transaction.insert(marker, MARKER)
    with pytest.raises(Immutable, match="never changed"), store.write("x", "y") as moving:
        moving.update(marker, identity, 1, {"geom": point_wkb(119.6, 43.2)})
    with pytest.raises(Immutable, match="never deleted"), store.write("x", "y") as removing:
        removing.delete(marker, identity, 1)
    with store.write("tester", "a condition") as transaction:
        transaction.update(marker, identity, 1, {"condition": "intact"})
    with store.read() as connection:
        assert point_xy(connection.scalar(select(marker.c.geom))) == (119.5, 43.2)


def test_a_reference_position_cannot_be_replaced_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "s.gpkg"
    with create_store(str(path)) as store, store.write("tester", "a test") as transaction:
        transaction.insert(marker, MARKER)
    plain = sqlite3.connect(path)
    register_functions(plain)
    with pytest.raises(sqlite3.DatabaseError, match="never changed"):
        plain.execute("INSERT OR REPLACE INTO marker (id, marker_no) VALUES (1, 'x')")
    plain.close()


def test_no_store_no_file_is_made(tmp_path: Path) -> None:
    with pytest.raises(StoreNotFound, match="ovoo init"):
        open_store(str(tmp_path / "none.gpkg"))
    assert not (tmp_path / "none.gpkg").exists()


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.gpkg"
    path.write_text("地名,经度,纬度\n" * 200, encoding="utf-8")
    with pytest.raises(StoreDamaged, match="not a store"):
        open_store(str(path))


def test_a_store_is_not_made_over_another(store_url: str) -> None:
    create_store(store_url).close()
    with pytest.raises(InvalidValue):
        create_store(store_url)


@pytest.mark.parametrize(
    "crs", ["EPSG:999999", "CGCS2000?", "", "EPSG:4547", "EPSG:27700", "EPSG:4978", "EPSG:4807"]
)
def test_a_reference_system_without_degrees_is_refused(tmp_path: Path, crs: str) -> None:
    with pytest.raises(InvalidValue, match="crs"):
        create_store(str(tmp_path / "s.gpkg"), crs)
    assert not list(tmp_path.iterdir())


def test_a_store_of_a_newer_program_is_refused_with_a_sentence(store_url: str) -> None:
    with create_store(store_url) as store, store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreTooNew, match="newer program") as caught:
        open_store(store_url)
    assert "更新版本" in caught.value.zh


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_the_migrated_schema_is_the_declared_one(store: Store) -> None:
    inspector = inspect(store.engine)
    for table in division.metadata.sorted_tables:
        found = {
            (column["name"], column["nullable"]) for column in inspector.get_columns(table.name)
        }
        assert found == {(c.name, bool(c.nullable)) for c in table.c}, table.name
        indexes = {index["name"] for index in inspector.get_indexes(table.name)}
        declared = [one for one in table.indexes if store.embedded or one.info != FILE_ONLY]
        assert {index.name for index in declared} <= indexes, table.name


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_every_text_is_compared_byte_by_byte(store: Store) -> None:
    inspector = inspect(store.engine)
    otherwise = [
        (table.name, column["name"])
        for table in division.metadata.sorted_tables
        for column in inspector.get_columns(table.name)
        if isinstance(column["type"], String)
        and column["type"].collation not in ({None} if store.embedded else {"C"})
    ]
    assert otherwise == [], "a migration adds it without COLLATE C"


def test_every_migration_follows_from_the_one_before() -> None:
    scripts = ScriptDirectory.from_config(upgrade._config()).walk_revisions()
    assert upgrade._known_versions() == tuple(script.revision for script in scripts)


def test_two_statements_of_one_read_see_one_state(store: Store) -> None:
    with store.write("tests", "before") as transaction:
        identity = transaction.insert(place, PLACE)
    count = select(func.count()).select_from(place)
    mark = select(store_meta.c.value).where(store_meta.c.key == "journal_head")
    for read in (store.read, store.read_long, store.read_current):
        with read() as connection:
            before = connection.scalar(count), connection.scalar(mark)
            with store.write("others", "between") as transaction:
                transaction.insert(place, PLACE)
            assert (connection.scalar(count), connection.scalar(mark)) == before
        with read() as connection:
            assert connection.scalar(count) == (before[0] or 0) + 1
            assert connection.scalar(mark) != before[1]
    with store.read() as connection:
        assert connection.scalar(select(place.c.name).where(place.c.id == identity))


def test_a_reader_writes_nothing(store: Store) -> None:
    if store.embedded:
        pytest.skip("a file's readers are the program's own; its guards hold the rest")
    for read in (store.read, store.read_current):
        with pytest.raises(StoreReadOnly), read() as connection:
            connection.execute(text("UPDATE place SET name = 'x'"))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:geheim@h/db", "postgresql://h/db"),
        ("postgresql://h/db?password=geheim", "postgresql://h/db"),
        ("postgresql://h/db?sslmode=require&PASSWORD=geheim", "postgresql://h/db?sslmode=require"),
        ("postgresql://h/db?password=ge@heim", "postgresql://…"),
        ("postgresql://u:ge?heim@h/db", "postgresql://…"),
        ("postgresql:///db?host=/run/postgresql", "postgresql:///db?host=/run/postgresql"),
    ],
)
def test_no_address_is_shown_with_its_password(url: str, shown: str) -> None:
    assert shown_address(url) == shown
