"""Real names at scale: a nation's divisions down to its villages, where their file is at hand.

`python -m bench --real` indexes `data/divisions/cn_division_names_nbs2023.csv.gz` (columns code and
name) in the folder that `OVOO_SHARED` names, and searches it by a sample of its own names.
"""

import csv
import gzip
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from bench.servers import ROOT
from data.store import Store, create_store
from gazetteer import Page, SearchRequest, division, place
from gazetteer.names import plain_fold, search_keys
from gazetteer.search import Pass, rebuild, search

FILE: Final = Path("data") / "divisions" / "cn_division_names_nbs2023.csv.gz"
SAMPLE, SEED = 500, 11
_VILLAGE: Final = "21610"
_LEVELS: Final = {2: "region", 4: "prefecture", 6: "county", 9: "township"}
_LARGEST: Final = 1_000
_LITERAL: Final = frozenset({Pass.EXACT, Pass.EXACT_OTHER, Pass.PREFIX, Pass.SUBSTRING})


@dataclass(frozen=True, slots=True)
class Named:
    """A division of the file; `feature` is where the store keeps it."""

    code: str
    name: str

    @property
    def feature(self) -> str:
        """Divisions down to townships are such, villages are places."""
        return "division" if len(self.code) in _LEVELS else "place"


def real_file() -> Path:
    """Where the file of names is looked for."""
    return Path(os.environ.get("OVOO_SHARED", ROOT.parent / "shared")) / FILE


def read_names(path: Path) -> list[Named]:
    """The names of the file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [Named(row["code"], row["name"]) for row in csv.DictReader(file)]


def real_lines(folder: Path, path: Path) -> Iterator[str]:
    """The index's time, then a line for each kind of question: latencies and what was found."""
    names = read_names(path)
    begun = time.process_time()
    with create_store(str(folder / "real.gpkg")) as store:
        _fill(store, names)
        filled = time.process_time()
        with store.write("bench", "index") as transaction:
            forms = rebuild(transaction)
        indexed = time.process_time()
        yield (
            f"{len(names)} real names: {filled - begun:.1f} s to write, text index of {forms} forms"
            f" {indexed - filled:.1f} s, both of processor time"
        )
        chosen = random.Random(SEED).sample(names, SAMPLE)
        search(store, SearchRequest(chosen[0].name))  # reads the divisions, once for each state
        for title, (texts, held) in questions(chosen).items():
            yield _line(store, title, texts, held)
        yield _itself(store, chosen)


def _fill(store: Store, names: list[Named]) -> None:
    with store.write("bench", "real names") as transaction:
        transaction.insert_many(
            division,
            (
                {
                    "code": one.code.ljust(6, "0"),
                    "name": one.name,
                    "level": _LEVELS[len(one.code)],
                    "parent_code": _parent(one.code),
                    "in_region": True,
                }
                for one in names
                if one.feature == "division"
            ),
        )
        transaction.insert_many(
            place,
            (
                {
                    "name": one.name,
                    "category_code": _VILLAGE,
                    "division_code": one.code,
                    "status": "standard",
                    "heritage": False,
                }
                for one in names
                if one.feature == "place"
            ),
        )


def _parent(code: str) -> str | None:
    """The code of the division around one, as the store writes it."""
    shorter = code[:6] if len(code) > 6 else code[:-2]  # noqa: PLR2004 - a township's county
    return shorter.ljust(6, "0") if shorter else None


Held = Callable[[str, Page], bool]
"""Whether a page answers a text as it should."""


def questions(chosen: list[Named], seed: int = SEED) -> dict[str, tuple[list[str], Held]]:
    """The kinds of questions that are asked of some names, each with what its answers must be."""
    chance = random.Random(seed)
    names = [one.name for one in chosen]

    def inside(size: int) -> list[str]:
        starts = (chance.randrange(max(len(name) - size, 0) + 1) for name in names)
        return [name[at : at + size] for name, at in zip(names, starts, strict=True)]

    keys = [search_keys(name) for name in names]
    later = [key.syllables[1:3] for key in keys]
    return {
        "exact name": (names, lambda text, page: page.results[0].matched == text),
        "beginning": ([name[:2] for name in names], _all_contain),
        "1 character": (inside(1), _all_contain),
        "2 characters": (inside(2), _all_contain),
        "3 characters": (inside(3), _all_contain),
        "whole pinyin": ([key.pinyin for key in keys], _found),
        "beginning of pinyin": ([key.pinyin[:5] for key in keys], _found),
        "pinyin from inside": (["".join(two) for two in later if len("".join(two)) > 3], _found),  # noqa: PLR2004
        "initials": ([key.initials for key in keys if len(key.initials) > 1], _found),
        "second pass": ([_mistyped(name, chance) for name in names], lambda _text, _page: True),
    }


def _mistyped(name: str, chance: random.Random) -> str:
    at = chance.randrange(len(name))
    return name[:at] + chance.choice("口山") + name[at + 1 :]


def _found(_text: str, page: Page) -> bool:
    return bool(page.results)


def _all_contain(text: str, page: Page) -> bool:
    """There are results, and those found by the text itself have it."""
    literal = [one for one in page.results if one.way in _LITERAL]
    asked = plain_fold(text)
    return bool(literal) and all(asked in plain_fold(one.matched) for one in literal)


def _line(store: Store, title: str, texts: list[str], held: Held) -> str:
    times, right, found = [], 0, 0
    for text in texts:
        start = time.perf_counter()
        page = search(store, SearchRequest(text))
        times.append((time.perf_counter() - start) * 1000)
        found += bool(page.results)
        right += held(text, page)
    times.sort()
    return (
        f"real: {title:22} p50 {times[len(times) // 2]:.2f} ms  p95"
        f" {times[int(len(times) * 0.95)]:.2f} ms  slowest {times[-1]:.1f} ms"
        f" | {found} of {len(texts)} find something, {right} as they should"
    )


def _itself(store: Store, chosen: list[Named]) -> str:
    """How many names find their own division or village among the exact results that come first."""
    itself = sum(_is_among_exact(store, one) for one in chosen)
    return f"real: {itself} of {len(chosen)} names find themselves, behind namesakes only"


def _is_among_exact(store: Store, one: Named) -> bool:
    request: Any = SearchRequest(one.name, limit=_LARGEST, second="never")
    while True:
        page = search(store, request)
        for result in page.results:
            if result.name != one.name:
                return False
            if (result.feature, (result.division_code or "").rstrip("0")) == (
                one.feature,
                one.code.rstrip("0"),
            ):
                return True
        if page.next_after is None:
            return False
        request = replace(request, after=page.next_after)
