"""A table of positions, answered (表格定位)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from data.annotating import AnnotateOptions, annotate
from data.cells import Cells
from data.coordinates import ReferenceSystem
from data.geometry import point_xy
from data.store import Store
from gazetteer.where.areas import Path as DivisionPath
from gazetteer.where.engine import check_store
from gazetteer.where.many import Placed, place_all

ADDED: Final = (
    "ovoo_division_code",
    "ovoo_division",
    "ovoo_administered_by_code",
    "ovoo_administered_by",
    "ovoo_note",
)
"""The columns that come behind the table's own."""

_BLANK: Final = ("", "", "", "")


@dataclass(frozen=True, slots=True)
class PlaceOptions:
    """How positions are placed: as for `where`, and the language of notes (`zh` or `en`)."""

    as_of: date | None = None
    edge_uncertainty_m: float | None = None
    language: str = "zh"


def place_table(
    store: Store,
    path: Path,
    out: Path,
    place: PlaceOptions,
    options: AnnotateOptions,
    told: Callable[[int], None] = lambda _rows: None,
) -> int:
    """Write a table of positions back with the division of each; returns the number of rows.

    A position that cannot be read has its reason in `ovoo_note`.

    Args:
        store: where the divisions are.
        path: the table.
        out: where to.
        place: how positions are placed.
        options: how the table is read and written.
        told: is told now and then how many rows are done.

    Raises:
        InvalidFile, InvalidValue, FaultsFound: as `annotate` and `where` do.
    """
    check_store(store)
    system = ReferenceSystem.parse(store.crs)

    def answers(rows: Sequence[Cells]) -> list[list[str]]:
        points = [row.position(system, exact=False) for row in rows]
        placed = [point_xy(point) for point in points if point is not None]
        lons, lats = np.array(placed, dtype=float).reshape(-1, 2).T
        found = iter(
            place_all(
                store,
                lons,
                lats,
                as_of=place.as_of,
                edge_uncertainty_m=place.edge_uncertainty_m,
            )
        )
        return [
            _unplaced(row, place.language) if point is None else _told(next(found), place.language)
            for row, point in zip(rows, points, strict=True)
        ]

    return annotate(path, out, "points", ADDED, answers, options, told)


def _told(placed: Placed, language: str) -> list[str]:
    note = placed.note_zh if language == "zh" else placed.note_en
    return [*_named(placed.located_in), *_named(placed.administered_by), note]


def _named(path: DivisionPath) -> tuple[str, str]:
    return (path[-1].code, " › ".join(entry.name for entry in path)) if path else ("", "")


def _unplaced(row: Cells, language: str) -> list[str]:
    faults = [fault.zh if language == "zh" else fault.en for fault in row.faults]
    none = "没有坐标" if language == "zh" else "no position"
    return [*_BLANK, "；".join(faults) or none]
