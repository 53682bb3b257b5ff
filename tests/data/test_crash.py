"""Killed while it works: the store opens again, whole, with all that was acknowledged."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
import region
from sqlalchemy import func, insert, select, text
from victims import NAMES_OF_A_ROW, ROWS_OF_A_LOAD

from boundary.tables import inspection, marker, submission
from data import journal, upgrade
from data.asking import ItemsQuery
from data.errors import StoreNotFound
from data.geometry import Box, point_wkb
from data.pages import read_page
from data.store import Store, create_store, open_store
from data.tables import store_meta
from gazetteer.collections import PLACES
from gazetteer.tables import place, place_name

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("division", "place", "line", "marker", "inspection")


class Victim:
    """A program at its work; `say` has the lines that it was heard to say."""

    def __init__(self, job: str, url: str, folder: Path) -> None:
        program = str(ROOT / "tests/victims.py")
        path = os.pathsep.join((str(ROOT), str(ROOT / "tests")))
        self.said: list[str] = []
        self._ready = threading.Event()
        self._process = subprocess.Popen(
            [sys.executable, "-P", program, job, url, str(folder)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(folder)},
            text=True,
        )
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()
        assert self._ready.wait(60)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line == "ready\n":
                self._ready.set()
            else:
                self.said.append(line.strip())
        self._ready.set()

    def kill_after(self, seconds: float, sayings: int = 0) -> list[str]:
        """Kill -9 some time after so many lines were heard; the lines heard until then."""
        while len(self.said) < sayings and self._process.poll() is None:
            time.sleep(0.001)
        time.sleep(seconds)
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._listener.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        return self.said


def count(store: Store, table: Any) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(table)) or 0


def check_whole(store: Store) -> None:
    """The chain proves itself; every index agrees with its layer."""
    with store.read() as connection:
        journal.verify(connection)
        for layer in LAYERS:
            features = connection.scalar(text(f"SELECT count(*) FROM {layer}"))
            shapes = connection.scalar(text(f"SELECT count(geom) FROM {layer}"))
            rendered = connection.scalar(text(f"SELECT count(*) FROM {layer}_rendered"))
            assert rendered == features, layer
            if store.embedded:
                indexed = connection.scalar(text(f"SELECT count(*) FROM rtree_{layer}_geom"))
                assert indexed == shapes, layer
        if store.embedded:
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_killed_while_loading(store_url: str, tmp_path: Path, seed: int) -> None:
    create_store(store_url).close()
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    victim = Victim("load", store_url, tmp_path)
    acknowledged = len(victim.kill_after(chance.uniform(0.2, 1.0), chance.randrange(2)))
    with open_store(store_url) as store:
        check_whole(store)
        found = count(store, place)
        assert found % ROWS_OF_A_LOAD == 0
        assert found // ROWS_OF_A_LOAD - acknowledged in {0, 1}
        assert count(store, place_name) == found * NAMES_OF_A_ROW
        with store.read() as connection:
            entries = connection.scalar(select(func.count()).select_from(journal.journal))
            loaded = connection.scalar(
                select(func.count()).where(store_meta.c.key.like("loaded:names:%"))
            )
        assert entries == found * (1 + NAMES_OF_A_ROW)
        assert loaded == found // ROWS_OF_A_LOAD
        with store.write("tester", "life goes on") as transaction:
            identity = transaction.insert(place, {"name": "敖包", "status": "standard"})
        assert identity > found


@pytest.mark.parametrize("seed", [4, 5, 6])
def test_killed_while_committing(store_url: str, tmp_path: Path, seed: int) -> None:
    with create_store(store_url) as store:
        region.fill(store)
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    victim = Victim("commit", store_url, tmp_path)
    said = victim.kill_after(chance.uniform(0, 0.4), chance.randrange(4))
    with open_store(store_url) as store:
        check_whole(store)
        with store.read() as connection:
            states = dict(
                map(tuple, connection.execute(select(submission.c.id, submission.c.state)))
            )
            visits = dict(
                map(
                    tuple,
                    connection.execute(
                        select(inspection.c.submission_id, func.count()).group_by("submission_id")
                    ),
                )
            )
            judged = connection.scalar(select(func.count(marker.c.verdict)))
        for line in said:
            word, _, identity = line.partition(" ")
            assert int(identity) in states
            if word == "committed":
                assert states[int(identity)] == "committed"
        committed = {identity for identity, state in states.items() if state == "committed"}
        assert visits == dict.fromkeys(committed, len(region.MARKERS))
        assert judged == (len(region.MARKERS) if committed else 0)


@pytest.mark.parametrize("seed", [7, 8, 9, 10])
def test_killed_while_making_a_store(store_url: str, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    said = Victim("create", store_url, tmp_path).kill_after(chance.uniform(0, 0.08))
    try:
        store = open_store(store_url)
    except StoreNotFound:
        assert not said
        store = create_store(store_url)
    with store:
        region.fill(store)
        check_whole(store)
    assert not list(tmp_path.glob("*.new*"))


@pytest.mark.parametrize("seed", [11, 12, 13, 14])
def test_killed_while_a_store_is_brought_forward(store_url: str, tmp_path: Path, seed: int) -> None:
    make_old(store_url)
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    Victim("migrate", store_url, tmp_path).kill_after(chance.uniform(0, 0.05))
    with open_store(store_url) as store:
        assert upgrade.schema_version(store.engine) == upgrade.newest_version()
        assert count(store, place) == 1
        check_whole(store)
        around = ItemsQuery(box=Box(111.7499, 40.8399, 111.7501, 40.8401))
        with store.read() as connection:
            text_now = read_page(connection, PLACES, around).text
            drawn = connection.scalar(text("SELECT count(*) FROM place_tiled"))
        # Tiles want more of a point than the old text had: points are rendered anew.
        assert orjson.loads(text_now)["properties"]["name"] == "敖包"
        assert drawn == 1


OLD_POINT = (111.75, 40.84)
OLD_CELL = 777709300865
"""The point's cell among 2^20 by 2^20, as the first program counted."""
OLD_TEXT = b'{"id":1,"kept":true}'


def make_old(url: str) -> None:
    """A store as the first program would have left it."""
    from data import store as module

    made = module._closed_store(url)
    made.crs, made.srid = "EPSG:4490", 4490
    module._tell_dialect(made)
    with made.locked() as connection:
        upgrade.upgrade(connection, 4490, "0001")
        connection.execute(store_meta.insert().values(key="crs", value=made.crs))
        values = {"name": "敖包", "status": "standard", "geom": point_wkb(*OLD_POINT)}
        connection.execute(insert(place).values(id=1, **values))
        connection.execute(text("DELETE FROM place_unrendered"))
        rendered = "INSERT INTO place_rendered (cell, id, x, y, json) VALUES (:c, 1, :x, :y, :j)"
        at = {"c": OLD_CELL, "x": OLD_POINT[0], "y": OLD_POINT[1], "j": OLD_TEXT}
        connection.execute(text(rendered), at)
    made.close()
