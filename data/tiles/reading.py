"""Read a tile: the one way to vector tiles, whoever asks."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from threading import Lock
from typing import Final, NamedTuple

from sqlalchemy import Connection

from data.collection import Collection
from data.geometry import POINT
from data.layer_marks import Marks, read_marks
from data.releases import Sight
from data.store import Store
from data.tiles.cache import DEFAULT_BYTES, Content, TileCache
from data.tiles.grids import Grid, Tile
from data.tiles.points import point_layer
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
        sight = store.sight
        with store.read() as connection:
            marks = _marks(connection, question)
            found = self._kept(sight, question, marks)
            if found is not None:
                return found
            content = Content(self._make(connection, sight, question))
        if not question.then:  # names of then hang on more than the layer
            self._cache.put((sight, question.key), marks, content)
        return content

    def find(self, store: Store, question: Question) -> Content | None:
        """The same tile where it is kept; None where it would have to be made."""
        with store.read() as connection:
            return self._kept(store.sight, question, _marks(connection, question))

    def _kept(self, sight: Sight | None, question: Question, marks: Marks) -> Content | None:
        return None if question.then else self._cache.get((sight, question.key), marks)

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
    return read_marks(connection, [collection.table.name for collection in question.collections])
