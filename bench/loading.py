"""Load rate against ogr2ogr of the same CSV."""

import csv
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.names import made_names
from bench.servers import ROOT


def load_ratio(folder: Path, count: int) -> tuple[Path, str]:
    """Load a CSV of names by Ovoo and by ogr2ogr; returns Ovoo's store and a line of figures."""
    table, store = folder / "names.csv", folder / "names.gpkg"
    rows = made_names(count)
    first = next(rows)
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, first)
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)
    ovoo = [sys.executable, "-m", "ovoo"]
    subprocess.run([*ovoo, "init", str(store)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    own = _seconds([*ovoo, "load", "names", str(table), "--store", str(store)])
    line = f"{'load names':22} {count / own:7.0f} rows/s ({own:.1f} s for {count})"
    if shutil.which("ogr2ogr") is None:
        return store, f"{line} | ogr2ogr is not installed"
    columns = ("-oo", "X_POSSIBLE_NAMES=经度", "-oo", "Y_POSSIBLE_NAMES=纬度")
    target = str(folder / "peer.gpkg")
    peer = _seconds(["ogr2ogr", "-f", "GPKG", target, str(table), *columns, "-a_srs", "EPSG:4490"])
    return store, f"{line} | ogr2ogr {count / peer:7.0f} rows/s | reach {peer / own:.2f}"


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start
