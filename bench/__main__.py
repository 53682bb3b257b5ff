"""Run every benchmark and print one table: `make bench`.

`python -m bench --large [FOLDER [NAMES]]` asks at 3,000,000 names too and keeps the registers in a
folder, `python -m bench --real` searches real names.
"""

import sys
import tempfile
from pathlib import Path

from bench.asking import ANEW, around_line, asked_lines, latency_lines, search_lines
from bench.checking import check_line
from bench.closed import closed_lines
from bench.counting import counting_line
from bench.exporting import export_ratio
from bench.indexing import index_line
from bench.large import large_lines
from bench.loading import load_ratio
from bench.matching import reconcile_line
from bench.names import COUNT
from bench.naming import ENTRIES, naming_lines
from bench.placing import draw_around, where_line
from bench.real import real_file, real_lines
from bench.sensors import post_lines, sensors_line
from bench.servers import running
from bench.tiling import tile_lines
from bench.topology import topology_line
from bench.verdicts import verdict_lines


def main() -> None:
    """Load, serve, measure, print."""
    if sys.argv[1:2] == ["--large"]:
        for line in large_lines(sys.argv[2:]):
            print(line, flush=True)
        return
    if sys.argv[1:] == ["--real"]:
        _real()
        return
    count = _count()
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as folder:
        store, loading = load_ratio(Path(folder), count)
        print(loading, flush=True)
        print(export_ratio(store, count), flush=True)
        print(index_line(store, count), flush=True)
        print(check_line(str(store)), flush=True)
        print(counting_line(str(store)), flush=True)
        with (
            running(["-m", "ovoo", "serve"], OVOO_STORE=str(store)) as ovoo,
            running(["-m", "bench.servers"]) as constant,
        ):
            for line in asked_lines(ovoo, constant, count):
                print(line, flush=True)
            with running(["-m", "ovoo", "serve"], OVOO_STORE=str(store), **ANEW) as anew:
                for line in (*search_lines(anew, constant, count), *latency_lines(anew, count)):
                    print(line, flush=True)
            print(reconcile_line(ovoo, count), flush=True)
            for line in tile_lines(ovoo, constant):
                print(line, flush=True)
        print(where_line(Path(folder)), flush=True)
        for line in naming_lines(str(store)):
            print(line, flush=True)
        draw_around(store)
        with (
            running(["-m", "ovoo", "serve"], OVOO_STORE=str(store)) as ovoo,
            running(["-m", "bench.servers"]) as constant,
        ):
            print(around_line(ovoo, constant), flush=True)
    for line in verdict_lines():
        print(line, flush=True)
    print(topology_line(), flush=True)
    print(sensors_line(20), flush=True)
    for line in (*post_lines(), *closed_lines()):
        print(line, flush=True)


def _count() -> int:
    """How many names are asked for."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    if count < ENTRIES:
        sys.exit(f"{count} names are too few: the protection list needs {ENTRIES}")
    return count


def _real() -> None:
    """Searches over the names of a nation, where their file is at hand."""
    path = real_file()
    if not path.is_file():
        sys.exit(f"there is no {path}: say where it is with OVOO_SHARED")
    with tempfile.TemporaryDirectory(prefix="ovoo-bench-") as folder:
        for line in real_lines(Path(folder), path):
            print(line, flush=True)


if __name__ == "__main__":
    main()
