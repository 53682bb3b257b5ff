"""Terms and ordinals in the order of the table: runs that go to disk when memory fills.

A nation's names have hundreds of millions of terms. They are gathered by term while they fit, then
written as a run; in the end each beginning of terms is put together from all runs. Ordinals
come in order, so those of a later run follow those of the runs before it.
"""

import marshal
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, repeat
from types import TracebackType
from typing import Final, Self

_AT_ONCE: Final = 12_000_000
"""So many pairs are gathered in memory, about 300 MB."""

_KIND: Final = "q"
_ONE_LETTER_MARKS: Final = frozenset("=~^.")


def part_of(term: str) -> str:
    """The beginning by which terms are parted: two characters, three behind a longer mark.

    >>> part_of("=乌兰浩特"), part_of("p^wula"), part_of("i")
    ('=乌', 'p^w', 'i')
    """
    return term[:2] if term[:1] in _ONE_LETTER_MARKS else term[:3]


def _numbers() -> "array[int]":
    return array(_KIND)


class TermRuns:
    """Pairs of term and ordinal, to be read back in the order of terms, then of ordinals.

    Args:
        most: how many pairs are kept in memory.
    """

    def __init__(self, most: int = _AT_ONCE) -> None:
        self._most, self._count = most, 0
        self._gathered: dict[str, array[int]] = defaultdict(_numbers)
        self._places: dict[str, list[int]] = defaultdict(list)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def add(self, ordinal: int, terms: Iterable[str]) -> None:
        """Add the terms of one form; its ordinal follows those before."""
        gathered, count = self._gathered, 0
        for term in terms:
            gathered[term].append(ordinal)
            count += 1
        self._count += count
        if self._count >= self._most:
            self._spill()

    def pairs(self) -> Iterator[tuple[str, int]]:
        """Every pair, in order; to be asked for once."""
        if not self._places:
            for term in sorted(self._gathered):
                yield from zip(repeat(term), self._gathered[term])
            return
        self._spill()
        for part in sorted(self._places):
            whole = self._read(part)
            for term in sorted(whole):
                yield from zip(repeat(term), array(_KIND, b"".join(whole[term])))

    def _spill(self) -> None:
        gathered = self._gathered
        for part, terms in groupby(sorted(gathered), part_of):
            self._places[part].append(self._file.tell())
            marshal.dump([(term, gathered[term].tobytes()) for term in terms], self._file)
        self._gathered, self._count = defaultdict(_numbers), 0

    def _read(self, part: str) -> Mapping[str, list[bytes]]:
        """The ordinals of each term of a part, as the bytes of each run that has it."""
        whole: dict[str, list[bytes]] = defaultdict(list)
        for place in self._places[part]:
            self._file.seek(place)
            for term, ordinals in marshal.load(self._file):  # noqa: S302 - our own run
                whole[term].append(ordinals)
        return whole
