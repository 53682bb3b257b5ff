"""Which store each reader reads from: the store as it is seen with his or her roles."""

from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import Final

from boundary import sight_of
from data import PUBLIC_SIGHT, Actor, Sight, Store, seen_by

ANONYMOUS: Final = Actor("anonymous")
"""Who has not signed in."""
_MOST: Final = 32
"""Readers whose stores are kept at hand; what upper floors keep in memory hangs on them."""


class Sights:
    """The stores of the readers of one store."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: OrderedDict[Sight, Store] = OrderedDict()
        self._known: OrderedDict[tuple[Actor, str], Sight] = OrderedDict()
        self._lock = Lock()

    def store_of(self, actor: Actor, *, exact: bool = False) -> Store:
        """The store as an actor may see it; `exact` leaves out what would be blurred."""
        sight = self.sight_of(actor)
        if sight.is_whole:
            return self._store
        if exact:
            sight = replace(sight, exact=True)
        with self._lock:
            store = self._kept.pop(sight, None) or seen_by(self._store, sight)
            self._kept[sight] = store
            if len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return store

    def sight_of(self, actor: Actor) -> Sight:
        """What an actor may see; found anew when the register has changed."""
        if actor == ANONYMOUS:
            return PUBLIC_SIGHT
        with self._store.read() as connection:
            key = actor, self._store.change_mark(connection)
            sight = self._known.get(key)
            if sight is None:
                sight = sight_of(connection, actor)
                with self._lock:
                    self._known[key] = sight
                    if len(self._known) > _MOST:
                        self._known.popitem(last=False)
        return sight
