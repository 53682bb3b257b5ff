"""Terms come back in order, whether or not a run went to disk."""

from hypothesis import given
from hypothesis import strategies as st

from gazetteer.search.runs import TermRuns

TERMS = st.lists(
    st.sets(st.text("=~^.pe$h乌兰浩特ᠪ𠮷", min_size=1, max_size=5), max_size=6), max_size=30
)


@given(TERMS, st.integers(1, 40))
def test_pairs_come_back_in_the_order_of_the_table(forms: list[set[str]], most: int) -> None:
    with TermRuns(most) as runs:
        for ordinal, terms in enumerate(forms):
            runs.add(ordinal * 65536, terms)
        found = [(term, ordinal) for term, every in runs.terms() for ordinal in every]
    expected = [(term, n * 65536) for n, terms in enumerate(forms) for term in terms]
    assert found == sorted(expected)


def test_code_points_beyond_the_first_plane_stand_behind_all_others() -> None:
    """As bytes of UTF-8 do, by which both stores compare."""
    with TermRuns(1) as runs:
        runs.add(1, ["=𠮷", "=豈"])
        runs.add(2, ["=鄂"])
        terms = [term for term, _ in runs.terms()]
    assert terms == sorted(terms, key=str.encode)
