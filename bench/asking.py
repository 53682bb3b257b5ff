"""Questions over HTTP, beside a Flask view that answers as many constant bytes."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.names import EAST, NORTH, SOUTH, WEST, made_names
from bench.requests import Rate, measure
from bench.servers import processor_s

_ROUNDS, _ROUND_S = 5, 1.0
_ITEMS = "/collections/places/items"
_ASKED = 2000
ANEW = {"OVOO_KEPT_ANSWERS_MB": "0"}
"""The setting of a server that answers every search anew."""


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of question.

    Attributes:
        title: what it is called in the table.
        paths: where it is asked, each path another place or name.
        goal: what is to be reached, in words.
    """

    title: str
    paths: list[str]
    goal: str


def questions(count: int) -> list[Question]:
    """Every question that is compared with the constant view."""
    chance = random.Random(7)
    found = [
        Question(
            "item by id",
            [f"{_ITEMS}/{chance.randint(1, count)}" for _ in range(_ASKED)],
            "0.6",
        )
    ]
    for side, goal in ((0.2, "0.6"), (0.5, "0.5"), (2.0, "0.4")):
        paths = [f"{_ITEMS}?bbox={_box(chance, side)}&limit=100" for _ in range(_ASKED)]
        found.append(Question(f"bbox {side}°, page of 100", paths, goal))
    found += [*_chosen(chance), _deep(chance, count), _nearest(chance)]
    return [*found, *searches(count)]


def _chosen(chance: random.Random) -> Iterator[Question]:
    """A class, heritage alone, in a box: one place of sixteen."""
    classes = ("222", "2161", "121", "134")
    for side in (0.5, 2.0):
        paths = [
            f"{_ITEMS}?category_code={chance.choice(classes)}&heritage=true"
            f"&bbox={_box(chance, side)}&limit=100"
            for _ in range(_ASKED)
        ]
        yield Question(f"class, heritage, bbox {side}°", paths, "0.6")


def _deep(chance: random.Random, count: int) -> Question:
    """Pages by id behind the first three quarters, as `next` leads there."""
    first = count * 3 // 4
    cursors = [chance.randint(first, count - 200) for _ in range(_ASKED)]
    return Question(
        "page far behind", [f"{_ITEMS}?limit=100&cursor={one}" for one in cursors], "0.6"
    )


def _nearest(chance: random.Random) -> Question:
    """Where a position is, with the ten nearest names."""
    places = [(chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)) for _ in range(_ASKED)]
    paths = [f"/where?lon={lon:.4f}&lat={lat:.4f}&limit=10" for lon, lat in places]
    return Question("where, nearest 10", paths, "0.6")


def searches(count: int) -> list[Question]:
    """The questions that search."""
    names = sorted({row["标准名称"] for row in made_names(min(count, 20_000))})
    asked = _searches(names, random.Random(7)).items()
    return [Question(title, [f"/search?q={one}" for one in texts], "0.5") for title, texts in asked]


def _box(chance: random.Random, side: float) -> str:
    lon, lat = chance.uniform(WEST, EAST - side), chance.uniform(SOUTH, NORTH - side)
    return f"{lon:.4f},{lat:.4f},{lon + side:.4f},{lat + side:.4f}"


def _searches(names: list[str], chance: random.Random) -> dict[str, list[str]]:
    from gazetteer.names import search_keys

    chosen = [chance.choice(names) for _ in range(500)]
    return {
        "exact name": chosen,
        "beginning": [name[:2] for name in chosen],
        "1 character inside": [name[1] for name in chosen],
        "2 characters inside": [name[1:3] for name in chosen],
        "3 characters inside": [name[1:4] for name in chosen],
        "beginning of pinyin": [search_keys(name).pinyin[:4] for name in chosen],
    }


def asked_lines(ovoo: int, constant: int, count: int) -> Iterator[str]:
    """A line for each question: rates, their ratio with its spread, and that of processor time."""
    for question in questions(count):
        yield _line(question, [_round(ovoo, constant, question.paths) for _ in range(_ROUNDS)])


def search_lines(anew: int, constant: int, count: int) -> Iterator[str]:
    """The searches of a server that keeps no answer."""
    for question in searches(count):
        rounds = [_round(anew, constant, question.paths) for _ in range(_ROUNDS)]
        yield f"not kept: {_line(question, rounds)}"


def around_line(ovoo: int, constant: int) -> str:
    """Where a position is, asked of a store that has outlines and boundary lines as well."""
    question = replace(_nearest(random.Random(7)), title="where, outlines, lines")
    return _line(question, [_round(ovoo, constant, question.paths) for _ in range(_ROUNDS)])


@dataclass(frozen=True, slots=True)
class _Round:
    asked: Rate
    ceiling: Rate
    processor_reach: float

    @property
    def reach(self) -> float:
        return self.asked.per_second / self.ceiling.per_second


def _round(ovoo: int, constant: int, paths: list[str]) -> _Round:
    asked, own_s = _measured(ovoo, paths)
    ceiling, constant_s = _measured(constant, [f"/{asked.body_bytes}"])
    return _Round(asked, ceiling, constant_s / own_s)


def _measured(port: int, paths: list[str]) -> tuple[Rate, float]:
    """The rate, and the server's processor time for each answer."""
    before = processor_s(port)
    rate = measure(port, paths, _ROUND_S)
    return rate, (processor_s(port) - before) / max(rate.per_second * _ROUND_S, 1)


def _line(question: Question, rounds: list[_Round]) -> str:
    ordered = sorted(rounds, key=lambda one: one.reach)
    middle = ordered[len(ordered) // 2]
    spent = sorted(one.processor_reach for one in rounds)
    return (
        f"{question.title:22} {middle.asked.per_second:7.0f}/s  p50 {middle.asked.median_ms:.2f} ms"
        f"  p99 {middle.asked.p99_ms:.2f} ms  {middle.asked.body_bytes} bytes"
        f"  | constant Flask view {middle.ceiling.per_second:7.0f}/s"
        f" | reach {middle.reach:.2f} ({ordered[0].reach:.2f} - {ordered[-1].reach:.2f})"
        f", by processor time {spent[len(spent) // 2]:.2f} | goal {question.goal}"
    )


def latency_lines(anew: int, count: int) -> Iterator[str]:
    """What a person waits for: the second pass, and suggestions as they are typed.

    Of a server that keeps no answers: kept ones would tell of themselves alone.
    """
    chance = random.Random(8)
    names = sorted({row["标准名称"] for row in made_names(min(count, 20_000))})
    chosen = [chance.choice(names) for _ in range(300)]
    typos = [f"/search?q={name[0]}{chance.choice('口山')}{name[2:]}" for name in chosen]
    rate = measure(anew, typos, 3.0)
    yield f"{'second pass':22} p50 {rate.median_ms:.1f} ms  p95 {rate.p95_ms:.1f} ms | goal 60 ms"
    typed = [f"/suggest?q={name[: chance.randint(1, 3)]}" for name in chosen]
    rate = measure(anew, typed, 3.0)
    yield f"{'suggest':22} p50 {rate.median_ms:.1f} ms  p99 {rate.p99_ms:.1f} ms | goal 15 ms"
