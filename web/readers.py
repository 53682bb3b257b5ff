"""Who a program or a browser acts for and what it sees, kept until the register's next write.

Accounts, roles and tokens are journalled records: what a token may follows from the store's change
mark, which is read with every request. So a token that is revoked, an account that is closed and a
role that is taken are of no use from the commit on, in this process and in every other; nothing is
believed for so many seconds. The end of a token is compared with the present each time. A session
is no journalled record: its row is read with every request.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from sqlalchemy import Connection

from data import Actor, Store
from data.accounts import account_of_session, holder_of_token, read_account
from web.sights import Sights

_MOST: Final = 256
_ENDLESS: Final = "~"
"""Later than every moment."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks.

    Attributes:
        actor: who it is, with the roles that hold here.
        store: the store as the reader sees it.
        reads_positions: whether closed positions of any division are seen.
        ends_at: when what the reader showed ends, UTC.
    """

    actor: Actor
    store: Store
    reads_positions: bool
    ends_at: str


class Readers:
    """The readers of one store that were recognised since its last write."""

    def __init__(self, store: Store, sights: Sights) -> None:
        self._store, self._sights = store, sights
        self._kept: OrderedDict[tuple[str, str | int], Reader] = OrderedDict()
        self._lock = Lock()

    def of_token(self, text: str, now: datetime) -> Reader | None:
        """Whom a token acts for; None where it is none, ended or revoked."""
        with self._store.read() as connection:
            key = self._store.change_mark(connection), hashlib.sha256(text.encode()).hexdigest()
            reader = self._kept.get(key)
            found = holder_of_token(connection, text) if reader is None else None
        if found is not None:
            reader = self._keep(key, *found)
        return reader if reader is not None and reader.ends_at > _moment(now) else None

    def of_session(self, secret: str, now: datetime) -> Reader | None:
        """Who is signed in; None where a session has ended or is to be noted as seen."""
        with self._store.read() as connection:
            identity = account_of_session(connection, secret, now)
            if identity is None:
                return None
            key = self._store.change_mark(connection), identity
            reader = self._kept.get(key)
            actor = _actor_of(connection, identity) if reader is None else None
        return reader if actor is None else self._keep(key, actor, _ENDLESS)

    def _keep(self, key: tuple[str, str | int], actor: Actor, ends_at: str) -> Reader:
        sight = self._sights.sight_of(actor)
        told = sight.precise != frozenset()
        reader = Reader(actor, self._sights.store_of(actor), told, ends_at)
        with self._lock:
            self._kept[key] = reader
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return reader


def _actor_of(connection: Connection, identity: int) -> Actor | None:
    found = read_account(connection, identity)
    return None if found.closed else found.actor


def _moment(now: datetime) -> str:
    """A moment as the tables keep it."""
    return now.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
