"""The divisions of a store kept in memory until a division changes (行政区划词典的保持).

Whether anything was written is seen in the state that a search asks for anyway; only where it has
changed is it asked whether the divisions have.
"""

from typing import Final, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from data.file_engine import is_writing
from data.layer_marks import Marks, read_marks
from data.store import Store
from gazetteer.search.indexing import written_state
from gazetteer.search.lexicon import Lexicon, read_lexicon
from gazetteer.tables import division

_LAYERS: Final = (division.name,)


class KeptLexicon(NamedTuple):
    """A lexicon with what it was read in: the state of the store, the marks of the divisions."""

    state: str
    marks: Marks
    lexicon: Lexicon


_lexicons: WeakKeyDictionary[Store, KeptLexicon] = WeakKeyDictionary()


def lexicon_of(store: Store, connection: Connection) -> Lexicon:
    """The divisions of a store, read anew after each change of a division."""
    return lexicon_in(store, connection, written_state(connection))


def lexicon_in(store: Store, connection: Connection, state: str) -> Lexicon:
    """The same in a known `written_state`."""
    if is_writing(connection):
        return _of_writer(store, connection)
    known = known_lexicon(store, connection, state)
    if known is not None:
        return known
    marks = read_marks(connection, _LAYERS)
    kept = _lexicons[store] = KeptLexicon(state, marks, read_lexicon(connection))
    return kept.lexicon


def known_lexicon(store: Store, connection: Connection, state: str) -> Lexicon | None:
    """The same for a reader where it need not be read; else None."""
    kept = _lexicons.get(store)
    if kept is None or kept.state == state:
        return kept and kept.lexicon
    if kept.marks != read_marks(connection, _LAYERS):
        return None
    _lexicons[store] = kept._replace(state=state)
    return kept.lexicon


def newest_lexicon(store: Store) -> KeptLexicon | None:
    """The divisions as they were last read, which may have changed since its state."""
    return _lexicons.get(store)


def _of_writer(store: Store, connection: Connection) -> Lexicon:
    """With its own changes, which may be undone and are not kept."""
    with store.read_current() as reader:
        kept, marks = lexicon_of(store, reader), read_marks(reader, _LAYERS)
    return kept if marks == read_marks(connection, _LAYERS) else read_lexicon(connection)
