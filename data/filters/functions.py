"""What SQLite lacks for filters: folding of letters, relations of geometries.

PostgreSQL has them of its own (`data.filters.sql`), with the same answers.
"""

import math
import sqlite3
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import shapely

from data.geometry import readable_gpkg

Relation = Callable[..., Any]
RELATIONS: dict[str, Relation] = {
    "intersects": shapely.intersects,
    "disjoint": shapely.disjoint,
    "equals": shapely.equals,
    "touches": shapely.touches,
    "crosses": shapely.crosses,
    "within": shapely.within,
    "contains": shapely.contains,
    "overlaps": shapely.overlaps,
}
_FIRST_MARK, _LAST_MARK = "\u0300", "\u036f"


def without_case(text: str) -> str:
    """Text for a comparison that ignores upper and lower case.

    >>> without_case("KØBENHAVN")
    'københavn'
    """
    return text.lower()


def without_accents(text: str) -> str:
    """Text for a comparison that ignores accents: decomposed, without combining marks.

    >>> without_accents("Hôringer")
    'Horinger'
    """
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(one for one in decomposed if not _FIRST_MARK <= one <= _LAST_MARK)


def register(connection: sqlite3.Connection) -> None:
    """Make the functions known to a connection; NULL in gives NULL out."""
    for name, fold in (("ovoo_casei", without_case), ("ovoo_accenti", without_accents)):
        connection.create_function(name, 1, _or_null(fold), deterministic=True)
    for name, relation in RELATIONS.items():
        connection.create_function(f"ovoo_{name}", 2, _related(relation), deterministic=True)
    connection.create_function("ovoo_power", 2, _power, deterministic=True)
    connection.create_function("ovoo_modulo", 2, _modulo, deterministic=True)
    connection.create_function("ovoo_trunc", 1, _trunc, deterministic=True)


def _or_null(fold: Callable[[str], str]) -> Callable[[str | None], str | None]:
    return lambda text: None if text is None else fold(str(text))


def _related(relation: Relation) -> Callable[[bytes | None, bytes | None], int | None]:
    def related(left: bytes | None, right: bytes | None) -> int | None:
        if left is None or right is None:
            return None
        one, other = _geometry(left), _geometry(right)
        return None if one is None or other is None else int(relation(one, other))

    return related


@lru_cache(maxsize=64)
def _prepared(wkb: bytes) -> shapely.Geometry:
    drawn = shapely.from_wkb(wkb)
    shapely.prepare(drawn)
    return drawn


def _geometry(blob: bytes) -> shapely.Geometry | None:
    """A stored geometry (GeoPackage binary), or one of the filter (WKB); None for a broken one."""
    return shapely.from_wkb(readable_gpkg(blob)) if blob[:2] == b"GP" else _prepared(blob)


def _power(base: float | None, exponent: float | None) -> float | None:
    """NULL where there is no such number, as a division by zero gives."""
    if base is None or exponent is None:
        return None
    try:
        result = float(base) ** float(exponent)
    except (OverflowError, ZeroDivisionError):
        return None
    return result if isinstance(result, float) else None


def _modulo(dividend: float | None, divisor: float | None) -> float | None:
    if dividend is None or not math.isfinite(dividend) or not divisor:
        return None
    return math.fmod(float(dividend), float(divisor))


def _trunc(number: float | None) -> float | None:
    """NULL of what has left the range of numbers, as a product may."""
    return None if number is None or not math.isfinite(number) else float(math.trunc(number))
