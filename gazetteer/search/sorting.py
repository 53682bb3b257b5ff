"""The process that makes the terms of forms and puts them in order, and how it is spoken to.

Messages are values of the language itself, each behind its length: both ends are this program.
"""

import gc
import marshal
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from typing import IO, Any, Final, TypeAlias

from gazetteer.names import SearchKeys
from gazetteer.search.runs import TermRuns
from gazetteer.search.terms import TermSource

Lot: TypeAlias = tuple[list[int], tuple[Any, ...]]
"""The ordinals of forms that are alike, and what their terms are made from, in plain values."""

_LENGTH_BYTES: Final = 8


def lots_of(forms: Iterable[tuple[int, TermSource]]) -> list[Lot]:
    """Forms by what they are found by: many places share a name."""
    alike: dict[int, tuple[TermSource, list[int]]] = {}
    for ordinal, source in forms:
        alike.setdefault(id(source), (source, []))[1].append(ordinal)
    return [(ordinals, _plain(source)) for source, ordinals in alike.values()]


def terms_of_lots(lots: Iterable[Lot]) -> Iterator[tuple[set[str], list[int]]]:
    """The terms of each lot with its ordinals."""
    for ordinals, (*keys, plain, text, standard, division) in lots:
        yield TermSource(SearchKeys(*keys), plain, text, standard, division).terms(), ordinals


def _plain(source: TermSource) -> tuple[Any, ...]:
    keys, *others = source
    own = (keys.script, keys.folded, keys.syllables, keys.initials, keys.skeleton, keys.family)
    return (*own, *others)


def send(stream: IO[bytes], value: Any) -> None:
    """Send a value made of lists, tuples, texts and numbers."""
    data = marshal.dumps(value)
    stream.write(len(data).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next value that the other end has sent.

    Raises:
        EOFError: the other end is gone.
    """
    length = int.from_bytes(_whole(stream, _LENGTH_BYTES), "big")
    return marshal.loads(_whole(stream, length))  # noqa: S302 - of our own process


def _whole(stream: IO[bytes], count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def sort() -> None:
    """Take lots until an empty list; give how many pairs there are, them, and an empty list."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is spoken to by Ctrl-C ends this one too
    gc.disable()
    try:
        # Not `sys.stdout.buffer`: under PYTHONUNBUFFERED it is none, and where a signal interrupts
        # it writes a part of what it is given.
        with open(sys.stdout.fileno(), "wb", closefd=False) as answered:
            _answer(sys.stdin.buffer, answered)
    except (EOFError, BrokenPipeError):
        os._exit(1)  # nobody waits any more


def _answer(asked: IO[bytes], answered: IO[bytes]) -> None:
    with TermRuns() as runs:
        while lots := receive(asked):
            runs.add(terms_of_lots(lots))
        send(answered, runs.count)
        for pairs in runs.pairs():
            send(answered, pairs)
        send(answered, [])
