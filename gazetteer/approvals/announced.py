"""What was decided and announced about a place: for the public (L753 Art 14)."""

from typing import Any, Final

from sqlalchemy import Connection, select

from data.reference import find_term
from gazetteer.approvals.tables import approval

_SHOWN: Final = (
    "id", "kind", "name", "former_name", "approving_body", "decision_no", "decided_on",
    "announced_on", "announced_in",
)  # fmt: skip


def announced_of(connection: Connection, place_id: int) -> list[dict[str, Any]]:
    """The announced decisions about a place, oldest first; cases that are not announced are not."""
    statement = (
        select(*(approval.c[name] for name in _SHOWN))
        .where(approval.c.place_id == place_id, approval.c.announced_on.is_not(None))
        .order_by(approval.c.announced_on, approval.c.id)
    )
    found = connection.execute(statement).mappings()
    rows: list[dict[str, Any]] = [{name: row[name] for name in _SHOWN} for row in found]
    for row in rows:
        term = find_term("approval_kinds", row["kind"])
        row["kind_zh"], row["kind_en"] = (term.zh, term.en) if term else (row["kind"],) * 2
    return rows
