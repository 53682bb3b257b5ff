"""The text index, the counts and the signs follow every write of places, names and divisions.

A small write brings the index up in its own transaction. A large one (a load) leaves it behind:
making it anew takes longer than the load, so that is a step of its own, `make_searchable`.
"""

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import delete

from data.progress import bar
from data.store import Store
from data.tables import store_meta
from data.transaction import Follower, Transaction, follow
from gazetteer.search import index_divisions, index_names, is_current, rebuild
from gazetteer.search.indexing import STAMP_KEY
from gazetteer.signs.standards import recheck
from gazetteer.signs.tables import sign
from gazetteer.statistics.counting import count_names, is_counted, recount
from gazetteer.tables import division, place, place_name

_Index = Callable[[Transaction, Sequence[int]], None]

_MANY = 2_000
"""From this many records on, the whole index is made anew."""


def follow_names() -> None:
    """Let the text index follow the three tables; done once, when this floor is imported."""
    # Signs come first: what is written of them is counted with the rest.
    follow(place, Follower("id", _recheck_signs))
    follow(place_name, Follower("place_id", _recheck_signs))
    names = partial(_follow, index_names)
    follow(place, Follower("id", names))
    follow(place_name, Follower("place_id", names))
    follow(division, Follower("id", partial(_follow, index_divisions)))
    follow(place, Follower("id", count_names))
    follow(place_name, Follower("place_id", count_names))
    follow(sign, Follower("place_id", count_names))


def _follow(
    index: Callable[[Transaction, Sequence[int]], None],
    transaction: Transaction,
    ids: Sequence[int],
) -> None:
    connection = transaction.connection
    if len(ids) < _MANY and is_current(connection):
        index(transaction, ids)
        return
    connection.execute(delete(store_meta).where(store_meta.c.key == STAMP_KEY))


def _recheck_signs(transaction: Transaction, ids: Sequence[int]) -> None:
    """Hold the signs of places whose names were written against what they are now."""
    recheck(transaction, ids if len(ids) < _MANY else None)


def make_searchable(store: Store) -> bool:
    """Make the text index anew where it is behind; whether that was needed."""
    with store.read() as connection:
        if is_current(connection):
            return False
    with store.write("ovoo", "make the text index") as transaction, bar("text index") as progress:
        rebuild(transaction, progress)
    return True


def make_countable(store: Store) -> bool:
    """Count the names anew where the counts are behind; whether that was needed."""
    with store.read() as connection:
        if is_counted(connection):
            return False
    with store.write("ovoo", "count the names") as transaction:
        recount(transaction)
    return True
