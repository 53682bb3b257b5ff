"""Vector tiles over HTTP: asked for the first time, and again, beside the constant view."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from bench.names import EAST, NORTH, SOUTH, WEST
from bench.requests import measure, measure_once
from bench.servers import processor_s
from data.tiles import EXTENT, WEB_MERCATOR, Tile

_LEVELS = ((8, "226"), (10, "148"))
"""Levels, and twice what tipg 1.3 gave for them on the same names."""
_TILES = 250
_WARM_S = 2.0
_CONNECTIONS = 8


def tile_lines(ovoo: int, constant: int) -> Iterator[str]:
    """A line for each level: cold and warm rates of names."""
    chance = random.Random(9)
    for level, goal in _LEVELS:
        paths = tile_paths(chance, level)
        before = processor_s(ovoo)
        cold = measure_once(ovoo, paths)
        spent_ms = (processor_s(ovoo) - before) / len(paths) * 1000
        _let_all_see(ovoo, paths)
        before = processor_s(ovoo)
        warm = measure(ovoo, paths, _WARM_S)
        own_s = (processor_s(ovoo) - before) / max(warm.per_second * _WARM_S, 1)
        before = processor_s(constant)
        ceiling = measure(constant, [f"/{warm.body_bytes}"], _WARM_S)
        constant_s = (processor_s(constant) - before) / max(ceiling.per_second * _WARM_S, 1)
        yield (
            f"{f'names, tiles z{level}':22} cold {cold.per_second:5.0f}/s"
            f" ({spent_ms:.1f} ms of processor time, {cold.body_bytes} bytes) | goal {goal}/s"
            f"\n{'':22} warm {warm.per_second:5.0f}/s | constant Flask view"
            f" {ceiling.per_second:5.0f}/s | reach {warm.per_second / ceiling.per_second:.2f}"
            f", by processor time {constant_s / own_s:.2f} | goal 0.7"
        )


def _let_all_see(port: int, paths: list[str]) -> None:
    """Ask over many connections at once: each process keeps its own tiles."""
    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        list(pool.map(lambda _: measure_once(port, paths), range(_CONNECTIONS)))


def tile_paths(chance: random.Random, level: int) -> list[str]:
    """Different tiles in the middle of the names, so that none is empty."""
    lon = np.array([chance.uniform(WEST + 1, EAST - 1) for _ in range(20 * _TILES)])
    lat = np.array([chance.uniform(SOUTH + 1, NORTH - 1) for _ in range(20 * _TILES)])
    x, y = WEB_MERCATOR.steps(Tile(level, 0, 0), lon, lat)
    found = sorted(
        {(int(row) // EXTENT, int(column) // EXTENT) for row, column in zip(y, x, strict=True)}
    )
    chance.shuffle(found)
    base = f"/collections/places/tiles/{WEB_MERCATOR.id}/{level}"
    return [f"{base}/{row}/{column}" for row, column in found[:_TILES]]
