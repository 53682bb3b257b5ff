"""The column of a table that holds shapes as text (WKT), and the system they are in."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from data.errors import Fault
from data.formats.fields import fold_name
from data.formats.geojson import geometry_fault
from data.formats.geometries import BadGeometryError
from data.formats.headers import NumberedCells
from data.formats.reading import RawRow

_NAMES = {fold_name(name)[0] for name in ("geometry_wkt", "wkt", "wkt_geom", "geom_wkt")}
_CRS_NAMES = {fold_name(name)[0] for name in ("crs", "坐标系")}


@dataclass(frozen=True, slots=True)
class WktColumn:
    """Where shapes and their system stand in a table; `crs_at` is None where no column says it."""

    at: int
    crs_at: int | None

    @classmethod
    def among(cls, columns: list[str]) -> "WktColumn | None":
        """The column of shapes, where a table has one."""
        at = _position(columns, _NAMES)
        return None if at is None else cls(at, _position(columns, _CRS_NAMES))

    def crs(self, rows: Iterator[NumberedCells]) -> tuple[str | None, Iterator[NumberedCells]]:
        """What the first row that says it says of the system, and all rows again."""
        seen: list[NumberedCells] = []
        if self.crs_at is None:
            return None, rows
        for row in rows:
            seen.append(row)
            stated = _cell(row[1], self.crs_at)
            if stated:
                return stated, chain(seen, rows)
        return None, iter(seen)

    def row(self, number: int, cells: list[str], crs: str | None, faults: list[Fault]) -> RawRow:
        """The row with its shape, and without the text of it."""
        text = _cell(cells, self.at)
        stated = _cell(cells, self.crs_at) if self.crs_at is not None else ""
        if text and stated and stated != crs:
            faults.append(_other_system(number, stated, crs))
        rest = cells[: self.at] + cells[self.at + 1 :]
        return number, rest, _wkb(number, text, faults) if text else None, faults


def _cell(cells: list[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _position(columns: list[str], names: set[str]) -> int | None:
    folded = ((at, fold_name(column)) for at, column in enumerate(columns))
    return next((at for at, forms in folded if forms and forms[0] in names), None)


def _wkb(number: int, text: str, faults: list[Fault]) -> bytes | None:
    import shapely

    try:
        shape = shapely.from_wkt(text)
    except shapely.errors.GEOSException:
        wrong = BadGeometryError(f"it is no WKT: {text[:40]!r}", f"不是 WKT：{text[:40]!r}")
        faults.append(geometry_fault(number, wrong))
        return None
    return None if shape.is_empty else bytes(shapely.to_wkb(shape, flavor="iso", byte_order=1))


def _other_system(number: int, stated: str, crs: str | None) -> Fault:
    return Fault(
        "several-systems",
        number,
        "crs",
        stated,
        f"与第一行所注坐标系 {crs} 不同；请将不同坐标系的图形分为不同文件",
        f"is not the system of the first row ({crs}); put shapes of another system into a file of"
        " their own",
    )
