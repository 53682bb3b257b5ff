"""Export rate as GeoJSONSeq against ogr2ogr of the same layer of the same store."""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.servers import ROOT

_KIB = 1024


def export_ratio(store: Path, count: int) -> str:
    """Export all names by Ovoo and by ogr2ogr, the better of three each; a line of figures."""
    folder = store.parent
    own_file, peer_file = folder / "own.geojsons", folder / "peer.geojsonl"
    own = [
        *(sys.executable, "-m", "ovoo", "export", "places", str(own_file), "--overwrite"),
        *("--store", str(store)),
    ]
    seconds = min(_seconds(own) for _ in range(3))
    most_mib = _peak_mib(own)
    line = f"{'export GeoJSONSeq':22} {count / seconds:7.0f} rows/s, {most_mib:.0f} MiB resident"
    if shutil.which("ogr2ogr") is None:
        return f"{line} | ogr2ogr is not installed"
    peer = ["ogr2ogr", "-f", "GeoJSONSeq", str(peer_file), str(store), "place"]
    other = min(_seconds(peer) for _ in range(3))
    return f"{line} | ogr2ogr {count / other:7.0f} rows/s | reach {other / seconds:.2f}"


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def _peak_mib(command: list[str]) -> float:
    """The most memory that one run of the command has held, by a parent of its own."""
    measure = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True,"
        " stdout=subprocess.DEVNULL);"
        " print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    told = subprocess.run(
        [sys.executable, "-c", measure, *command],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return int(told) / _KIB
