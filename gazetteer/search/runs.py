"""Terms and ordinals in the order of the table: runs that go to disk when memory fills.

A nation's names have hundreds of millions of terms. They are gathered by term while they fit, then
written as a run; in the end each beginning of terms is put together from all runs. Ordinals
come in order, so those of a later run follow those of the runs before it.
"""

import marshal
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
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


class TermRuns:
    """Pairs of term and ordinal, to be read back in the order of terms, then of ordinals.

    Args:
        most: how many pairs are kept in memory.

    Attributes:
        count: how many pairs have been added.
    """

    def __init__(self, most: int = _AT_ONCE) -> None:
        self.count = 0
        self._most, self._kept = most, 0
        self._gathered: dict[str, list[int]] = defaultdict(list)
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

    def add(self, forms: Iterable[tuple[int, Iterable[str]]]) -> None:
        """Add forms, each its ordinal and its terms; their ordinals follow those added before.

        Many places share a name, and their forms the very same terms: those are gathered once.
        """
        alike: dict[int, tuple[Iterable[str], list[int]]] = {}
        for ordinal, terms in forms:
            alike.setdefault(id(terms), (terms, []))[1].append(ordinal)
        gathered, count = self._gathered, 0
        for terms, ordinals in alike.values():
            if len(ordinals) == 1:
                (ordinal,) = ordinals
                for term in terms:
                    gathered[term].append(ordinal)
                    count += 1
                continue
            for term in terms:
                gathered[term] += ordinals
                count += len(ordinals)
        self.count += count
        self._kept += count
        if self._kept >= self._most:
            self._spill()

    def terms(self) -> Iterator[tuple[str, Sequence[int]]]:
        """Every term in order, each with its ordinals in order; to be asked for once."""
        if not self._places:
            for term in sorted(self._gathered):
                yield term, _in_order(self._gathered[term])
            return
        self._spill()
        for part in sorted(self._places):
            whole = self._read(part)
            for term in sorted(whole):
                yield term, array(_KIND, b"".join(whole[term]))

    def _spill(self) -> None:
        gathered = self._gathered
        for part, terms in groupby(sorted(gathered), part_of):
            self._places[part].append(self._file.tell())
            run = [(term, array(_KIND, _in_order(gathered[term])).tobytes()) for term in terms]
            marshal.dump(run, self._file)
        self._gathered, self._kept = defaultdict(list), 0

    def _read(self, part: str) -> Mapping[str, list[bytes]]:
        """The ordinals of each term of a part, as the bytes of each run that has it."""
        whole: dict[str, list[bytes]] = defaultdict(list)
        for place in self._places[part]:
            self._file.seek(place)
            for term, ordinals in marshal.load(self._file):  # noqa: S302 - our own run
                whole[term].append(ordinals)
        return whole


def _in_order(ordinals: list[int]) -> list[int]:
    """The ordinals themselves, sorted; most terms have few."""
    if len(ordinals) > 1:
        ordinals.sort()
    return ordinals
