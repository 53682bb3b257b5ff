"""Terms come back in order, whether or not a run went to disk."""

from hypothesis import given
from hypothesis import strategies as st

from gazetteer.search.runs import TermRuns

TERMS = st.lists(
    st.sets(st.text("=~^.pe$h乌兰浩特ᠪ𠮷", min_size=1, max_size=5), max_size=6), max_size=30
)


@given(TERMS, st.integers(1, 40), st.integers(1, 8))
def test_pairs_come_back_in_the_order_of_the_table(
    forms: list[set[str]], most: int, batch: int
) -> None:
    numbered = [(ordinal * 65536, terms) for ordinal, terms in enumerate(forms)]
    with TermRuns(most) as runs:
        for start in range(0, len(numbered), batch):
            runs.add(numbered[start : start + batch])
        found = [(term, ordinal) for term, every in runs.terms() for ordinal in every]
    expected = [(term, n * 65536) for n, terms in enumerate(forms) for term in terms]
    assert found == sorted(expected)


def test_code_points_beyond_the_first_plane_stand_behind_all_others() -> None:
    """As bytes of UTF-8 do, by which both stores compare."""
    with TermRuns(1) as runs:
        runs.add([(1, ["=𠮷", "=豈"])])
        runs.add([(2, ["=鄂"])])
        terms = [term for term, _ in runs.terms()]
    assert terms == sorted(terms, key=str.encode)


def test_forms_of_the_same_terms_are_gathered_together_and_stand_in_order() -> None:
    shared, other = ("=乌兰", "^乌"), ("^乌", "=乌拉")
    with TermRuns() as runs:
        runs.add([(1, shared), (2, other), (3, shared)])
        runs.add([(4, shared)])
        found = {term: list(ordinals) for term, ordinals in runs.terms()}
        assert runs.count == 8
    assert found == {"=乌兰": [1, 3, 4], "=乌拉": [2], "^乌": [1, 2, 3, 4]}
