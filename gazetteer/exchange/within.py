"""What lies in a division, of any layer: by the division's code, else by position."""

from collections.abc import Sequence
from typing import Self

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, select

from data.errors import InvalidValue
from data.formats.writing import Layer, Record
from data.geometry import Box
from gazetteer.search import DivisionEntry, Lexicon, is_under, read_lexicon
from gazetteer.tables import division

_CODES = ("division_code", "code")


class Within:
    """A division as a filter of records.

    Args:
        entry: the division.
        lexicon: every division.
        area: its polygon; None where the register has none.
    """

    def __init__(self, entry: DivisionEntry, lexicon: Lexicon, area: BaseGeometry | None) -> None:
        self.entry = entry
        self._lexicon = lexicon
        self._area = area
        if area is not None:
            shapely.prepare(area)

    @classmethod
    def named(cls, connection: Connection, text: str) -> Self:
        """The division that a code or a name means.

        Raises:
            InvalidValue: no division has that code or name, or several have the name.
        """
        lexicon = read_lexicon(connection)
        entry = lexicon.resolve(text)
        wkb = connection.scalar(select(division.c.geom).where(division.c.id == entry.id))
        return cls(entry, lexicon, None if wkb is None else shapely.from_wkb(wkb))

    @property
    def box(self) -> Box | None:
        """The box of the division's polygon."""
        return None if self._area is None else Box(*self._area.bounds)

    @staticmethod
    def goes_by_code(layer: Layer) -> bool:
        """Whether a layer's records say their division."""
        return _code_column(layer, [attribute.name for attribute in layer.attributes]) is not None

    def need_polygon(self) -> None:
        """Refuse a division by whose position nothing can be found.

        Raises:
            InvalidValue: it has no polygon.
        """
        if self._area is None:
            raise InvalidValue(
                "within", self.entry.name, "the register has no polygon of that division",
                "load its polygon, or give a bbox",
                f"库中没有“{self.entry.name}”的范围；请先导入政区图形，或改用 bbox",
            )  # fmt: skip

    def keep(self, layer: Layer, records: Sequence[Record]) -> list[bool]:
        """Which records lie in the division.

        A record with a division code of its own goes by that; any other by its position, where
        touching the division is enough.
        """
        names = [attribute.name for attribute in layer.attributes]
        at = _code_column(layer, names)
        codes = [record.values[at] if at is not None else None for record in records]
        placed = self._touching(records)
        return [
            is_under(code, self.entry, self._lexicon) if code else inside
            for code, inside in zip(codes, placed, strict=True)
        ]

    def _touching(self, records: Sequence[Record]) -> list[bool]:
        if self._area is None:
            return [False] * len(records)
        shapes = shapely.from_wkb([record.wkb for record in records])
        found: list[bool] = shapely.intersects(self._area, shapes).tolist()
        return found


def _code_column(layer: Layer, names: Sequence[str]) -> int | None:
    """Where a record says its division; a line's `code` is another code."""
    wanted = _CODES if layer.name == "divisions" else _CODES[:1]
    return next((names.index(name) for name in wanted if name in names), None)
