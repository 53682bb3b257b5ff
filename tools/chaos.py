"""Kill the primary of a real cluster under load, then cut its network; measure what people notice.

    make chaos

Writers add places through the proxy, readers read replicas. Afterwards every acknowledged write
must be there once, the journal must prove itself, all nodes must hold the same, and never may two
nodes have taken writes at the same time. Prints what was measured as JSON; exit code 1 where a
limit is passed.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import psycopg
from cluster import Cluster, Node
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from data import journal, servers
from data.errors import OvooError
from data.store import Store, create_store, open_store
from gazetteer.tables import place

WRITERS, READERS = 4, 4
RESUME_S, READ_ERRORS_S = 30.0, 5.0
"""Writes resume within; readers see errors for at most: what is promised."""
_CALM_S = 5.0


class Load:
    """Writers and readers at work; what they were told and when."""

    def __init__(self, write_url: str, read_url: str) -> None:
        self._urls = write_url, read_url
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self.acknowledged: list[tuple[float, str]] = []
        self.doubtful: set[str] = set()
        self.write_errors: list[tuple[float, str]] = []
        self.reads: list[float] = []
        self.read_errors: list[tuple[float, str]] = []
        self.own_reads: list[bool] = []
        self._threads = [
            *(threading.Thread(target=self._write, args=(number,)) for number in range(WRITERS)),
            *(threading.Thread(target=self._read) for _ in range(READERS)),
        ]

    def __enter__(self) -> Self:
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _write(self, writer: int) -> None:
        number = 0
        with open_store(self._urls[0], replicas=self._urls[1]) as store:
            while not self._stop.is_set():
                number += 1
                name = f"写 {writer}-{number}"
                try:
                    with store.write(f"writer {writer}", "chaos") as transaction:
                        transaction.insert(place, {"name": name, "status": "standard"})
                except OvooError as error:
                    with self._lock:
                        self.write_errors.append((time.monotonic(), error.code))
                        self.doubtful.add(name)
                    self._stop.wait(0.2)
                else:
                    with self._lock:
                        self.acknowledged.append((time.monotonic(), name))
                    self._read_own(store, name)
                self._stop.wait(0.01)

    def _read_own(self, store: Store, name: str) -> None:
        """Who has just written reads what was written, though readers go to replicas."""
        mark = servers.must_see.set(servers.written.get())
        try:
            with store.read() as connection:
                found = connection.scalar(select(place.c.id).where(place.c.name == name))
        except OvooError:
            return  # counted where readers are
        finally:
            servers.must_see.reset(mark)
        with self._lock:
            self.own_reads.append(found is not None)

    def _read(self) -> None:
        with open_store(self._urls[0], replicas=self._urls[1]) as store:
            while not self._stop.is_set():
                try:
                    with store.read() as connection:
                        connection.execute(select(place.c.name).limit(20)).all()
                except OvooError as error:
                    with self._lock:
                        self.read_errors.append((time.monotonic(), error.code))
                else:
                    with self._lock:
                        self.reads.append(time.monotonic())
                self._stop.wait(0.02)

    def pause_after(self, moment: float) -> float:
        """The longest time without an acknowledged write that began or lasted after a moment."""
        with self._lock:
            times = sorted(at for at, _ in self.acknowledged)
        gaps = [b - a for a, b in pairwise(times) if b > moment]
        return max(gaps, default=float("inf"))

    def wait_for_writes(self, moment: float, most_s: float = 120.0) -> None:
        """Wait until every writer has been acknowledged something after a moment."""
        ends_at = time.monotonic() + most_s
        while True:
            with self._lock:
                active = {name.partition("-")[0] for at, name in self.acknowledged if at > moment}
            if len(active) == WRITERS:
                return
            if time.monotonic() > ends_at:
                raise TimeoutError("writes did not resume")
            time.sleep(0.2)

    def read_trouble_s(self, moment: float) -> float:
        """From the first error of a reader after a moment to the last."""
        with self._lock:
            times = [at for at, _ in self.read_errors if at >= moment]
        return max(times) - min(times) if times else 0.0


class Primaries:
    """Looks at every node from within its own network: how many take writes at once."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster, self._stop = cluster, threading.Event()
        self.most = 0
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        """Begin to look."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End."""
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.is_set():
            acknowledging = [one for one in self._cluster.nodes if self._acknowledges(one)]
            self.most = max(self.most, len(acknowledging))
            self._stop.wait(0.5)

    def _acknowledges(self, node: Node) -> bool:
        """Whether a node acknowledges a write that is asked for on its own socket."""
        socket = f"host={node.folder} port={node.port} user=postgres dbname=ovoo"
        command = ["psql", socket, "-qAtc", "SET statement_timeout='1s'; SELECT txid_current()"]
        user = self._cluster.user
        lent = ["setpriv", "--reuid", user, "--regid", user, "--init-groups"]
        if os.geteuid() != 0:
            lent = []
        asked = subprocess.run([*lent, *command], capture_output=True, check=False, timeout=10)
        return asked.returncode == 0


def measure_loss(cluster: Cluster, load: Load) -> dict[str, Any]:
    """Kill the primary as if its machine were gone; bring it back."""
    lost = cluster.primary()
    moment = time.monotonic()
    cluster.kill_node(lost)
    load.wait_for_writes(moment)
    pause_s = load.pause_after(moment)
    trouble_s = load.read_trouble_s(moment)
    began = time.monotonic()
    cluster.start_node(lost)
    _wait_for_two_replicas(cluster)
    return {
        "killed": lost.name,
        "primary_now": cluster.primary().name,
        "writes_paused_s": round(pause_s, 1),
        "reads_failed_for_s": round(trouble_s, 1),
        "rejoined_after_s": round(time.monotonic() - began, 1),
    }


def measure_cut(cluster: Cluster, load: Load) -> dict[str, Any]:
    """Cut the primary's network while its machine goes on; join it again."""
    lost = cluster.primary()
    moment = time.monotonic()
    with Primaries(cluster) as primaries:
        cluster.cut(lost, off=True)
        load.wait_for_writes(moment)
        pause_s = load.pause_after(moment)
        trouble_s = load.read_trouble_s(moment)
        time.sleep(_CALM_S)
        began = time.monotonic()
        cluster.cut(lost, off=False)
        _wait_for_two_replicas(cluster)
    return {
        "cut_off": lost.name,
        "primary_now": cluster.primary().name,
        "writes_paused_s": round(pause_s, 1),
        "reads_failed_for_s": round(trouble_s, 1),
        "rejoined_after_s": round(time.monotonic() - began, 1),
        "most_primaries_at_once": primaries.most,
    }


def _wait_for_two_replicas(cluster: Cluster) -> None:
    cluster.wait_for(lambda: cluster.replicas() == len(cluster.nodes) - 1, "two replicas")


def check_nothing_lost(cluster: Cluster, load: Load) -> dict[str, Any]:
    """Every acknowledged write is there once; what was doubtful is there once or not at all."""
    with open_store(cluster.several()) as store, store.read() as connection:
        head = journal.verify(connection)
        names = Counter(connection.scalars(select(place.c.name)))
    acknowledged = [name for _, name in load.acknowledged]
    lost = [name for name in acknowledged if names[name] != 1]
    known = {*acknowledged, *load.doubtful}
    unknown = [name for name, count in names.items() if name not in known or count != 1]
    return {
        "acknowledged": len(acknowledged),
        "doubtful": len(load.doubtful),
        "doubtful_kept": sum(names[name] for name in load.doubtful),
        "lost": len(lost),
        "doubled_or_unknown": len(unknown),
        "journal_entries": head.sequence,
        "nodes_alike": _nodes_alike(cluster),
    }


def _nodes_alike(cluster: Cluster) -> bool:
    """Whether all nodes show the same rows once the replicas have caught up."""
    asked = "SELECT count(*), md5(string_agg(name, ',' ORDER BY id)) FROM place"

    def rows() -> set[Any]:
        found = set()
        for node in cluster.nodes:
            url = f"postgresql://postgres:{cluster.password}@{node.host}:{node.port}/ovoo"
            with psycopg.connect(url) as connection:
                found.add(connection.execute(asked).fetchone())
        return found

    cluster.wait_for(lambda: len(rows()) == 1, "agreement of the nodes", 30.0)
    return True


@contextmanager
def running(make: Callable[[], Cluster]) -> Iterator[Cluster]:
    """A cluster with an empty store."""
    cluster = make()
    try:
        cluster.start()
        store: Store = create_store(cluster.address(cluster.write_port))
        store.close()
        yield cluster
    except BaseException:
        print(cluster.newest_logs(), file=sys.stderr)
        raise
    finally:
        cluster.stop()


def main() -> int:
    """Run both; 1 where a promise is broken."""
    namespaces = os.geteuid() == 0
    with ExitStack() as stack:
        cluster = stack.enter_context(running(lambda: Cluster(namespaces=namespaces)))
        urls = (cluster.address(cluster.write_port), cluster.address(cluster.read_port))
        with Load(*urls) as load:
            time.sleep(_CALM_S)
            told: dict[str, Any] = {"machine_lost": measure_loss(cluster, load)}
            time.sleep(_CALM_S)
            if namespaces:
                told["network_cut"] = measure_cut(cluster, load)
                time.sleep(_CALM_S)
        told["reads"] = len(load.reads)
        told["own_writes_read"] = len(load.own_reads)
        told["own_writes_not_seen"] = load.own_reads.count(False)
        told["kinds_of_read_errors"] = Counter(code for _, code in load.read_errors)
        told["kinds_of_write_errors"] = Counter(code for _, code in load.write_errors)
        told["afterwards"] = check_nothing_lost(cluster, load)
    print(json.dumps(told, ensure_ascii=False, indent=2))
    events = [told[name] for name in ("machine_lost", "network_cut") if name in told]
    kept = (
        all(one["writes_paused_s"] <= RESUME_S for one in events)
        and all(one["reads_failed_for_s"] <= READ_ERRORS_S for one in events)
        and all(one.get("most_primaries_at_once", 1) <= 1 for one in events)
        and told["own_writes_not_seen"] == 0
        and told["afterwards"]["lost"] == told["afterwards"]["doubled_or_unknown"] == 0
    )
    print("every promise kept" if kept else "A PROMISE IS BROKEN")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
