"""Connections shared out evenly among the processes that answer on one listening socket.

The system wakes whoever waits, and a process that has just worked is quicker than one at rest:
of 200 connections one process was given 185 and the other 15. Whoever has more than another leaves
the next to it for a moment.
"""

import mmap
from typing import Final

_BYTES: Final = 8


class Shares:
    """How many connections each process has, in memory that processes forked later share.

    Args:
        processes: how many there are.
    """

    def __init__(self, processes: int) -> None:
        self._held = memoryview(mmap.mmap(-1, processes * _BYTES)).cast("q")

    def of(self, number: int) -> "Share":
        """What a process has; nothing, at its beginning."""
        return Share(self._held, number)


class Share:
    """The connections of one process beside those of the others."""

    def __init__(self, held: "memoryview[int]", number: int) -> None:
        self._held, self._number = held, number
        self.has(0)

    def has(self, connections: int) -> None:
        """Tell the others how many there are now."""
        self._held[self._number] = connections

    @property
    def is_least(self) -> bool:
        """Whether no other process has fewer."""
        return self._held[self._number] <= min(self._held)
