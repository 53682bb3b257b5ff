"""A pinyin that begins at a later syllable: what the index keeps is what the condition needs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store import Store
from gazetteer.names import plain_fold, search_keys
from gazetteer.search import SearchRequest, search
from gazetteer.search.conditions import inner_run
from gazetteer.search.terms import TermSource, sought_inner_pinyin_terms

CHARACTERS = "锡林郭勒额济纳旗鄂尔多斯西安阿尔山昂觉噢儿嗯呒10a号"


@given(st.text(CHARACTERS, min_size=2, max_size=9), st.integers(1, 6), st.integers(2, 14))
def test_what_a_name_has_from_a_later_syllable_leads_to_it(
    name: str, start: int, length: int
) -> None:
    keys = search_keys(name)
    letters = "".join(keys.syllables[start:])[:length]
    run = inner_run(letters, keys.syllables) if len(letters) > 1 else None
    if run is not None and "a" not in keys.folded:
        terms = TermSource(keys, plain_fold(name), name, standard=True, division=False).terms()
        assert set(sought_inner_pinyin_terms(letters)) <= terms


@pytest.mark.parametrize(
    ("letters", "syllables", "run"),
    [
        ("guole", ("xi", "lin", "guo", "le"), (2, 4)),
        ("guol", ("xi", "lin", "guo", "le"), (2, 4)),
        ("linguo", ("xi", "lin", "guo", "le"), (1, 3)),
        ("inguo", ("xi", "lin", "guo", "le"), None),
        ("xilin", ("xi", "lin", "guo", "le"), None),
        ("eli", ("xi", "lin", "e", "li"), (2, 4)),
        ("lin", ("xi", "lin", "e", "li"), None),
        ("el", ("xi", "lin", "e", "li"), None),
        ("zhuang", ("xin", "zhuang"), (1, 2)),
        ("zhua", ("xin", "zhuang"), (1, 2)),
        ("lele", ("le", "le", "le"), (1, 3)),
    ],
)
def test_letters_begin_at_a_syllable(
    letters: str, syllables: tuple[str, ...], run: tuple[int, int] | None
) -> None:
    assert inner_run(letters, syllables) == run


def test_the_reason_tells_where(filled: Store) -> None:
    first = search(filled, SearchRequest("guole")).results[0]
    assert (first.name, first.spans) == ("锡林郭勒盟", ((2, 4),))
    assert (first.why_zh, first.why_en) == ("拼音中间的音节", "syllables within its pinyin")
    begins = search(filled, SearchRequest("xilinguo")).results[0]
    assert (begins.spans, begins.why_en) == (((0, 3),), "its pinyin")
