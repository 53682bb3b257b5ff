"""Reading where people sign in: the same questions, open and by reader: `python -m bench.closed`.

30,000 markers whose positions are closed, the public sees them on a grid. Beside the rate of an
open service stand those of nobody in particular, a viewer, a surveyor of one league and of
everything.
"""

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.requests import measure
from bench.servers import running
from boundary.tables import marker
from data import Actor, Grant, Level, Precision, Role, Rule, Store, create_store, set_rule
from data.accounts import issue_token, open_account
from data.geometry import point_wkb
from gazetteer.tables import division

MARKERS, ASKED = 30_000, 500
_WEST, _SOUTH, _ACROSS = 110.0, 40.0, 200
_STEP_DEG = 0.02
_READERS = {
    "viewer of a league": Grant(Role.VIEWER, "990100"),
    "surveyor of a league": Grant(Role.SURVEYOR, "990100"),
    "surveyor everywhere": Grant(Role.SURVEYOR, None),
}


def closed_lines() -> Iterator[str]:
    """A line for each reader and question."""
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as folder:
        path = str(Path(folder) / "closed.gpkg")
        with create_store(path) as store:
            tokens = _furnish(store)
        questions = _questions()
        open_rates: dict[str, float] = {}
        with running(["-m", "ovoo", "serve"], OVOO_STORE=path) as port:
            for title, paths in questions.items():
                open_rates[title] = measure(port, paths, 3.0).per_second
        with running(["-m", "ovoo", "serve"], OVOO_STORE=path, OVOO_ACCESS="accounts") as port:
            for reader, token in {"not signed in": "", **tokens}.items():
                header = f"Authorization: Bearer {token}\r\n" if token else ""
                for title, paths in questions.items():
                    rate = measure(port, paths, 3.0, headers=header)
                    yield (
                        f"{reader:22} {title:22} {rate.per_second:6.0f}/s p50 {rate.median_ms:.2f}"
                        f" ms | open {open_rates[title]:6.0f}/s"
                        f" | {rate.per_second / open_rates[title]:.2f} of it"
                    )


def _questions() -> dict[str, list[str]]:
    chance = random.Random(7)
    items = "/collections/markers/items"
    east, north = _ACROSS * _STEP_DEG, MARKERS / _ACROSS * _STEP_DEG
    boxes = []
    for _ in range(ASKED):
        lon, lat = _WEST + chance.uniform(0, east - 0.4), _SOUTH + chance.uniform(0, north - 0.4)
        boxes.append(f"{items}?bbox={lon:.4f},{lat:.4f},{lon + 0.4:.4f},{lat + 0.4:.4f}&limit=100")
    return {
        "item by id": [f"{items}/{chance.randint(1, MARKERS)}" for _ in range(ASKED)],
        "bbox, page of 100": boxes,
    }


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
    root, now = Actor.operator("bench"), datetime.now(UTC)
    set_rule(store, root, Rule("marker", Level.PUBLIC, Precision.GRID, 0.01))
    tokens = {}
    for number, (reader, grant) in enumerate(_READERS.items()):
        name = f"reader{number}"
        open_account(store, root, name, [grant], now)
        tokens[reader] = issue_token(store, name, "bench", tuple(Role), timedelta(days=1), now)
    return tokens


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
