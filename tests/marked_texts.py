"""Texts with marks, and how well what the checker says agrees with them."""

import re
from dataclasses import dataclass
from pathlib import Path

_MARK = re.compile(r"\{([^{}|]+)(?:\|([^{}|]+))?(?:\|([^{}|]*))?\}")


@dataclass(frozen=True, slots=True)
class Mark:
    start: int
    end: int
    kind: str
    standard: str


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of what is right, said too much, and missed."""

    right: int
    extra: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.extra)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)


def read_marked(path: Path) -> tuple[str, list[Mark]]:
    """The text without its heading and marks, and the marks."""
    body = path.read_text(encoding="utf-8").split("\n\n", 2)[2]
    text, marks, at = "", [], 0
    for found in _MARK.finditer(body):
        text += body[at : found.start()]
        start = len(text)
        text += found[1]
        marks.append(Mark(start, len(text), found[2] or "", found[3] or ""))
        at = found.end()
    return text + body[at:], marks


def score(wanted: set[tuple[object, ...]], said: set[tuple[object, ...]]) -> Score:
    """Compare two sets."""
    return Score(len(wanted & said), len(said - wanted), len(wanted - said))
