"""Run the second world through `assess`; the counting is the first world's."""

import time
from collections import defaultdict

import numpy as np

from boundary.assessment import RegisteredMarker, assess
from boundary.observations import ObservationRow
from tests.boundary.simulation.counting import SETTINGS, SIZES, Tally, count, numbered

from .cases import CASES
from .country import Country, Look, Post


def to_register(land: Country, changed: dict[str, Post]) -> list[RegisteredMarker]:
    posts = [changed.get(post.number, post) for post in land.posts]
    return [
        RegisteredMarker(
            post.number, *post.registered, line_code=post.line, sigma_m=post.sigma_m,
            tolerance_m=post.tolerance_m,
        )
        for post in posts
    ]  # fmt: skip


def to_rows(looks: list[Look]) -> list[ObservationRow]:
    return numbered(
        [
            {
                "marker_no": look.number, "method": look.method, "surveyor": look.surveyor,
                "device": look.device, "observed_at": look.day, **look.cells,
            }
            for look in looks
        ]
    )  # fmt: skip


def hold_out(
    seed: int,
    repeats: int,
    sizes: tuple[int, ...] = SIZES,
    cases: tuple[str, ...] = tuple(CASES),
) -> dict[tuple[str, int], Tally]:
    """Every case at every size, `repeats` times, each file in a country of its own."""
    tallies: dict[tuple[str, int], Tally] = defaultdict(Tally)
    for repeat in range(repeats):
        rng = np.random.default_rng([seed, repeat, 2])
        land = Country.draw(rng)
        plain = to_register(land, {})
        for name in cases:
            for n in sizes:
                case = CASES[name](rng, land, n)
                register = to_register(land, case.register) if case.register else plain
                started = time.perf_counter()
                found = assess(register, to_rows(case.shots), SETTINGS)
                took = time.perf_counter() - started
                count(tallies[name, n], case.shots, case.causes, found, took)
    return dict(tallies)
