"""Run every benchmark and print one table: `make bench`."""

import random
import sys
import tempfile
import time
from pathlib import Path

from bench.checking import check_line
from bench.exporting import export_ratio
from bench.loading import load_ratio
from bench.matching import reconcile_line
from bench.names import COUNT, EAST, NORTH, SOUTH, WEST
from bench.naming import naming_lines
from bench.placing import where_line
from bench.requests import Rate, measure
from bench.servers import running
from bench.verdicts import verdict_lines

_BOX_DEG = 0.5
"""A box of this side holds more than a page of 100 at the reference density."""


def main() -> None:
    """Load, serve, measure, print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as folder:
        store, loading = load_ratio(Path(folder), count)
        print(loading, flush=True)
        print(export_ratio(store, count), flush=True)
        print(check_line(str(store)), flush=True)
        with (
            running(["-m", "ovoo", "serve"], OVOO_STORE=str(store)) as ovoo,
            running(["-m", "bench.servers"]) as constant,
        ):
            for title, paths in _questions(count).items():
                _report(title, ovoo, constant, paths)
            print(reconcile_line(ovoo, count), flush=True)
        print(where_line(Path(folder)), flush=True)
        for line in naming_lines(str(store)):
            print(line, flush=True)
    for line in verdict_lines():
        print(line, flush=True)


def _questions(count: int) -> dict[str, list[str]]:
    chance = random.Random(7)
    items = "/collections/places/items"

    def box() -> str:
        lon, lat = chance.uniform(WEST, EAST - 1), chance.uniform(SOUTH, NORTH - 1)
        return f"{lon:.4f},{lat:.4f},{lon + _BOX_DEG:.4f},{lat + _BOX_DEG:.4f}"

    return {
        "item by id": [f"{items}/{chance.randint(1, count)}" for _ in range(2000)],
        "bbox page of 100": [f"{items}?bbox={box()}&limit=100" for _ in range(500)],
    }


def _report(title: str, ovoo: int, constant: int, paths: list[str]) -> None:
    rounds = []
    for _ in range(3):
        asked = measure(ovoo, paths)
        ceiling = measure(constant, [f"/{asked.body_bytes}"])
        rounds.append((asked.per_second / ceiling.per_second, asked, ceiling))
        time.sleep(0.2)
    reach, asked, ceiling = sorted(rounds, key=lambda one: one[0])[1]
    print(_line(title, reach, asked, ceiling), flush=True)


def _line(title: str, reach: float, asked: Rate, ceiling: Rate) -> str:
    return (
        f"{title:22} {asked.per_second:7.0f}/s  p50 {asked.median_ms:.2f} ms"
        f"  p99 {asked.p99_ms:.2f} ms  {asked.body_bytes} bytes"
        f"  | constant Flask view {ceiling.per_second:7.0f}/s | reach {reach:.2f}"
    )


if __name__ == "__main__":
    main()
