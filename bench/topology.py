"""Topology of the sample region's county outlines and of every county of the country.

`python -m bench.topology`; it needs the extra `sample`.
"""

import time
from typing import cast

import shapely
from shapely.geometry.base import BaseGeometry

from boundary.topology import Area, check_topology
from data.sample.coverage import select_region
from data.sample.packages import read_geocn

REGION_PREFIX = "15"


def topology_line() -> str:
    """How long the check takes of the region's outlines, and of the country's."""
    outlines = [one for one in read_geocn() if one.code]
    names = {one.code: one.name for one in outlines}
    region = select_region(outlines, lambda code: code.startswith(REGION_PREFIX))
    own = [_area(code, names[code], shape) for code, shape in region.items()]
    every = [_area(one.code, one.name, one.shape) for one in outlines]
    return "topology: " + "; ".join(_timed(areas) for areas in (own, every))


def _area(code: str, name: str, shape: shapely.Geometry) -> Area:
    return Area(code, name, "county", cast("BaseGeometry", shape))


def _timed(areas: list[Area]) -> str:
    start, cpu = time.perf_counter(), time.process_time()
    found = check_topology(areas, [], [])
    seconds, processor = time.perf_counter() - start, time.process_time() - cpu
    told = f"{len(areas)} outlines {seconds:.1f} s (processor {processor:.1f} s)"
    return f"{told}, {len(found.findings)} findings"


if __name__ == "__main__":
    print(topology_line())
