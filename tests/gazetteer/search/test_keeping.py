"""The divisions are read once for each change of a division, not for each write."""

import pytest

from data.store import Store
from data.transaction import Transaction
from gazetteer.search import Lexicon, lexicon_of
from gazetteer.tables import division, place
from gazetteer.where.areas import areas_of


def kept(store: Store) -> Lexicon:
    with store.read() as connection:
        return lexicon_of(store, connection)


def names(lexicon: Lexicon) -> set[str]:
    return {entry.name for entry in lexicon.entries}


def add(transaction: Transaction, code: str, name: str) -> None:
    row = {"code": code, "name": name, "level": "county"}
    transaction.insert(division, row)


def test_writing_a_place_leaves_the_divisions_as_they_are(store: Store) -> None:
    with store.write("tester", "a division") as transaction:
        add(transaction, "150102", "新城区")
    before = kept(store)
    with store.read() as connection:
        areas = areas_of(store, connection)
    with store.write("tester", "a place") as transaction:
        transaction.insert(place, {"name": "敖包", "status": "standard"})
        assert lexicon_of(store, transaction.connection) is before
    assert kept(store) is before
    with store.read() as connection:
        assert areas_of(store, connection) is areas


def test_a_changed_division_is_known_at_once(store: Store) -> None:
    with store.write("tester", "a division") as transaction:
        add(transaction, "150102", "新城区")
    assert names(kept(store)) == {"新城区"}
    with store.write("tester", "renamed") as transaction:
        transaction.update(division, 1, 1, {"name": "旧城区"})
        assert names(lexicon_of(store, transaction.connection)) == {"旧城区"}
    assert names(kept(store)) == {"旧城区"}


def test_what_was_undone_is_not_remembered(store: Store) -> None:
    def undone() -> None:
        with store.write("tester", "fails") as transaction:
            add(transaction, "150103", "乌有区")
            assert "乌有区" in names(lexicon_of(store, transaction.connection))
            raise ZeroDivisionError

    with store.write("tester", "a division") as transaction:
        add(transaction, "150102", "新城区")
    assert names(kept(store)) == {"新城区"}
    with pytest.raises(ZeroDivisionError):
        undone()
    with store.write("tester", "another") as transaction:
        add(transaction, "150104", "玉泉区")
    assert names(kept(store)) == {"新城区", "玉泉区"}
