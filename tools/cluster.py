"""Three PostgreSQL nodes under Patroni, etcd and HAProxy on this one machine, for real.

`make cluster` starts them on loopback and stops them on Ctrl-C. `tools/chaos.py` starts each node
in a network namespace of its own where root allows it, so that a network can be cut.
"""

import json
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

import psycopg
from postgres import find_server

DEPLOY = Path(__file__).resolve().parents[1] / "deploy/cluster"
NODES = ("one", "two", "three")
_BRIDGE, _NET = "ovoo-br", "10.199.7"
_PROGRAMS = ("patroni", "etcd", "haproxy")
_START_S = 120.0


@dataclass(slots=True)
class Node:
    """One node: where it listens, and the processes that run it."""

    name: str
    host: str
    port: int
    rest_port: int
    folder: Path
    namespace: str = ""
    process: subprocess.Popen[bytes] | None = None


class Cluster:
    """The three nodes, etcd and the proxy, in a temporary folder.

    Args:
        namespaces: each node in a network of its own, joined by a bridge.
    """

    def __init__(self, *, namespaces: bool) -> None:
        binaries = find_server()
        wanting = [name for name in _PROGRAMS if shutil.which(name) is None]
        if isinstance(binaries, str) or wanting:
            want = binaries if isinstance(binaries, str) else f"install {', '.join(wanting)}"
            raise FileNotFoundError(f"{want} (Debian: patroni etcd-server haproxy)")
        self.binaries = binaries
        self.namespaces = namespaces
        self.folder = Path(tempfile.mkdtemp(prefix="ovoo-cluster-"))
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        self.password = secrets.token_urlsafe(18)
        self.host = f"{_NET}.1" if namespaces else "127.0.0.1"
        self.etcd_port, self.write_port, self.read_port = 23790, 55400, 55401
        self.nodes = [self._node(number, name) for number, name in enumerate(NODES)]
        self._others: list[subprocess.Popen[bytes]] = []

    def _node(self, number: int, name: str) -> Node:
        folder = self.folder / name
        if self.namespaces:
            space = f"ovoo-{name}"
            return Node(name, f"{_NET}.{10 + number}", 5432, 8008, folder, space)
        return Node(name, "127.0.0.1", 55410 + number, 58010 + number, folder)

    def address(self, port: int, database: str = "ovoo") -> str:
        """An address through the proxy."""
        return f"postgresql://postgres:{self.password}@{self.host}:{port}/{database}"

    def several(self, database: str = "ovoo") -> str:
        """The address that names all nodes, as libpq has it."""
        hosts = ",".join(f"{node.host}:{node.port}" for node in self.nodes)
        return f"postgresql://postgres:{self.password}@{hosts}/{database}"

    def start(self) -> None:
        """Start everything and wait until there is a primary with a synchronous standby."""
        shutil.chown(self.folder, self.user)
        self.folder.chmod(0o755)
        if self.namespaces:
            self._make_network()
        peer = f"http://{self.host}:{self.etcd_port + 1}"
        client = f"http://{self.host}:{self.etcd_port}"
        self._others.append(
            self._run(
                "etcd",
                [
                    *("etcd", "--data-dir", str(self.folder / "etcd"), "--name", "etcd"),
                    *("--listen-client-urls", client, "--advertise-client-urls", client),
                    *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
                    *("--initial-cluster", f"etcd={peer}"),
                ],
            )
        )
        for node in self.nodes:
            self.start_node(node)
        self._others.append(self._start_proxy())
        self.wait_for(
            lambda: len(self.members("sync_standby")) == len(NODES) - 1, "synchronous standbys"
        )
        self.wait_for(lambda: self.replicas() == len(NODES) - 1, "two replicas")
        with psycopg.connect(self.address(self.write_port, "postgres"), autocommit=True) as admin:
            admin.execute("CREATE DATABASE ovoo")

    def replicas(self) -> int:
        """How many replicas stream from the primary to which the proxy leads; 0 where to none."""
        asked = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
        try:
            with psycopg.connect(
                self.address(self.write_port, "postgres"), connect_timeout=2
            ) as connection:
                row = connection.execute(asked).fetchone()
        except psycopg.Error:
            return 0
        return int(row[0]) if row else 0

    def start_node(self, node: Node) -> None:
        """Start a node's Patroni, which starts its server."""
        node.folder.mkdir(exist_ok=True)
        shutil.chown(node.folder, self.user)
        node.folder.chmod(0o700)
        settings = node.folder / "patroni.yml"
        filled = Template((DEPLOY / "patroni.yml").read_text(encoding="utf-8")).substitute(
            node=node.name,
            host=node.host,
            port=node.port,
            rest_port=node.rest_port,
            folder=node.folder,
            network=f"{_NET}.0/24" if self.namespaces else "127.0.0.1/32",
            etcd_hosts=f"{self.host}:{self.etcd_port}",
            bin_dir=self.binaries,
            max_connections=100,
            shared_buffers="64MB",
            watchdog="off",
        )
        settings.write_text(filled, encoding="utf-8")
        shutil.chown(settings, self.user)
        command = ["patroni", str(settings)]
        if node.namespace:
            inside = ["setpriv", "--reuid", self.user, "--regid", self.user, "--init-groups"]
            command = ["ip", "netns", "exec", node.namespace, *inside, *command]
        node.process = self._run(node.name, command, as_root=bool(node.namespace))

    def _start_proxy(self) -> subprocess.Popen[bytes]:
        nodes = "\n".join(
            f"    server {node.name} {node.host}:{node.port} check port {node.rest_port}"
            for node in self.nodes
        )
        settings = self.folder / "haproxy.cfg"
        template = Template((DEPLOY / "haproxy.cfg").read_text(encoding="utf-8"))
        ports = {"write_port": self.write_port, "read_port": self.read_port}
        filled = template.substitute(host=self.host, nodes=nodes, **ports)
        settings.write_text(filled, encoding="utf-8")
        settings.chmod(0o644)
        return self._run("haproxy", ["haproxy", "-db", "-f", str(settings)])

    def _run(
        self, name: str, command: list[str], *, as_root: bool = False
    ) -> subprocess.Popen[bytes]:
        passwords = {
            f"PATRONI_{role}_PASSWORD": self.password
            for role in ("SUPERUSER", "REPLICATION", "REWIND")
        }
        user = None if as_root or os.geteuid() != 0 else self.user
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                command,
                user=user,
                cwd="/",
                env={**os.environ, **passwords},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def members(self, wanted: str) -> list[str]:
        """Names of the members with a role, as any node tells."""
        for node in self.nodes:
            try:
                address = f"http://{node.host}:{node.rest_port}/cluster"
                with urllib.request.urlopen(address, timeout=2) as answer:
                    told: dict[str, Any] = json.load(answer)
            except (urllib.error.URLError, OSError, json.JSONDecodeError):
                continue
            listed = [
                str(one["name"]) for one in told.get("members", []) if wanted == one.get("role")
            ]
            if listed:
                return listed
        return []

    def primary(self) -> Node:
        """The node that takes writes."""
        self.wait_for(lambda: len(self.members("leader")) == 1, "a primary")
        name = self.members("leader")[0]
        return next(node for node in self.nodes if node.name == name)

    def kill_node(self, node: Node) -> None:
        """Kill -9 a node's server with all its processes, and its Patroni: the machine is gone."""
        if node.process is None:
            return
        pid_file = node.folder / "data/postmaster.pid"
        server = pid_file.read_text(encoding="ascii").split("\n", 1)[0] if pid_file.exists() else ""
        os.killpg(node.process.pid, signal.SIGKILL)
        if server:
            children = _children_of(int(server))
            _kill(int(server))
            for child in children:
                _kill(child)
        node.process.wait()
        node.process = None

    def cut(self, node: Node, *, off: bool) -> None:
        """Cut a node's network, or join it again."""
        way = "down" if off else "up"
        subprocess.run(["ip", "link", "set", f"ov-{node.name}", way], check=True)

    def wait_for(self, true: Any, what: str, most_s: float = _START_S) -> float:
        """Wait until something holds; how long it took, seconds."""
        started = time.monotonic()
        while not true():
            if time.monotonic() - started > most_s:
                raise TimeoutError(f"no {what} within {most_s:.0f} s; see {self.folder}/*.log")
            time.sleep(0.25)
        return time.monotonic() - started

    def newest_logs(self, lines: int = 40) -> str:
        """The last lines of every program's log."""
        return "\n".join(
            f"== {path.name}\n" + "\n".join(_notable(path)[-lines:])
            for path in sorted(self.folder.glob("*.log"))
        )

    def _make_network(self) -> None:
        self._remove_network()
        _ip("link", "add", _BRIDGE, "type", "bridge")
        _ip("addr", "add", f"{self.host}/24", "dev", _BRIDGE)
        _ip("link", "set", _BRIDGE, "up")
        for node in self.nodes:
            _ip("netns", "add", node.namespace)
            inner = f"ovi-{node.name}"
            _ip("link", "add", f"ov-{node.name}", "type", "veth", "peer", "name", inner)
            _ip("link", "set", inner, "netns", node.namespace)
            _ip("link", "set", f"ov-{node.name}", "master", _BRIDGE)
            _ip("link", "set", f"ov-{node.name}", "up")
            _ip("-n", node.namespace, "addr", "add", f"{node.host}/24", "dev", inner)
            _ip("-n", node.namespace, "link", "set", inner, "up")
            _ip("-n", node.namespace, "link", "set", "lo", "up")

    def _remove_network(self) -> None:
        for node in self.nodes:
            subprocess.run(["ip", "netns", "del", node.namespace], check=False, capture_output=True)
            link = ["ip", "link", "del", f"ov-{node.name}"]
            subprocess.run(link, check=False, capture_output=True)
        subprocess.run(["ip", "link", "del", _BRIDGE], check=False, capture_output=True)

    def stop(self) -> None:
        """Stop everything and remove the folder."""
        for node in self.nodes:
            self.kill_node(node)
        for process in self._others:
            process.kill()
            process.wait()
        if self.namespaces:
            self._remove_network()
        shutil.rmtree(self.folder, ignore_errors=True)


def _notable(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    return [line for line in lines if "no action." not in line]


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


def _kill(process: int) -> None:
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return


def _children_of(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(status.parent.name))
    return found


def main() -> int:
    """Start on loopback, say where, and stop on Ctrl-C."""
    cluster = Cluster(namespaces=False)
    try:
        print("Starting etcd, three PostgreSQL nodes and the proxy…")
        cluster.start()
        print(f"primary: {cluster.primary().name}; logs in {cluster.folder}")
        print(f"export OVOO_STORE='{cluster.address(cluster.write_port)}'")
        print(f"export OVOO_REPLICAS='{cluster.address(cluster.read_port)}'")
        print('ovoo init "$OVOO_STORE" makes a store there; Ctrl-C stops everything.')
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        signal.pause()
    except KeyboardInterrupt:
        print("stopping")
    finally:
        cluster.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
