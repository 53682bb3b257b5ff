"""Start a private PostgreSQL cluster with PostGIS on a Unix socket and a free loopback port.

    with running_cluster() as url: ...

The cluster lives in a temporary folder and is removed afterwards. Where the server's programs or
PostGIS are not installed, `find_server` says why.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "timezone": "UTC",
}

_IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it
_ROOM_BYTES = 3_000_000_000

_INITDB = ("-U", "ovoo", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")


def find_server() -> Path | str:
    """The folder of the newest server with PostGIS, or a sentence why there is none."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[-2])
    )
    for folder in reversed(folders):
        control = Path("/usr/share/postgresql", folder.parts[-2], "extension/postgis.control")
        if (folder / "initdb").exists() and control.exists():
            return folder
    return "no PostgreSQL server with PostGIS is installed (Debian: postgresql-15-postgis-3)"


def _user() -> str | None:
    """Who runs the server: PostgreSQL refuses root, so root lends it to `postgres` or `nobody`."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(user: str | None, *command: str | Path) -> None:
    subprocess.run(command, user=user, cwd="/", check=True, stdout=subprocess.DEVNULL)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _memory() -> Path | None:
    """The file system in memory, where it has room: a copy of a database takes a tenth there."""
    roomy = _IN_MEMORY.is_dir() and os.access(_IN_MEMORY, os.W_OK)
    return _IN_MEMORY if roomy and shutil.disk_usage(_IN_MEMORY).free >= _ROOM_BYTES else None


@contextmanager
def running_cluster(durable: bool = False) -> Iterator[str]:  # noqa: FBT001, FBT002 - one switch
    """A running cluster; yields the URL of its maintenance database.

    Args:
        durable: keep fsync on, for tests that kill the server.
    """
    binaries = find_server()
    if isinstance(binaries, str):
        raise FileNotFoundError(binaries)
    parent = None if durable else _memory()
    folder = Path(tempfile.mkdtemp(prefix="ovoo-postgres-", dir=parent))
    user = _user()
    if user:
        shutil.chown(folder, user)
    port = _free_port()
    cluster = folder / "data"
    try:
        _run(user, binaries / "initdb", "-D", cluster, *_INITDB)
        settings = _SETTINGS | ({"fsync": "on", "synchronous_commit": "on"} if durable else {})
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        start = f"-p {port} -k {folder} {options}"
        _run(
            user,
            binaries / "pg_ctl",
            "-D",
            cluster,
            "-w",
            "-l",
            folder / "log",
            "-o",
            start,
            "start",
        )
        yield f"postgresql://ovoo@127.0.0.1:{port}/postgres"
    finally:
        if (cluster / "postmaster.pid").exists():
            _run(user, binaries / "pg_ctl", "-D", cluster, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    with running_cluster() as url:
        print(url, flush=True)
        input()
