"""Our rate beside that of tipg and pygeoapi, and of constant bytes, as one table.

    python -m bench.peers PYTHON ADDRESS [--names N] [--store FILE] [--only WORDS]…

PYTHON is the interpreter of the peers' environment (`bench.peer_servers` says how it is made);
ADDRESS that of a PostgreSQL database: a new one, or the one that an earlier run has filled. The
same names (`bench.names`) stand in a GeoPackage, FILE where it is made already, and in the
database, there and in a plain GeoPackage also as the peers want them, with an index on each asked
column. All servers have two workers; each question is asked of every server in the same round, and
of a Flask view that answers as many constant bytes as ours. `--only` asks the questions whose title
holds one of the words. A peer that answers a question with an error fails; one that has no such
question shows a dash.
"""

import argparse
import contextlib
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final, NamedTuple

import psycopg

from bench import peer_servers
from bench.asking import ANEW
from bench.loading import load_ratio
from bench.names import EAST, NORTH, SOUTH, WEST, made_names
from bench.requests import measure, measure_once
from bench.servers import ROOT, memory_mb, running
from bench.tiling import tile_paths

COUNT, ASKED, ROUNDS, ROUND_S = 265_800, 300, 3, 1.0
_WARM_UP: Final = 5
_LEVELS: Final = (8, 10)
_TILES, _TILES_SEEN = 40, 160
"""Each tile is asked for four times before it counts as known: each process keeps its own."""
FILE, SERVER = "Ovoo, GeoPackage", "Ovoo, PostGIS"
TIPG, PYGEOAPI, PYGEOAPI_FILE = "tipg", "pygeoapi, PostGIS", "pygeoapi, GeoPackage"
OURS, PEERS = (FILE, SERVER), (TIPG, PYGEOAPI, PYGEOAPI_FILE)

Paths = dict[str, list[str]]
"""The paths of a question by who is asked: a server, or all that are of its kind."""


class Measured(NamedTuple):
    """Rates of one question, a second.

    Attributes:
        rates: by server; one that fails has none.
        of_tipg, of_constant: of ours, by server, the middle of the rounds' own ratios.
    """

    rates: Mapping[str, float | None]
    of_tipg: Mapping[str, float]
    of_constant: Mapping[str, float]


def peer_lines(
    python: Path, address: str, count: int, store: Path | None, words: Sequence[str]
) -> Iterator[str]:
    """The table, a line for each question.

    Args:
        python: the interpreter of the peers' environment.
        address: of a database, new or filled by an earlier run.
        count: how many names.
        store: a GeoPackage with these names; made where it is None.
        words: parts of the titles of what is asked; all is where there are none.
    """
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        made = store or load_ratio(folder, count)[0]
        _fill(address, made)
        file = peer_servers.make_file(made, folder)
        serve = ["-m", "ovoo", "serve"]
        ports = {
            FILE: stack.enter_context(running(serve, OVOO_STORE=str(made), **ANEW)),
            SERVER: stack.enter_context(running(serve, OVOO_STORE=address, **ANEW)),
            TIPG: stack.enter_context(peer_servers.tipg(python, address)),
            PYGEOAPI: stack.enter_context(peer_servers.pygeoapi_on_server(python, address, folder)),
            PYGEOAPI_FILE: stack.enter_context(peer_servers.pygeoapi_on_file(python, file, folder)),
        }
        constant = stack.enter_context(running(["-m", "bench.servers"]))
        yield from compared_lines(ports, constant, count, words)


def _fill(address: str, store: Path) -> None:
    """Move the names into a new database."""
    with psycopg.connect(address) as connection:
        known = connection.execute("SELECT to_regclass('place')").fetchone()
    if known == (None,):
        command = [sys.executable, "-m", "ovoo", "move", str(store), address]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    peer_servers.make_table(address)


def compared_lines(
    ports: Mapping[str, int], constant: int, count: int, words: Sequence[str]
) -> Iterator[str]:
    """The lines of servers that are up, each by its name and port; `constant` answers bytes."""
    titles = ["question", *ports, "GeoPackage : best peer", "PostGIS : tipg", "of constant bytes"]
    yield f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}"
    for title, paths in _questions(count).items():
        if _is_asked(title, words):
            way = _cold if title.endswith("cold") else _warm
            yield _line(title, way(ports, constant, paths))
    if _is_asked("eight connections", words):
        for server in OURS:
            yield _many_line(server, ports[server], constant, count)


def _is_asked(title: str, words: Sequence[str]) -> bool:
    return not words or any(word in title for word in words)


def _of(paths: Paths, server: str) -> list[str]:
    return paths.get(server, paths.get(server.partition(",")[0], []))


def _cold(ports: Mapping[str, int], _constant: int, paths: Paths) -> Measured:
    """Rates where nothing is asked for twice, each round its own part of the paths."""
    found: dict[str, list[float]] = {}
    for part in range(ROUNDS):
        for server, port in ports.items():
            if asked := _of(paths, server)[part::ROUNDS]:
                found.setdefault(server, []).append(measure_once(port, asked).per_second)
    return _measured(found, {})


def _warm(ports: Mapping[str, int], constant: int, paths: Paths) -> Measured:
    """Rates of questions asked over and over; of ours also beside the constant view."""
    found: dict[str, list[float]] = {}
    ceilings: dict[str, list[float]] = {}
    failed: set[str] = set()
    for number in range(ROUNDS):
        for server, port in ports.items():
            asked = _of(paths, server)
            if server in failed or not asked:
                continue
            known = (_TILES_SEEN if "/tiles/" in asked[0] else _WARM_UP) if not number else 0
            try:
                rate = measure(port, asked, ROUND_S, warm_up=known)
            except RuntimeError:
                failed.add(server)
                continue
            found.setdefault(server, []).append(rate.per_second)
            if server in OURS:
                ceiling = measure(constant, [f"/{rate.body_bytes}"], ROUND_S)
                ceilings.setdefault(server, []).append(ceiling.per_second)
    return _measured({**found, **{one: [] for one in failed}}, ceilings)


def _measured(
    found: Mapping[str, Sequence[float]], ceilings: Mapping[str, Sequence[float]]
) -> Measured:
    rates = {server: median(rates) if rates else None for server, rates in found.items()}
    beside = found.get(TIPG) or ()
    return Measured(
        rates,
        {one: _middle(found[one], beside) for one in OURS if one in found and beside},
        {one: _middle(found[one], ceilings[one]) for one in ceilings if found[one]},
    )


def _middle(rates: Sequence[float], beside: Sequence[float]) -> float:
    return median(one / other for one, other in zip(rates, beside, strict=True))


def _line(title: str, measured: Measured) -> str:
    cells = [title]
    for server in (*OURS, *PEERS):
        rate = measured.rates.get(server, 0.0)
        cells.append("fails" if rate is None else _number(rate) if rate else "–")
    best = max((measured.rates.get(one) or 0.0 for one in PEERS), default=0.0)
    own = measured.rates.get(FILE)
    cells.append(_number(own / best) if own and best else "–")
    cells.append(_number(measured.of_tipg[SERVER]) if SERVER in measured.of_tipg else "–")
    reached = [f"{measured.of_constant[one]:.2f}" for one in OURS if one in measured.of_constant]
    cells.append("; ".join(reached) or "–")
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}"  # noqa: PLR2004 - two digits tell it


def _many_line(server: str, port: int, constant: int, count: int) -> str:
    """How even the answers are at eight connections, and what the server holds in memory."""
    paths = _questions(count)["bbox 0.2°, page of 100"]["Ovoo"]
    rate = measure(port, paths, 5.0, connections=8)
    ceiling = measure(constant, [f"/{rate.body_bytes}"], 5.0, connections=8)
    return (
        f"{server}, 8 connections: p50 {rate.median_ms:.2f} ms, p99 {rate.p99_ms:.2f} ms,"
        f" {rate.p99_ms / rate.median_ms:.1f} of it (goal 5; constant bytes"
        f" {ceiling.median_ms:.2f} ms, {ceiling.p99_ms:.2f} ms,"
        f" {ceiling.p99_ms / ceiling.median_ms:.1f});"
        f" {memory_mb(port):.0f} MB resident (goal 250)"
    )


def _questions(count: int) -> dict[str, Paths]:
    """The same question in each server's own words; what a server cannot be asked is left out."""
    chance = random.Random(7)
    ids = [chance.randint(1, count) for _ in range(ASKED)]
    found = {"item by id": _each(f"/{one}" for one in ids)}
    for side in (0.2, 2.0):
        asked = [f"?bbox={_box(chance, side)}&limit=100" for _ in range(ASKED)]
        found[f"bbox {side:g}°, page of 100"] = _each(asked)
    names = [row["标准名称"] for row in made_names(min(count, 5_000))]
    chosen = [chance.choice(names) for _ in range(ASKED)]
    found["exact name"] = _each(f"?name={one}&limit=100" for one in chosen)
    found["beginning"] = _searched([one[:2] for one in chosen], "LIKE '{}%25'")
    found["2 characters inside"] = _searched([one[1:3] for one in chosen], "LIKE '%25{}%25'")
    wanted = [f"?category_code=222&heritage=true&bbox={_box(chance, 2.0)}&limit=100" for _ in ids]
    found["class, heritage, bbox 2°"] = _each(wanted) | {
        PYGEOAPI_FILE: _each(one.replace("=true", "=1") for one in wanted)["pygeoapi"]
    }
    places = [(chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)) for _ in ids]
    around = [f"/where?lon={lon:.4f}&lat={lat:.4f}&limit=10" for lon, lat in places]
    found["where, nearest 10"] = {"Ovoo": around}
    deep = [count * 3 // 4 + chance.randint(0, count // 10) for _ in ids]
    found["page behind 200,000"] = _each(f"?limit=100&offset={one}" for one in deep) | {
        "Ovoo": [f"/collections/places/items?limit=100&cursor={one}" for one in deep]
    }
    for level in _LEVELS:
        tiles = tile_paths(random.Random(level), level)
        tipg = [_for_tipg(one) for one in tiles]
        found[f"tiles z{level}, cold"] = {"Ovoo": tiles, TIPG: tipg}
        tiles = tile_paths(random.Random(level + 1), level)[:_TILES] * (_TILES_SEEN // _TILES)
        tipg = [_for_tipg(one) for one in tiles]
        found[f"tiles z{level}, warm"] = {"Ovoo": tiles, TIPG: tipg}
    return found


def _for_tipg(path: str) -> str:
    """A tile's address in tipg's words: the column comes before the row."""
    *_, level, row, column = path.split("/")
    return f"/collections/peer.names/tiles/WebMercatorQuad/{level}/{column}/{row}"


def _box(chance: random.Random, side: float) -> str:
    lon, lat = chance.uniform(WEST, EAST - side), chance.uniform(SOUTH, NORTH - side)
    return f"{lon:.4f},{lat:.4f},{lon + side:.4f},{lat + side:.4f}"


def _searched(texts: list[str], pattern: str) -> dict[str, list[str]]:
    """Texts in names: ours by the search, the others' by a filter."""
    filters = [f"?filter=name {pattern.format(one)}&limit=20" for one in texts]
    asked = [one.replace(" ", "%20").replace("'", "%27") for one in filters]
    own = {"Ovoo": [f"/search?q={one}" for one in texts]}
    return _each(asked) | own | {PYGEOAPI_FILE: []}  # it answers, but passes the filter over


def _each(tails: Any) -> dict[str, list[str]]:
    asked = list(tails)
    return {
        "Ovoo": [f"/collections/places/items{one}" for one in asked],
        "tipg": [f"/collections/peer.names/items{one}" for one in asked],
        "pygeoapi": [f"/collections/names/items{one}{_json(one)}" for one in asked],
    }


def _json(tail: str) -> str:
    return f"{'&' if '?' in tail else '?'}f=json"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.peers")
    parser.add_argument("python", type=Path)
    parser.add_argument("address")
    parser.add_argument("--names", type=int, default=COUNT)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    told = parser.parse_args()
    for line in peer_lines(told.python, told.address, told.names, told.store, told.only):
        print(line, flush=True)
