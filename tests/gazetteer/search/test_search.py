"""What holds for every query: the order, the pages, the filters, the bad input."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import InvalidValue
from data.geometry import Box
from data.store import Store
from gazetteer.names import fold
from gazetteer.search import (
    MAX_QUERY_CHARACTERS,
    Pass,
    Result,
    SearchRequest,
    lexicon_of,
    search,
    suggest,
)
from gazetteer.search.arms import Asked, first_arms
from gazetteer.search.conditions import holds
from gazetteer.search.forms import forms_in_order
from gazetteer.search.rows import COLUMNS, FormRow

QUERIES = [
    "呼", "乌兰", "巴彦", "敖包", "苏木", "旗", "东乌旗", "白音鄂博", "鄂尔多斯", "內蒙古",
    "淖尔镇", "xi", "hhh", "wulan", "Ulan", "shi", "hot", "ᠤᠯᠠᠭᠠᠨ", "Улаан", "新建", "锡盟",
    "巴彦塔拉苏木", "族自治", "guole", "haote", "naoerz", "eli",
]  # fmt: skip


def all_pages(store: Store, request: SearchRequest) -> Iterator[Result]:
    after: str | None = None
    while True:
        page = search(store, replace(request, after=after))
        yield from page.results
        after = page.next_after
        if after is None:
            return


def identity(result: Result) -> tuple[str, int, str, str]:
    return result.feature, result.id, result.matched, str(result.way)


def by_hand(store: Store, text: str) -> list[tuple[int, int]]:
    """The targets in the order that the conditions alone give, without index or SQL."""
    with store.read() as connection:
        forms = list(forms_in_order(connection))
    assert forms == sorted(forms, key=lambda form: form.order)
    from gazetteer.search.forms import COLUMNS as WRITTEN

    places = [WRITTEN.index(name) for name in COLUMNS[1:]]
    rows = [
        FormRow(number, *(form.values[place] for place in places))
        for number, form in enumerate(forms)
    ]
    found: dict[tuple[int, int], None] = {}
    for arm in first_arms(Asked.of(text)):
        for row in rows:
            if holds(arm, row):
                found.setdefault(row.target)
    return list(found)


@pytest.mark.parametrize("text", QUERIES)
def test_the_index_answers_as_the_conditions_alone_do(filled: Store, text: str) -> None:
    expected = by_hand(filled, text)
    page = search(filled, SearchRequest(text, limit=1000, second="never"))
    found = [(0 if r.feature == "division" else 1, r.id) for r in page.results]
    assert found == expected
    assert expected


@pytest.mark.parametrize("text", QUERIES)
@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_of_any_size_are_the_whole(filled: Store, text: str, limit: int) -> None:
    whole = [identity(r) for r in search(filled, SearchRequest(text, limit=60)).results]
    paged = list(islice(all_pages(filled, SearchRequest(text, limit=limit)), 60))
    assert [identity(r) for r in paged] == whole


@pytest.mark.parametrize("text", ["呼和号特", "Xilinhod", "鄂尔多丝", "manzouli"])
def test_pages_of_the_second_pass_are_the_whole(filled: Store, text: str) -> None:
    whole = [identity(r) for r in search(filled, SearchRequest(text, limit=50)).results]
    assert whole
    assert [identity(r) for r in all_pages(filled, SearchRequest(text, limit=1))] == whole


def test_passes_come_in_order_and_each_target_once(filled: Store) -> None:
    page = search(filled, SearchRequest("巴彦", limit=1000))
    order = [list(Pass).index(r.way) for r in page.results]
    assert order == sorted(order)
    targets = [(r.feature, r.id) for r in page.results]
    assert len(targets) == len(set(targets)) > 30


def test_within_a_pass_standing_comes_before_name(filled: Store) -> None:
    page = search(filled, SearchRequest("乌兰", limit=100))
    prefixes = [(r.standing, r.name) for r in page.results if r.way is Pass.PREFIX]
    assert prefixes == sorted(prefixes)
    assert {standing for standing, _ in prefixes} == {1, 2, 3, 4, 5}


@pytest.mark.parametrize(
    ("text", "name", "characters"),
    [
        ("郭勒", "锡林郭勒盟", "郭勒"),
        ("huhehao", "呼和浩特市", "呼和浩"),
        ("huhehaot", "呼和浩特市", "呼和浩特"),
        ("hhht", "呼和浩特市", "呼和浩特"),
        ("东乌旗", "东乌珠穆沁旗", "东乌旗"),
        ("白音鄂博", "白云鄂博矿区", "白云鄂博"),
        ("大版镇", "大板镇", "大板镇"),
        ("horo", "伊金霍洛旗", "Horo"),
    ],
)
def test_a_result_says_which_characters_matched(
    filled: Store, text: str, name: str, characters: str
) -> None:
    first = search(filled, SearchRequest(text, limit=1)).results[0]
    assert first.name == name
    assert "".join(first.matched[start:end] for start, end in first.spans) == characters
    assert first.why_zh
    assert first.why_en


def test_a_family_match_tells_the_word_behind_both_spellings(filled: Store) -> None:
    first = search(filled, SearchRequest("白音鄂博", limit=1)).results[0]
    assert "bayan" in first.why_en
    assert "富饶" in first.why_zh


def test_parents_are_shown_from_the_highest_down(filled: Store) -> None:
    first = search(filled, SearchRequest("大板镇")).results[0]
    assert first.path == ("内蒙古自治区", "赤峰市", "巴林右旗", "大板镇")


@pytest.mark.parametrize(
    ("within", "count"), [("150400", 1), ("赤峰市", 1), ("赤峰", 1), ("150423", 1), ("通辽市", 0)]
)
def test_within_a_division_by_code_or_name(filled: Store, within: str, count: int) -> None:
    found = search(filled, SearchRequest("大板镇", within=within, second="never")).results
    assert len(found) == count


def test_filters_together(filled: Store) -> None:
    found = search(filled, SearchRequest("呼伦", category="12", heritage=True, status="standard"))
    assert [r.name for r in found.results] == ["呼伦湖"]
    assert search(filled, SearchRequest("呼伦湖", heritage=False, second="never")).results == ()
    box = Box.parse("117,48,118,49")
    assert [r.name for r in search(filled, SearchRequest("湖", box=box)).results] == ["呼伦湖"]


def test_names_and_parents_as_they_then_were(filled: Store) -> None:
    then, now = date(1990, 1, 1), date(2020, 1, 1)
    assert [r.name for r in search(filled, SearchRequest("哲里木盟", as_of=then)).results] == [
        "哲里木盟"
    ]
    assert search(filled, SearchRequest("哲里木盟", as_of=now, second="never")).results == ()
    county = search(filled, SearchRequest("科尔沁左翼中旗", as_of=then)).results
    assert [r.path for r in county] == [("内蒙古自治区", "哲里木盟", "科尔沁左翼中旗")]
    county = search(filled, SearchRequest("科尔沁左翼中旗", as_of=now)).results
    assert [r.path for r in county] == [("内蒙古自治区", "通辽市", "科尔沁左翼中旗")]


def test_a_parent_is_never_anachronistic(filled: Store) -> None:
    then = search(filled, SearchRequest("赤峰", as_of=date(1970, 1, 1))).results
    assert then
    assert all("赤峰市" not in r.path for r in then)


def test_several_divisions_of_one_name_ask_for_the_code(filled: Store) -> None:
    with pytest.raises(InvalidValue, match="several"):
        search(filled, SearchRequest("乌兰", within="新城街道"))


@pytest.mark.parametrize(
    "request_",
    [
        SearchRequest(""),
        SearchRequest("   "),
        SearchRequest("%%%"),
        SearchRequest("***"),
        SearchRequest("\ud800"),
        SearchRequest("呼" * 10_000),
        SearchRequest("呼" * (MAX_QUERY_CHARACTERS + 1)),
        SearchRequest("呼", limit=0),
        SearchRequest("呼", limit=10**9),
        SearchRequest("呼", within="150999"),
        SearchRequest("呼", within="火星"),
        SearchRequest("呼", after="99.1"),
        SearchRequest("呼", after="1;DROP"),
        SearchRequest("呼", after="1." + "9" * 50),
        SearchRequest("呼", near=(500.0, 0.0)),
    ],
)
def test_what_cannot_be_searched_for_is_refused_with_a_sentence(
    filled: Store, request_: SearchRequest
) -> None:
    with pytest.raises(InvalidValue) as refusal:
        search(filled, request_)
    assert refusal.value.way_out
    assert refusal.value.zh


ODD = st.text(
    st.characters(codec=None, categories=None)
    | st.sampled_from("呼和乌兰旗ᠠᠣhuot'\"%_*() -\u202f\ud800"),
    max_size=12,
)


@given(text=ODD)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
def test_any_text_gets_an_answer_or_a_sentence(filled: Store, text: str) -> None:
    request = SearchRequest(text, limit=5, second="always")
    if not fold(text):
        with pytest.raises(InvalidValue):
            search(filled, request)
        return
    for result in search(filled, request).results:
        assert all(0 <= a < b <= len(result.matched) for a, b in result.spans)


def test_suggestions_are_the_first_pass_alone(filled: Store) -> None:
    assert [r.name for r in suggest(filled, SearchRequest("呼和浩特z", limit=8)).results] == []
    typed = suggest(filled, SearchRequest("xilinh", limit=8)).results
    assert [r.name for r in typed] == ["锡林浩特市", "锡林浩特"]


def test_the_divisions_are_read_again_after_a_write(filled: Store) -> None:
    with filled.read() as connection:
        assert lexicon_of(filled, connection) is lexicon_of(filled, connection)


def test_nearest_first_within_pass_and_standing(filled: Store) -> None:
    near = (122.0, 46.1)
    request = SearchRequest("新建", near=near, second="never")
    page = search(filled, request)
    assert [r.division_code for r in page.results] == ["152201101", "150502102", "150402001"]
    distances = [r.distance_m or 0.0 for r in page.results]
    assert distances == sorted(distances)
    assert distances[0] < 1.0
    paged = all_pages(filled, replace(request, limit=1))
    assert [identity(r) for r in paged] == [identity(r) for r in page.results]


@pytest.mark.parametrize("few", [1, 2, 3, 2000])
@pytest.mark.parametrize("text", ["呼", "乌", "山", "xi"])
def test_growing_boxes_give_the_same_order_as_sorting(
    filled: Store, text: str, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = SearchRequest(text, near=(111.6, 40.8), limit=500, second="never")
    whole = [(identity(r), r.distance_m) for r in search(filled, request).results]
    assert whole
    monkeypatch.setattr("gazetteer.search.nearness._FEW", few)
    found = [(identity(r), r.distance_m) for r in search(filled, request).results]
    assert sorted(found) == sorted(whole)
    assert [i for i, d in found if d is not None] == [i for i, d in whole if d is not None]


@pytest.mark.parametrize(("stretch", "few"), [(2, 1), (2, 10_000), (10, 1), (100_000, 1)])
@pytest.mark.parametrize("text", ["苏木", "镇", "乌", "xi"])
def test_every_way_of_reading_a_filtered_term_answers_alike(
    filled: Store, text: str, stretch: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    requests = [
        SearchRequest(text, limit=30, within="锡林郭勒盟", second="never"),
        SearchRequest(text, limit=30, category="2", second="never"),
    ]
    expected = [[identity(r) for r in search(filled, one).results] for one in requests]
    monkeypatch.setattr("gazetteer.search.candidates._STRETCH", stretch)
    monkeypatch.setattr("gazetteer.search.candidates._FEW_PASS", few)
    for one, whole in zip(requests, expected, strict=True):
        assert [identity(r) for r in search(filled, one).results] == whole
        paged = islice(all_pages(filled, replace(one, limit=4)), 30)
        assert [identity(r) for r in paged] == whole
