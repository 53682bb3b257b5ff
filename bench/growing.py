"""How much longer a search takes in a large register than in a small one, kind by kind.

Beside the processor time stands the work that SQLite counts, in steps of its machine: it is the
same on every machine and whatever else runs there, and grows with every form that is read.
"""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection

from bench.names import made_names
from data.store import Store, open_store
from gazetteer import SearchRequest
from gazetteer.names import search_keys
from gazetteer.search import search_with

_ASKED, _DRAWN, _SEED, _PAGE = 300, 20_000, 7, 10
_STEPS_AT_ONCE: Final = 10
_TRADITIONAL: Final = str.maketrans("乌东尔兰图", "烏東爾蘭圖")
_SECOND: Final = "second pass"


def kinds() -> dict[str, list[str]]:
    """What is asked: kinds of questions over names that every made-up register has."""
    chance = random.Random(_SEED)
    names = sorted({row["标准名称"] for row in made_names(_DRAWN)})
    chosen = [chance.choice(names) for _ in range(_ASKED)]
    keys = [search_keys(name) for name in chosen]
    return {
        "exact name": chosen,
        "other name; beginning": [name[:2] for name in chosen],
        "beginning, 3 characters": [name[:3] for name in chosen],
        "1 character inside": [name[1] for name in chosen],
        "2 characters inside": [name[1:3] for name in chosen],
        "3 characters inside": [name[1:4] for name in chosen],
        "whole pinyin": [key.pinyin for key in keys],
        "pinyin, beginning of 4": [key.pinyin[:4] for key in keys],
        "pinyin, beginning of 7": [key.pinyin[:7] for key in keys],
        "pinyin inside, 2 syllables": ["".join(key.syllables[1:3]) for key in keys],
        "pinyin inside, to the end": ["".join(key.syllables[1:]) for key in keys],
        "initials": [key.initials for key in keys],
        "traditional": [name.translate(_TRADITIONAL) for name in chosen],
        "families": [f"{name[:2]}鄂博" for name in chosen],
        "short form": [f"{name}镇" for name in chosen],
        "romanization": [f"name {chance.randrange(_DRAWN)}" for _ in chosen],
        _SECOND: [f"{name[0]}口{name[2:]}" for name in chosen],
    }


@dataclass(frozen=True, slots=True)
class Cost:
    """What a question costs, mean and worst: milliseconds of processor, steps of SQLite."""

    mean_ms: float
    worst_ms: float
    mean_steps: float
    worst_steps: float


def growth_lines(small: Path, large: Path) -> Iterator[str]:
    """A line for each kind of question: what it costs in both stores, and their ratio."""
    with open_store(str(small)) as few, open_store(str(large)) as many:
        for title, texts in kinds().items():
            before, after = cost(few, texts), cost(many, texts)
            goal = "" if title == _SECOND else " | goal 2"
            yield (
                f"growth: {title:26} {before.mean_ms:.2f} -> {after.mean_ms:.2f} ms"
                f" ({after.mean_ms / before.mean_ms:.1f} times), worst {before.worst_ms:.1f} ->"
                f" {after.worst_ms:.1f} ms; steps {before.mean_steps:.0f} ->"
                f" {after.mean_steps:.0f} ({after.mean_steps / before.mean_steps:.1f} times), worst"
                f" {before.worst_steps:.0f} -> {after.worst_steps:.0f}{goal}"
            )


def cost(store: Store, texts: Sequence[str]) -> Cost:
    """What the questions cost in a store, its pages at hand: each the cheaper of two times."""
    with store.read() as connection:

        def ask(text: str) -> None:
            search_with(store, connection, SearchRequest(text, limit=_PAGE))

        steps = [_steps(connection, ask, text) for text in texts]
        rounds = [[_seconds(ask, text) for text in texts] for _ in range(2)]
    spent_ms = [min(both) * 1000 for both in zip(*rounds, strict=True)]
    count = len(texts)
    return Cost(sum(spent_ms) / count, max(spent_ms), sum(steps) / count, max(steps))


def _seconds(ask: Callable[[str], None], text: str) -> float:
    begun = time.process_time()
    ask(text)
    return time.process_time() - begun


def _steps(connection: Connection, ask: Callable[[str], None], text: str) -> int:
    driver: Any = connection.connection.driver_connection
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += _STEPS_AT_ONCE
        return 0

    driver.set_progress_handler(count, _STEPS_AT_ONCE)
    try:
        ask(text)
    finally:
        driver.set_progress_handler(None, 0)
    return counted
