"""Reading where people sign in, over HTTP: the same questions, open and by reader.

    python -m bench.closed

30,000 markers whose positions are closed, which the public sees on a grid, and 20,000 names. Beside
the rate of nobody in particular, of a viewer, and of surveyors of one league and of everything
stand those of an open service and of the constant view, asked in turn by the same rounds.
"""

import random
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from bench.asking import Question, searches
from bench.names import made_names
from bench.requests import Rate, measure
from bench.servers import running
from boundary.tables import marker
from data import Actor, Grant, Level, Precision, Role, Rule, Store, create_store, set_rule
from data.accounts import issue_token, open_account
from data.geometry import point_wkb
from data.tiles import EXTENT, WEB_MERCATOR, Tile
from data.transaction import Transaction
from gazetteer import make_searchable
from gazetteer.tables import division, place, place_name

MARKERS, NAMES, ASKED = 30_000, 20_000, 500
_WEST, _SOUTH, _ACROSS = 110.0, 40.0, 200
_STEP_DEG = 0.02
_TILE_LEVEL, _TILES = 12, 200
_ROUNDS, _ROUND_S = 3, 0.5
_READERS = {
    "viewer of a league": Grant(Role.VIEWER, "990100"),
    "surveyor of a league": Grant(Role.SURVEYOR, "990100"),
    "surveyor everywhere": Grant(Role.SURVEYOR, None),
}


def closed_lines() -> Iterator[str]:
    """A line for each question and reader."""
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as folder, ExitStack() as stack:
        path = str(Path(folder) / "closed.gpkg")
        with create_store(path) as store:
            tokens = _furnish(store)
        serve = ["-m", "ovoo", "serve"]
        opened = stack.enter_context(running(serve, OVOO_STORE=path))
        closed = stack.enter_context(running(serve, OVOO_STORE=path, OVOO_ACCESS="accounts"))
        constant = stack.enter_context(running(["-m", "bench.servers"]))
        readers = {"an open service": (opened, ""), "not signed in": (closed, "")}
        for reader, token in tokens.items():
            readers[reader] = (closed, f"Authorization: Bearer {token}\r\n")
        for question in _questions():
            yield from _asked_lines(question, readers, constant)


def _asked_lines(
    question: Question, readers: Mapping[str, tuple[int, str]], constant: int
) -> Iterator[str]:
    """One question as each reader asks it; reaches are medians of rounds, each within a round."""
    rounds: list[dict[str, tuple[Rate, float]]] = []
    for _ in range(_ROUNDS):
        found = {}
        for reader, (port, header) in readers.items():
            asked = measure(port, question.paths, _ROUND_S, headers=header)
            ceiling = measure(constant, [f"/{asked.body_bytes}"], _ROUND_S)
            found[reader] = (asked, asked.per_second / ceiling.per_second)
        rounds.append(found)
    first = next(iter(readers))
    for reader in readers:
        rate = sorted((one[reader][0] for one in rounds), key=lambda one: one.per_second)[
            _ROUNDS // 2
        ]
        of_open = [one[reader][0].per_second / one[first][0].per_second for one in rounds]
        of_constant = median(one[reader][1] for one in rounds)
        yield (
            f"{question.title:22} {reader:22} {rate.per_second:6.0f}/s p50 {rate.median_ms:.2f} ms"
            f" p99 {rate.p99_ms:.2f} ms, {rate.body_bytes} bytes | {median(of_open):.2f}"
            f" ({min(of_open):.2f} - {max(of_open):.2f}) of the open one | goal {question.goal}"
            f" | {of_constant:.2f} of the constant view"
        )


def _questions() -> list[Question]:
    chance = random.Random(7)
    items = "/collections/markers/items"
    east, north = _ACROSS * _STEP_DEG, MARKERS / _ACROSS * _STEP_DEG
    boxes = []
    for _ in range(ASKED):
        lon, lat = _WEST + chance.uniform(0, east - 0.4), _SOUTH + chance.uniform(0, north - 0.4)
        boxes.append(f"{items}?bbox={lon:.4f},{lat:.4f},{lon + 0.4:.4f},{lat + 0.4:.4f}&limit=100")
    tiles = sorted(
        {
            _tile(_WEST + chance.uniform(0, east), _SOUTH + chance.uniform(0, north))
            for _ in range(_TILES)
        }
    )
    found = {
        "item by id": [f"{items}/{chance.randint(1, MARKERS)}" for _ in range(ASKED)],
        "bbox, page of 100": boxes,
        "tile of markers": tiles,
        **{f"search, {one.title}": one.paths for one in searches(NAMES)[:3:2]},
    }
    return [Question(title, paths, "0.4") for title, paths in found.items()]


def _tile(lon: float, lat: float) -> str:
    x, y = WEB_MERCATOR.steps(Tile(_TILE_LEVEL, 0, 0), np.array([lon]), np.array([lat]))
    base = f"/collections/markers/tiles/{WEB_MERCATOR.id}/{_TILE_LEVEL}"
    return f"{base}/{int(y[0]) // EXTENT}/{int(x[0]) // EXTENT}"


def _furnish(store: Store) -> dict[str, str]:
    """Two leagues of two banners each, markers between them, and readers; their tokens."""
    with store.write("bench", "made up") as transaction:
        rows: list[dict[str, Any]] = [{"code": "990000", "name": "区", "level": "region"}]
        for league in (1, 2):
            code = f"990{league}00"
            rows.append(
                {"code": code, "name": code, "level": "prefecture", "parent_code": "990000"}
            )
            rows += [
                {"code": f"{code[:4]}0{n}", "name": f"{league}{n}", "level": "county"}
                | {"parent_code": code}
                for n in (1, 2)
            ]
        transaction.insert_many(division, ({"in_region": True} | row for row in rows))
        transaction.insert_many(marker, (_marker(number) for number in range(MARKERS)))
        _write_names(transaction)
    make_searchable(store)
    root, now = Actor.operator("bench"), datetime.now(UTC)
    set_rule(store, root, Rule("marker", Level.PUBLIC, Precision.GRID, 0.01))
    tokens = {}
    for number, (reader, grant) in enumerate(_READERS.items()):
        name = f"reader{number}"
        open_account(store, root, name, [grant], now)
        tokens[reader] = issue_token(store, name, "bench", tuple(Role), timedelta(days=1), now)
    return tokens


def _write_names(transaction: Transaction) -> None:
    rows = list(made_names(NAMES))
    places = transaction.insert_many(
        place,
        (
            {"name": row["标准名称"], "status": "standard", "category_code": row["类别代码"]}
            | {"geom": point_wkb(float(row["经度"]), float(row["纬度"]))}
            for row in rows
        ),
    )
    names = zip(places, rows, strict=True)
    transaction.insert_many(
        place_name,
        (
            {"place_id": one, "text": row["标准名称"], "kind": "standard", "language": "zh"}
            for one, row in names
        ),
    )


def _marker(number: int) -> dict[str, Any]:
    league = 1 + number % 2
    lon = _WEST + number % _ACROSS * _STEP_DEG + 0.003
    lat = _SOUTH + number // _ACROSS * _STEP_DEG + 0.004
    return {
        "marker_no": f"{number:06d}Q", "line_code": f"{number % 400}", "status": "normal",
        "party_a": f"990{league}01", "party_b": f"990{league}02",
        "sigma_m": 0.05, "tolerance_m": 0.2, "geom": point_wkb(lon, lat),
    }  # fmt: skip


if __name__ == "__main__":
    for line in closed_lines():
        print(line, flush=True)
