"""Ordinals: whole numbers that keep the forms in search order while forms come and go.

The standing stands in the high bits, so that the forms of one standing are a range. Within it
ordinals are wide apart; a new form takes the middle of its gap, and where a gap is full its
neighbours are moved apart.
"""

from collections.abc import Sequence
from typing import Final

GAP: Final = 1 << 16
_STANDING_BITS: Final = 40
"""Room for 2^40 / GAP = 16 million forms of one standing."""


def base_of(standing: int) -> int:
    """The ordinal below which no form of this standing lies."""
    return standing << _STANDING_BITS


def first_ordinals(standings: Sequence[int]) -> list[int]:
    """Ordinals for forms already in search order, a whole gap apart.

    >>> first_ordinals([0, 0, 1]) == [GAP, 2 * GAP, base_of(1) + GAP]
    True
    """
    ordinals: list[int] = []
    last = -1
    for standing in standings:
        last = max(last, base_of(standing)) + GAP
        ordinals.append(last)
    return ordinals


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
