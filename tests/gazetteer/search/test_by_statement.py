"""A page that one statement of a server tells is that of the long way, or is not told at all."""

from datetime import date

import pytest
from sqlalchemy import text

from data.geometry import Box
from data.store import Store
from gazetteer.search import (
    SearchRequest,
    index_divisions,
    index_state,
    rebuild,
    search,
    search_by_statement,
)
from gazetteer.tables import division

TEXTS = ("旗", "乌兰", "苏木", "呼和", "敖包", "巴彦", "新建", "%'旗", "烏蘭", "ᠤᠯᠠᠭᠠᠨ", "没有的")
FILTERS: tuple[dict[str, object], ...] = (
    {},
    {"status": "standard"},
    {"heritage": False},
    {"box": Box(105.0, 38.0, 125.0, 52.0)},
    {"as_of": date(2000, 1, 1)},
    {"second": "always"},
    {"second": "never"},
)
LONG_WAYS: tuple[dict[str, object], ...] = (
    {"near": (111.6, 40.8)},
    {"within": "内蒙古自治区"},
    {"category": "21"},
    {"after": "2.1099511627776"},
)
FILLED = SearchRequest("旗", limit=3)


def known(store: Store, request: SearchRequest) -> bool:
    """Whether one statement tells the page; it is then that of the long way."""
    whole = search(store, request)  # the divisions of this state are at hand after it
    told = search_by_statement(store, request)
    if told is None:
        return False
    with store.read() as connection:
        assert told == (index_state(connection), whole)
    return True


@pytest.mark.parametrize("limit", [1, 3, 20])
@pytest.mark.parametrize("further", FILTERS, ids=str)
def test_what_one_statement_tells_is_the_page(
    filled: Store, further: dict[str, object], limit: int
) -> None:
    told = [known(filled, SearchRequest(one, limit, **further)) for one in TEXTS]  # type: ignore[arg-type]
    assert not told[-1]
    assert any(told) != filled.embedded or limit > 1


@pytest.mark.parametrize("further", LONG_WAYS, ids=str)
def test_what_takes_more_is_not_told(filled: Store, further: dict[str, object]) -> None:
    assert known(filled, FILLED) != filled.embedded
    assert not known(filled, SearchRequest("旗", 3, **further))  # type: ignore[arg-type]


def test_a_long_text_is_not_asked_so(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    request = SearchRequest("呼和浩特市", limit=1)
    search(filled, request)
    monkeypatch.setattr(Store, "read_statement", None)
    assert search_by_statement(filled, request) is None


def test_a_page_is_told_without_a_transaction(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    search(filled, FILLED)
    monkeypatch.setattr(Store, "read", None)
    assert (search_by_statement(filled, FILLED) is None) == filled.embedded


@pytest.mark.postgis
def test_a_page_is_of_the_state_whose_divisions_are_at_hand(store: Store) -> None:
    if store.embedded:
        pytest.skip("of a server's statement")
    request = SearchRequest("新旗", limit=1)
    with store.write("tester", "divisions") as transaction:
        for number in range(4):
            row = {"code": f"15010{number}", "name": f"新旗{number}", "level": "county"}
            transaction.insert(division, row)
        rebuild(transaction)
    assert search_by_statement(store, request) is None, "nothing is at hand"
    assert known(store, request)
    with store.write("tester", "renamed") as transaction:
        transaction.update(division, 1, 1, {"name": "旧旗"})
        index_divisions(transaction, [1])
    assert search_by_statement(store, request) is None
    assert known(store, request)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE store_meta SET value = 'x' WHERE key = 'search_index'"))
    assert search_by_statement(store, request) is None, "the index is being made"
