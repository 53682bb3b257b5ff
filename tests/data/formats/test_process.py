"""The child process: what confines it, and what its caller makes of its end."""

import os
import signal
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest

from data.errors import FileTooLarge, InvalidFile
from data.formats import LOAD_LIMITS, UPLOAD_LIMITS, Limits, open_table, process

MANY_ROWS = b"name,x\n" + b"a,1\n" * 60_000
PROGRAM = """
import json, os, sys
sys.path.extend(sys.argv[2:])
order = json.loads(sys.argv[1])
def send(message):
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    os.write(1, len(body).to_bytes(4, "big") + body)
HEAD = {"t": "head", "format": "csv", "columns": ["a"], "crs": None, "encoding": None,
        "layer": None, "has_geometry": False, "notes": [], "guards": []}
"""


def memory_mib(field: str, pid: int | str = "self") -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) // 1024
    return 0


@pytest.fixture
def table_file(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_bytes(MANY_ROWS)
    return path


def children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def test_every_guard_that_always_holds_is_named(table_file: Path) -> None:
    with open_table(table_file, limits=LOAD_LIMITS) as table:
        assert table.guards[:3] == ("memory", "cpu", "files")
        assert len(list(table.rows)) == 60_000


def test_the_child_ends_with_the_block_and_leaves_nothing(
    table_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with open_table(table_file, limits=LOAD_LIMITS) as table:
        next(table.rows)
        assert len(children()) == 1
        assert [path.name for path in tmp_path.glob("ovoo-work-read-*")]
    assert not children()
    assert not list(tmp_path.glob("ovoo-work-*"))


def test_a_slow_caller_is_not_the_files_fault(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(MANY_ROWS)
    limits = Limits(max_rows=10**6, wall_seconds=1)
    with open_table(path, limits=limits) as table:
        next(table.rows)
        time.sleep(1.5)
        assert sum(1 for _ in table.rows) == 59_999


def test_a_million_rows_stop_at_the_limit_within_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "million.csv"
    path.write_bytes(b"name,x,y\n" + "敖包图嘎查,111.750000,40.800000\n".encode() * 1_000_000)
    before = memory_mib("VmRSS")
    with open_table(path) as table:
        assert sum(1 for _ in islice(table.rows, 40_000)) == 40_000
        assert 0 < memory_mib("VmHWM", children()[0]) < 100
        with pytest.raises(FileTooLarge, match="50,000 rows"):
            list(table.rows)
    assert memory_mib("VmRSS") - before < 50


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., list[Any]]:
    """Put another program in the child's place and read what it sends."""

    def run(body: str, limits: Limits = UPLOAD_LIMITS) -> list[Any]:
        program = tmp_path / "program.py"
        program.write_text(PROGRAM + body)
        monkeypatch.setattr(process, "_PROGRAM", program)
        path = tmp_path / "a.csv"
        path.write_text("a\n1\n")
        with open_table(path, limits=limits) as table:
            return list(table.rows)

    return run


@pytest.mark.parametrize(
    "body",
    [
        "os.write(1, b'\\xff\\xff\\xff\\xff')",
        "send(b'not json')",
        "send([1, 2])",
        "send({'t': 'rows', 'rows': []})",
        "send({**HEAD, 'columns': [1]})",
        "send({**HEAD, 'columns': ['a'] * 9999})",
        "send({**HEAD, 'format': 'exe'})",
        "send({**HEAD, 'notes': [['x']]})",
        "send(HEAD); send({'t': 'rows', 'rows': [[2, ['a', 'b'], None, []]]})",
        "send(HEAD); send({'t': 'rows', 'rows': [[2, [5], None, []]]})",
        "send(HEAD); send({'t': 'rows', 'rows': [[2, ['a' * 40000], None, []]]})",
        "send(HEAD); send({'t': 'rows', 'rows': [[2, ['a'], 'zz', []]]})",
        "send(HEAD); send({'t': 'rows', 'rows': [[2, ['a'], None, [1]]]})",
        "send(HEAD); send({'t': 'rows', 'rows': [[2, ['a'], None, []]] * 50001})",
        "send(HEAD); send({'t': 'end', 'rows': 3})",
        "send(HEAD); send(HEAD)",
        "send(HEAD)",
        "sys.exit(3)",
        "raise RuntimeError('boom')",
        "os.kill(os.getpid(), 11)",
    ],
)
def test_nothing_the_child_says_is_believed(pretend: Callable[..., list[Any]], body: str) -> None:
    with pytest.raises(InvalidFile, match=r"^a\.csv: the reader"):
        pretend(body)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import time; time.sleep(30)", "within 1 seconds"),
        ("import time; send(HEAD); time.sleep(30)", "within 1 seconds"),
        ("import time; os.close(1); time.sleep(30)", "within 1 seconds"),
        (f"os.kill(os.getpid(), {int(signal.SIGXCPU)})", "within 30 seconds"),
        ("os.abort()", "memory"),
    ],
)
def test_a_childs_death_is_told_in_words(
    pretend: Callable[..., list[Any]], body: str, words: str
) -> None:
    with pytest.raises(InvalidFile, match=words) as caught:
        pretend(body, Limits(wall_seconds=1))
    assert caught.value.zh.startswith("a.csv：")


def test_a_link_in_the_place_of_the_childs_last_words_is_not_followed(
    pretend: Callable[..., list[Any]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("keep this")
    with pytest.raises(InvalidFile):
        pretend(f"os.remove('said.txt'); os.symlink({str(secret)!r}, 'said.txt'); sys.exit(3)")
    assert "ended with 3" in caplog.text
    assert "keep this" not in caplog.text


CONFINED = """
sys.path.insert(0, {root!r})
import ctypes, resource, socket
from pathlib import Path
from data.formats.confinement import confine
from data.formats.limits import Limits
guards = confine(Limits(**order["limits"]), Path(order["work_dir"]), order["descriptor"])
def attempt(action):
    try:
        action()
    except (OSError, MemoryError) as error:
        return type(error).__name__
    return "done"
def fill():
    with open("big", "wb") as out:
        for _ in range(300):
            out.write(bytes(1 << 20))
tried = {{
    "connect": attempt(lambda: socket.create_connection(("127.0.0.1", {port}), 2)),
    "other": attempt(lambda: open({secret!r}).read()),
    "write": attempt(lambda: open({secret!r}, "a")),
    "own": attempt(lambda: open("mine", "w")),
    "file": attempt(lambda: os.pread(order["descriptor"], 1, 0)),
    "again": attempt(lambda: open("/proc/self/fd/%d" % order["descriptor"], "rb").read()),
    "memory": attempt(lambda: bytearray(1 << 30)),
    "fill": attempt(fill),
    "run": attempt(lambda: os.execv("/bin/true", ["true"])),
    "environment": sorted(os.environ),
    "core": resource.getrlimit(resource.RLIMIT_CORE),
}}
send({{**HEAD, "columns": [json.dumps([guards, tried])]}})
send({{"t": "end", "rows": 0}})
"""


def test_a_confined_process_can_do_nothing_but_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, canary: tuple[str, list[str]]
) -> None:
    url, asked = canary
    secret = tmp_path / "secret.txt"
    secret.write_text("keep")
    monkeypatch.setenv("OVOO_SECRET", "1")
    body = CONFINED.format(
        root=str(Path(process.__file__).parents[2]),
        port=url.rsplit(":", 1)[1],
        secret=str(secret),
    )
    program = tmp_path / "program.py"
    program.write_text(PROGRAM + body)
    monkeypatch.setattr(process, "_PROGRAM", program)
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    with open_table(path) as table:
        guards, tried = orjson.loads(table.columns[0])
    assert tried["own"] == tried["file"] == tried["again"] == "done"
    assert tried["memory"] == "MemoryError"
    assert tried["fill"] == "OSError"
    assert tried["core"] == [0, 0]
    assert "OVOO_SECRET" not in tried["environment"]
    if "paths" in guards:
        assert tried["other"] == tried["write"] == tried["run"] == "PermissionError"
    if {"network", "paths"} & set(guards):
        assert tried["connect"] != "done"
        assert asked == []


def test_the_child_starts_without_the_store_and_its_libraries(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    started = time.monotonic()
    with open_table(path) as table:
        maps = Path(f"/proc/{children()[0]}/maps")
        loaded = maps.read_text() if maps.exists() and os.access(maps, os.R_OK) else ""
        assert list(table.rows)
    assert time.monotonic() - started < 2
    for library in ("sqlalchemy", "numpy", "pyproj", "fiona"):
        assert library not in loaded
