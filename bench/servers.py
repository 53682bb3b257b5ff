"""The servers under test: Ovoo, and a Flask view of constant bytes under the same server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from tempfile import TemporaryFile

from flask import Flask, Response

from web.serve import serve_application
from web.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
WORKERS = 2


def constant_app() -> Flask:
    """`/N` answers N constant bytes of GeoJSON's media type."""
    app = Flask(__name__)
    bodies: dict[int, bytes] = {}

    @app.get("/<int:size>")
    def constant(size: int) -> Response:
        body = bodies.setdefault(size, b"x" * size)
        return Response(body, content_type="application/geo+json")

    return app


_started: dict[int, int] = {}
"""The process of each server by its port."""


def processor_s(port: int) -> float:
    """The processor time that a server and its processes have used."""
    ticks = sum(_ticks(process) for process in _tree(_started[port]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(port: int) -> float:
    """The resident memory of a server's largest process, megabytes."""
    kept = [
        int(line.split()[1])
        for process in _tree(_started[port])
        for line in Path(f"/proc/{process}/status").read_text().splitlines()
        if line.startswith("VmRSS:")
    ]
    return max(kept) * 1024 / 1e6


def _tree(process: int) -> Iterator[int]:
    yield process
    for thread in Path(f"/proc/{process}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            for child in (thread / "children").read_text().split():
                yield from _tree(int(child))


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


@contextmanager
def running(command: list[str], **environment: str) -> Iterator[int]:
    """A server started as a program of its own; yields its port.

    Its log, a line for each thing written, would stand between the table's lines: it is told where
    the server does not start.
    """
    settings = {"PORT": "0", "OVOO_WORKERS": str(WORKERS), **environment}
    with TemporaryFile("w+") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            line = process.stdout.readline() if process.stdout else ""
            found = re.search(r":(\d+)/", line)
            if found is None:
                log.seek(0)
                raise RuntimeError(f"the server did not start: {line}{log.read()}")
            _started[int(found[1])] = process.pid
            yield int(found[1])
        finally:
            process.terminate()
            process.wait(timeout=20)


if __name__ == "__main__":
    serve_application(
        Settings.from_environment(),
        lambda: nullcontext(constant_app()),
        lambda line: print(line, flush=True),
    )
