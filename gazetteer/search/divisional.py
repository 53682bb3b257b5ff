"""What is known of divisions beside their names: everyday names, and since when (政区别称)."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Final

from sqlalchemy import Connection, select

from gazetteer.names.tables import everyday_names_table
from gazetteer.tables import division, place

CATEGORIES: Final = ("212", "213", "214", "215")
"""Categories of places that are divisions: of region, prefecture, county, township level."""

_AT_ONCE: Final = 500
Spans = dict[tuple[str, str], date]


@cache
def _everyday() -> dict[tuple[str, str], list[tuple[str, str]]]:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for row in everyday_names_table():
        found.setdefault((row["code"], row["name"]), []).append((row["text"], row["kind"]))
    return found


def everyday_names(code: str | None, name: str) -> Sequence[tuple[str, str]]:
    """What people call a division beside its name, with the kind; of code and name both."""
    return _everyday().get((code or "", name), ())


def begun(connection: Connection, ids: Sequence[int] | None) -> Spans:
    """Since when divisions in force have been what they are, by code and name, where known.

    `ids` leaves out divisions that none of these places is.
    """
    columns = (division.c.code, division.c.name, division.c.valid_from)
    dated = select(*columns).where(
        division.c.valid_to.is_(None), division.c.valid_from.is_not(None)
    )
    if ids is None:
        return {(row.code, row.name): row.valid_from for row in connection.execute(dated)}
    return {
        (row.code, row.name): row.valid_from
        for part in _parts(ids)
        for row in connection.execute(
            dated.join(place, place.c.division_code == division.c.code).where(place.c.id.in_(part))
        )
    }


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    yield from (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
