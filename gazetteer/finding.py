"""Places by the beginning of any of their names."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, case, func, select

from gazetteer.keys import name_key
from gazetteer.tables import division, place, place_name

_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Match:
    """A place that was found, and the name by which."""

    place_id: int
    matched: str
    language: str
    how: str


def find_places(connection: Connection, query: str, limit: int) -> list[Match]:
    """Places with a name that is, or begins with, the query; whole names come first.

    Args:
        connection: a reading connection.
        query: any form of a name; case, width, accents and blanks do not matter.
        limit: most places.
    """
    key = name_key(query)
    if not key:
        return []
    exact = case((place_name.c.key == key, 0), else_=1)
    statement = (
        select(
            place_name.c.place_id,
            place_name.c.text,
            place_name.c.language,
            exact.label("rank"),
            func.length(place_name.c.key).label("length"),
        )
        .where(place_name.c.key >= key, place_name.c.key < key + _LAST)
        .order_by("rank", "length", place_name.c.key, place_name.c.place_id)
        .limit(limit * 8)
    )
    found: dict[int, Match] = {}
    for row in connection.execute(statement):
        how = "exact" if row.rank == 0 else "prefix"
        found.setdefault(row.place_id, Match(row.place_id, row.text, row.language, how))
    return list(found.values())[:limit]


def division_paths(connection: Connection, place_ids: Sequence[int]) -> dict[int, str]:
    """The division path of each place, highest first, such as 内蒙古自治区 › 赤峰市 › 林西县."""
    statement = select(place.c.id, place.c.division_code).where(place.c.id.in_(place_ids))
    codes = {row.id: row.division_code for row in connection.execute(statement)}
    names = {
        row.code: (row.name, row.parent_code)
        for row in connection.execute(
            select(division.c.code, division.c.name, division.c.parent_code).where(
                division.c.valid_to.is_(None)
            )
        )
    }
    return {identity: " › ".join(_path(names, code)) for identity, code in codes.items()}


def _path(names: dict[str, tuple[str, str | None]], code: str | None) -> list[str]:
    path: list[str] = []
    while code in names and len(path) < 6:  # noqa: PLR2004 - there are no more levels than that
        name, code = names[code]
        path.insert(0, name)
    return path
