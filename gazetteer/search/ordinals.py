"""Ordinals: whole numbers that keep the forms in search order while forms come and go.

The standing stands in the high bits, so that the forms of one standing are a range. Within it
ordinals are wide apart; a new form takes the middle of its gap, and where a gap is full its
neighbours are moved apart.
"""

from typing import Final

GAP: Final = 1 << 16
_STANDING_BITS: Final = 44
"""Room for 2^44 / GAP = 268 million forms of one standing; a nation has about 60 million."""


def base_of(standing: int) -> int:
    """The ordinal below which no form of this standing lies."""
    return standing << _STANDING_BITS


class Ordinals:
    """Ordinals for forms that come in search order, a whole gap apart.

    >>> ordinals = Ordinals()
    >>> [ordinals.following(standing) - base_of(standing) for standing in (0, 0, 1)]
    [65536, 131072, 65536]
    """

    def __init__(self) -> None:
        self._last = -1

    def following(self, standing: int) -> int:
        """The ordinal of the next form, which has this standing or a lower one than the last."""
        self._last = max(self._last, base_of(standing)) + GAP
        return self._last


def spread(low: int, high: int | None, count: int) -> list[int] | None:
    """`count` ordinals between two others, evenly; None where the gap is too narrow.

    Args:
        low: the ordinal before them.
        high: the ordinal after them, or None at the end of a standing.
        count: how many.

    >>> spread(0, 8, 3), spread(0, 3, 3), spread(10, None, 1) == [10 + GAP]
    ([2, 4, 6], None, True)
    """
    if high is None:
        return [low + GAP * number for number in range(1, count + 1)]
    if high - low <= count:
        return None
    return [low + (high - low) * number // (count + 1) for number in range(1, count + 1)]
