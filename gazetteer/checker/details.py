"""What is said of the owners that a text names, read from the store."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from data.reference import load_table
from gazetteer.checker.index import NamesIndex
from gazetteer.checker.owners import DIVISION, OUTSIDE, PLACE
from gazetteer.checker.resolving import code_text
from gazetteer.checker.values import Named
from gazetteer.tables import division, place

_BATCH: Final = 500


def named_owners(
    connection: Connection, index: NamesIndex, owners: Iterable[int]
) -> dict[int, Named]:
    """The records of owners, by owner; one that has gone meanwhile is left out."""
    wanted = sorted(set(owners))
    features = index.owners.feature
    found: dict[int, Named] = {}
    for feature, table in ((PLACE, place), (DIVISION, division)):
        by_id = {int(index.owners.id[o]): o for o in wanted if features[o] == feature}
        for row in _rows(connection, table, sorted(by_id)):
            owner = by_id[row.id]
            found[owner] = _named(index, owner, row)
    outside = _outside_names()
    for owner in wanted:
        if features[owner] == OUTSIDE:
            code = code_text(int(index.owners.code[owner]))
            standing = int(index.owners.standing[owner])
            found[owner] = Named("outside", int(code), outside[code], code, standing)
    return found


def _rows(connection: Connection, table: Table, ids: list[int]) -> Iterator[Any]:
    code = table.c.code if table is division else table.c.division_code
    columns = (table.c.id, table.c.name, code.label("code"), table.c.romanization)
    waiting = iter(ids)
    while batch := list(islice(waiting, _BATCH)):
        yield from connection.execute(
            select(*columns, table.c.romanization_mark).where(table.c.id.in_(batch))
        )


def _named(index: NamesIndex, owner: int, row: Any) -> Named:
    columns = index.owners
    return Named(
        "division" if columns.feature[owner] == DIVISION else "place",
        row.id,
        row.name,
        row.code,
        int(columns.standing[owner]),
        row.romanization,
        row.romanization_mark,
        bool(columns.sure[owner]),
        bool(columns.current[owner]),
    )


def _outside_names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in load_table("outside_divisions")}
