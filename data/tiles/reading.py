"""Read a tile: the one way to vector tiles, whoever asks."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from threading import Lock
from typing import Final, NamedTuple

from sqlalchemy import Connection

from data.collection import Collection
from data.geometry import POINT
from data.layer_marks import Marks, look_at_marks, read_marks
from data.releases import Sight
from data.store import Store
from data.tiles.cache import DEFAULT_BYTES, Content, TileCache
from data.tiles.grids import Grid, Tile
from data.tiles.points import marked_point_layer, point_layer
from data.tiles.shapes import Records, label_layer, shape_layer

_MOST_READERS: Final = 8
"""Readers whose lines and areas are kept; those who see the same geometries share them."""


class Question(NamedTuple):
    """What is asked for.

    Attributes:
        collections: each becomes a layer of the tile under its id.
        grid, tile: which tile.
        day: records are shown that are valid on it.
        then: whether that day was asked for, so that names are those of then.
        labels: whether areas have points for their names in a layer of its own.
    """

    collections: tuple[Collection, ...]
    grid: Grid
    tile: Tile
    day: date
    then: bool = False
    labels: bool = False

    @property
    def key(self) -> tuple[object, ...]:
        """What its answer is kept under."""
        names = tuple([collection.id for collection in self.collections])
        return names, self.grid.id, self.tile, self.day, self.then, self.labels


class Tiles:
    """The vector tiles of a store, for all of its readers.

    Args:
        shaped: the collections of lines and areas; they are simplified together.
        most_bytes: how much of made tiles is kept.
    """

    def __init__(self, shaped: Sequence[Collection], most_bytes: int = DEFAULT_BYTES) -> None:
        self._shaped = tuple(shaped)
        self._cache = TileCache(most_bytes)
        self._records: OrderedDict[Sight | None, tuple[Marks, Records]] = OrderedDict()
        self._lock = Lock()

    def read(self, store: Store, question: Question) -> Content:
        """A tile, kept from before where no layer of it has changed since.

        Args:
            store: as its reader may see it (`data.sights`); what is kept is kept for each sight.
            question: what is asked for.
        """
        if question.then:  # names of then hang on more than the layer
            with store.read() as connection:
                return Content(self._make(connection, store.sight, question))
        key = store.sight, question.key
        found = self.find(store, question) if self._cache.has(key) else None
        if found is not None:
            return found
        marks, body = self._by_one_statement(store, question) or self._step_by_step(store, question)
        content = Content(body)
        self._cache.put(key, marks, content)
        return content

    def find(self, store: Store, question: Question) -> Content | None:
        """The same tile where it is kept; None where it would have to be made."""
        if question.then:
            return None
        with store.read_statement() as connection:
            marks = _marks(connection, question)
        return self._cache.get((store.sight, question.key), marks)

    def find_at_once(self, store: Store, question: Question) -> Content | None:
        """The same without waiting; None also where a server does not tell in a moment."""
        key = store.sight, question.key
        if question.then or not self._cache.has(key):
            return None
        if store.embedded:
            return self.find(store, question)
        marks = look_at_marks(store, _layers(question))
        return None if marks is None else self._cache.get(key, marks)

    def _by_one_statement(self, store: Store, question: Question) -> tuple[Marks, bytes] | None:
        """One layer of points by one statement, where a server can tell it so."""
        collection, *more = question.collections
        if store.embedded or more or collection.table.info["kind"] != POINT:
            return None
        with store.read_statement() as connection:
            return marked_point_layer(
                connection, collection, question.grid, question.tile, question.day
            )

    def _step_by_step(self, store: Store, question: Question) -> tuple[Marks, bytes]:
        """Any tile, and the marks of the state that shows it."""
        with store.read() as connection:
            marks = _marks(connection, question)
            return marks, self._make(connection, store.sight, question)

    def _make(self, connection: Connection, sight: Sight | None, question: Question) -> bytes:
        parts = []
        for collection in question.collections:
            where = question.grid, question.tile, question.day
            if collection.table.info["kind"] == POINT:
                parts.append(point_layer(connection, collection, *where, then=question.then))
                continue
            records = self._records_of(connection, sight)
            parts.append(shape_layer(connection, records, collection, *where))
            if question.labels and collection.has_areas:
                parts.append(label_layer(records, collection, *where))
        return b"".join(parts)

    def _records_of(self, connection: Connection, sight: Sight | None) -> Records:
        """The lines and areas as this connection sees them."""
        marks = read_marks(connection, [collection.table.name for collection in self._shaped])
        with self._lock:
            known = self._records.pop(sight, None)
            if known is None or known[0] != marks:
                drawn = [one.drawn for _, one in self._records.values()]
                drawn += [known[1].drawn] if known else []
                known = marks, Records(connection, self._shaped, drawn)
            self._records[sight] = known
            if len(self._records) > _MOST_READERS:
                self._records.popitem(last=False)
            return known[1]


def _marks(connection: Connection, question: Question) -> Marks:
    return read_marks(connection, _layers(question))


def _layers(question: Question) -> list[str]:
    return [collection.table.name for collection in question.collections]
