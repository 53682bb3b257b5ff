"""The index follows the names: in the same transaction, and the same as one made anew."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import select

from data.geometry import point_wkb
from data.store import Store
from data.transaction import Transaction
from gazetteer.search import (
    SearchRequest,
    index_divisions,
    index_names,
    is_current,
    rebuild,
    search,
    search_form,
    search_term,
)
from gazetteer.search import ordinals as ordinals_module
from gazetteer.tables import division, place, place_name


def add(transaction: Transaction, *names: str, index: bool = True) -> list[int]:
    ids = list(
        transaction.insert_many(
            place,
            (
                {
                    "name": n,
                    "status": "standard",
                    "category_code": "22200",
                    "geom": point_wkb(111, 41),
                }
                for n in names
            ),
        )
    )
    transaction.insert_many(
        place_name,
        (
            {"place_id": i, "text": n, "language": "zh-Hans", "kind": "standard"}
            for i, n in zip(ids, names, strict=True)
        ),
    )
    if index:
        index_names(transaction, ids)
    return ids


def content(store: Store) -> tuple[list[tuple[Any, ...]], Counter[tuple[str, int, int, int]]]:
    """The forms in order without their ordinals, and each term with the form it leads to."""
    with store.read() as connection:
        rows = connection.execute(select(search_form).order_by(search_form.c.ordinal)).all()
        targets = {row.ordinal: (row.feature, row.target_id, row.form_no) for row in rows}
        terms = connection.execute(select(search_term.c.term, search_term.c.ordinal)).all()
    return (
        [tuple(row)[1:] for row in rows],
        Counter((term, *targets[ordinal]) for term, ordinal in terms),
    )


def found(store: Store, text: str) -> list[str]:
    return [r.name for r in search(store, SearchRequest(text, second="never")).results]


def test_a_new_name_is_found_at_once_and_a_dropped_one_no_more(store: Store) -> None:
    with store.write("tester", "a name") as transaction:
        first, second = add(transaction, "巴彦敖包", "白音鄂博")
    assert found(store, "巴彦鄂博") == ["巴彦敖包", "白音鄂博"]
    with store.write("tester", "renamed") as transaction:
        transaction.update(place, first, 1, {"name": "新民"})
        name_id = transaction.connection.scalar(
            select(place_name.c.id).where(place_name.c.place_id == first)
        )
        transaction.update(place_name, int(name_id or 0), 1, {"text": "新民"})
        index_names(transaction, [first])
    assert found(store, "巴彦鄂博") == ["白音鄂博"]
    assert found(store, "新民") == ["新民"]
    assert second


def test_what_a_failed_transaction_wrote_is_not_found(store: Store) -> None:
    def failing() -> None:
        with store.write("tester", "fails") as transaction:
            add(transaction, "乌有")
            raise ZeroDivisionError

    with store.write("tester", "a name") as transaction:
        add(transaction, "有")
    with pytest.raises(ZeroDivisionError):
        failing()
    assert found(store, "乌有") == []
    assert found(store, "有") == ["有"]


def test_names_added_one_by_one_make_the_same_index_as_all_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A narrow gap makes neighbours move after a few names already.
    for gap in ("GAP", "_WIDEST_GAP"):
        monkeypatch.setattr(ordinals_module, gap, 4)
    names = [
        f"{head}{tail}"
        for head in "乌巴呼"
        for tail in ("兰", "彦", "和", "拉", "林", "尔", "仁", "木")
    ]
    order = [names[(7 * place) % len(names)] for place in range(len(names))]
    with store.write("tester", "the first") as transaction:
        add(transaction, "内蒙古")
    for name in order:
        with store.write("tester", "one more") as transaction:
            add(transaction, name)
    one_by_one = content(store)
    assert len(one_by_one[0]) == 25
    with store.write("tester", "anew") as transaction:
        rebuild(transaction)
    assert content(store) == one_by_one


def test_many_names_into_one_gap(store: Store) -> None:
    with store.write("tester", "two ends") as transaction:
        add(transaction, "一", "龥")
    with store.write("tester", "between") as transaction:
        add(transaction, *[chr(0x4E10 + step) for step in range(300)])
    between = content(store)
    with store.write("tester", "anew") as transaction:
        rebuild(transaction)
    assert content(store) == between


def test_deleted_places_leave_the_index(store: Store) -> None:
    with store.write("tester", "names") as transaction:
        ids = add(transaction, "敖包", "脑包")
        kept = content_of(transaction)
    with store.write("tester", "gone") as transaction:
        name_id = transaction.connection.scalar(
            select(place_name.c.id).where(place_name.c.place_id == ids[0])
        )
        transaction.delete(place_name, int(name_id or 0), 1)
        transaction.delete(place, ids[0], 1)
        index_names(transaction, [ids[0]])
        assert content_of(transaction) == kept - 1
    assert found(store, "敖包") == ["脑包"]


def content_of(transaction: Transaction) -> int:
    return len(transaction.connection.execute(select(search_form.c.ordinal)).all())


def test_divisions_are_indexed_with_their_romanization(store: Store) -> None:
    row = {
        "code": "150100",
        "name": "呼和浩特市",
        "level": "prefecture",
        "romanization": "Hohhot Shi",
    }
    with store.write("tester", "a division") as transaction:
        index_divisions(transaction, transaction.insert_many(division, [row]))
    assert found(store, "呼市") == ["呼和浩特市"]
    assert found(store, "hohhot") == ["呼和浩特市"]


def test_a_division_is_found_as_its_place_while_it_has_one(store: Store) -> None:
    row = {"code": "150423", "name": "巴林右旗", "level": "county"}
    with store.write("tester", "a division") as transaction:
        index_divisions(transaction, transaction.insert_many(division, [row]))
    assert [r.feature for r in search(store, SearchRequest("巴林右旗")).results] == ["division"]
    values = {"name": "巴林右旗", "category_code": "21400", "division_code": "150423"}
    with store.write("tester", "the same as a place") as transaction:
        identity = transaction.insert(place, {**values, "status": "standard"})
        index_names(transaction, [identity])
    assert [r.feature for r in search(store, SearchRequest("巴林右旗")).results] == ["place"]
    assert found(store, "巴右旗") == ["巴林右旗"]
    with store.write("tester", "gone") as transaction:
        transaction.delete(place, identity, 1)
        index_names(transaction, [identity])
    assert [r.feature for r in search(store, SearchRequest("巴林右旗")).results] == ["division"]


def test_an_index_of_other_rules_is_made_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.write("tester", "names") as transaction:
        add(transaction, "敖包", index=False)
        assert not is_current(transaction.connection)
        index_names(transaction, [])
        assert is_current(transaction.connection)
    assert found(store, "敖包") == ["敖包"]
    monkeypatch.setattr("gazetteer.search.indexing.index_stamp", lambda: "other rules")
    with store.read() as connection:
        assert not is_current(connection)
