"""Record what was published for a division, and list it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from data.actors import Actor, Role
from data.errors import InvalidValue
from data.reference import find_term, terms
from data.store import Store
from gazetteer.division_path import in_force
from gazetteer.indicators.tables import publication

_MOST = 500


@dataclass(frozen=True, slots=True)
class NewPublication:
    """A publication: `kind` by code or in words of the table `publication_kinds`."""

    kind: str
    division_code: str
    title: str
    published_on: date
    publisher: str = ""
    source: str = ""


def record_publication(store: Store, actor: Actor, new: NewPublication, today: date) -> int:
    """Record a publication; returns its id.

    Raises:
        InvalidValue: the kind, division, title or day is wrong.
        Forbidden: the actor is no editor of the division.
    """
    term = find_term("publication_kinds", new.kind)
    if term is None:
        told = ", ".join(one.code for one in terms("publication_kinds"))
        raise InvalidValue(
            "kind",
            new.kind,
            f"it is one of {told}",
            f"give one of {told}",
            f"kind 应为 {told} 之一",
        )
    if not new.title.strip():
        raise InvalidValue("title", new.title, "it must not be empty", "give it", "请填写书名")
    if new.published_on > today:
        raise InvalidValue(
            "published_on", new.published_on.isoformat(), "it is after today",
            "record it when it is published", "出版日期晚于今天；请在出版后登记",
        )  # fmt: skip
    with store.write(actor.name, f"publication {new.title[:80]}") as transaction:
        path = in_force(transaction.connection, new.division_code, "division_code")
        actor.require([Role.EDITOR], [one.code for one in path], "record a publication")
        return transaction.insert(
            publication,
            {
                "kind": term.code,
                "division_code": new.division_code,
                "title": new.title.strip(),
                "published_on": new.published_on,
                "publisher": new.publisher or None,
                "source": new.source or None,
            },
        )


def list_publications(
    connection: Connection, division_code: str | None
) -> Sequence[dict[str, Any]]:
    """Publications of a division, or all; by division and day, 500 at most."""
    columns = publication.c
    statement = select(publication).order_by(
        columns.division_code, columns.kind, columns.published_on, columns.id
    )
    if division_code is not None:
        statement = statement.where(columns.division_code == division_code)
    fields = ("id", "division_code", "kind", "title", "publisher", "source", "version")
    return [
        {name: row[name] for name in fields} | {"published_on": row["published_on"].isoformat()}
        for row in connection.execute(statement.limit(_MOST)).mappings()
    ]
