"""Run the first world through `assess` and count what it says."""

import time
from collections import defaultdict

import numpy as np

from boundary.assessment import RegisteredMarker, assess
from boundary.observations import ObservationRow

from .counting import SETTINGS, SIZES, Tally, count, numbered
from .scenarios import SCENARIOS
from .world import Mark, Shot, Strain, World


def to_register(world: World, changed: dict[str, Mark]) -> list[RegisteredMarker]:
    return [_registered(changed.get(mark.number, mark)) for mark in world.marks]


def _registered(mark: Mark) -> RegisteredMarker:
    return RegisteredMarker(
        mark.number, mark.reg_lon, mark.reg_lat, line_code=mark.line,
        sigma_m=mark.sigma_m, tolerance_m=mark.tolerance_m,
    )  # fmt: skip


def to_rows(shots: list[Shot]) -> list[ObservationRow]:
    return numbered(
        [
            {
                "marker_no": s.number, "method": s.method, "surveyor": s.surveyor, "device": "R10",
                "observed_at": "2026-07-01", **s.cells,
            }
            for s in shots
        ]
    )  # fmt: skip


def simulate(
    seed: int,
    repeats: int,
    sizes: tuple[int, ...] = SIZES,
    scenarios: tuple[str, ...] = tuple(SCENARIOS),
    strain: Strain | None = None,
) -> dict[tuple[str, int], Tally]:
    """Every scenario at every size, `repeats` times, each file in a world of its own old datums.

    `strain` is how far the worlds are from what the analyser assumes.
    """
    tallies: dict[tuple[str, int], Tally] = defaultdict(Tally)
    for repeat in range(repeats):
        rng = np.random.default_rng([seed, repeat])
        world = World.draw(rng, lines=12, each=25, strain=strain)
        plain = to_register(world, {})
        for name in scenarios:
            for n in sizes:
                file = SCENARIOS[name](rng, world, n)
                register = to_register(world, file.register) if file.register else plain
                started = time.perf_counter()
                found = assess(register, to_rows(file.shots), SETTINGS)
                took = time.perf_counter() - started
                count(tallies[name, n], file.shots, file.causes, found, took)
    return dict(tallies)


STRAINS: dict[str, Strain] = {
    "old datums off by 20 m on each axis": Strain(datum_sigma_m=20.0),
    "local distortion three times as large": Strain(distortion=3.0),
    "observation noise twice the stated": Strain(observation_noise=2.0),
    "register noise twice the stated": Strain(register_noise=2.0),
    "30 % of the markers moved": Strain(moved_share=0.30),
}
"""Worlds that break one of the analyser's assumptions each."""
