"""Counts of requests, the same whichever process is asked: they lie in memory that all share.

Each process writes in a slot of its own, so that nothing is locked between processes; a scrape
adds them up. A process that is started again goes on in the slot of the one before it.
"""

import mmap
import os
import threading
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the histogram, seconds."""
_CLASSES: Final = 5
_DURATION: Final = _CLASSES
_FIRST_BUCKET: Final = _DURATION + 1
_WIDTH: Final = _FIRST_BUCKET + len(BUCKETS_S) + 1
_MOST_FAMILIES: Final = 96
_SLOTS: Final = 65
_SHARED = memoryview(mmap.mmap(-1, _SLOTS * _MOST_FAMILIES * _WIDTH * 8)).cast("d")
_PROCESSES = memoryview(mmap.mmap(-1, _SLOTS * 8)).cast("q")
"""Which process answers in each slot; 0 where none has."""
_slot: list[int] = [0]


def take_slot(number: int) -> None:
    """Let this process count in a slot of its own, from 0."""
    _slot[0] = number % _SLOTS
    _PROCESSES[_slot[0]] = os.getpid()


def workers() -> dict[int, int]:
    """The processes that answer, by the number of their slot."""
    return {number: process for number, process in enumerate(_PROCESSES) if process}


class Meters:
    """Counts by family of addresses.

    Args:
        families: the families' names, the same in every process; others count as `other`.
    """

    def __init__(self, families: Iterable[str]) -> None:
        names = ["other", *sorted(set(families) - {"other"})][:_MOST_FAMILIES]
        self._index = {name: number for number, name in enumerate(names)}
        self._lock = threading.Lock()

    def count(self, family: str, status: int, duration_s: float) -> None:
        """Count one answer."""
        number = self._index.get(family, 0)
        at = (_slot[0] * _MOST_FAMILIES + number) * _WIDTH
        bucket = bisect_left(BUCKETS_S, duration_s)
        with self._lock:
            _SHARED[at + min(max(status // 100, 1), _CLASSES) - 1] += 1
            _SHARED[at + _DURATION] += duration_s
            _SHARED[at + _FIRST_BUCKET + bucket] += 1

    def lines(self) -> Iterator[str]:
        """All counts in the text format of Prometheus, version 0.0.4."""
        known = {name: row for name in self._index if any(row := self._sums(name))}
        yield "# HELP ovoo_requests_total Requests answered."
        yield "# TYPE ovoo_requests_total counter"
        for name, row in known.items():
            for number in range(_CLASSES):
                if row[number]:
                    labels = f'family="{name}",status="{number + 1}xx"'
                    yield f"ovoo_requests_total{{{labels}}} {row[number]:.0f}"
        yield "# HELP ovoo_request_duration_seconds Time until an answer was ready to be sent."
        yield "# TYPE ovoo_request_duration_seconds histogram"
        for name, row in known.items():
            yield from _histogram(name, row)

    def _sums(self, name: str) -> list[float]:
        offset = self._index[name] * _WIDTH
        step = _MOST_FAMILIES * _WIDTH
        return [
            sum(_SHARED[slot * step + offset + column] for slot in range(_SLOTS))
            for column in range(_WIDTH)
        ]


def _histogram(name: str, row: Sequence[float]) -> Iterator[str]:
    metric, total = "ovoo_request_duration_seconds", 0.0
    for most, count in zip((*BUCKETS_S, "+Inf"), row[_FIRST_BUCKET:], strict=True):
        total += count
        yield f'{metric}_bucket{{family="{name}",le="{most}"}} {total:.0f}'
    yield f'{metric}_sum{{family="{name}"}} {row[_DURATION]:.6f}'
    yield f'{metric}_count{{family="{name}"}} {total:.0f}'
