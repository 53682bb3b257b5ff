"""Gathering the terms of all forms, beside the reading of them where the machine can do both.

To make terms and put them in order takes as long as to read the forms that have them. The first
forms wait; where many more follow, a process of its own (`gazetteer.search.sorting`) gathers them
all while this one goes on reading. Few forms, and a machine of one processor, need none.
"""

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, cast

from gazetteer.errors import SortingEnded
from gazetteer.search.runs import Pairs, TermRuns
from gazetteer.search.sorting import Lot, lots_of, receive, send, terms_of_lots
from gazetteer.search.terms import TermSource

_HOUSE: Final = Path(__file__).parents[2]
_PROGRAM: Final = "from gazetteer.search.sorting import sort; sort()"
FEW: Final = 50_000
"""Forms that are gathered before another process is worth its start."""


class _Here:
    """Terms gathered in this process."""

    def __init__(self) -> None:
        self._runs = TermRuns()

    @property
    def count(self) -> int:
        return self._runs.count

    def add(self, lots: list[Lot]) -> None:
        self._runs.add(terms_of_lots(lots))

    def pairs(self) -> Iterator[Pairs]:
        return self._runs.pairs()

    def close(self) -> None:
        self._runs.close()


class _Beside:
    """Terms gathered in a process beside this one."""

    def __init__(self) -> None:
        self.count = 0
        paths = [str(_HOUSE), *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(  # noqa: S603 - this program, without a shell
            [sys.executable, "-P", "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        )
        self._asked = cast("IO[bytes]", self._process.stdin)
        self._answered = cast("IO[bytes]", self._process.stdout)

    def add(self, lots: list[Lot]) -> None:
        try:
            send(self._asked, lots)
        except BrokenPipeError as error:
            raise self._ended() from error

    def pairs(self) -> Iterator[Pairs]:
        self.add([])  # the end: from here on it sorts, whatever is done here
        return self._given()

    def _given(self) -> Iterator[Pairs]:
        self.count = self._receive()
        while pairs := self._receive():
            yield pairs

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        with suppress(BrokenPipeError):
            self._asked.close()
        self._answered.close()

    def _receive(self) -> Any:
        try:
            return receive(self._answered)
        except EOFError as error:
            raise self._ended() from error

    def _ended(self) -> SortingEnded:
        return SortingEnded(self._process.wait())


class Gathering:
    """What gathers the terms of forms.

    Args:
        few: how many forms are gathered before a process is begun for them.
    """

    def __init__(self, few: int = FEW) -> None:
        self._few = few
        self._waiting: list[Lot] = []
        self._forms = 0
        self._made: _Here | _Beside | None = None

    @property
    def count(self) -> int:
        """How many pairs of term and ordinal there are, once `pairs` has begun."""
        return self._made.count if self._made else 0

    def add(self, forms: Iterable[tuple[int, TermSource]]) -> None:
        """Add forms, each its ordinal and what it is found by; ordinals follow those before.

        Raises:
            SortingEnded: the process beside has.
        """
        lots = lots_of(forms)
        if self._made is None:
            self._waiting += lots
            self._forms += sum(len(ordinals) for ordinals, _ in lots)
            if self._forms > self._few:
                self._begin(_Beside() if _has_processors() else _Here())
        elif lots:
            self._made.add(lots)

    def pairs(self) -> Iterator[Pairs]:
        """Every pair, in the order of terms and then of ordinals; to be asked for once.

        A process beside sorts from now on, until the first pair is asked for and after.

        Raises:
            SortingEnded: the process beside has.
        """
        return (self._made or self._begin(_Here())).pairs()

    def close(self) -> None:
        """End what gathers."""
        if self._made is not None:
            self._made.close()

    def _begin(self, made: _Here | _Beside) -> _Here | _Beside:
        self._made = made
        made.add(self._waiting)
        self._waiting = []
        return made


@contextmanager
def gathering(few: int = FEW) -> Iterator[Gathering]:
    """Gather the terms of forms; what gathers them ends with the block."""
    made = Gathering(few)
    try:
        yield made
    finally:
        made.close()


def _has_processors() -> bool:
    """Whether this process may run on more than one processor."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) > 1
    return (os.cpu_count() or 1) > 1
