"""Answers kept as long as what they were read from stays the same.

People type the same beginnings all day, and the first letters of a name are asked for by everyone.
They lie in this process's memory and go with the next write. What is kept in the store for a day,
so that a write sent again is done once, is `data.kept_answers`.
"""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Final, NamedTuple

_LONGEST: Final = 100_000
BESIDE_BYTES: Final = 1_000
"""What an answer takes beside its body: what was asked, the state, their places in the tables."""


class _Kept(NamedTuple):
    state: str
    body: bytes


class KeptAnswers:
    """Bodies by what was asked, each with the state of the store that it holds for.

    The one used longest ago goes first when `most_bytes` are kept; for many threads.
    """

    def __init__(self, most_bytes: int) -> None:
        self._most, self._bytes = most_bytes, 0
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._lock = Lock()

    def has(self, key: Hashable) -> bool:
        """Whether there is an answer of any state."""
        return key in self._kept

    def find(self, key: Hashable, state: str) -> bytes | None:
        """The body that answers `key` while the store is in this state."""
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.state != state:
                return None
            self._kept.move_to_end(key)
            return kept.body

    def keep(self, key: Hashable, state: str, body: bytes) -> None:
        """Keep an answer, in place of one of an earlier state."""
        if _size(body) > min(_LONGEST, self._most):
            return
        with self._lock:
            known = self._kept.pop(key, None)
            self._bytes += _size(body) - (_size(known.body) if known else 0)
            self._kept[key] = _Kept(state, body)
            while self._bytes > self._most:
                _, oldest = self._kept.popitem(last=False)
                self._bytes -= _size(oldest.body)


def _size(body: bytes) -> int:
    return len(body) + BESIDE_BYTES
