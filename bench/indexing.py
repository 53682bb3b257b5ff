"""The text index made from nothing: its time and the memory that it takes at its peak."""

import subprocess
import sys
from pathlib import Path

from bench.servers import ROOT

_PROGRAM = """
import resource, sys, time
from data.store import open_store
from gazetteer import make_searchable
with open_store(sys.argv[1]) as store:
    begun = time.perf_counter()
    make_searchable(store)
    print(time.perf_counter() - begun, time.process_time(),
          resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
"""


def index_line(store: Path, count: int) -> str:
    """Make the index of a store that has none."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(store)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    seconds, processor_s, peak_mb = map(float, done.stdout.split())
    return (
        f"{'text index':22} {count / seconds:7.0f} names/s ({seconds:.1f} s for {count},"
        f" {processor_s:.1f} s of processor time) peak {peak_mb:.0f} MB | goal 40 s for 265800"
    )
