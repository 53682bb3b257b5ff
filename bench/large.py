"""The same questions at the reference size and at 3,000,000 names.

`python -m bench --large [FOLDER [NAMES]]`: in a folder that is named the registers stay, and a
second run asks those that the first has made. They take 4.5 kB a name, and as much again while they
are made. Loading 3,000,000 names and making their index takes half an hour where nothing else runs.
"""

import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from bench.asking import asked_lines
from bench.growing import growth_lines
from bench.indexing import index_line
from bench.loading import load_ratio
from bench.names import COUNT
from bench.servers import running

LARGE: Final = 3_000_000
_READY: Final = "ready"


def large_lines(arguments: list[str]) -> Iterator[str]:
    """Make both registers, ask each over HTTP, then compare the searches of both."""
    if arguments:
        yield from _lines(Path(arguments[0]), int(arguments[1]) if len(arguments) > 1 else LARGE)
        return
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as folder:
        yield from _lines(Path(folder), LARGE)


def _lines(folder: Path, count: int) -> Iterator[str]:
    for size in (COUNT, count):
        yield from _made(folder / str(size), size)
    small, large = _store(folder, COUNT), _store(folder, count)
    yield from growth_lines(small, large)
    for size, store in ((COUNT, small), (count, large)):
        with (
            running(["-m", "ovoo", "serve"], OVOO_STORE=str(store)) as ovoo,
            running(["-m", "bench.servers"]) as constant,
        ):
            yield from (f"{size}: {line}" for line in asked_lines(ovoo, constant, size))


def _made(folder: Path, count: int) -> Iterator[str]:
    """Load and index a register, where an earlier run has not come to its end."""
    if (folder / _READY).is_file():
        yield f"{count}: made before in {folder}"
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield f"{count}: {_now()} loading"
    store, loading = load_ratio(folder, count)
    yield f"{count}: {loading}"
    yield f"{count}: {_now()} making the text index"
    yield f"{count}: {index_line(store, count)}"
    (folder / _READY).touch()


def _store(folder: Path, count: int) -> Path:
    return folder / str(count) / "names.gpkg"


def _now() -> str:
    return datetime.now().astimezone().strftime("%H:%M:%S")
