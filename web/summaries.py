"""What each collection holds, kept until the store changes: clients ask for it each time they come.

It hangs on the store of a reader, so that nobody's extent is told to another.
"""

from dataclasses import dataclass
from threading import Lock
from weakref import WeakKeyDictionary

from data import Box, Collection, Store, read_attributions, read_extent
from data.summaries import read_interval, read_updated


@dataclass(frozen=True, slots=True)
class Summary:
    """What a collection holds.

    Attributes:
        box: its extent; None where it is empty.
        attribution: whom its data come from; empty where nobody need be named.
        interval: first and last day, None where open; None at all where it has no time.
        updated: when it was last written, UTC; None where it never was.
    """

    box: Box | None
    attribution: str
    interval: tuple[str | None, str | None] | None
    updated: str | None


_kept: WeakKeyDictionary[Store, dict[str, tuple[str, Summary]]] = WeakKeyDictionary()
_lock = Lock()


def summary_of(store: Store, whole: Store, collection: Collection) -> Summary:
    """What a collection holds, as a reader sees it.

    Args:
        store: the store as the reader sees it.
        whole: the store itself, whose journal tells when the collection was written.
        collection: the collection.
    """
    with whole.read() as connection:
        mark = whole.change_mark(connection)
        with _lock:
            known = _kept.setdefault(store, {}).get(collection.id)
        if known is not None and known[0] == mark:
            return known[1]
        updated = read_updated(connection, collection)
    with store.read() as connection:
        found = Summary(
            read_extent(connection, collection.table),
            "；".join(read_attributions(connection, collection)),
            read_interval(connection, collection),
            updated,
        )
    with _lock:
        _kept[store][collection.id] = (mark, found)
    return found
