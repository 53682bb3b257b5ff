"""Files are kept once, untouched, under their hash."""

import pytest
from sqlalchemy import func, select

from data.errors import NotFound
from data.store import Store
from data.stored_files import has_file, keep_file, read_file
from data.tables import stored_file


def test_the_same_bytes_are_kept_once_and_come_back_untouched(store: Store) -> None:
    with store.write("a", "b") as transaction:
        first = keep_file(transaction, b"\x00one\xff")
        assert keep_file(transaction, b"\x00one\xff") == first
    with store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(stored_file)) == 1
        assert read_file(connection, first) == b"\x00one\xff"
        assert has_file(connection, first)


def test_a_file_that_was_never_kept_is_not_found(store: Store) -> None:
    with store.read() as connection:
        assert not has_file(connection, "0" * 64)
        with pytest.raises(NotFound, match=r"0{64}"):
            read_file(connection, "0" * 64)
