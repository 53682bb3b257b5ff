"""Our rate beside that of tipg and pygeoapi, and of constant bytes.

    python -m bench.peers PYTHON ADDRESS [COUNT [STORE]]

PYTHON is the interpreter of an environment of its own that holds the peers (`pip install tipg
pygeoapi uvicorn gunicorn psycopg2-binary geoalchemy2`); ADDRESS that of a new PostgreSQL database.
The same names (`bench.names`) stand in a GeoPackage, STORE where it is made already, and in the
database, there also as a plain table with an index on each asked column, as the peers want it. All
servers have two workers; each question is asked of every server in the same round, and of a Flask
view that answers as many constant bytes as ours. A peer that has no such question, or answers it
with an error, fails. pygeoapi's GeoPackage provider is not measured: it needs SpatiaLite in
Python's own sqlite3.
"""

import contextlib
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from bench.asking import ANEW
from bench.loading import load_ratio
from bench.names import EAST, NORTH, SOUTH, WEST, made_names
from bench.requests import measure, measure_once
from bench.servers import ROOT, WORKERS, memory_mb, running
from bench.tiling import tile_paths

COUNT, ASKED, ROUNDS, ROUND_S = 265_800, 300, 3, 1.0
_START_S: Final = 60
_WARM_UP: Final = 5
_LEVELS: Final = (8, 10)
_TILES, _TILES_SEEN = 40, 160
"""Each tile is asked for four times before it counts as known: each process keeps its own."""
_TABLE: Final = """
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE SCHEMA peer;
CREATE TABLE peer.names AS SELECT id, name, status, division_code, category_code,
    heritage, geom FROM place;
ALTER TABLE peer.names ADD PRIMARY KEY (id);
CREATE INDEX ON peer.names USING gist (geom);
CREATE INDEX ON peer.names (name text_pattern_ops);
CREATE INDEX ON peer.names (category_code, heritage);
ANALYZE peer.names;
"""
_PYGEOAPI: Final = """
server:
  bind: {{host: 127.0.0.1, port: {port}}}
  url: http://127.0.0.1:{port}
  mimetype: application/json; charset=UTF-8
  encoding: utf-8
  languages: [en-US]
  limits: {{default_items: 100, max_items: 100}}
  map: {{url: "http://127.0.0.1/{{z}}/{{x}}/{{y}}", attribution: none}}
logging: {{level: ERROR}}
metadata:
  identification:
    title: peer
    description: peer
    keywords: [peer]
    terms_of_service: none
    url: http://127.0.0.1
  license: {{name: none, url: "http://127.0.0.1"}}
  provider: {{name: peer, url: "http://127.0.0.1"}}
  contact: {{name: peer}}
resources:
  names:
    type: collection
    title: names
    description: names
    keywords: [names]
    links: []
    extents: {{spatial: {{bbox: [-180, -90, 180, 90]}}}}
    providers:
      - type: feature
        name: PostgreSQL
        data: {{host: {host}, port: {db_port}, dbname: {dbname}, user: {user},
               password: "{password}", search_path: [peer]}}
        id_field: id
        table: names
        geom_field: geom
"""


def peer_lines(
    python: Path, address: str, count: int = COUNT, store: Path | None = None
) -> Iterator[str]:
    """A line for each question: every server's rate, ours beside the best peer's and the constant.

    Args:
        python: the interpreter of the peers' environment.
        address: of a new database.
        count: how many names.
        store: a GeoPackage with these names; made where it is None.
    """
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        made = store or load_ratio(folder, count)[0]
        subprocess.run(
            [sys.executable, "-m", "ovoo", "move", str(made), address], cwd=ROOT, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(_TABLE)
        serve = ["-m", "ovoo", "serve"]
        ours = {
            "ovoo, GeoPackage": stack.enter_context(running(serve, OVOO_STORE=str(made), **ANEW)),
            "ovoo, PostGIS": stack.enter_context(running(serve, OVOO_STORE=address, **ANEW)),
        }
        peers = {
            "tipg": stack.enter_context(_tipg(python, address)),
            "pygeoapi, PostGIS": stack.enter_context(_pygeoapi(python, address, folder)),
        }
        constant = stack.enter_context(running(["-m", "bench.servers"]))
        yield from compared_lines(ours, peers, constant, count)


def compared_lines(
    ours: Mapping[str, int], peers: Mapping[str, int], constant: int, count: int
) -> Iterator[str]:
    """The lines of servers that are up, each by its name and port; `constant` answers bytes."""
    for level in _LEVELS:
        yield _cold_line(level, ours, peers)
    for title, paths in _questions(count).items():
        yield _line(title, _rates({**ours, **peers}, constant, paths), ours, peers)
    for server, port in ours.items():
        yield _many_line(server, port, count)


def _cold_line(level: int, ours: Mapping[str, int], peers: Mapping[str, int]) -> str:
    """Tiles that nobody has asked for before."""
    asked = tile_paths(random.Random(level), level)
    paths = {"ovoo": asked, "tipg": [_for_tipg(one) for one in asked]}
    rates = {
        server: measure_once(port, paths[kind]).per_second
        for server, port in {**ours, **peers}.items()
        if (kind := server.partition(",")[0]) in paths
    }
    own = ", ".join(f"{rates[one] / rates['tipg']:.1f}" for one in ours)
    told = "  ".join(f"{server} {rate:.0f}/s" for server, rate in rates.items())
    return f"{f'tiles z{level}, cold':24} {told} | of tipg: {own} (goal 2)"


def _for_tipg(path: str) -> str:
    """A tile's address in tipg's words: the column comes before the row."""
    *_, level, row, column = path.split("/")
    return f"/collections/peer.names/tiles/WebMercatorQuad/{level}/{column}/{row}"


def _line(
    title: str, rates: Mapping[str, float], ours: Mapping[str, int], peers: Mapping[str, int]
) -> str:
    told = "  ".join(
        f"{server} {rates[server]:.0f}/s" if server in rates else f"{server} fails"
        for server in [*ours, *peers]
    )
    best = max((rates[one] for one in peers if one in rates), default=0.0)
    own = [one for one in ours if one in rates]
    ratios = ", ".join(f"{rates[one] / best:.1f}" for one in own) if best else "none"
    reach = ", ".join(f"{rates[one] / rates[f'constant {one}']:.2f}" for one in own)
    return f"{title:24} {told} | of the best peer: {ratios} | of the constant view: {reach}"


def _many_line(server: str, port: int, count: int) -> str:
    """How even the answers are at eight connections, and what the server holds in memory."""
    paths = _questions(count)["bbox 0.2°, page of 100"]["ovoo"]
    rate = measure(port, paths, 5.0, connections=8)
    return (
        f"{server}, 8 connections: p50 {rate.median_ms:.2f} ms, p99 {rate.p99_ms:.2f} ms,"
        f" {rate.p99_ms / rate.median_ms:.1f} of it (goal 5);"
        f" {memory_mb(port):.0f} MB resident (goal 250)"
    )


def _rates(
    servers: Mapping[str, int], constant: int, paths: Mapping[str, list[str]]
) -> dict[str, float]:
    """Requests a second by server, and of the constant view at our size of answer.

    A server that answers a question with an error is left out.
    """
    found: dict[str, list[float]] = {}
    failed: set[str] = set()
    for _ in range(ROUNDS):
        for server, port in servers.items():
            kind = server.partition(",")[0]
            if server in failed or not (asked := paths.get(kind)):
                continue
            try:
                known = _TILES_SEEN if "/tiles/" in asked[0] else _WARM_UP
                rate = measure(port, asked, ROUND_S, warm_up=known)
            except RuntimeError:
                failed.add(server)
                continue
            found.setdefault(server, []).append(rate.per_second)
            if kind == "ovoo":
                ceiling = measure(constant, [f"/{rate.body_bytes}"], ROUND_S)
                found.setdefault(f"constant {server}", []).append(ceiling.per_second)
    return {server: median(rates) for server, rates in found.items() if server not in failed}


def _questions(count: int) -> dict[str, dict[str, list[str]]]:
    """The same question in each server's own words; what a server cannot be asked is left out."""
    chance = random.Random(7)
    ids = [chance.randint(1, count) for _ in range(ASKED)]
    found = {"item by id": _each(f"/{one}" for one in ids)}
    for side in (0.2, 2.0):
        asked = [f"?bbox={_box(chance, side)}&limit=100" for _ in range(ASKED)]
        found[f"bbox {side}°, page of 100"] = _each(asked)
    names = [row["标准名称"] for row in made_names(min(count, 5_000))]
    chosen = [chance.choice(names) for _ in range(ASKED)]
    found["exact name"] = _each(f"?name={one}&limit=100" for one in chosen)
    found["beginning"] = _searched([one[:2] for one in chosen], "LIKE '{}%25'")
    found["2 characters inside"] = _searched([one[1:3] for one in chosen], "LIKE '%25{}%25'")
    wanted = [f"?category_code=222&heritage=true&bbox={_box(chance, 2.0)}&limit=100" for _ in ids]
    found["class, heritage, bbox 2°"] = _each(wanted)
    places = [(chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)) for _ in ids]
    around = [f"/where?lon={lon:.4f}&lat={lat:.4f}&limit=10" for lon, lat in places]
    found["where, nearest 10"] = {"ovoo": around}
    deep = [count * 3 // 4 + chance.randint(0, count // 10) for _ in ids]
    found["depth, by next or offset"] = _each(f"?limit=100&offset={one}" for one in deep) | {
        "ovoo": [f"/collections/places/items?limit=100&cursor={one}" for one in deep]
    }
    for level in _LEVELS:
        tiles = tile_paths(random.Random(level + 1), level)[:_TILES] * (_TILES_SEEN // _TILES)
        tipg = [_for_tipg(one) for one in tiles]
        found[f"tiles z{level}, warm"] = {"ovoo": tiles, "tipg": tipg}
    return found


def _box(chance: random.Random, side: float) -> str:
    lon, lat = chance.uniform(WEST, EAST - side), chance.uniform(SOUTH, NORTH - side)
    return f"{lon:.4f},{lat:.4f},{lon + side:.4f},{lat + side:.4f}"


def _searched(texts: list[str], pattern: str) -> dict[str, list[str]]:
    """Texts in names: ours by the search, the others' by a filter."""
    filters = [f"?filter=name {pattern.format(one)}&limit=20" for one in texts]
    asked = [one.replace(" ", "%20").replace("'", "%27") for one in filters]
    return _each(asked) | {"ovoo": [f"/search?q={one}" for one in texts]}


def _each(tails: Any) -> dict[str, list[str]]:
    asked = list(tails)
    return {
        "ovoo": [f"/collections/places/items{one}" for one in asked],
        "tipg": [f"/collections/peer.names/items{one}" for one in asked],
        "pygeoapi": [f"/collections/names/items{one}{_json(one)}" for one in asked],
    }


def _json(tail: str) -> str:
    return f"{'&' if '?' in tail else '?'}f=json"


@contextlib.contextmanager
def _tipg(python: Path, address: str) -> Iterator[int]:
    port = _free_port()
    command = ["uvicorn", "tipg.main:app", "--port", str(port), "--workers", str(WORKERS)]
    settings = {"DATABASE_URL": address, "TIPG_DB_SCHEMAS": '["peer"]'}
    with _peer(python, command, settings, port, "/collections/peer.names/items?limit=1"):
        yield port


@contextlib.contextmanager
def _pygeoapi(python: Path, address: str, folder: Path) -> Iterator[int]:
    port, known = _free_port(), conninfo_to_dict(address)
    config, described = folder / "pygeoapi.yml", folder / "openapi.yml"
    config.write_text(
        _PYGEOAPI.format(
            port=port, host=known["host"], db_port=known.get("port", 5432), user=known["user"],
            dbname=known["dbname"], password=known.get("password", ""),
        )
    )  # fmt: skip
    settings = {"PYGEOAPI_CONFIG": str(config), "PYGEOAPI_OPENAPI": str(described)}
    made = ["openapi", "generate", str(config), "--output-file", str(described)]
    subprocess.run(
        [str(python.parent / "pygeoapi"), *made], check=True, env=settings | _path(python),
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    command = [
        "gunicorn",
        "-w",
        str(WORKERS),
        "-k",
        "gthread",
        "--threads",
        "4",
        "-b",
        f"127.0.0.1:{port}",
    ]
    command.append("pygeoapi.flask_app:APP")
    with _peer(python, command, settings, port, "/collections/names/items?limit=1&f=json"):
        yield port


def _path(python: Path) -> dict[str, str]:
    return {"PATH": f"{python.parent}:/usr/bin:/bin"}


@contextlib.contextmanager
def _peer(
    python: Path, command: list[str], settings: Mapping[str, str], port: int, asked: str
) -> Iterator[None]:
    """A peer's server, once it answers a question."""
    process = subprocess.Popen(
        [str(python.parent / command[0]), *command[1:]],
        env={**settings, **_path(python)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(port, asked, process)
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, path: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + _START_S
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, HTTPException):
            connection = HTTPConnection("127.0.0.1", port, timeout=_START_S)
            connection.request("GET", path)
            if connection.getresponse().status == HTTPStatus.OK:
                return
        time.sleep(0.5)
    raise RuntimeError(f"no answer at port {port}: {path}")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


if __name__ == "__main__":
    interpreter, database, *more = sys.argv[1:]
    size = int(more[0]) if more else COUNT
    for line in peer_lines(Path(interpreter), database, size, Path(more[1]) if more[1:] else None):
        print(line, flush=True)
