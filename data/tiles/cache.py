"""Tiles kept in memory, up to so many bytes; those asked for longest ago go first."""

import gzip
import hashlib
from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Final

from data.layer_marks import Marks

DEFAULT_BYTES: Final = 24_000_000
_OVERHEAD: Final = 400
"""Bytes of a tile beside its content."""
_LEVEL: Final = 4


class Content:
    """A tile as it is answered.

    Attributes:
        body: the vector tile; empty where nothing is in it.
        tag: a strong ETag of the body.
    """

    __slots__ = ("_squeezed", "body", "tag")

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
        self._squeezed: bytes | None = None

    @property
    def squeezed(self) -> bytes:
        """The body compressed by gzip, made when first asked for."""
        if self._squeezed is None:
            self._squeezed = gzip.compress(self.body, _LEVEL, mtime=0)
        return self._squeezed


class TileCache:
    """Tiles by question, each with the marks of the layers that it was made of.

    Args:
        most_bytes: how much may be kept; compressed copies count as half of the body.
    """

    def __init__(self, most_bytes: int = DEFAULT_BYTES) -> None:
        self._most, self._used = most_bytes, 0
        self._kept: OrderedDict[Hashable, tuple[Marks, Content]] = OrderedDict()
        self._lock = Lock()

    def get(self, question: Hashable, marks: Marks) -> Content | None:
        """The tile, where it was made of the layers as they are now."""
        with self._lock:
            found = self._kept.get(question)
            if found is None or found[0] != marks:
                return None
            self._kept.move_to_end(question)
            return found[1]

    def has(self, question: Hashable) -> bool:
        """Whether the tile was made before, of the layers as they are now or as they were."""
        return question in self._kept

    def put(self, question: Hashable, marks: Marks, content: Content) -> None:
        """Keep a tile."""
        with self._lock:
            before = self._kept.pop(question, None)
            if before is not None:
                self._used -= _size(before[1])
            self._kept[question] = marks, content
            self._used += _size(content)
            while self._used > self._most:
                _, (_, gone) = self._kept.popitem(last=False)
                self._used -= _size(gone)


def _size(content: Content) -> int:
    return _OVERHEAD + len(content.body) * 3 // 2
