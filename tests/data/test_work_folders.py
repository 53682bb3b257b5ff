"""Temporary folders of killed programs go with the next start, and no other's."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from data import work_folders
from data.work_folders import PREFIX, remove_abandoned_folders, work_file, work_folder

PROGRAM = """
import sys
from data.work_folders import work_folder
with work_folder("read") as folder:
    (folder / "half.gpkg").write_bytes(b"half")
    print(folder, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_goes_with_its_block_however_that_ends(temporary: Path) -> None:
    def fail() -> None:
        with work_folder("read") as folder:
            (folder / "inside").mkdir()
            assert folder.parent == temporary
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with work_file(b"bytes") as path:
        assert path.read_bytes() == b"bytes"
    assert list(temporary.iterdir()) == []


def test_a_killed_programs_folder_goes_and_a_living_ones_stays(temporary: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        left = Path(program.stdout.readline().strip())
        assert remove_abandoned_folders() == 0
        assert (left / "half.gpkg").exists()
        program.send_signal(signal.SIGKILL)
        program.wait()
    with work_folder("read") as own:
        assert remove_abandoned_folders() == 1
        assert list(temporary.iterdir()) == [own]


def test_nothing_else_in_the_temporary_folder_is_touched(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (elsewhere := temporary / "elsewhere").mkdir()
    (temporary / f"{PREFIX}link").symlink_to(elsewhere)
    (temporary / f"{PREFIX}file").write_text("no folder", encoding="utf-8")
    (temporary / "ovoo-bench-1").mkdir()
    assert remove_abandoned_folders() == 0
    (temporary / f"{PREFIX}read-1").mkdir()
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert remove_abandoned_folders() == 0
    assert len(list(temporary.iterdir())) == 5


def test_a_folder_that_is_taken_for_abandoned_as_it_is_made_is_made_anew(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, taken = fcntl.flock, []

    def late(folder: int, how: int) -> None:
        if not taken:
            taken.extend(temporary.iterdir())
            shutil.rmtree(taken[0])
        lock(folder, how)

    monkeypatch.setattr(fcntl, "flock", late)
    with work_folder("read") as folder:
        assert folder.is_dir()
        assert taken
        assert taken != [folder]


def test_a_system_without_locks_keeps_what_it_finds(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work_folders, "_HAS_LOCKS", False)
    (temporary / f"{PREFIX}read-1").mkdir()
    with work_folder("read") as folder:
        assert folder.is_dir()
    assert remove_abandoned_folders() == 0
    assert [path.name for path in temporary.iterdir()] == [f"{PREFIX}read-1"]
