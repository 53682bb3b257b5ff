"""Terms come back in order, whether or not a run went to disk."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from gazetteer.search.runs import Pairs, TermRuns


def in_pairs(batches: Iterable[Pairs]) -> list[tuple[str | int, str | int]]:
    """Pairs from the flat lists that are written."""
    return [pair for batch in batches for pair in zip(batch[::2], batch[1::2], strict=True)]


TERMS = st.lists(
    st.sets(st.text("=~^.pe$h乌兰浩特ᠪ𠮷", min_size=1, max_size=5), max_size=6), max_size=30
)


@given(TERMS, st.integers(1, 40), st.integers(1, 8))
def test_pairs_come_back_in_the_order_of_the_table(
    forms: list[set[str]], most: int, batch: int
) -> None:
    numbered = [(terms, [ordinal * 65536]) for ordinal, terms in enumerate(forms)]
    with TermRuns(most) as runs:
        for start in range(0, len(numbered), batch):
            runs.add(numbered[start : start + batch])
        found = in_pairs(runs.pairs())
    expected = [(term, n * 65536) for n, terms in enumerate(forms) for term in terms]
    assert found == sorted(expected)


def test_code_points_beyond_the_first_plane_stand_behind_all_others() -> None:
    """As bytes of UTF-8 do, by which both stores compare."""
    with TermRuns(1) as runs:
        runs.add([(["=𠮷", "=豈"], [1])])
        runs.add([(["=鄂"], [2])])
        terms = [term for term, _ in in_pairs(runs.pairs())]
    assert terms == sorted(terms, key=str.encode)


def test_forms_of_the_same_terms_are_gathered_together_and_stand_in_order() -> None:
    shared, other = ("=乌兰", "^乌"), ("^乌", "=乌拉")
    with TermRuns() as runs:
        runs.add([(shared, [1, 3]), (other, [2])])
        runs.add([(shared, [4])])
        found = in_pairs(runs.pairs())
        assert runs.count == 8
    expected = {"=乌兰": [1, 3, 4], "=乌拉": [2], "^乌": [1, 2, 3, 4]}
    assert found == [(term, one) for term, ordinals in expected.items() for one in ordinals]
