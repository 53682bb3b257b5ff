"""The index of a store, made once and kept until a name changes."""

import logging
import threading
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, func, select

from data.journal import Head, read_head
from data.store import Store
from data.tables import journal
from gazetteer.checker.index import NamesIndex, build_index
from gazetteer.checker.saving import index_path, load_index, save_index
from gazetteer.checker.stamp import checker_stamp
from gazetteer.tables import division, place, place_name

_log = logging.getLogger(__name__)
_TABLES = (division.name, place.name, place_name.name)


@dataclass(slots=True)
class _Kept:
    """An index, and the newest entry of the journal at which it is known to be true."""

    index: NamesIndex
    head: Head


_kept: WeakKeyDictionary[Store, _Kept] = WeakKeyDictionary()
_making = threading.Lock()
"""One index is made at a time: it takes the memory of the whole register."""


def names_index(store: Store, connection: Connection) -> NamesIndex:
    """The index of the state that a connection reads.

    Kept in memory and in a file beside the store (see `index_path`); the journal tells whether a
    name was written since. Programs that write without the journal are not seen.
    """
    head = read_head(connection)
    known = _kept.get(store)
    if known is None or not _is_true(connection, known.head, head):
        with _making:
            known = _kept.get(store)
            if known is None or not _is_true(connection, known.head, head):
                known = _kept[store] = _Kept(_loaded(store, connection, head), head)
    if head.sequence > known.head.sequence:
        known.head = head
    return known.index


def _is_true(connection: Connection, known: Head, head: Head) -> bool:
    """Whether no name was written between two heads of one journal.

    A reader that began before the newest write may use the newer index.
    """
    if known.sequence >= head.sequence:
        return known.sequence > head.sequence or known == head
    kept = connection.scalar(select(journal.c.hash).where(journal.c.sequence == known.sequence))
    if known.sequence and kept != known.hash:
        return False
    # Not by the index on tables: it would be read whole for a register of many names.
    table = func.coalesce(journal.c.table_name, "")
    written = select(journal.c.sequence).where(
        journal.c.sequence > known.sequence, table.in_(_TABLES)
    )
    return connection.scalar(written.limit(1)) is None


def _loaded(store: Store, connection: Connection, head: Head) -> NamesIndex:
    path, stamp = index_path(store.url), checker_stamp()
    found = load_index(path)
    if found:
        made, _, at = found[0].partition(" ")
        if made == stamp and _is_true(connection, Head.parse(at), head):
            return found[1]
    index = build_index(connection)
    try:
        save_index(path, index, f"{stamp} {head}")
    except OSError as error:
        _log.warning("the index of names cannot be kept in %s: %s", path, error)
    return index
