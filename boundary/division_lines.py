"""Boundary lines whose parties a change of divisions concerns (界线所涉变更)."""

from typing import Any

from sqlalchemy import Connection, or_, select

from boundary.tables import line
from gazetteer import CodeChanges

_MOST = 500


def lines_touched(connection: Connection, changes: CodeChanges) -> list[dict[str, Any]]:
    """The lines in force that have a party whose code ends, is divided, or whose name changes.

    A line stays where its agreement put it (Order 353, Art 2 and 9): what follows for it is decided
    and surveyed by its own procedure; here it is told which lines are concerned.

    Args:
        connection: of a store.
        changes: what becomes of division codes.

    Returns:
        One mapping for each line, by id, 500 at most: `id`, `code`, `name`, `level`, and `parties`:
        each code that changes with the codes after it (its own where only the name changes).
    """
    after = {**{code: (code,) for code in changes.renamed}, **changes.codes}
    if not after:
        return []
    columns = line.c
    parties = (columns.party_a, columns.party_b, columns.party_c)
    rows = connection.execute(
        select(columns.id, columns.code, columns.name, columns.level, *parties)
        .where(columns.valid_to.is_(None), or_(*(party.in_(list(after)) for party in parties)))
        .order_by(columns.id)
        .limit(_MOST)
    )
    return [
        {
            "id": row.id,
            "code": row.code,
            "name": row.name,
            "level": row.level,
            "parties": {
                code: list(after[code])
                for code in (row.party_a, row.party_b, row.party_c)
                if code in after
            },
        }
        for row in rows
    ]
