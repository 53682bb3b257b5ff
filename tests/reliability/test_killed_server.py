"""Kill -9 of the server while eight clients write: what was acknowledged is there, and once.

The short form is part of every run; `make chaos` does a thousand writes.
"""

import http.client
import os
import random
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

import region
from files import as_csv
from killable import Server
from sqlalchemy import select

from boundary.tables import submission
from data import journal
from data.store import Store
from gazetteer.tables import place

LONG = os.environ.get("OVOO_CHAOS") == "1"
CLIENTS = 8
WRITES = 125 if LONG else 6
"""Of each client: a third are new names, a third edits, a third files."""
ITEMS = "/collections/places/items"
GONE = (OSError, http.client.HTTPException)


class Client(threading.Thread):
    """One office at work; it repeats what it got no answer to, with the same key."""

    def __init__(self, server: Server, number: int) -> None:
        super().__init__()
        self._server, self.number = server, number
        self.acknowledged: list[str] = []
        self.files: list[str] = []
        self.edited: dict[str, int] = {}
        self.faults: list[Any] = []

    def run(self) -> None:
        """Work through all writes."""
        for turn in range(WRITES):
            kind = turn % 3
            if kind == 0 or not self.acknowledged:
                self._add(f"客 {self.number}-{turn}")
            elif kind == 1:
                self._edit(self.acknowledged[-1], turn)
            else:
                self._send(turn)

    def _ask(self, *asked: Any) -> Any:
        """Ask until there is an answer."""
        for _ in range(6_000):
            try:
                answer = self._server.ask(*asked)
            except GONE:
                time.sleep(0.1)
                continue
            if answer[0] != 503:
                return answer
            time.sleep(0.2)
        raise TimeoutError(asked)

    def _add(self, name: str) -> None:
        body = {"type": "Feature", "geometry": None, "properties": {"name": name}}
        key = f"add-{self.number}-{name}".encode().hex()[:200]
        for attempt in range(20):
            status, _, told = self._ask(
                "POST", ITEMS, body, {"Idempotency-Key": f"{key}-{attempt}"}
            )
            if status == 201:
                self.acknowledged.append(name)
                return
            # The server was stopped in the first: nobody knows; look, as the documents say.
            if status != 409:
                self.faults.append((status, told))
                return
            if self._find(name):
                self.acknowledged.append(name)
                return

    def _find(self, name: str) -> Any:
        found = self._ask("GET", f"{ITEMS}?name={quote(name)}")[2]
        return found["features"][0] if found["features"] else None

    def _edit(self, name: str, value: int) -> None:
        feature = self._find(name)
        path = f"{ITEMS}/{feature['id']}"
        patch = {"properties": {"meaning": str(value)}}
        for _ in range(20):
            tag = self._ask("GET", path)[1]["ETag"]
            kind = "application/merge-patch+json"
            status, _, told = self._ask(
                "PATCH", path, patch, {"If-Match": tag, "Content-Type": kind}
            )
            if status in {200, 204}:
                self.edited[name] = value
                return
            if status != 412:  # 412: it was kept, and the answer was lost
                self.faults.append((status, told))
                return

    def _send(self, turn: int) -> None:
        number, lon, lat = region.MARKERS[0]
        header = ("界桩号", "经度", "纬度", "备注")
        content = as_csv(header, [(number, lon, lat, f"{self.number}-{turn}")])
        name = f"visit-{self.number}-{turn}.csv"
        edge = "----ovoo"
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{edge}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={edge}"}
        status, _, told = self._ask("POST", "/submissions", body, kind)
        if status in {200, 201}:
            self.files.append(name)
        else:
            self.faults.append((status, told))


def test_nothing_acknowledged_is_lost_and_nothing_is_twice(
    server: Server, filled: Store, tmp_path: Path
) -> None:
    chance = random.Random(WRITES)  # noqa: S311 - moments, not secrets
    clients = [Client(server, number) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    kills, start_s = 0, 0.0
    while any(client.is_alive() for client in clients):
        # A loaded machine takes long to start the server: it works at least as long as that. An
        # idle one is done with few writes in a second or two: the first kill comes before.
        shortest, longest = (1.0, 10.0 if LONG else 3.0) if kills else (0.2, 0.6)
        time.sleep(chance.uniform(shortest, longest) + start_s)
        if not any(client.is_alive() for client in clients):
            break
        server.kill()
        kills += 1
        (left := tmp_path / f"ovoo-work-read-{kills}").mkdir()  # as one who was reading leaves it
        began = time.monotonic()
        server.start()
        server.wait()
        start_s = time.monotonic() - began
        assert not left.exists()
        if not LONG and kills == 2:
            break
    for client in clients:
        client.join()
    assert kills >= 1
    assert [fault for client in clients for fault in client.faults] == []
    with filled.read() as connection:
        journal.verify(connection)
        names = Counter(connection.scalars(select(place.c.name)))
        meanings = dict(map(tuple, connection.execute(select(place.c.name, place.c.meaning))))
        files = Counter(connection.scalars(select(submission.c.file_name)))
    acknowledged = [name for client in clients for name in client.acknowledged]
    assert len(acknowledged) == len(set(acknowledged)) >= CLIENTS
    assert {name: names[name] for name in acknowledged} == dict.fromkeys(acknowledged, 1)
    assert not [name for name, count in names.items() if name.startswith("客") and count > 1]
    for client in clients:
        for name, value in client.edited.items():
            assert meanings[name] == str(value)
        assert {name: files[name] for name in client.files} == dict.fromkeys(client.files, 1)
