"""What an arm looks at before it reads leads to every form that the arm holds for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store import Store
from gazetteer.names import plain_fold, search_keys
from gazetteer.search import SearchRequest, search
from gazetteer.search import candidates as candidates_module
from gazetteer.search.arms import Asked, first_arms
from gazetteer.search.conditions import holds
from gazetteer.search.plan import _looked_at
from gazetteer.search.ranges import ranges_of
from gazetteer.search.results import spans_of
from gazetteer.search.rows import FormRow
from gazetteer.search.statements import unread_by
from gazetteer.search.terms import TermSource

HAN = "锡林郭勒浩特乌兰敖包鄂博烏蘭東额尔昂安"
LETTERS = "aeghilnorstuyz "


def form(text: str, kind: str) -> FormRow:
    keys = search_keys(text)
    named = (text, "zh-Hans", kind, plain_fold(text), keys.folded, keys.pinyin, keys.initials)
    placed = (keys.family, None, None, "standard", False, None, None)
    return FormRow(1, 1, 1, 3, text, *named, *placed)


def parts(alphabet: str) -> st.SearchStrategy[tuple[str, str]]:
    """A name, and a query that is a part of it or something like it."""
    names = st.text(alphabet, min_size=1, max_size=12).filter(str.strip)
    return names.flatmap(
        lambda name: st.tuples(
            st.just(name),
            st.one_of(
                st.tuples(st.integers(0, len(name)), st.integers(0, len(name))).map(
                    lambda ends: name[min(ends) : max(ends)]
                ),
                st.just(search_keys(name).pinyin),
                st.integers(1, 5).map(lambda at: "".join(search_keys(name).syllables[at:])),
                names,
            ),
        )
    )


@given(
    st.one_of(parts(HAN), parts(LETTERS), parts(HAN + LETTERS)),
    st.sampled_from(("standard", "alias")),
)
def test_what_is_looked_at_leads_to_what_holds(pair: tuple[str, str], kind: str) -> None:
    name, query = pair
    if not plain_fold(query):
        return
    one, keys = form(name, kind), search_keys(name)
    terms = TermSource(keys, one.plain, name, standard=kind == "standard", division=True).terms()
    for arm in first_arms(Asked.of(query)):
        # What is written in simplified characters is found as it is written.
        if holds(arm, one) and (arm.term[0] != "t" or one.plain != one.folded):
            needed, ranges = _looked_at(arm)
            assert set(needed) <= terms, arm
            for held in (ranges, ranges_of(arm)):
                assert not held or any(a <= term < b for a, b in held for term in terms), arm


@given(
    st.one_of(parts(HAN), parts(LETTERS), parts(HAN + LETTERS)),
    st.sampled_from(("standard", "alias")),
)
def test_nobody_looks_at_the_keys_that_are_not_read(pair: tuple[str, str], kind: str) -> None:
    name, query = pair
    if not plain_fold(query):
        return
    whole = form(name, kind)
    for arm in first_arms(Asked.of(query)):
        read = whole._replace(**dict.fromkeys(unread_by(arm), ""))
        assert holds(arm, read) == holds(arm, whole), arm
        if holds(arm, whole):
            assert spans_of(arm, read) == spans_of(arm, whole), arm


QUERIES = (
    *("xilinguo", "xilinguole", "guolemeng", "linguole", "hohhotshi", "ulaan", "oxilin"),
    *("内蒙古自治", "锡林郭勒", "内蒙古自治区", "林郭勒盟", "錫林郭勒盟"),
)


@pytest.mark.parametrize("text", QUERIES)
def test_the_way_of_reading_makes_no_difference(
    filled: Store, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pages() -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        after = None
        while True:
            page = search(filled, SearchRequest(text, limit=3, after=after, second="never"))
            found += [(one.feature, one.id, one.matched, one.way) for one in page.results]
            after = page.next_after
            if after is None:
                return found

    by_range = pages()
    monkeypatch.setattr(candidates_module, "FEW", -1)
    monkeypatch.setattr(candidates_module, "FEW_BEGUN", -1)
    assert pages() == by_range
