"""Files that come in parts, on both stores."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from data.errors import Conflict, NotFound
from data.partial_uploads import (
    KEPT_FOR,
    MOST_OPEN,
    add_part,
    begin_upload,
    drop_upload,
    look_at_upload,
    partial_upload,
    partial_upload_part,
    upload_taken,
    whole_upload,
)
from data.store import Store
from data.stored_files import keep_file

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def rows(store: Store) -> tuple[int | None, int | None]:
    with store.read() as connection:
        counts = [
            connection.scalar(select(func.count()).select_from(table))
            for table in (partial_upload, partial_upload_part)
        ]
    return counts[0], counts[1]


def offset(store: Store, secret: str) -> int:
    with store.read() as connection:
        return look_at_upload(connection, secret, "甲", NOW).received


def test_a_file_comes_in_parts_and_is_taken_again_alike(store: Store) -> None:
    secret = begin_upload(store, "甲", "a.csv", 10, NOW)
    assert add_part(store, secret, "甲", 0, b"01234", NOW) == 5
    with store.read() as connection, pytest.raises(Conflict, match="5 of 10"):
        whole_upload(connection, secret, "甲", NOW)
    assert add_part(store, secret, "甲", 5, b"", NOW) == 5
    assert add_part(store, secret, "甲", 5, b"56789", NOW) == 10
    with store.read() as connection:
        assert whole_upload(connection, secret, "甲", NOW) == ("a.csv", b"0123456789")
    with store.write("甲", "take it") as transaction:
        keep_file(transaction, b"0123456789")
    upload_taken(store, secret, b"0123456789")
    assert rows(store) == (1, 0)
    with store.read() as connection:
        assert whole_upload(connection, secret, "甲", NOW) == ("a.csv", b"0123456789")


@pytest.mark.parametrize(("begins", "part"), [(0, b"0"), (4, b"4"), (9, b"9"), (3, b"x" * 8)])
def test_a_part_that_does_not_fit_changes_nothing(store: Store, begins: int, part: bytes) -> None:
    secret = begin_upload(store, "甲", "a.csv", 10, NOW)
    add_part(store, secret, "甲", 0, b"012", NOW)
    with pytest.raises(Conflict):
        add_part(store, secret, "甲", begins, part, NOW)
    assert offset(store, secret) == 3


def test_nobody_else_sees_continues_takes_or_drops_it(store: Store) -> None:
    secret = begin_upload(store, "甲", "a.csv", 1, NOW)
    add_part(store, secret, "甲", 0, b"a", NOW)
    with store.read() as connection:
        with pytest.raises(NotFound):
            look_at_upload(connection, secret, "乙", NOW)
        with pytest.raises(NotFound):
            whole_upload(connection, secret, "乙", NOW)
        with pytest.raises(NotFound):
            look_at_upload(connection, f"{secret}x", "甲", NOW)
    with pytest.raises(NotFound):
        add_part(store, secret, "乙", 1, b"", NOW)
    with pytest.raises(NotFound):
        drop_upload(store, secret, "乙", NOW)
    drop_upload(store, secret, "甲", NOW)
    assert rows(store) == (0, 0)


def test_a_day_later_it_is_gone(store: Store) -> None:
    secret = begin_upload(store, "甲", "a.csv", 2, NOW)
    add_part(store, secret, "甲", 0, b"a", NOW)
    later = NOW + KEPT_FOR
    assert add_part(store, secret, "甲", 1, b"b", later - timedelta(seconds=1)) == 2
    with store.read() as connection, pytest.raises(NotFound):
        look_at_upload(connection, secret, "甲", later)
    begin_upload(store, "乙", "b.csv", 2, later)
    assert rows(store) == (1, 0)


def test_a_sender_has_a_few_files_under_way(store: Store) -> None:
    secrets = [begin_upload(store, "甲", "a.csv", 1, NOW) for _ in range(MOST_OPEN)]
    with pytest.raises(Conflict, match="under way"):
        begin_upload(store, "甲", "a.csv", 1, NOW)
    begin_upload(store, "乙", "a.csv", 1, NOW)
    drop_upload(store, secrets[0], "甲", NOW)
    begin_upload(store, "甲", "a.csv", 1, NOW)
