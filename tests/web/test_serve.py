"""Processes that answer: started again when they die, and all stopped when it is told to."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")

ROOT = Path(__file__).resolve().parents[2]
_TASKS = """
import os, pathlib, signal, sys
from web import serve

def dies_once():
    ended = pathlib.Path(sys.argv[1])
    if not ended.exists():
        ended.touch()
        os._exit(3)
    signal.pause()

def lasts():
    signal.pause()

def told(*_):
    os.kill(os.getpid(), signal.SIGTERM)
"""
_BEFORE_IT_IS_STARTED_AGAIN = "serve.time.sleep = told"
_AS_IT_HAS_ENDED = """
waited = os.wait

def wait():
    found = waited()
    told()
    return found

os.wait = wait
"""


@pytest.mark.parametrize("moment", [_BEFORE_IT_IS_STARTED_AGAIN, _AS_IT_HAS_ENDED])
def test_it_stops_even_when_told_to_while_a_process_has_just_ended(
    moment: str, tmp_path: Path
) -> None:
    program = f"{_TASKS}\n{moment}\nserve._supervise([dies_once, lasts])\n"
    running = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "ended")],
        cwd=ROOT, start_new_session=True, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        _, said = running.communicate(timeout=30)
    finally:
        if running.poll() is None:
            os.killpg(running.pid, signal.SIGKILL)
            running.communicate()
    assert running.returncode == 0, said.decode()
