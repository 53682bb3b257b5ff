"""Ordinals: whole numbers that keep the forms in search order while forms come and go.

The standing stands in the high bits, so that the forms of one standing are a range. Within it
ordinals are wide apart; a new form takes the middle of its gap, and where a gap is full its
neighbours are moved apart: as few of them as leave each of them room, and the more of them, the
more room. So a place where many are put one after another grows roomy over a wide stretch, and
moving is rare there from then on (the idea of order-maintenance lists: M. A. Bender and others,
"Two simplified algorithms for maintaining order in a list", 2002).
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

GAP: Final = 1 << 16
_WIDEST_GAP: Final = 1 << 24
_STANDING_BITS: Final = 44
"""Room for 2^44 / GAP = 268 million forms of one standing; a nation has about 60 million."""
_SPARE: Final = 8
"""So many times as much room as the named things of a store would need for one form each."""
_FIRST_REACH: Final = 4


def base_of(standing: int) -> int:
    """The ordinal below which no form of this standing lies."""
    return standing << _STANDING_BITS


class Ordinals:
    """Ordinals for forms that come in search order, a whole gap apart.

    Args:
        named: how many named things there are, in about; the fewer, the wider the gaps.

    >>> ordinals = Ordinals(60_000_000)
    >>> [ordinals.following(standing) - base_of(standing) for standing in (0, 0, 1)]
    [65536, 131072, 65536]
    >>> Ordinals(600_000).following(0)
    3665032
    """

    def __init__(self, named: int) -> None:
        self._last = -1
        self._gap = max(GAP, min(_WIDEST_GAP, (1 << _STANDING_BITS) // (_SPARE * (named + 1))))

    def following(self, standing: int) -> int:
        """The ordinal of the next form, which has this standing or a lower one than the last."""
        self._last = max(self._last, base_of(standing)) + self._gap
        return self._last


def is_tight(low: int, high: int | None, count: int) -> bool:
    """Whether a gap has no room for so many ordinals; the end of a standing always has.

    >>> is_tight(0, 4, 3), is_tight(0, 3, 3), is_tight(10, None, 1)
    (False, True, False)
    """
    return high is not None and high - low <= count


def spread(low: int, high: int | None, count: int) -> list[int]:
    """`count` ordinals between two others that are not too tight, evenly.

    Args:
        low: the ordinal before them.
        high: the ordinal after them, or None at the end of a standing.
        count: how many.

    >>> spread(0, 8, 3), spread(10, None, 1) == [10 + GAP]
    ([2, 4, 6], True)
    """
    if high is None:
        return [low + GAP * number for number in range(1, count + 1)]
    return [low + (high - low) * number // (count + 1) for number in range(1, count + 1)]


class Stretch(NamedTuple):
    """Neighbours that are moved, all that lie between two ordinals that stay.

    Attributes:
        low: the ordinal before them.
        high: the ordinal after them; None at the end of a standing.
        taken: theirs, ascending.
    """

    low: int
    high: int | None
    taken: list[int]


Side = Callable[[int], Sequence[int]]
"""So many ordinals on one side of a full gap, the nearest first; fewer where there are no more."""


def stretch_around(base: int, before: Side, after: Side, count: int) -> Stretch:
    """The neighbours to move apart, so that `count` forms more have room among them.

    Args:
        base: the ordinal below which nothing lies.
        before: the ordinals before the gap.
        after: those after it.
        count: how many forms are to be put into the gap.
    """
    reach = _FIRST_REACH
    while True:
        below, above = before(reach + 1), after(reach + 1)
        low = below[reach] if len(below) > reach else base
        taken = [*reversed(below[:reach]), *above[:reach]]
        if len(above) <= reach:
            return Stretch(low, None, taken)
        number = len(taken) + count
        if above[reach] - low > number * room_of(number):
            return Stretch(low, above[reach], taken)
        reach *= 2


def room_of(number: int) -> int:
    """How far so many forms must lie apart once they have been moved.

    More for the many than for the few: until some of them are as close again as fewer may be, a
    share of as many forms must have come between them, over which the moving is spread.

    >>> [room_of(number) for number in (9, 65, 1_025, 32_769)]
    [29, 97, 512, 4096]
    """
    return int(8 * number**0.6)
