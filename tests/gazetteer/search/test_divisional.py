"""Divisions in time and in everyday speech, where they stand among the places too."""

from datetime import date

import pytest

from data.store import Store
from gazetteer.reconciliation import NameQuery, reconcile
from gazetteer.search import SearchRequest, rebuild, search
from gazetteer.tables import division, place, place_name

THEN, CHANGE = date(1990, 1, 1), date(1999, 12, 1)


@pytest.fixture
def league(store: Store) -> Store:
    """哲里木盟 became 通辽市; one banner in it, which stands among the places too."""
    with store.write("tester", "a league and its city") as transaction:
        common = {"parent_code": "150000", "level": "prefecture"}
        for row in (
            {"code": "150000", "name": "内蒙古自治区", "level": "region"},
            common | {"code": "152300", "name": "哲里木盟", "valid_to": CHANGE},
            common | {"code": "150500", "name": "通辽市", "valid_from": CHANGE},
            {"code": "152322", "name": "科尔沁左翼中旗", "level": "county"}
            | {"parent_code": "152300", "valid_to": CHANGE},
            {"code": "150521", "name": "科尔沁左翼中旗", "level": "county"}
            | {"parent_code": "150500", "valid_from": CHANGE},
            common | {"code": "150100", "name": "呼和浩特市"},
        ):
            transaction.insert(division, row)
        for name, category, code in (
            ("通辽市", "213", "150500"),
            ("科尔沁左翼中旗", "214", "150521"),
        ):
            row = {"name": name, "category_code": category, "division_code": code}
            identity = transaction.insert(place, row | {"status": "standard"})
            named = {"place_id": identity, "text": name, "kind": "standard"}
            transaction.insert(place_name, named | {"language": "zh-Hans"})
            if name == "通辽市":
                former = {"place_id": identity, "text": "哲里木盟", "kind": "former"}
                transaction.insert(place_name, former | {"language": "zh-Hans"})
        rebuild(transaction)
    return store


def test_in_1990_only_what_then_was(league: Store) -> None:
    then = search(league, SearchRequest("哲里木盟", as_of=THEN)).results
    assert [(r.name, r.path) for r in then] == [("哲里木盟", ("内蒙古自治区", "哲里木盟"))]
    banner = search(league, SearchRequest("科尔沁左翼中旗", as_of=THEN)).results
    assert [r.path for r in banner] == [("内蒙古自治区", "哲里木盟", "科尔沁左翼中旗")]
    assert search(league, SearchRequest("通辽市", as_of=THEN)).results == ()


def test_a_division_that_is_no_more_shows_the_parents_of_its_last_day(league: Store) -> None:
    now = search(league, SearchRequest("科尔沁左翼中旗")).results
    assert [(r.feature, r.path[1]) for r in now] == [("place", "通辽市"), ("division", "哲里木盟")]


@pytest.mark.parametrize(
    ("name", "today"), [("科尔沁左翼中旗", "150521"), ("哲里木盟", "150500"), ("通辽市", "150500")]
)
def test_what_bears_the_name_today_is_matched(league: Store, name: str, today: str) -> None:
    (matched,) = reconcile(league, [NameQuery(name)])
    assert matched.best is not None
    assert matched.best.result.division_code == today


def test_everyday_names_of_a_division(league: Store) -> None:
    for text in ("呼市", "青城"):
        (first, *_) = search(league, SearchRequest(text)).results
        assert (first.name, first.matched, str(first.way)) == ("呼和浩特市", text, "exact-other")
