"""Hashes of many strings at once: each string, and each with one character left out.

A string's hash is the sum of its characters' values times the powers of an odd number, modulo
2^64. Two strings that share a hash of one left-out character are within one edit of one another,
up to an exchange of neighbours; whoever asks compares the strings themselves afterwards.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

_BASE: Final = np.uint64(0x9E3779B97F4A7C15 | 1)
_INVERSE: Final = np.uint64(pow(int(_BASE), -1, 1 << 64))
_MIX: Final = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_SHIFTS: Final = (np.uint64(30), np.uint64(27), np.uint64(31))


def values_of(codes: NDArray[np.uint32]) -> Hashes:
    """A 64-bit value for each character (the finalizer of SplitMix64)."""
    value = codes.astype(np.uint64) + _BASE
    value ^= value >> _SHIFTS[0]
    value *= _MIX[0]
    value ^= value >> _SHIFTS[1]
    value *= _MIX[1]
    return value ^ (value >> _SHIFTS[2])


def _powers(base: np.uint64, count: int) -> Hashes:
    powers = np.full(count, base, dtype=np.uint64)
    if count:
        powers[0] = 1
    return np.multiply.accumulate(powers, dtype=np.uint64)


class Rolling:
    """The hashes of every window of a text."""

    def __init__(self, codes: NDArray[np.uint32]) -> None:
        count = len(codes)
        self._down = _powers(_INVERSE, count + 1)
        self._sums = np.zeros(count + 1, dtype=np.uint64)
        np.cumsum(values_of(codes) * _powers(_BASE, count), dtype=np.uint64, out=self._sums[1:])

    def whole(self, starts: NDArray[np.int64], size: int) -> Hashes:
        """The hash of the window of `size` characters at each start."""
        hashes: Hashes = (self._sums[starts + size] - self._sums[starts]) * self._down[starts]
        return hashes

    def without(self, starts: NDArray[np.int64], size: int, place: int) -> Hashes:
        """The hash of each window without its character at `place`."""
        before = self._sums[starts + place] - self._sums[starts]
        after = self._sums[starts + size] - self._sums[starts + place + 1]
        hashes: Hashes = (before + after * _INVERSE) * self._down[starts]
        return hashes


def neighbourhoods(texts: list[str]) -> Iterator[tuple[NDArray[np.int64], Hashes]]:
    """For strings of any length: their places in the list, and one hash of each, again and again.

    Each string's own hash comes, then that without each of its characters.
    """
    sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    joined = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    rolling = Rolling(joined)
    starts = np.cumsum(sizes) - sizes
    for size in np.unique(sizes):
        places = np.nonzero(sizes == size)[0]
        own = starts[places]
        yield places, rolling.whole(own, int(size))
        for place in range(int(size)):
            yield places, rolling.without(own, int(size), place)
