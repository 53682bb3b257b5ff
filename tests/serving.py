"""A server as a program of its own, for tests that need a real one."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def served(store: str, workers: int = 1) -> Iterator[str]:
    """The address of a server on a store, ending in a slash."""
    settings = {"OVOO_STORE": store, "PORT": "0", "OVOO_WORKERS": str(workers)}
    process = subprocess.Popen(
        [sys.executable, "-m", "ovoo", "serve"],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        found = re.search(r"http://\S+/", process.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        process.terminate()
        process.wait(timeout=20)
        process.stdout.close()
