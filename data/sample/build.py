"""The sample region, from the packages or from outlines and points that a caller brings."""

from collections.abc import Callable

import numpy as np

from data.reference import divisions as listed_divisions
from data.reference import neighbours
from data.sample.coverage import select_region, shared_edges
from data.sample.divisions import build_divisions, in_region
from data.sample.lines import build_lines
from data.sample.packages import SampleInput, read_packages
from data.sample.places import build_places
from data.sample.records import DivisionRecord, Sample
from data.sample.register import build_markers, meeting_lines
from data.sample.sites import Site, meeting_points, plan_sites

DEFAULT_SEED = 20261123
STAGES = ("packages", "outlines", "divisions", "places", "lines", "markers")

Progress = Callable[[str, int, int], None]
"""Told before each stage: its name, how many are done, how many there are."""


def build_sample(
    seed: int = DEFAULT_SEED,
    progress: Progress | None = None,
    *,
    region_code: str = "",
    source: SampleInput | None = None,
) -> Sample:
    """Build the sample region in memory.

    Divisions, places and lines are real; markers and witness objects are invented from `seed`
    and marked synthetic. The same input and seed give the same sample.

    Args:
        seed: for what is invented.
        progress: told of each stage as it begins, and at the end.
        region_code: 6-digit code of the region; without it, the region of the code table.
        source: outlines and points; without it, those of the packages.

    Raises:
        DataError: a package is missing; the message says how to install it.
        InvalidValue: no outline belongs to the region.
    """
    told = iter(STAGES)

    def stage() -> None:
        name = next(told, "done")
        if progress:
            done = STAGES.index(name) if name in STAGES else len(STAGES)
            progress(name, done, len(STAGES))

    stage()
    source = source or read_packages()
    region = region_code or listed_divisions()[0].code
    stage()

    def inside(code: str) -> bool:
        return in_region(code, region)

    shapes = select_region(source.outlines, inside)
    stage()
    divisions = build_divisions(source, shapes, region)
    names = _all_names(source, divisions)
    stage()
    places, place_names = build_places(source, divisions)
    stage()
    families = build_lines(source, shared_edges(shapes, inside), names, region)
    lines = tuple(section for family in families for section in family.sections)
    stage()
    nodes = meeting_points(lines)
    rng = np.random.default_rng([seed, 1])
    sites: list[Site] = []
    for family in families:
        sites += plan_sites(family, nodes, shapes, rng)
    markers, witnesses = build_markers(sites, names, seed)
    stage()
    return Sample(
        divisions=divisions,
        places=places,
        place_names=place_names,
        lines=lines,
        markers=markers,
        witness_objects=witnesses,
        marker_lines=meeting_lines(sites),
        licences=(source.outline_licence, source.point_licence, _synthetic_notice(seed)),
    )


def _all_names(source: SampleInput, divisions: tuple[DivisionRecord, ...]) -> dict[str, str]:
    """Division names by code: the source's, over them the neighbours', over them the register's."""
    beside = {row.code: row.name for row in neighbours()}
    return source.names | beside | {row.code: row.name for row in divisions}


def _synthetic_notice(seed: int) -> str:
    return (
        f"Markers, witness objects and inspections: synthetic, invented by Ovoo from seed {seed}; "
        "they stand for no real marker"
    )
