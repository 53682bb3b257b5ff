"""The drawn region with what else a store holds: a kept file, an account, a deleted record."""

from datetime import UTC, datetime

from data.accounts import open_account
from data.actors import Actor, Grant, Role
from data.store import Store
from data.stored_files import keep_file
from gazetteer.tables import place

OPERATOR = Actor("tests", (Grant(Role.ADMINISTRATOR),))
CONTENT = "界桩照片".encode() * 1000


def quiet(_step: str, _table: str, _done: int, _total: int) -> None:
    """Nobody looks."""


def enrich(store: Store) -> str:
    """What else a store holds: a file, an account, a deleted record; the file's hash."""
    open_account(store, OPERATOR, "li", [Grant(Role.EDITOR, "990101")], moment())
    with store.write("tests", "more") as transaction:
        identity = transaction.insert(place, {"name": "旧名", "status": "standard"})
        transaction.delete(place, identity, 1)
        transaction.update(place, 1, 1, {"meaning": "引号“”、换行\n与制表\t"})
        return keep_file(transaction, CONTENT)


def moment() -> datetime:
    return datetime(2026, 1, 2, tzinfo=UTC)


def url_of(store: Store) -> str:
    engine = store.engine.url
    if store.embedded:
        return str(engine.database)
    return engine.set(drivername="postgresql").render_as_string(hide_password=False)
