"""Questions of readers to a register as large as a nation's, on PostGIS.

    python -m bench.nation ADDRESS [NAMES [names]]

ADDRESS is a database that `ovoo load names` has filled with names of `bench.names`. Where NAMES is
given and the register holds fewer, they are multiplied inside the database (`bench.multiplying`,
by a superuser); the text index grows with them, with `names` that of standard names alone. Then
each question is asked of a server of two processes that keeps no answers: median and 95 %. Where
the disk is too small for both, `none` leaves the text index out and the searches unasked.
"""

import random
import sys
import time
from collections.abc import Iterator

import psycopg

from bench.asking import ANEW, Question, questions, searches
from bench.multiplying import Text, multiplied
from bench.requests import measure, measure_once
from bench.servers import memory_mb, running
from bench.tiling import tile_paths

_TEXTS: dict[str, Text] = {"all": "all", "names": "names", "none": "none"}
_ASKED_S, _TILES = 3.0, 24
_LEVELS = (6, 8, 10, 12)
_WHOLE = {
    "what a collection is": "/collections/places",
    "first page of all": "/collections/places/items?limit=100",
    "first page of a class": "/collections/places/items?category_code=222&limit=100",
    "first page by name": "/collections/places/items?sortby=name&limit=100",
    "statistics": "/statistics?f=json",
    "style of the map": "/tiles/WebMercatorQuad/style",
}
"""What speaks of the whole register, asked of a server that has just begun, and again."""


def main() -> None:
    """Multiply where it is asked for, then ask."""
    address, *more = sys.argv[1:]
    text = more[1] if len(more) > 1 else "all"
    with psycopg.connect(address, autocommit=True) as connection:
        count = _count(connection)
        if more and int(more[0]) > count:
            for line in multiplied(connection, int(more[0]) // count, _TEXTS[text]):
                print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)
            count = _count(connection)
    for line in lines(address, count, searched=text != "none"):
        print(line, flush=True)


def _count(connection: psycopg.Connection[tuple[int]]) -> int:
    (count,) = connection.execute("SELECT max(id) FROM place").fetchone() or (0,)
    return count


def lines(address: str, count: int, *, searched: bool) -> Iterator[str]:
    """A line for each question."""
    with running(["-m", "ovoo", "serve"], OVOO_STORE=address, **ANEW) as port:
        for title, path in _WHOLE.items():
            first, again = measure_once(port, [path]), measure_once(port, [path] * 5)
            yield f"{title:28} first {first.median_ms:9.1f} ms, again {again.median_ms:7.1f} ms"
        known = {one.title for one in searches(count)}
        for question in questions(count):
            if searched or question.title not in known:
                yield _line(port, question)
        chance = random.Random(9)
        for level in _LEVELS:
            rate = measure_once(port, tile_paths(chance, level)[:_TILES])
            yield _told(f"tile z{level}, cold", rate.median_ms, rate.p95_ms, rate.body_bytes)
        yield f"memory of a process {memory_mb(port):.0f} MB"


def _line(port: int, question: Question) -> str:
    rate = measure(port, question.paths, _ASKED_S)
    return _told(question.title, rate.median_ms, rate.p95_ms, rate.body_bytes)


def _told(title: str, median_ms: float, p95_ms: float, body_bytes: int) -> str:
    return f"{title:28} p50 {median_ms:8.2f} ms  p95 {p95_ms:8.2f} ms  {body_bytes} bytes"


if __name__ == "__main__":
    main()
