"""Who edits a collection, and what its own floor adds to each write."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table

from data.actors import Actor, Role
from data.collection import Collection
from data.errors import Fault, Forbidden
from data.reference.editing import CREATION, DELETION, editable_fields
from data.transaction import Transaction

Record = Mapping[str, Any]
Values = dict[str, Any]
Complete = Callable[[Values, Record | None], Iterable[Fault]]
"""Fills derived columns of a record that is to be written and names what is wrong with it; the
second argument is the record before, None for a new one."""


def never_a_draft(_record: Record) -> bool:
    """No record of the collection is a draft."""
    return False


def nothing_to_complete(_connection: Connection) -> Complete:
    """A record is complete as it was sent."""
    return lambda _row, _before: ()


def nothing_follows(
    _transaction: Transaction, _identity: int, _before: Record | None, _after: Record | None
) -> None:
    """Nothing belongs to the collection's records that an edit changes."""


@dataclass(frozen=True, slots=True)
class Editor:
    """How features of one collection are edited.

    Attributes:
        collection: the collection.
        roles: any of them allows an edit.
        paths: of a record, the paths of the divisions that it belongs to; a role for any division
            of each path is needed.
        is_draft: whether a record is a draft, whose `draft` fields still change.
        completing: makes what completes and checks the records of one transaction.
        follow: writes what belongs to a record: told the transaction, the id, the record before
            (None for a new one) and after (None for a deleted one).
        unique: columns whose values together no two records share.
        owned: tables whose rows go with a deleted record, with the column that names it.
    """

    collection: Collection
    roles: tuple[Role, ...]
    paths: Callable[[Connection, Record], Sequence[Sequence[str]]]
    is_draft: Callable[[Record], bool] = never_a_draft
    completing: Callable[[Connection], Complete] = nothing_to_complete
    follow: Callable[[Transaction, int, Record | None, Record | None], None] = nothing_follows
    unique: tuple[tuple[str, ...], ...] = ()
    owned: tuple[tuple[Table, str], ...] = ()

    def require(self, connection: Connection, actor: Actor, record: Record, act: str) -> None:
        """Refuse an act on a record to whom no role is given for its divisions.

        Raises:
            Forbidden: naming the act, the roles and the division.
        """
        for path in self.paths(connection, record):
            actor.require(self.roles, path, act)

    def require_somewhere(self, actor: Actor, act: str) -> None:
        """Refuse who edits nothing anywhere, before anything is looked at.

        Raises:
            Forbidden: naming the act and the roles.
        """
        actor.require_somewhere(self.roles, act)


def allowed_acts(editor: Editor, actor: Actor) -> frozenset[str]:
    """What an actor may do with some record of a collection: any of `create`, `change`, `delete`.

    A single record may still be refused: it lies elsewhere, or is no draft any more.
    """
    try:
        editor.require_somewhere(actor, "edit")
    except Forbidden:
        return frozenset()
    fields = editable_fields(editor.collection.id)
    acts = {"create"} if fields[CREATION].created else set()
    if any(one.changes(draft=True) for one in fields.values() if one.field != DELETION):
        acts.add("change")
    if fields[DELETION].changes(draft=True):
        acts.add("delete")
    return frozenset(acts)
