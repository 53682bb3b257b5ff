"""What a row's neighbours say of it, held against the same thing done the long way round.

The program takes a row out of a sum by algebra; here the row is really left out and the others are
solved for anew. Formulas are those of the modules' own heads.
"""

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from boundary.diagnosis.distortion import Field, predict_field
from boundary.diagnosis.posterior import without_row
from boundary.diagnosis.similarity import (
    SPREAD,
    fit_similarity,
    offsets_without_row,
    places_m,
)
from data.coordinates import LocalFrame

Floats = NDArray[np.float64]
TAU_M, LARGEST_M = 0.8, 1.5
KM = np.array([[0, 0], [3, 1], [9, -2], [20, 6], [24, 15], [60, 40], [61, 44]], float)
SOUND = np.array([[1.2, -0.5], [1.3, -0.45], [1.25, -0.6], [1.0, -0.7], [0.95, -0.8],
                  [0.4, -1.1], [0.35, -1.2]])  # fmt: skip
VARIANCE = np.array([0.01, 0.02, 0.01, 0.04, 0.01, 0.03, 0.01])


def models(places_km: Floats) -> list[Floats]:
    """Shift and Matérn field of each size and length, with a nugget of a tenth of the size."""
    n = len(places_km)
    found = []
    for length, share in product((15.0, 50.0, 200.0), (1 / 30, 1 / 8, 1 / 3, 1.0)):
        model = np.zeros((n, n))
        for i, j in product(range(n), range(n)):
            d = np.sqrt(3) * np.linalg.norm(places_km[i] - places_km[j]) / length
            size2 = (share * LARGEST_M) ** 2
            model[i, j] = TAU_M**2 + size2 * ((1 + d) * np.exp(-d) + (0.01 if i == j else 0.0))
        found.append(model)
    return found


def told_by_others(rows: Floats, used: list[int], of: Floats = KM) -> Field:
    """Each row from the used rows other than it, over all models by how well they explain."""
    n = len(rows)
    weights, offsets, variances = [], [], []
    for model in models(of):
        noisy = model + np.diag(VARIANCE[:n])
        density = stats.multivariate_normal(cov=noisy[np.ix_(used, used)])
        weights.append(density.logpdf(rows[used, 0]) + density.logpdf(rows[used, 1]))
        offset, variance = np.zeros((n, 2)), np.zeros(n)
        for row in range(n):
            rest = [one for one in used if one != row]
            across = model[row, rest] @ np.linalg.inv(noisy[np.ix_(rest, rest)])
            offset[row], variance[row] = (
                across @ rows[rest],
                model[row, row] - across @ model[rest, row],
            )
        offsets.append(offset)
        variances.append(variance)
    share = np.exp(np.array(weights) - max(weights))
    share /= share.sum()
    mean = np.einsum("g,gna->na", share, np.array(offsets))
    spread = ((np.array(offsets) - mean) ** 2).mean(axis=2)
    return Field(mean, np.einsum("g,gn->n", share, np.array(variances) + spread))


def left_out(rows: Floats, *, of: Floats = KM) -> list[int]:
    """The rows that stay, once the worst were left out one by one, a third of them at most."""
    n = len(rows)
    used = list(range(n))
    while True:
        field = told_by_others(rows, used, of)
        apart = ((rows - field.offset_m) ** 2).sum(axis=1) / (field.variance_m2 + VARIANCE[:n])
        worst = max(used, key=lambda row: apart[row])
        if apart[worst] < 15.2 or len(used) - 1 < max(0.66 * n, 3):
            return used
        used.remove(worst)


def moved(*rows: int) -> Floats:
    changed = SOUND.copy()
    for place, row in enumerate(rows):
        changed[row] += [(7.0, -4.0), (-6.0, 5.0), (3.5, 8.0)][place]
    return changed


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        pytest.param(SOUND, 7, id="a smooth field"),
        pytest.param(moved(2), 6, id="one that moved"),
        pytest.param(moved(2, 5), 5, id="two that moved"),
        pytest.param(moved(1, 3, 6), 5, id="three that moved: a third is left out, no more"),
        pytest.param(SOUND[:3], 3, id="three rows, the fewest"),
        pytest.param(moved(2)[:4], 3, id="three are left of four"),
        pytest.param(moved(1, 2)[:4], 3, id="and no fewer"),
    ],
)
def test_a_field_is_what_the_other_rows_say(rows: Floats, count: int) -> None:
    n = len(rows)
    used = left_out(rows, of=KM[:n])
    assert len(used) == count
    expected = told_by_others(rows, used, KM[:n])
    follows = np.ones(n, bool)
    found = predict_field(KM[:n], rows, VARIANCE[:n], follows, TAU_M, LARGEST_M)
    assert found is not None
    assert found.offset_m == pytest.approx(expected.offset_m, abs=1e-9)
    assert found.variance_m2 == pytest.approx(expected.variance_m2, rel=1e-6)
    assert follows.all()  # what was left out is left out here only


def test_rows_that_do_not_follow_are_told_and_do_not_tell() -> None:
    follows = np.array([True, True, False, True, True, False, True])
    found = predict_field(KM, moved(2, 5), VARIANCE, follows, TAU_M, LARGEST_M)
    assert found is not None
    expected = told_by_others(moved(2, 5), [0, 1, 3, 4, 6])
    assert found.offset_m == pytest.approx(expected.offset_m, abs=1e-9)
    assert found.variance_m2 == pytest.approx(expected.variance_m2, rel=1e-6)


@pytest.mark.parametrize(
    ("size", "following", "told"), [(5, 2, False), (5, 3, True), (200, 3, True), (201, 3, False)]
)
def test_too_few_rows_and_too_many_show_no_field(size: int, following: int, *, told: bool) -> None:
    places = np.stack([np.arange(size), np.zeros(size)], axis=1).astype(float)
    follows = np.arange(size) < following
    found = predict_field(
        places, np.zeros((size, 2)), np.full(size, 0.01), follows, TAU_M, LARGEST_M
    )
    assert (found is not None) == told


@pytest.mark.parametrize("tau_m", [0.015, 0.5, 40.0])
def test_a_common_offset_is_told_by_the_others(tau_m: float) -> None:
    weights = np.array([1.0, 0.9, 0.0, 0.4, 1.0, 1.0, 0.7])
    offset, variance = without_row(SOUND, VARIANCE, weights, tau_m)
    for row in range(7):
        gain = np.delete(weights / VARIANCE, row)
        precision = gain.sum() + 1.0 / tau_m**2
        assert offset[row] == pytest.approx(gain @ np.delete(SOUND, row, axis=0) / precision)
        assert variance[row] == pytest.approx(1.0 / precision)


@pytest.mark.parametrize("weight", [1.0, 1e-5])
def test_shift_scale_and_turn_are_told_by_the_others(weight: float) -> None:
    """With little weight the prior decides, with much the rows."""
    places = KM * 1000.0
    weights = weight * np.array([1.0, 0.9, 0.1, 0.4, 1.0, 1.0, 0.7])
    offset, variance = offsets_without_row(places, SOUND, VARIANCE, weights, TAU_M)
    design = np.array([[[1, 0, x, -y], [0, 1, y, x]] for x, y in places])
    prior = np.diag([TAU_M**-2, TAU_M**-2, SPREAD**-2, SPREAD**-2])
    for row in range(7):
        rest = [one for one in range(7) if one != row]
        gain = weights / VARIANCE
        normal = sum((gain[k] * design[k].T @ design[k] for k in rest), prior)
        right = sum(gain[k] * design[k].T @ SOUND[k] for k in rest)
        assert offset[row] == pytest.approx(design[row] @ np.linalg.solve(normal, right), rel=1e-6)
        spread = design[row] @ np.linalg.inv(normal) @ design[row].T
        assert variance[row] == pytest.approx(np.diag(spread).max(), rel=1e-6)


def frame(places: Floats) -> LocalFrame:
    """A frame at each of some places, metres east and north of 111° E, 41° N."""
    lon, lat = LocalFrame.at(111.0, 41.0).take(np.zeros(len(places), np.intp)).moved(places)
    return LocalFrame.at(lon, lat)


def similar(places: Floats, scale: float, turn: float) -> Floats:
    """What a shift, a scale and a turn show at places around their middle."""
    east, north = places.T
    return np.stack([4.0 + scale * east - turn * north, -7.0 + scale * north + turn * east], axis=1)


SQUARE = 9_000.0 * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1], [0, 0.5], [0.4, -0.3], [0, 0]])


@pytest.mark.parametrize(("scale", "turn"), [(180e-6, 3e-5), (-90e-6, -2e-4), (0.0, 1e-4)])
def test_a_similarity_is_found_beside_markers_that_moved(scale: float, turn: float) -> None:
    registered = frame(SQUARE)
    places = places_m(registered)
    assert places == pytest.approx(SQUARE - np.median(SQUARE, axis=0), abs=3.0)
    vectors = similar(places, scale, turn)
    vectors[1] += (2.5, 0.0)  # moved
    vectors[4] += (5_000.0, 0.0)  # another place
    found = fit_similarity(registered, vectors, np.full(7, 1e-4), 40.0, 0.06, 300.0)
    assert found is not None
    assert found.scale_ppm == pytest.approx(1e6 * scale, abs=0.02)
    assert found.turn_arcsec == pytest.approx(np.degrees(turn) * 3600, abs=0.005)
    middle = np.delete(places, [1, 4], axis=0).mean(axis=0)
    assert found.places_m == pytest.approx(places - middle, abs=1.0)
    shift = similar(middle[None, :], scale, turn)
    assert found.predicted_m + shift == pytest.approx(similar(places, scale, turn), abs=0.002)
    strength = 1e4 * (np.delete(places - middle, [1, 4], axis=0) ** 2).sum() + SPREAD**-2
    squared = (scale**2 + turn**2) / SPREAD**2
    expected = np.log(1 / (2 * np.pi * SPREAD**2)) - squared / 2 + np.log(2 * np.pi / strength)
    assert found.log_prior == pytest.approx(expected, abs=0.01)


def test_where_the_rows_say_little_scale_and_turn_stay_small() -> None:
    """The prior of scale and turn weighs as much as the rows: half of what they show is taken."""
    registered = frame(SQUARE)
    places = places_m(registered)
    strength = ((places - places.mean(axis=0)) ** 2).sum()
    variance = np.full(7, strength * SPREAD**2)
    found = fit_similarity(registered, similar(places, 100e-6, 0.0), variance, 1e6, 1e-12, 300.0)
    assert found is not None
    assert found.scale_ppm == pytest.approx(50.0, abs=0.5)
    expected = -0.5 * (50e-6 / SPREAD) ** 2 - 2 * np.log(SPREAD) + np.log(SPREAD**2 / 2)
    assert found.log_prior == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("places", "told"),
    [
        pytest.param(SQUARE[:4], True, id="four markers"),
        pytest.param(SQUARE[:3], False, id="three markers"),
        pytest.param(SQUARE[[0, 1, 2, 2, 2]], False, id="three markers, one of them thrice"),
        pytest.param(SQUARE[:4] / 9_000 * 1_600, True, id="3.2 km"),
        pytest.param(SQUARE[:4] / 9_000 * 1_400, False, id="2.8 km"),
    ],
)
def test_four_markers_over_three_kilometres_show_a_similarity(
    places: Floats, *, told: bool
) -> None:
    registered = frame(places)
    vectors = similar(places_m(registered), 1e-4, 0.0)
    found = fit_similarity(registered, vectors, np.full(len(places), 1e-4), 40.0, 0.06, 300.0)
    assert (found is not None) == told
    if told:
        vectors[0] += 1_000.0  # a blunder shows nothing, and three are too few
        again = fit_similarity(registered, vectors, np.full(len(places), 1e-4), 40.0, 0.06, 300.0)
        assert again is None
