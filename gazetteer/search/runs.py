"""Terms and ordinals in the order of the table: runs that go to disk when memory fills.

A nation's names have hundreds of millions of terms. They are gathered by term while they fit, then
written as a run; in the end each beginning of terms is put together from all runs. Ordinals
come in order, so those of a later run follow those of the runs before it.
"""

import marshal
import tempfile
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from types import TracebackType
from typing import Final, Self, TypeAlias

_AT_ONCE: Final = 12_000_000
"""So many pairs are gathered in memory, about 300 MB."""

_BATCH: Final = 50_000
_KIND: Final = "q"
_ONE_LETTER_MARKS: Final = frozenset("=~^.")


Pairs: TypeAlias = list[str | int]
"""Term, ordinal, term, ordinal …: tuples would cost as much again."""


def part_of(term: str) -> str:
    """The beginning by which terms are parted: two characters, three behind a longer mark.

    >>> part_of("=乌兰浩特"), part_of("p^wula"), part_of("i")
    ('=乌', 'p^w', 'i')
    """
    return term[:2] if term[:1] in _ONE_LETTER_MARKS else term[:3]


def flat(terms: Iterable[tuple[str, Sequence[int]]]) -> Iterator[Pairs]:
    """Terms with their ordinals as lists of pairs, each of about a batch."""
    pairs: Pairs = []
    for term, ordinals in terms:
        own: Pairs = [term] * (2 * len(ordinals))
        own[1::2] = ordinals
        pairs += own
        if len(pairs) > _BATCH:
            yield pairs
            pairs = []
    if pairs:
        yield pairs


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
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give back the disk that runs took."""
        self._file.close()

    def add(self, forms: Iterable[tuple[Collection[str], Sequence[int]]]) -> None:
        """Add terms, each lot with the ordinals of the forms that have them.

        Many places share a name, and their forms the same terms. Ordinals follow those added
        before, but for those of the same call.
        """
        gathered, count = self._gathered, 0
        for terms, ordinals in forms:
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

    def pairs(self) -> Iterator[Pairs]:
        """Every pair in order, some tens of thousands at a time; to be asked for once."""
        return flat(self._terms())

    def _terms(self) -> Iterator[tuple[str, Sequence[int]]]:
        """Every term in order, each with its ordinals in order."""
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
