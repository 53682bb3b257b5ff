"""Which division a place is in: as its row says by name, else as the county polygons say."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from sqlalchemy import Connection, select

from data.errors import Fault
from gazetteer.tables import division

_LINKS = str.maketrans("", "", " 　›>-－—·/|,，、")
_HIGHEST_PATH = 6


class Containing:
    """Finds division codes for rows of places; a code that a row gives is never changed.

    Args:
        connection: of the store whose divisions in force are looked at.
    """

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(
            select(division.c.code, division.c.name, division.c.level, division.c.parent_code)
            .where(division.c.valid_to.is_(None))
            .order_by(division.c.code)
        ).all()
        self._by_name = _by_name({row.code: (row.name, row.parent_code) for row in rows})
        self._codes, self._counties = _counties(connection)
        self._by_words = self._by_place = self._kept_words = 0

    def fill(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Give `division_code` to rows without one, and take `division_name` off every row.

        What a row calls its division stays with it as it was entered, in any case.
        """
        for row in rows:
            self._fill_by_name(row, row.pop("division_name"))
        self._fill_by_place([row for row in rows if row["division_code"] is None and row["geom"]])
        return rows

    def _fill_by_name(self, row: dict[str, Any], words: str | None) -> None:
        if words is None:
            return
        code = self._by_name.get(words.translate(_LINKS))
        if code is not None and row["division_code"] in {None, code}:
            self._by_words += row["division_code"] is None
            row["division_code"] = code
            return
        self._kept_words += 1

    def _fill_by_place(self, rows: Sequence[dict[str, Any]]) -> None:
        if not rows or not len(self._counties):
            return
        tree = shapely.STRtree(shapely.from_wkb([row["geom"] for row in rows]))
        # The polygons ask, for it is they that are prepared.
        counties, found = tree.query(self._counties, predicate="covers")
        for county, index in zip(counties.tolist(), found.tolist(), strict=True):
            row = rows[index]
            if row["division_code"] is None:  # on a shared border the lower code has it
                row["division_code"] = self._codes[county]
                self._by_place += 1

    def notes(self) -> list[Fault]:
        """How many rows got their division in which way."""
        said = (
            (
                "division-by-name", self._by_words,
                "行的行政区划代码由所在行政区名称得出",
                "rows got their division code from the division's name",
            ),
            (
                "division-by-place", self._by_place,
                "行的行政区划代码由坐标所在的县级政区得出",
                "rows got their division code from the county polygon that holds them",
            ),
            (
                "division-name-kept", self._kept_words,
                "行的所在行政区名称未能对应到库中唯一的行政区划，按原文保留",
                "rows name no one division of the store; the name is kept as it was entered",
            ),
        )  # fmt: skip
        return [
            Fault(code, None, None, str(count), f"{count} {zh}", f"{count} {en}")
            for code, count, zh, en in said
            if count
        ]


def _counties(connection: Connection) -> tuple[list[str], Any]:
    """Codes and prepared polygons of the counties in force, in order of code."""
    rows = connection.execute(
        select(division.c.code, division.c.geom)
        .where(
            division.c.level == "county",
            division.c.valid_to.is_(None),
            division.c.geom.is_not(None),
        )
        .order_by(division.c.code, division.c.id)
    ).all()
    shapes = shapely.from_wkb(np.array([row.geom for row in rows], dtype=object))
    shapely.prepare(shapes)
    return [row.code for row in rows], shapes


def _by_name(divisions: dict[str, tuple[str, str | None]]) -> dict[str, str]:
    """Codes by a division's name alone and after its parents' names, where that is unique."""
    codes: dict[str, set[str]] = defaultdict(set)
    for code in divisions:
        path, above = "", code
        for _ in range(_HIGHEST_PATH):
            if above not in divisions:
                break
            name, parent = divisions[above]
            path = name + path
            codes[path.translate(_LINKS)].add(code)
            above = parent or ""
    return {path: next(iter(found)) for path, found in codes.items() if len(found) == 1}
