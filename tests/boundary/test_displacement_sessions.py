"""Sessions: what bears a displacement out, and scatter beyond the stated accuracy."""

import numpy as np
import pytest

from boundary.displacement_sessions import scatter_scale, validated_by_session


def validated(vectors: list[list[float]], sigma: list[float], session: list[int]) -> list[bool]:
    n = len(sigma)
    found = validated_by_session(
        np.array(vectors), np.array(sigma), np.full(n, 0.2), np.array(session), np.arange(n),
        np.ones(n, bool),
    )  # fmt: skip
    return [bool(x) for x in found]


def test_another_fitting_mark_of_the_session_bears_a_displacement_out() -> None:
    moved, fits = [1.0, 0.0], [0.02, 0.01]
    assert validated([moved, fits], [0.06, 0.06], [0, 0])[0]
    assert not validated([moved, fits], [0.06, 0.06], [0, 1])[0]
    assert not validated([moved], [0.06], [0])[0]


def test_a_mark_that_cannot_tell_bears_nothing_out() -> None:
    assert not validated([[1.0, 0.0], [0.1, 0.0]], [0.06, 0.5], [0, 0])[0]


def test_a_wrong_base_is_not_borne_out_by_marks_it_moved_too() -> None:
    assert not any(validated([[1.0, 0.4], [1.02, 0.41], [0.98, 0.38]], [0.06] * 3, [0] * 3))


def test_scatter_beyond_the_stated_accuracy_raises_it() -> None:
    rng = np.random.default_rng(3)
    honest, loud = rng.normal(0, 0.05, (20, 2)), rng.normal(0, 0.15, (20, 2))
    session = np.repeat([0, 1], 20)
    vectors = np.concatenate([honest, loud])
    scale = scatter_scale(vectors, np.full(40, 0.05), session, np.ones(40, bool))
    assert set(scale[:20]) == {1.0}
    assert scale[20] == pytest.approx(3.0, abs=0.8)


def test_moved_markers_and_short_sessions_do_not_raise_it() -> None:
    rng = np.random.default_rng(4)
    vectors = rng.normal(0, 0.05, (20, 2))
    vectors[:5] += 3.0
    one = np.zeros(20, int)
    assert scatter_scale(vectors, np.full(20, 0.05), one, np.ones(20, bool))[0] < 1.8
    few = scatter_scale(vectors[:4], np.full(4, 0.05), one[:4], np.ones(4, bool))
    assert few.tolist() == [1.0] * 4
